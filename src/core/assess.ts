// Everything that is known before the first guardrail looks at it: what is there, what the policies
// recommend, what people and schedules ask for. Corrects nothing and decides nothing.

import type { Capacity } from './capacity.ts';
import { combine, combineNeeded, findPlanned } from './combine.ts';
import type { Recommendation, Wake } from './decision.ts';
import { followDrains, listActive } from './drains.ts';
import type { Group } from './group.ts';
import type { GuardrailContext } from './guardrails/guardrail.ts';
import { remember } from './guardrails/stabilization.ts';
import { findVeto } from './guardrails/veto.ts';
import type { Observation } from './observation.ts';
import type { PolicyContext } from './policies/opinion.ts';
import { recommend } from './policies/recommend.ts';
import { clampTo, intersect } from './range.ts';
import { settle } from './settle.ts';
import { followReactive } from './reactive-course.ts';
import type { SignalReadings } from './signal.ts';
import type { GroupState } from './state.ts';
import type { EpochMs } from './time.ts';
import { findWished, recordWishes } from './wishes.ts';

export interface Assessment {
  readonly context: GuardrailContext;
  /** What policies and people ask for, before any guardrail. */
  readonly wanted: number;
  readonly wakes: readonly Wake[];
  /** What the policies were shown. */
  readonly seen: PolicyContext;
}

/** An observation of a group that has been described. */
export type Sighted = Observation & { readonly capacity: Capacity };

export function assess(
  group: Group,
  before: GroupState,
  observation: Sighted,
  now: EpochMs,
): Assessment {
  const { capacity, fleet, signals, overrides } = observation;
  const { schedules, demand, forecasts, queue, native } = observation;
  const settled = followDrains(settle(before, capacity), observation, now);
  const desired = settled.accepted?.size ?? capacity.desired;
  const leaving = listActive(settled).length;
  // What drains takes no more work: to policies and guardrails it is gone.
  const current = Math.max(0, desired - leaving);
  const warming = fleet.warming + findPending(capacity, desired);
  const canWake = isSeenFromOutside(signals);
  const counts = { current, warmed: fleet.warmed, warming };
  const readings = { signals, schedules, demand, forecasts, queue, native };
  const seen = { ...counts, ...readings, now, canWake };
  const { opinions, wakes } = askPolicies(group, seen);
  const advised = combine(opinions, current);
  const isVetoed = advised < current && findVeto(group.policies, opinions, current) !== null;
  const sizes = { wanted: isVetoed ? current : advised, current };
  const state = remember(group, settled, sizes, now);
  const wished = findWished(overrides);
  const context: GuardrailContext = {
    group,
    state,
    observation,
    capacity,
    now,
    current,
    leaving: desired - current,
    warming,
    opinions,
    recommendations: overrides.length === 0 ? opinions : [...recordWishes(overrides), ...opinions],
    needed: clampTo(wished, combineNeeded(opinions, current, advised)),
    wished,
    wishedOrPlanned: intersect(wished, findPlanned(opinions, current)),
  };
  const reactive = followReactive(context, seen);
  const counted =
    reactive === null
      ? context
      : { ...context, state: { ...state, reactive }, neededSpent: reactive.spent };
  return { context: counted, wanted: clampTo(wished, advised), wakes, seen };
}

/** What was asked for and is not in service yet, whether AWS shows it already or not. */
function findPending(capacity: Capacity, desired: number): number {
  return Math.max(0, capacity.pending, desired - capacity.inService);
}

function isSeenFromOutside(signals: SignalReadings): boolean {
  for (const key in signals) if (signals[key]?.instances === 0) return true;
  return false;
}

function askPolicies(
  group: Group,
  seen: PolicyContext,
): { readonly opinions: readonly Recommendation[]; readonly wakes: readonly Wake[] } {
  const opinions: Recommendation[] = [];
  const wakes: Wake[] = [];
  for (const policy of group.policies) {
    const opinion = recommend(policy, seen);
    opinions.push(opinion.recommendation);
    wakes.push(...opinion.wakes);
  }
  return { opinions, wakes };
}
