import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expandToSeconds } from './expand-to-seconds.ts';

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}

const traces = fc.record({
  startSeconds: fc.integer({ min: 0, max: 2e9 }),
  stepSeconds: fc.integer({ min: 1, max: 600 }),
  values: fc.float64Array({ min: 0, max: 1000, minLength: 2, maxLength: 20, noNaN: true }),
});

describe('expandToSeconds', () => {
  it('keeps the work of every step, spread or bunched, as rate or as count', () => {
    fc.assert(
      fc.property(
        traces,
        fc.constantFrom('rate' as const, 'count' as const),
        fc.constantFrom('mean' as const, 'none' as const),
        (trace, value, within) => {
          const load = expandToSeconds(trace, { value, within });
          const { stepSeconds } = trace;
          expect(load.startSeconds).toBe(trace.startSeconds);
          expect(load.workPerSecond.length).toBe(trace.values.length * stepSeconds);
          for (const [step, point] of trace.values.entries()) {
            const from = step * stepSeconds;
            const work = sum(load.workPerSecond.subarray(from, from + stepSeconds));
            expect(work).toBeCloseTo(value === 'rate' ? point * stepSeconds : point, 6);
          }
        },
      ),
    );
  });

  it('takes a trace of seconds as it is, under every rule', () => {
    const trace = { startSeconds: 0, stepSeconds: 1, values: Float64Array.of(3.5, 0, 7) };
    for (const within of ['mean', 'poisson', 'none'] as const) {
      expect([...expandToSeconds(trace, { value: 'rate', within }).workPerSecond]).toEqual([
        3.5, 0, 7,
      ]);
    }
  });

  it('puts the work of a step at its first second under `none`', () => {
    const trace = { startSeconds: 0, stepSeconds: 4, values: Float64Array.of(8, 4) };
    const load = expandToSeconds(trace, { value: 'count', within: 'none' });
    expect([...load.workPerSecond]).toEqual([8, 0, 0, 0, 4, 0, 0, 0]);
  });

  it('draws Poisson seconds around the rate, the same for a seed', () => {
    const values = new Float64Array(200).fill(1800);
    const trace = { startSeconds: 0, stepSeconds: 60, values };
    const options = { value: 'count', within: 'poisson', seed: 7 } as const;
    const { workPerSecond } = expandToSeconds(trace, options);
    const mean = sum(workPerSecond) / workPerSecond.length;
    const variance =
      workPerSecond.reduce((total, value) => total + (value - mean) ** 2, 0) / workPerSecond.length;
    expect(Math.abs(mean - 30)).toBeLessThan(5 * Math.sqrt(30 / 12_000));
    expect(Math.abs(variance / 30 - 1)).toBeLessThan(0.1);
    expect(workPerSecond.every((value) => Number.isInteger(value))).toBe(true);
    expect(expandToSeconds(trace, options).workPerSecond).toEqual(workPerSecond);
    const other = expandToSeconds(trace, { ...options, seed: 8 });
    expect(other.workPerSecond).not.toEqual(workPerSecond);
  });
});
