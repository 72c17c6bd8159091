import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { billLife } from './billing.ts';
import { averageBlocks } from './blocks.ts';
import { createElasticityMeter, meterSeconds, readElasticity } from './elasticity.ts';
import { geometricMean } from './score.ts';

describe('averageBlocks', () => {
  it('aligns blocks to the epoch and averages what lies in the load', () => {
    const workPerSecond = Float64Array.from({ length: 25 }, (_, second) => second);
    const blocks = averageBlocks({ startSeconds: 1007, workPerSecond, telemetryGaps: [] });
    expect(blocks.offsetSeconds).toBe(7);
    // Seconds 0–2, 3–12, 13–22, 23–24.
    expect([...blocks.means]).toEqual([1, 7.5, 17.5, 23.5]);
  });

  it('aligns before 1970 as after it', () => {
    const load = { workPerSecond: new Float64Array(20), telemetryGaps: [] };
    expect(averageBlocks({ ...load, startSeconds: -7 }).offsetSeconds).toBe(3);
  });
});

describe('billLife', () => {
  const life = { requestedAt: 100, bootSeconds: 120, drainSeconds: 30 };

  it('bills from running to the end of the drain', () => {
    expect(billLife({ ...life, endedAt: 300 })).toBe(300 + 30 - 116);
  });

  it('bills a minimum for every request, cancelled pending, booting or just in service', () => {
    expect(billLife({ ...life, endedAt: 105 })).toBe(60);
    expect(billLife({ ...life, endedAt: 150 })).toBe(60);
    expect(billLife({ ...life, endedAt: 219 })).toBe(103);
    expect(billLife({ ...life, bootSeconds: 20, endedAt: 121 })).toBe(60);
  });
});

describe('elasticity', () => {
  const spans = fc.array(
    fc.record({
      needed: fc.integer({ min: 1, max: 6 }),
      supplied: fc.integer({ min: 0, max: 6 }),
      seconds: fc.integer({ min: 1, max: 4 }),
    }),
    { minLength: 2, maxLength: 40 },
  );

  it('is what the published formulas give', () => {
    fc.assert(
      fc.property(spans, (drawn) => {
        const meter = createElasticityMeter();
        for (const span of drawn) meterSeconds(meter, span);
        const series = drawn.flatMap(({ needed, supplied, seconds }) =>
          Array.from({ length: seconds }, () => [needed, supplied] as const),
        );
        const measured = readElasticity(meter);
        const mean = (of: (needed: number, supplied: number) => number): number =>
          series.reduce((sum, [needed, supplied]) => sum + of(needed, supplied), 0) / series.length;
        expect(measured.underProvisionedShare).toBeCloseTo(mean((d, s) => Math.max(d - s, 0) / d));
        expect(measured.overProvisionedShare).toBeCloseTo(mean((d, s) => Math.max(s - d, 0) / d));
        expect(measured.underTimeShare).toBeCloseTo(mean((d, s) => Math.max(Math.sign(d - s), 0)));
        expect(measured.overTimeShare).toBeCloseTo(mean((d, s) => Math.max(Math.sign(s - d), 0)));
        let unlike = 0;
        for (let index = 1; index < series.length; index += 1) {
          const [d = 0, s = 0] = series[index] ?? [];
          const [dBefore = 0, sBefore = 0] = series[index - 1] ?? [];
          unlike += Math.min(Math.abs(Math.sign(s - sBefore) - Math.sign(d - dBefore)), 1);
        }
        expect(measured.instability).toBeCloseTo(unlike / (series.length - 1));
      }),
    );
  });

  it('is all zero for no seconds and for perfect supply', () => {
    const nothing = readElasticity(createElasticityMeter());
    expect(Object.values(nothing)).toEqual([0, 0, 0, 0, 0]);
    const meter = createElasticityMeter();
    for (const size of [1, 2, 3, 2]) {
      meterSeconds(meter, { needed: size, supplied: size, seconds: 1 });
    }
    expect(Object.values(readElasticity(meter))).toEqual([0, 0, 0, 0, 0]);
  });
});

describe('geometricMean', () => {
  it('is the root of the product', () => {
    expect(geometricMean([1, 4])).toBeCloseTo(2, 12);
    expect(geometricMean([])).toBeNaN();
  });
});
