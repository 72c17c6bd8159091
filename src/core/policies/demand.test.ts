import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DemandReading } from '../demand/demand-reading.ts';
import { followDemand } from './demand.ts';
import type { DemandPolicy } from './policy.ts';

const policy: DemandPolicy = {
  type: 'demand',
  name: 'demand',
  violationRatio: 0.005,
  isForecasting: true,
  staleAfterMs: 30_000,
};
const now = 1_000_000;
const read: DemandReading = {
  at: now - 1000,
  demand: 500,
  capacityPerInstance: 50,
  leadMs: 120_000,
  floor: 10,
  add: 12,
  keep: 14,
  reactive: { add: 12, keep: 14 },
  riskRatio: 0.05,
  isForecast: false,
  unservedRatio: 0.001,
  isCensored: false,
};

function sizeAt(current: number, changes: Partial<DemandReading> = {}): number {
  const demand = { ...read, ...changes };
  const seen = {
    current,
    warmed: current,
    warming: 0,
    signals: {},
    schedules: {},
    demand,
    now,
    canWake: false,
  };
  const { recommendation } = followDemand(policy, seen);
  return recommendation.kind === 'desired' ? recommendation.desired : -1;
}

describe('the demand policy', () => {
  it('launches what is worth launching and lets go what is not worth keeping', () => {
    expect([8, 12, 13, 14, 20].map((current) => sizeAt(current))).toEqual([12, 12, 13, 14, 14]);
  });

  it('abstains, blocking scale-in, without a reading or with an old one', () => {
    const seen = {
      current: 9,
      warmed: 9,
      warming: 0,
      signals: {},
      schedules: {},
      now,
      canWake: false,
    };
    const demand = { ...read, at: now - 30_001 };
    for (const context of [seen, { ...seen, demand }]) {
      expect(followDemand(policy, context).recommendation).toMatchObject({
        kind: 'abstain',
        blocksScaleIn: true,
      });
    }
  });

  it('never goes below the reactive floor, and never against the sense of the reading', () => {
    const size = fc.integer({ min: 1, max: 500 });
    fc.assert(
      fc.property(size, size, size, size, (current, floor, add, keep) => {
        const desired = sizeAt(current, { floor, add, keep });
        expect(desired).toBeGreaterThanOrEqual(floor);
        expect(desired).toBeGreaterThanOrEqual(Math.min(current, add));
        expect(desired).toBeLessThanOrEqual(Math.max(current, add, floor));
      }),
    );
  });

  it('wants no less where more is worth launching', () => {
    const size = fc.integer({ min: 1, max: 500 });
    fc.assert(
      fc.property(size, size, size, (current, add, more) => {
        const keep = add + more;
        expect(sizeAt(current, { add: add + more, keep })).toBeGreaterThanOrEqual(
          sizeAt(current, { add, keep }),
        );
      }),
    );
  });
});
