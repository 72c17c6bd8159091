import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createViolationBudget, goalRatio, spendBudget } from './violation-budget.ts';
import type { ViolationBudget } from './violation-budget.ts';

const blocksPerHour = 360;
const promised = 0.005;

/** Ten instances' worth of demand for some hours, of which each leaves its number unserved. */
function liveThrough(hours: readonly number[]): ViolationBudget {
  const budget = createViolationBudget(promised);
  for (const unserved of hours) {
    for (let block = 0; block < blocksPerHour; block += 1) {
      spendBudget(budget, { demand: 10, unserved: block === 0 ? unserved : 0, discount: 1 });
    }
  }
  return budget;
}

describe('the violation budget', () => {
  it('asks for no more than what was promised before anything was missed', () => {
    expect(goalRatio(createViolationBudget(promised))).toBeGreaterThanOrEqual(promised);
    expect(goalRatio(createViolationBudget(promised))).toBeLessThanOrEqual(1.5 * promised);
  });

  it('repays what many events used too much sooner than what a few did', () => {
    const hours = 100;
    const demand = hours * 10 * blocksPerHour;
    /** The goal over the aim after `events` like events that used 1.3 times the aim. */
    const after = (events: number): number => {
      const aim = promised / (1 + 1 / Math.sqrt(events));
      const each = (1.3 * aim * demand) / events;
      const every = hours / events;
      const missed = Array.from({ length: hours }, (_, at) =>
        at % every === 1 % every ? each : 0,
      );
      return goalRatio(liveThrough(missed)) / aim;
    };
    expect(after(4)).toBeCloseTo(0.4, 2);
    expect(after(100)).toBeCloseTo(0.1, 2);
  });

  it('lets half of what was left unused be used later', () => {
    const quiet = liveThrough(Array.from({ length: 50 }, () => 1e-9));
    const aim = promised / (1 + 1 / Math.sqrt(50));
    expect(goalRatio(quiet)).toBeCloseTo(1.5 * aim, 5);
  });

  it('stays within its bounds, and falls as more goes unserved', () => {
    const hour = fc.double({ min: 0, max: 50, noNaN: true });
    fc.assert(
      fc.property(fc.array(hour, { minLength: 2, maxLength: 12 }), (hours) => {
        const goal = goalRatio(liveThrough(hours));
        expect(goal).toBeGreaterThanOrEqual(0.1 * 0.5 * promised - 1e-12);
        expect(goal).toBeLessThanOrEqual(1.5 * promised + 1e-12);
        const worse = goalRatio(liveThrough(hours.map((unserved) => 2 * unserved)));
        expect(worse).toBeLessThanOrEqual(goal + 1e-12);
      }),
      { numRuns: 50 },
    );
  });
});
