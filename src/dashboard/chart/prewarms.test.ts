import { describe, expect, it } from 'vitest';
import type { Recommendation, SeriesAnswer, ToldDecision } from '../contract.ts';
import { findPrewarms, readNeeded } from './prewarms.ts';

const start = Date.UTC(2026, 0, 15, 10);
const minute = 60_000;

interface Change {
  readonly atMinute: number;
  readonly from: number;
  readonly to: number;
  readonly needed?: number;
  readonly recommendations?: readonly Recommendation[];
}

function change({ atMinute, from, to, recommendations = [], ...needed }: Change): ToldDecision {
  const decision = {
    group: 'web',
    at: start + atMinute * minute,
    kind: to > from ? ('scale-out' as const) : ('scale-in' as const),
    from,
    to,
    wanted: to,
    acts: true,
    recommendations,
    adjustments: [],
    ...needed,
  };
  return { decision, explanation: { summary: '', details: [] }, actuation: null };
}

function series(demand: readonly (number | null)[]): SeriesAnswer {
  const none = demand.map(() => null);
  return {
    group: 'web',
    start,
    stepMs: minute,
    desired: none,
    desiredMin: none,
    desiredMax: none,
    inService: none,
    inServiceMin: none,
    inServiceMax: none,
    demand,
    demandMin: none,
    demandMax: none,
  };
}

function spansOf(demand: readonly (number | null)[], ...newestFirst: Change[]) {
  const decisions = newestFirst.map(change);
  return findPrewarms({ decisions, series: series(demand) }).map(({ from, to }) => [
    (from - start) / minute,
    to === null ? null : (to - start) / minute,
  ]);
}

function say(policy: string, desired: number, code: 'forecast' | 'target-tracking') {
  const reason =
    code === 'forecast'
      ? { code, demand: 1, target: 1, aheadMs: minute, raisesMaxTo: null }
      : { code, signal: 'cpu', value: 0.6, target: 0.6, instances: 1 };
  return { kind: 'desired', policy, desired, reason } as const;
}

describe('the pre-warms of a chart', () => {
  it('last until the demand has risen by what was launched ahead', () => {
    const demand = [5, 5, 5.5, 6.9, 7, 8];
    expect(spansOf(demand, { atMinute: 1, from: 6, to: 8, needed: 6 })).toEqual([[1, 4]]);
  });

  it('last until the next change where the demand did not come', () => {
    const later = { atMinute: 3, from: 8, to: 6 };
    const ahead = { atMinute: 1, from: 6, to: 8, needed: 6 };
    expect(spansOf([5, 5, 5, 5, 5, 9], later, ahead)).toEqual([[1, 3]]);
  });

  it('have no end while the demand is still to come, gaps in its record or not', () => {
    expect(spansOf([5, 5, null, 5], { atMinute: 1, from: 6, to: 8, needed: 6 })).toEqual([
      [1, null],
    ]);
  });

  it('are no sizes that the load asked for, nor removals', () => {
    const asked = { atMinute: 2, from: 6, to: 8 };
    expect(spansOf([5, 5, 5], { atMinute: 3, from: 8, to: 5 }, asked)).toEqual([]);
  });
});

describe('what the load alone asked for', () => {
  it('is what the other policies say, where a forecast policy says more', () => {
    const recommendations = [say('ahead', 9, 'forecast'), say('cpu', 7, 'target-tracking')];
    const told = change({ atMinute: 0, from: 6, to: 9, recommendations });
    expect(readNeeded(told.decision)).toBe(7);
  });

  it('is all of it where another policy says as much', () => {
    const recommendations = [say('ahead', 9, 'forecast'), say('cpu', 9, 'target-tracking')];
    const told = change({ atMinute: 0, from: 6, to: 9, recommendations });
    expect(readNeeded(told.decision)).toBeNull();
  });
});
