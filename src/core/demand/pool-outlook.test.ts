import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDemandModel, noteLaunch, noteSample, type DemandModel } from './demand-model.ts';
import type { DemandReading } from './demand-reading.ts';
import {
  createPoolOutlook,
  notePoolSample,
  planPool,
  recallPool,
  rememberPool,
  standIn,
  type PoolOutlook,
} from './pool-outlook.ts';

const options = { violationRatio: 0.005, isForecasting: false };
const cost = { costRatio: 0.02, max: 50, reusesOnScaleIn: false };
const capacity = 10;

interface Pair {
  readonly cold: DemandModel;
  readonly pool: PoolOutlook;
}

/** Cold launches of three minutes, starts of half a minute. */
function createPair(warmLeadMs = 30_000): Pair {
  const pair = { cold: createDemandModel(options), pool: createPoolOutlook(options, 'stopped') };
  for (let launch = 0; launch < 4; launch += 1) {
    noteLaunch(pair.cold, 180_000);
    noteLaunch(pair.pool.warm, warmLeadMs);
  }
  return pair;
}

function live({ cold, pool }: Pair, hours: number, needAt: (second: number) => number): void {
  for (let second = 1; second <= hours * 3600; second += 1) {
    const load = needAt(second) * capacity;
    const instances = cold.reading?.keep ?? Math.ceil(load / capacity);
    const busyRatio = Math.min(1, load / instances / capacity);
    const sample = { at: second * 1000, load, busyRatio, instances };
    noteSample(cold, sample);
    notePoolSample(pool, cold, sample, cost);
  }
}

/** Half an hour of twice the load in each two, at a time of chance, rising within a minute and a half. */
function createBursts(seed: number): (second: number) => number {
  const starts = Array.from({ length: 12 }, (_, index) => {
    const chance = Math.abs(Math.sin((seed + 1) * 12.9898 + index * 78.233) * 43_758.5453) % 1;
    return index * 7200 + chance * 5400;
  });
  return (second) => {
    const since = second - (starts[Math.floor(second / 7200)] ?? 0);
    return 8 + (since >= 0 && since < 1800 ? 8 * Math.min(1, since / 90) : 0);
  };
}

/** A day's course with some noise. */
function smooth(second: number): number {
  return 20 + 8 * Math.sin((2 * Math.PI * second) / 86_400) + Math.sin(second * 12.9898);
}

describe('a promise with a warm pool', () => {
  it.each([1, 2, 3])(
    'costs less where bursts outrun a boot and not a start (seed %i)',
    { timeout: 60_000 },
    (seed) => {
      const pair = createPair();
      live(pair, 20, createBursts(seed));
      const plan = planPool(pair.pool, pair.cold, cost, 0.05);
      expect(plan).toMatchObject({ isJudged: true, isCheaper: true, isWarmLearned: true });
      expect(plan?.pooled).toBeLessThan(0.85 * (plan?.ahead ?? 0));
      expect(plan?.prepared).toBeGreaterThanOrEqual(16);
    },
  );

  it('is not worth a pool where boots are fast enough', { timeout: 60_000 }, () => {
    const pair = createPair();
    live(pair, 8, smooth);
    const plan = planPool(pair.pool, pair.cold, cost, 0.05);
    expect(plan).toMatchObject({ isJudged: true, isCheaper: false });
  });

  it('is not worth one whose starts take as long as boots', { timeout: 60_000 }, () => {
    const pair = createPair(175_000);
    live(pair, 3, createBursts(7));
    expect(planPool(pair.pool, pair.cold, cost, 0.05)).toMatchObject({ isCheaper: false });
  });

  it('is worth more waiting instances, the less one costs', () => {
    const pair = createPair();
    live(pair, 4, (second) => 20 + 10 * Math.abs(Math.sin(second) * Math.sin(second * 12.9898)));
    const preparedAt = (costRatio: number): number =>
      planPool(pair.pool, pair.cold, { ...cost, costRatio }, null)?.prepared ?? 0;
    const sizes = [1, 0.3, 0.1, 0.03, 0.01].map(preparedAt);
    expect(sizes).toEqual(sizes.toSorted((one, other) => one - other));
    expect(sizes.at(-1)).toBeGreaterThan(sizes[0] ?? 0);
  });

  it('is judged after an hour, and until then by nothing', () => {
    const pair = createPair();
    live(pair, 0.9, createBursts(7));
    expect(planPool(pair.pool, pair.cold, cost, null)).toMatchObject({
      isJudged: false,
      isCheaper: true,
      ahead: null,
      pooled: null,
    });
  });

  it('goes on after a restart as if nothing had happened, and refuses what is damaged', () => {
    const pair = createPair();
    live(pair, 2, createBursts(7));
    const bytes = rememberPool(pair.pool);
    const recalled = recallPool(bytes, options);
    expect(recalled).not.toBeNull();
    if (recalled === null) return;
    expect(rememberPool(recalled)).toEqual(bytes);
    fc.assert(
      fc.property(fc.nat({ max: bytes.length - 1 }), (length) => {
        expect(recallPool(bytes.slice(0, length), options)).toBeNull();
      }),
    );
  });
});

const sizes = fc.tuple(fc.nat({ max: 50 }), fc.nat({ max: 50 }), fc.nat({ max: 50 }));
const readings = sizes.map(
  ([floor, more, most]): DemandReading => ({
    at: 0,
    demand: 1,
    capacityPerInstance: 1,
    leadMs: 180_000,
    floor,
    add: floor + more,
    keep: floor + more + most,
    reactive: { add: floor + more, keep: floor + more + most },
    riskRatio: 0.05,
    isForecast: false,
    unservedRatio: 0,
    isCensored: false,
  }),
);

describe('instances that wait', () => {
  it('stand in for one each, and never for what a start would come too late for', () => {
    fc.assert(
      fc.property(readings, readings, fc.nat({ max: 60 }), (cold, warm, ready) => {
        const both = standIn(cold, warm, ready);
        for (const key of ['floor', 'add', 'keep'] as const) {
          if (ready === 0) expect(both[key]).toBe(cold[key]);
          else expect(both[key]).toBe(Math.max(warm[key], cold[key] - ready));
          // In service and waiting together are never fewer than a cold plan has running.
          expect(both[key] + ready).toBeGreaterThanOrEqual(cold[key]);
        }
        expect(both.keep).toBeGreaterThanOrEqual(both.add);
      }),
    );
  });
});
