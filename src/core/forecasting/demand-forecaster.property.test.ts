import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDemandForecaster, type DemandForecaster } from './demand-forecaster.ts';
import { blocksPerDay } from './levels.ts';

const startsAt = 1_767_225_600_000;
const forecastsOf = (forecaster: DemandForecaster) => [
  forecaster.forecastMax(120_000, 60_000),
  forecaster.forecastMax(0, 10_000),
  forecaster.forecastMean(7_140_000, 60_000),
  forecaster.forecastMean(48 * 3_600_000, 3_600_000),
];

function expectHonest(forecaster: DemandForecaster): void {
  for (const { isUsable, code, levels, quantiles } of forecastsOf(forecaster)) {
    expect(isUsable === (code === 'ok' || code === 'demoted-to-naive')).toBe(true);
    expect(quantiles).toHaveLength(levels.length);
    for (const [index, quantile] of quantiles.entries()) {
      expect(Number.isFinite(quantile)).toBe(true);
      expect(quantile).toBeGreaterThanOrEqual(quantiles[index - 1] ?? 0);
    }
  }
}

const anyDemand = fc.oneof(
  { weight: 6, arbitrary: fc.double({ min: 0, max: 1000, noNaN: true }) },
  fc.constantFrom(null, 0, Number.NaN, -1, Number.POSITIVE_INFINITY, 1e300, 1e-300, 1e9),
);
const anySteps = fc.array(
  fc.record({
    demand: anyDemand,
    /** Blocks on: back, again, next, a gap of hours, of days, of years. */
    skip: fc.oneof(
      { weight: 20, arbitrary: fc.constant(1) },
      fc.constantFrom(0, -5, 7, 700, 30_000, 10_000_000),
    ),
    isCensored: fc.boolean(),
    repeats: fc.constantFrom(1, 3, 40),
  }),
  { maxLength: 40 },
);

function feed(forecaster: DemandForecaster, steps: Steps, from: number): number {
  let block = from;
  for (const { demand, skip, isCensored, repeats } of steps) {
    block += skip;
    for (let repeat = 0; repeat < repeats; repeat += 1) {
      forecaster.observe({ startsAt: startsAt + block * 10_000, demand, isCensored });
      block += 1;
    }
  }
  return block;
}
type Steps = typeof anySteps extends fc.Arbitrary<infer T> ? T : never;

describe('a forecast of anything', () => {
  it('is finite, ascending and at least 0, or says why there is none', () => {
    fc.assert(
      fc.property(anySteps, anySteps, (before, after) => {
        const forecaster = createDemandForecaster();
        const block = feed(forecaster, before, 0);
        expectHonest(forecaster);
        feed(forecaster, after, block);
        expectHonest(forecaster);
      }),
      { numRuns: 40 },
    );
  });

  it('goes on from a snapshot exactly, whatever came before it', () => {
    fc.assert(
      fc.property(anySteps, anySteps, fc.nat(3000), (before, after, phase) => {
        const one = createDemandForecaster({ phase });
        const block = feed(one, before, 0);
        forecastsOf(one);
        const two = createDemandForecaster({ phase }, structuredClone(one.snapshot()));
        feed(one, after, block);
        feed(two, after, block);
        expect(forecastsOf(two)).toEqual(forecastsOf(one));
        expect(two.describe()).toEqual(one.describe());
        expect(two.snapshot()).toEqual(one.snapshot());
      }),
      { numRuns: 30 },
    );
  });
});

describe('demand that is odd', () => {
  const run = (demandAt: (block: number) => number | null, blocks: number): DemandForecaster => {
    const forecaster = createDemandForecaster();
    for (let block = 0; block < blocks; block += 1) {
      const demand = demandAt(block);
      forecaster.observe({ startsAt: startsAt + block * 10_000, demand, isCensored: false });
      if (block > 10 && block % 3 === 0) forecaster.forecastMax(120_000, 60_000);
    }
    return forecaster;
  };

  it('of all zeros is forecast as zero', () => {
    const { isUsable, quantiles } = run(() => 0, 2000).forecastMax(120_000, 60_000);
    expect(isUsable).toBe(true);
    expect(Math.max(...quantiles)).toBeLessThan(1e-6);
  });

  it('that is constant gets a narrow band around it', () => {
    const { quantiles } = run(() => 50, 3 * blocksPerDay).forecastMax(120_000, 60_000);
    expect(quantiles[0]).toBeGreaterThan(45);
    expect(quantiles.at(-1)).toBeLessThan(60);
  });

  it('with a spike of a thousand times comes back to its level', () => {
    const forecaster = run((block) => (block === 9000 ? 50_000 : 50), 9000 + blocksPerDay / 4);
    const { quantiles } = forecaster.forecastMax(120_000, 60_000);
    expect(quantiles[3]).toBeGreaterThan(40);
    expect(quantiles[3]).toBeLessThan(60);
  });

  it('after days of silence is not forecast until some is seen', () => {
    const forecaster = run(() => 50, 2000);
    const late = startsAt + 4 * blocksPerDay * 10_000;
    forecaster.observe({ startsAt: late, demand: null, isCensored: false });
    expect(forecaster.forecastMax(120_000, 60_000).code).toBe('no-recent-demand');
    forecaster.observe({ startsAt: late + 10_000, demand: 70, isCensored: false });
    expect(forecaster.forecastMax(120_000, 60_000).isUsable).toBe(true);
  });

  it('is not forecast from a single point', () => {
    expect(run(() => 5, 1).forecastMax(120_000, 60_000).code).toBe('too-little-history');
  });
});
