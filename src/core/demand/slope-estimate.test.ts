import { describe, expect, it } from 'vitest';
import { createSlopeEstimate, followSlope } from './slope-estimate.ts';

describe('the slope of demand', () => {
  it('is 0 at first and on a level, and that of a line in the end', () => {
    const estimate = createSlopeEstimate();
    expect(followSlope(estimate, 10)).toBe(0);
    for (let block = 0; block < 100; block += 1) followSlope(estimate, 10);
    expect(followSlope(estimate, 10)).toBe(0);
    let slope = 0;
    for (let block = 1; block <= 200; block += 1) slope = followSlope(estimate, 10 + 2 * block);
    expect(slope).toBeCloseTo(2, 3);
  });
});
