import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  actuate,
  anyActuation,
  anyGlimpse,
  anyGroup,
  observe,
  startMs,
  type Glimpse,
} from '../../test/arbitraries/core.ts';
import { findPlanned } from './combine.ts';
import { conclude, resume } from './conclude.ts';
import { counterfactuals } from './counterfactuals.ts';
import { decide } from './decide.ts';
import type { Actuation, CallOutcome, Decision } from './decision.ts';
import type { Group } from './group.ts';
import { tighterBounds } from './guardrails/size-bounds.ts';
import type { Observation } from './observation.ts';
import { readsSignals } from './policies/policy.ts';
import { selectSignal } from './signal.ts';
import { initialState, type GroupState } from './state.ts';

interface Moment {
  readonly before: GroupState;
  readonly observation: Observation;
  readonly decision: Decision;
  readonly actuation: Actuation | null;
}

const anyHistory = fc.record({
  group: anyGroup,
  glimpses: fc.array(fc.record({ glimpse: anyGlimpse, actuation: anyActuation }), {
    minLength: 1,
    maxLength: 60,
  }),
  gapMs: fc.constantFrom(1000, 10_000, 120_000),
});

/** Runs the core over generated moments; nothing in the world answers to what is decided. */
function run(
  group: Group,
  glimpses: readonly { readonly glimpse: Glimpse; readonly actuation: Actuation }[],
  gapMs: number,
): readonly Moment[] {
  const moments: Moment[] = [];
  let state = initialState;
  for (const [index, { glimpse, actuation }] of glimpses.entries()) {
    const now = startMs + index * gapMs;
    const observation = observe(group, glimpse, now);
    const decided = decide(group, state, observation, now);
    const { decision } = decided;
    moments.push({
      before: state,
      observation,
      decision,
      actuation: decision.acts ? actuate(decision, actuation) : null,
    });
    state = decided.state;
    if (decision.acts) {
      state = conclude(state, decision, actuate(decision, actuation), now + 10);
    }
  }
  return moments;
}

function forAllMoments(check: (moment: Moment, group: Group) => void): void {
  fc.assert(
    fc.property(anyHistory, ({ group, glimpses, gapMs }) => {
      for (const moment of run(group, glimpses, gapMs)) check(moment, group);
    }),
    { numRuns: 400 },
  );
}

describe('decide, whatever it is shown,', () => {
  it('stays within the tighter bounds whenever it acts', () => {
    forAllMoments(({ observation, decision }, group) => {
      if (decision.kind === 'hold' || observation.capacity === null) return;
      const { min, max } = tighterBounds(group, observation.capacity);
      expect(decision.to).toBeGreaterThanOrEqual(min);
      // Launches are cancelled first, and then what is above the bounds is removed.
      if (decision.cancels === undefined) expect(decision.to).toBeLessThanOrEqual(max);
    });
  });

  it('removes nothing while it cannot see, unless a person, a schedule or the bounds say so', () => {
    forAllMoments(({ observation, decision }, group) => {
      if (decision.kind !== 'scale-in' || observation.capacity === null) return;
      const { max } = tighterBounds(group, observation.capacity);
      if (decision.from > max) return;
      expect(observation.isJournalWritable).toBe(true);
      const isSet = observation.overrides.some(({ kind }) => kind === 'set');
      const planned = findPlanned(decision.recommendations, decision.from);
      if (isSet || decision.to >= planned.atMost) return;
      const isBlind = decision.recommendations.some(
        (one) => one.kind === 'abstain' && one.blocksScaleIn,
      );
      expect(isBlind).toBe(false);
      if (!group.policies.some(readsSignals)) return;
      expect(observation.telemetry).toBe('connected');
      const { reporting, expected } = observation.fleet;
      expect(reporting).toBeGreaterThanOrEqual(group.minReportingRatio * expected);
    });
  });

  it('never acts while an earlier act is in flight, held by another, or only advising', () => {
    forAllMoments(({ before, observation, decision }, group) => {
      if (!decision.acts) return;
      expect(group.mode).not.toBe('advise');
      expect(observation.heldBy).toBeNull();
      const { inFlight } = before;
      const describedAt = observation.capacity?.describedAt ?? 0;
      if (inFlight !== null) expect(describedAt).toBeGreaterThan(inFlight.unknownSince ?? Infinity);
    });
  });

  it('gives a reason for every difference between what was wanted and what is done', () => {
    forAllMoments(({ decision }) => {
      if (decision.wanted === decision.to) return;
      expect(decision.adjustments.length).toBeGreaterThan(0);
      expect(decision.adjustments[0]?.from).toBe(decision.wanted);
      expect(decision.adjustments.at(-1)?.to).toBe(decision.to);
    });
  });

  it('says for each correction what would have been decided without it', () => {
    forAllMoments(({ before, observation, decision }, group) => {
      const without = counterfactuals(group, before, observation, decision.at);
      const names = decision.adjustments.map(({ guardrail }) => guardrail);
      const rules = without.filter((one) => one.without === 'guardrail');
      expect(rules.map(({ name }) => name)).toEqual(names);
      const policies = without.filter((one) => one.without === 'policy');
      if (observation.capacity !== null && group.mode !== 'observe') {
        expect(policies.map(({ name }) => name)).toEqual(group.policies.map(({ name }) => name));
      }
      const counted = rules.find(({ name }) => name === 'rate');
      if (counted === undefined || group.mode === 'advise') return;
      const { rate: _, ...unlimited } = group;
      expect(counted.to).toBe(decide(unlimited, before, observation, decision.at).decision.to);
    });
  });

  it('never removes an instance in the mode scale-out-only but for the bounds', () => {
    forAllMoments(({ observation, decision }, group) => {
      if (group.mode !== 'scale-out-only' || observation.capacity === null) return;
      const { max } = tighterBounds(group, observation.capacity);
      expect(decision.kind === 'scale-in' && decision.from <= max).toBe(false);
    });
  });

  it('lowers the desired capacity only when no launch is pending, and else cancels the newest', () => {
    forAllMoments(({ observation, decision }) => {
      if (decision.kind !== 'scale-in' || !decision.acts) return;
      const pending = observation.candidates?.pending ?? [];
      if (observation.capacity?.pending === 0) return expect(decision.cancels).toBeUndefined();
      expect(decision.cancels?.length).toBe(decision.from - decision.to);
      expect(pending.slice(0, decision.cancels?.length)).toEqual(decision.cancels);
    });
  });

  it('starts a cooldown only when a change was accepted or found done', () => {
    forAllMoments(({ before, decision, actuation }) => {
      if (actuation === null || listOutcomes(actuation).some(isDone)) return;
      const after = conclude(before, decision, actuation, decision.at);
      expect(after.scaledOutAt).toBe(before.scaledOutAt);
      expect(after.scaledInAt).toBe(before.scaledInAt);
      expect(after.changes).toEqual(before.changes);
    });
  });

  it('decides the same again from the same input, and changes none of it', () => {
    fc.assert(
      fc.property(anyHistory, ({ group, glimpses, gapMs }) => {
        const first = run(group, glimpses, gapMs);
        const frozen = JSON.stringify(first);
        expect(JSON.stringify(run(group, glimpses, gapMs))).toBe(frozen);
        expect(JSON.stringify(first)).toBe(frozen);
      }),
    );
  });

  it('keeps a state of bounded size', () => {
    fc.assert(
      fc.property(
        anyGroup,
        fc.array(fc.nat(40), { minLength: 500, maxLength: 500 }),
        (group, sizes) => {
          let state = initialState;
          for (const [index, desired] of sizes.entries()) {
            const now = startMs + index * 700;
            state = decide(group, state, observe(group, steady(desired), now), now).state;
          }
          expect(JSON.stringify(state).length).toBeLessThan(8000);
        },
      ),
      { numRuns: 20 },
    );
  });
});

function listOutcomes(actuation: Actuation): readonly CallOutcome[] {
  if (actuation.kind !== 'cancelled') return [actuation];
  return actuation.launches.map(({ outcome }) => outcome);
}

function isDone({ kind }: CallOutcome): boolean {
  return kind === 'accepted' || kind === 'unchanged';
}

function steady(inService: number): Glimpse {
  return {
    desired: inService,
    inService,
    pending: 0,
    silent: 0,
    warming: 0,
    values: { cpu: 0.6, connections: 1 },
    isConnected: true,
    isJournalWritable: true,
    isHeld: true,
    describedAgoMs: 0,
    overrides: [],
    asgMin: 0,
    asgMax: 100,
  };
}

describe('a group that tracks 60 % cpu', () => {
  const group: Group = {
    name: 'web',
    mode: 'active',
    min: 1,
    max: 20,
    warmupMs: 60_000,
    cooldown: { scaleOutMs: 0, scaleInMs: 60_000 },
    stabilization: { scaleOutMs: 0, scaleInMs: 300_000 },
    minReportingRatio: 0.5,
    policies: [
      {
        type: 'target-tracking',
        name: 'cpu',
        selector: selectSignal('cpu', 'mean', 1000),
        target: 0.6,
        tolerance: { scaleOutRatio: 0.1, scaleInRatio: 0.1 },
      },
    ],
  };
  const at = (seconds: number): number => startMs + seconds * 1000;
  const look = (glimpse: Partial<Glimpse>, now: number): Observation =>
    observe(group, { ...steady(4), ...glimpse }, now);
  const hot = { values: { cpu: 0.9, connections: 0 } };
  const cold = { values: { cpu: 0.1, connections: 0 } };

  it('scales out at the first sight of too much load', () => {
    const { decision } = decide(group, initialState, look(hot, at(0)), at(0));
    expect(decision).toMatchObject({ kind: 'scale-out', from: 4, to: 6, acts: true });
  });

  it('names the reading at which it would decide otherwise', () => {
    const { wakes } = decide(group, initialState, look({}, at(0)), at(0));
    expect(wakes).toHaveLength(1);
    expect(wakes[0]?.atLeast).toBeCloseTo(0.66, 6);
  });

  it('takes its own accepted size as the current one until a newer description', () => {
    const out = decide(group, initialState, look(hot, at(0)), at(0));
    const state = conclude(out.state, out.decision, { kind: 'accepted' }, at(0) + 300);
    const stale = decide(group, state, look({ ...hot, describedAgoMs: 1500 }, at(1)), at(1));
    expect(stale.decision).toMatchObject({ kind: 'hold', from: 6 });
    const fresh = decide(group, state, look({ ...hot, desired: 5 }, at(2)), at(2));
    expect(fresh.decision.from).toBe(5);
  });

  it('waits for the whole stabilization window before the first removal', () => {
    let state = initialState;
    let removedAt: number | null = null;
    for (let second = 0; second < 400 && removedAt === null; second += 1) {
      const decided = decide(group, state, look(cold, at(second)), at(second));
      state = decided.state;
      if (decided.decision.kind === 'scale-in') removedAt = second;
    }
    expect(removedAt).toBeGreaterThanOrEqual(300);
    expect(removedAt).toBeLessThanOrEqual(306);
  });

  it('does not take a gap in deciding for a watched window', () => {
    let state = decide(group, initialState, look(cold, at(0)), at(0)).state;
    state = decide(group, state, look(cold, at(1000)), at(1000)).state;
    const { decision } = decide(group, state, look(cold, at(1001)), at(1001));
    expect(decision.kind).toBe('hold');
    expect(decision.adjustments[0]?.guardrail).toBe('stabilization');
  });

  it('tries a refused change again after a growing wait, and a removal never delays an addition', () => {
    const out = decide(group, initialState, look(hot, at(0)), at(0));
    const refusal = { kind: 'refused', code: 'in-progress', message: '' } as const;
    let state = conclude(out.state, out.decision, refusal, at(0));
    expect(decide(group, state, look(hot, at(0.5)), at(0.5)).decision.kind).toBe('hold');
    const second = decide(group, state, look(hot, at(1)), at(1));
    expect(second.decision.kind).toBe('scale-out');
    state = conclude(second.state, second.decision, refusal, at(1));
    expect(decide(group, state, look(hot, at(2)), at(2)).decision.kind).toBe('hold');
    expect(decide(group, state, look(hot, at(3)), at(3)).decision.kind).toBe('scale-out');
    const refusedRemoval = {
      ...state,
      refusals: { ...refusal, direction: 'scale-in', times: 9, retryAt: at(99) },
    } as const;
    expect(decide(group, refusedRemoval, look(hot, at(4)), at(4)).decision.kind).toBe('scale-out');
  });

  it('ends an unknown outcome only by a description asked for later, and learns whether it happened', () => {
    const out = decide(group, initialState, look(hot, at(0)), at(0));
    const state = conclude(out.state, out.decision, { kind: 'unknown', message: '' }, at(5));
    const early = decide(group, state, look({ ...hot, describedAgoMs: 2000 }, at(6)), at(6));
    expect(early.decision.adjustments.at(-1)?.reason.code).toBe('outcome-unknown');
    const done = decide(group, state, look({ ...hot, desired: 6 }, at(7)), at(7));
    expect(done.state.scaledOutAt).toBe(at(0));
    expect(done.decision).toMatchObject({ kind: 'hold', from: 6 });
    const undone = decide(group, state, look(hot, at(7)), at(7));
    expect(undone.decision).toMatchObject({ kind: 'scale-out', from: 4, to: 6, acts: true });
    expect(undone.state.scaledOutAt).toBeNull();
  });

  it('treats an act that a stopped controller left behind as unknown', () => {
    const out = decide(group, initialState, look(hot, at(0)), at(0));
    const { inFlight } = resume(out.state, at(60));
    expect(inFlight).toMatchObject({ phase: 'unknown', unknownSince: at(60) });
  });

  it('waits no longer than it should when it goes on after the clock was set back', () => {
    const cooled: Group = { ...group, cooldown: { scaleOutMs: 20_000, scaleInMs: 20_000 } };
    const out = decide(cooled, initialState, look(hot, at(600)), at(600));
    const accepted = conclude(out.state, out.decision, { kind: 'accepted' }, at(600));
    const state = resume(accepted, at(0));
    const held = decide(cooled, state, look(hot, at(1)), at(1)).decision;
    expect(held.adjustments.at(-1)?.reason).toEqual({ code: 'cooldown', until: at(20) });
    expect(decide(cooled, state, look(hot, at(20)), at(20)).decision.kind).toBe('scale-out');
    const refused = conclude(
      out.state,
      out.decision,
      { kind: 'refused', code: 'denied', message: '' },
      at(600),
    );
    expect(resume(refused, at(0)).refusals?.retryAt).toBe(at(60));
    expect(resume(accepted, at(0))).toMatchObject({ decidedAt: null, largest: [], smallest: [] });
  });

  it('changes nothing of a state that lies in the past when it goes on from it', () => {
    forAllMoments(({ before, decision }) => {
      if (before.inFlight !== null) return;
      const later = decision.at + 3_600_000;
      expect(resume(before, later)).toEqual(before);
    });
  });

  it('advises each size once and never acts in the mode advise', () => {
    const advised: Group = { ...group, mode: 'advise' };
    const first = decide(advised, initialState, look(hot, at(0)), at(0));
    expect(first.decision).toMatchObject({ kind: 'scale-out', to: 6, acts: false });
    const second = decide(advised, first.state, look(hot, at(1)), at(1));
    expect(second.decision.kind).toBe('hold');
    expect(second.decision.adjustments.at(-1)?.reason).toEqual({
      code: 'already-advised',
      size: 6,
    });
  });

  it('does what a person sets, against its policies, but not beyond the bounds', () => {
    const set = { kind: 'set', desired: 50, until: null, by: 'ada', why: 'launch' } as const;
    const { decision } = decide(group, initialState, look({ overrides: [set] }, at(0)), at(0));
    expect(decision).toMatchObject({ kind: 'scale-out', wanted: 50, to: 20, acts: true });
    expect(decision.recommendations[0]).toMatchObject({ policy: 'override', desired: 50 });
  });

  it('holds while paused, and says by whom', () => {
    const pause = { kind: 'pause', until: null, by: 'ada', why: 'deploy' } as const;
    const { decision } = decide(
      group,
      initialState,
      look({ ...hot, overrides: [pause] }, at(0)),
      at(0),
    );
    expect(decision).toMatchObject({ kind: 'hold', wanted: 6 });
    expect(decision.adjustments.at(-1)?.reason).toMatchObject({ code: 'paused', by: 'ada' });
  });

  it('holds without a description, and decides nothing in the mode observe', () => {
    const blind = { ...look(hot, at(0)), capacity: null };
    const { decision } = decide(group, initialState, blind, at(0));
    expect(decision).toMatchObject({ kind: 'hold', acts: false });
    expect(decision.adjustments[0]?.reason.code).toBe('capacity-unknown');
    const observed = decide({ ...group, mode: 'observe' }, initialState, look(hot, at(0)), at(0));
    expect(observed.decision.adjustments[0]?.reason.code).toBe('observe-only');
  });
});
