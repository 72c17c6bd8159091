import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { observe, startMs } from '../../../test/arbitraries/core.ts';
import { changesMax } from '../changes.ts';
import { conclude } from '../conclude.ts';
import { decide } from '../decide.ts';
import type { Group, Rate } from '../group.ts';
import { selectSignal } from '../signal.ts';
import { initialState, type GroupState } from '../state.ts';
import { findMost } from './rate.ts';

const tickMs = 1000;

function createGroup(limit: Rate): Group {
  return {
    name: 'web',
    mode: 'active',
    min: 0,
    max: 200,
    warmupMs: 0,
    cooldown: { scaleOutMs: 0, scaleInMs: 0 },
    stabilization: { scaleOutMs: 0, scaleInMs: 0 },
    minReportingRatio: 0,
    policies: [
      {
        type: 'target-tracking',
        name: 'load',
        selector: selectSignal('connections', 'sum', 1000),
        target: 1,
        tolerance: { scaleOutRatio: 0, scaleInRatio: 0 },
      },
    ],
    rate: { scaleOut: limit, scaleIn: limit },
  };
}

interface WorldChange {
  readonly at: number;
  readonly by: number;
}

type Outcome = 'accepted' | 'refused' | 'unknown and done' | 'unknown and not done';

const refused = { kind: 'refused', code: 'in-progress', message: '' } as const;
const unknown = { kind: 'unknown', message: '' } as const;

/** Runs a world that answers: the size is what was accepted. Returns how it changed. */
function run(
  group: Group,
  moments: readonly { readonly load: number; readonly outcome: Outcome }[],
): readonly WorldChange[] {
  const changes: WorldChange[] = [];
  let state: GroupState = initialState;
  let size = 20;
  for (const [index, { load, outcome }] of moments.entries()) {
    const now = startMs + index * tickMs;
    const glimpse = {
      desired: size,
      inService: size,
      pending: 0,
      silent: 0,
      warming: 0,
      values: { cpu: null, connections: load },
      isConnected: true,
      isJournalWritable: true,
      isHeld: true,
      describedAgoMs: 0,
      overrides: [],
      asgMin: 0,
      asgMax: 200,
    };
    const { state: next, decision } = decide(group, state, observe(group, glimpse, now), now);
    state = next;
    if (!decision.acts) continue;
    if (outcome === 'accepted' || outcome === 'unknown and done') {
      changes.push({ at: now + 10, by: decision.to - size });
      size = decision.to;
    }
    const actuation =
      outcome === 'accepted'
        ? ({ kind: 'accepted' } as const)
        : outcome === 'refused'
          ? refused
          : unknown;
    state = conclude(state, decision, actuation, now + 10);
  }
  return changes;
}

const anyMoments = fc.array(
  fc.record({
    load: fc.nat(200),
    outcome: fc.constantFrom<Outcome>(
      'accepted',
      'accepted',
      'accepted',
      'refused',
      'unknown and done',
      'unknown and not done',
    ),
  }),
  { minLength: 2, maxLength: 150 },
);

describe('a rate', () => {
  it('is never exceeded in any window, whatever is measured and whatever comes of acts', () => {
    const anyRate = fc.record({
      instances: fc.constantFrom(1, 3, 10),
      ratio: fc.constant(null),
      periodMs: fc.constantFrom(5000, 20_000, 60_000),
    });
    fc.assert(
      fc.property(anyRate, anyMoments, (limit, moments) => {
        const changes = run(createGroup(limit), moments);
        for (const { at: end } of changes) {
          const inside = changes.filter(({ at }) => at > end - limit.periodMs && at <= end);
          const sum = (sign: number): number =>
            inside.reduce((total, { by }) => total + Math.max(0, sign * by), 0);
          expect(sum(1)).toBeLessThanOrEqual(limit.instances);
          expect(sum(-1)).toBeLessThanOrEqual(limit.instances);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('by share is reckoned from the sizes of the period', () => {
    const limit = { instances: null, ratio: 0.25, periodMs: 20_000 };
    fc.assert(
      fc.property(anyMoments, (moments) => {
        const changes = run(createGroup(limit), moments);
        let size = 20;
        const sizes = [{ at: 0, size }];
        for (const { at, by } of changes) {
          const inside = changes.filter((one) => one.at > at - limit.periodMs && one.at <= at);
          const added = inside.reduce((total, one) => total + Math.max(0, one.by), 0);
          const before = sizes.findLast((one) => one.at <= at - limit.periodMs);
          const recent = sizes.filter((one) => one.at > at - limit.periodMs);
          const largest = Math.max(...[...recent, before].map((one) => one?.size ?? 0));
          if (by > 0) expect(added).toBeLessThanOrEqual(findMost(limit, largest));
          size += by;
          sizes.push({ at, size });
        }
      }),
      { numRuns: 100 },
    );
  });

  it('takes the larger of two limits, and lets a share of nothing begin', () => {
    expect(findMost({ instances: 4, ratio: 1, periodMs: 1 }, 10)).toBe(10);
    expect(findMost({ instances: 4, ratio: 0.1, periodMs: 1 }, 10)).toBe(4);
    expect(findMost({ instances: null, ratio: 0.07, periodMs: 1 }, 100)).toBe(7);
    expect(findMost({ instances: null, ratio: 0.5, periodMs: 1 }, 0)).toBe(1);
  });

  it('keeps few changes, and merging them never forgets one too early', () => {
    let state = initialState;
    let isMinimal = true;
    for (let index = 1; index <= 300; index += 1) {
      const decision = {
        group: 'web',
        at: index,
        kind: 'scale-out',
        from: index - 1,
        to: index,
        wanted: index,
        acts: true,
        recommendations: [],
        adjustments: [],
      } as const;
      state = conclude(state, decision, { kind: 'accepted' }, index * 100);
      isMinimal &&= state.changes.length <= changesMax;
    }
    expect(isMinimal).toBe(true);
    expect(state.changes.reduce((total, { added }) => total + added, 0)).toBe(300);
  });
});
