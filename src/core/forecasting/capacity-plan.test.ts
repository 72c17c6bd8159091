import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planCapacity, readLevel, type PlanInput } from './capacity-plan.ts';

const input: PlanInput = {
  start: 3_600_000,
  stepMs: 300_000,
  levels: [0.1, 0.5, 0.9],
  quantiles: [
    [480, 540, 610],
    [480, 540, 610],
    [900, 1000, 1100],
    [100, 120, 140],
  ],
  perInstance: 100,
  min: 2,
  max: 10,
  leadMs: 180_000,
  desired: 7,
  sizingLevel: 0.9,
  pricePerInstanceHour: 0.12,
};

describe('a capacity plan', () => {
  it('sizes every step for its level, within the bounds, and says where they are too tight', () => {
    const { steps, cost, instanceHours } = planCapacity(input);
    expect(steps.map(({ instances }) => instances)).toEqual([7, 7, 10, 2]);
    expect(steps.map(({ isShort }) => isShort)).toEqual([false, false, true, false]);
    expect(instanceHours).toBeCloseTo(26 / 12);
    expect(cost).toBeCloseTo((26 / 12) * 0.12);
  });

  it('launches a lead ahead of the step that needs more, or late where that is past', () => {
    expect(planCapacity(input).preWarms).toEqual([
      { launchAt: 4_020_000, neededAt: 4_200_000, from: 7, to: 10, isLate: false },
    ]);
    expect(planCapacity({ ...input, desired: 5 }).preWarms[0]).toEqual({
      launchAt: 3_600_000,
      neededAt: 3_600_000,
      from: 5,
      to: 7,
      isLate: true,
    });
  });

  it('tells demand alone where nobody says what one instance carries', () => {
    const plan = planCapacity({ ...input, perInstance: null });
    expect(plan).toMatchObject({ preWarms: [], cost: null, instanceHours: null });
    expect(plan.steps[2]).toMatchObject({ low: 900, expected: 1000, high: 1100, instances: null });
  });

  it('never plans outside min and max, whatever is forecast', () => {
    const value = fc.double({ min: 0, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(value, value, value)), (rows) => {
        const quantiles = rows.map((row) => row.toSorted((one, other) => one - other));
        for (const { instances } of planCapacity({ ...input, quantiles }).steps) {
          expect(instances).toBeGreaterThanOrEqual(input.min);
          expect(instances).toBeLessThanOrEqual(input.max);
        }
      }),
    );
  });

  it('reads levels between those that are given on the line between them', () => {
    const levels = [0.1, 0.5, 0.9];
    expect([0, 0.1, 0.3, 0.9, 1].map((level) => readLevel(levels, [1, 3, 5], level))).toEqual([
      1, 1, 2, 5, 5,
    ]);
    expect(readLevel([], [], 0.5)).toBe(0);
  });
});
