// The control loop's one decision, as a function: read this file first. Live, in shadow, in a
// simulation and in a replay the same `decide` runs; everything else is an edge of it.
//
//     observe → decide → journal → act → conclude

import type { Capacity } from './capacity.ts';
import { combine } from './combine.ts';
import type { Adjustment, Decision, Recommendation, Wake } from './decision.ts';
import { findClosedGate } from './gates.ts';
import type { Group } from './group.ts';
import type { GuardrailContext } from './guardrails/guardrail.ts';
import { guardrails } from './guardrails/index.ts';
import { remember } from './guardrails/stabilization.ts';
import type { Observation } from './observation.ts';
import { recommend } from './policies/recommend.ts';
import type { Reason } from './reason.ts';
import { settle } from './settle.ts';
import type { GroupState } from './state.ts';
import type { EpochMs } from './time.ts';

export interface Decided {
  readonly state: GroupState;
  readonly decision: Decision;
  /** Bounds at which to decide again without waiting for the next tick. */
  readonly wakes: readonly Wake[];
}

/**
 * Decides the desired capacity of one group at one moment. Pure: the same arguments always give the
 * same result. While a decision that acts has not been concluded, every further one holds.
 */
export function decide(
  group: Group,
  before: GroupState,
  observation: Observation,
  now: EpochMs,
): Decided {
  const { capacity } = observation;
  if (capacity === null) return holdBlindly(group, before, now, { code: 'capacity-unknown' });
  if (group.mode === 'observe') return holdBlindly(group, before, now, { code: 'observe-only' });

  const settled = settle(before, capacity);
  const current = settled.accepted?.size ?? capacity.desired;
  const warming = observation.fleet.warming + findPending(capacity, current);
  const { recommendations, wakes } = askPolicies(group, observation, current, warming);
  const set = findSet(observation);
  const advised = combine(recommendations, current);
  const state = remember(group, settled, { wanted: advised, current }, now);

  const wanted = set?.desired ?? advised;
  const wish = set === null ? [] : [recordSet(set)];
  const context: GuardrailContext = {
    group,
    state,
    observation,
    capacity,
    now,
    current,
    warming,
    recommendations: [...wish, ...recommendations],
    set,
  };
  const adjustments: Adjustment[] = [];
  const size = applyGuardrails(context, wanted, adjustments);
  return finish(context, { wanted, size, adjustments, wakes });
}

/** What was asked for and is not in service yet, whether AWS shows it already or not. */
function findPending(capacity: Capacity, current: number): number {
  return Math.max(0, capacity.pending, current - capacity.inService);
}

function findSet(observation: Observation): GuardrailContext['set'] {
  for (const override of observation.overrides) if (override.kind === 'set') return override;
  return null;
}

/** A person's wish stands in the record beside the policies' recommendations that it overrules. */
function recordSet(set: NonNullable<GuardrailContext['set']>): Recommendation {
  const { desired, by } = set;
  const reason = { code: 'override-set', desired, by } as const;
  return { kind: 'desired', policy: 'override', desired, reason };
}

function askPolicies(
  group: Group,
  observation: Observation,
  current: number,
  warming: number,
): { recommendations: readonly Recommendation[]; wakes: readonly Wake[] } {
  const recommendations: Recommendation[] = [];
  const wakes: Wake[] = [];
  const { warmed } = observation.fleet;
  for (const policy of group.policies) {
    const reading = observation.signals[policy.selector.key];
    const opinion = recommend(policy, { current, warmed, warming, reading });
    recommendations.push(opinion.recommendation);
    if (opinion.wake !== null) wakes.push(opinion.wake);
  }
  return { recommendations, wakes };
}

function applyGuardrails(
  context: GuardrailContext,
  wanted: number,
  adjustments: Adjustment[],
): number {
  let size = wanted;
  for (const guardrail of guardrails) {
    const correction = guardrail.correct(context, size);
    if (correction === null) continue;
    const { size: to, reason } = correction;
    adjustments.push({ guardrail: guardrail.name, from: size, to, reason });
    size = to;
  }
  return size;
}

interface Outcome {
  readonly wanted: number;
  readonly size: number;
  readonly adjustments: Adjustment[];
  readonly wakes: readonly Wake[];
}

/** Passes the settled size through the gates and writes down what is to be done. */
function finish(context: GuardrailContext, outcome: Outcome): Decided {
  const { group, state, now, current, recommendations } = context;
  const { wanted, size, adjustments, wakes } = outcome;
  const record = {
    group: group.name,
    at: now,
    from: current,
    wanted,
    recommendations,
    adjustments,
  };
  if (size === current) {
    const idle: Decision = { ...record, kind: 'hold', to: current, acts: false };
    return { state: { ...state, advised: null }, decision: idle, wakes };
  }
  const closed = findClosedGate(context, size);
  if (closed !== null) {
    adjustments.push({ guardrail: closed.gate, from: size, to: current, reason: closed.reason });
    return { state, decision: { ...record, kind: 'hold', to: current, acts: false }, wakes };
  }
  const kind = size > current ? 'scale-out' : 'scale-in';
  if (group.mode === 'advise') {
    if (state.advised === size) {
      const reason = { code: 'already-advised', size } as const;
      adjustments.push({ guardrail: 'advice', from: size, to: current, reason });
      return { state, decision: { ...record, kind: 'hold', to: current, acts: false }, wakes };
    }
    const advice: Decision = { ...record, kind, to: size, acts: false };
    return { state: { ...state, advised: size }, decision: advice, wakes };
  }
  const inFlight = {
    to: size,
    from: current,
    since: now,
    phase: 'awaited',
    unknownSince: null,
  } as const;
  const act: Decision = { ...record, kind, to: size, acts: true };
  return { state: { ...state, inFlight }, decision: act, wakes };
}

function holdBlindly(group: Group, state: GroupState, now: EpochMs, reason: Reason): Decided {
  const gate = { guardrail: reason.code, from: 0, to: 0, reason };
  const decision: Decision = {
    group: group.name,
    at: now,
    kind: 'hold',
    from: 0,
    to: 0,
    wanted: 0,
    acts: false,
    recommendations: [],
    adjustments: [gate],
  };
  return { state, decision, wakes: [] };
}
