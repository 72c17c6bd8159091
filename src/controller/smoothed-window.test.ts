import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { SmoothedWindow } from './smoothed-window.ts';

describe('an average with fading weights', () => {
  it('comes 1 − 1/e of the way to a new level in one time constant', () => {
    const window = new SmoothedWindow(60_000);
    for (let second = 0; second <= 3600; second += 1) window.add(second * 1000, 0);
    let average = 0;
    for (let second = 1; second <= 60; second += 1) {
      average = window.add((3600 + second) * 1000, 1);
    }
    expect(average).toBeCloseTo(1 - Math.exp(-1), 6);
  });

  it('begins with its first value and not with 0', () => {
    const window = new SmoothedWindow(300_000);
    expect(window.add(0, 0.8)).toBeCloseTo(0.8, 12);
    expect(window.add(1000, 0.8)).toBeCloseTo(0.8, 12);
  });

  it('gives the first value after a gap the time of one value, and forgets by the clock', () => {
    const window = new SmoothedWindow(60_000);
    for (let second = 0; second < 600; second += 1) window.add(second * 1000, 10);
    const after = window.add(659_000, 0);
    const [kept, weight] = [Math.exp(-1), 1 - Math.exp(-5 / 60)];
    expect(after).toBeCloseTo((10 * kept) / (kept + weight), 2);
  });

  it('stays within what it was given, and foresees what adding would return', () => {
    const values = fc.array(
      fc.record({
        value: fc.double({ min: 0, max: 1e6, noNaN: true }),
        ms: fc.integer({ min: 1, max: 600_000 }),
      }),
      { minLength: 1, maxLength: 60 },
    );
    fc.assert(
      fc.property(values, fc.integer({ min: 2000, max: 3_600_000 }), (given, constantMs) => {
        const window = new SmoothedWindow(constantMs);
        let at = 0;
        let [low, high] = [Number.POSITIVE_INFINITY, 0];
        for (const [index, { value, ms }] of given.entries()) {
          at += ms;
          const foreseen = index === 0 ? null : window.preview(value, ms);
          const average = window.add(at, value);
          if (foreseen !== null) expect(foreseen).toBeCloseTo(average, 6);
          low = Math.min(low, value);
          high = Math.max(high, value);
          expect(average).toBeGreaterThanOrEqual(low * (1 - 1e-9) - 1e-300);
          expect(average).toBeLessThanOrEqual(high * (1 + 1e-9) + 1e-300);
        }
      }),
    );
  });
});
