import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { generateSteady } from '../load/generators.ts';
import { drawMessages } from './draw-messages.ts';

const alike = { meanSeconds: 25, spreadRatio: 0, seed: 1 };

function loadOf(workPerSecond: readonly number[]) {
  return { startSeconds: 100, workPerSecond: Float64Array.from(workPerSecond), telemetryGaps: [] };
}

describe('messages of a load', () => {
  it('come as evenly as the load does', () => {
    const { sentAt, durations } = drawMessages(loadOf([0.5, 0.5, 0.5, 0.5, 2, 0]), alike);
    const expected = [101, 103, 104.25, 104.75];
    expect(sentAt).toHaveLength(expected.length);
    for (const [index, at] of expected.entries()) expect(sentAt[index]).toBeCloseTo(at, 2);
    expect(durations).toEqual([25, 25, 25, 25]);
  });

  it('are as many as the load counts, each in a second that brings some, oldest first', () => {
    const seconds = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(seconds, (counts) => {
        const { sentAt } = drawMessages(loadOf(counts), alike);
        const perSecond = counts.map(
          (_count, second) => sentAt.filter((at) => Math.floor(at) === 100 + second).length,
        );
        expect(perSecond).toEqual(counts);
        expect(sentAt).toEqual(sentAt.toSorted((one, other) => one - other));
      }),
    );
  });

  it('take as long in the mean, and spread as much, as they are told to', () => {
    const load = generateSteady({ durationSeconds: 20_000, workPerSecond: 5 });
    const { durations } = drawMessages(load, { meanSeconds: 25, spreadRatio: 0.5, seed: 7 });
    const mean = durations.reduce((sum, seconds) => sum + seconds, 0) / durations.length;
    const squares = durations.reduce((sum, seconds) => sum + (seconds - mean) ** 2, 0);
    expect(mean).toBeCloseTo(25, 0);
    expect(Math.sqrt(squares / durations.length) / mean).toBeCloseTo(0.5, 1);
  });
});
