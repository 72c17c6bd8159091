// Busy workers that a scale-in decided about: told to drain, no capacity from then on, ended by name when
// they have nothing in hand or their time is over. Who drains is part of the state; the telling is the
// controller's.

import { countChange } from './changes.ts';
import type { GuardrailContext } from './guardrails/guardrail.ts';
import { freeze } from './guardrails/freeze.ts';
import { removalMode } from './guardrails/removal-mode.ts';
import { capacityStaleAfterMs } from './guardrails/stale-signals.ts';
import { unwritableJournal } from './guardrails/unwritable-journal.ts';
import type { DrainingInstance, Observation } from './observation.ts';
import { markChanged } from './settle.ts';
import type { Drain, GroupState } from './state.ts';
import type { EpochMs } from './time.ts';

/** An instance that does not say within this time that it drains hears no commands. */
export const drainAnswerMs = 30_000;
/** One that did not answer is left alone for so long. */
export const drainRetryMs = 600_000;
/** Draining, or called off lately. */
export const drainsMax = 64;

/** Those that are no capacity any more. */
export function listActive({ draining = [] }: GroupState): readonly Drain[] {
  return draining.filter(({ isCalledOff }) => !isCalledOff);
}

/**
 * The state after a look at those that drain: who answered, who never did, who is gone. The same object
 * if nothing drains.
 */
export function followDrains(
  state: GroupState,
  { candidates }: Observation,
  now: EpochMs,
): GroupState {
  if (state.draining === undefined) return state;
  const seen = new Map(candidates?.draining?.map((one) => [one.instance, one]));
  const draining = state.draining.flatMap((drain) => follow(drain, seen, now) ?? []);
  return withDrains(state, draining);
}

function follow(
  drain: Drain,
  seen: ReadonlyMap<string, DrainingInstance>,
  now: EpochMs,
): Drain | null {
  if (drain.isCalledOff) return now < drain.until ? drain : null;
  const shown = seen.get(drain.instance);
  if (shown === undefined) return null;
  if (drain.saidAt !== null) return drain;
  if (shown.isDraining) return { ...drain, saidAt: now };
  const isUnanswered = now - drain.since > drainAnswerMs;
  return isUnanswered ? { ...drain, isCalledOff: true, until: now + drainRetryMs } : drain;
}

function withDrains(state: GroupState, drains: readonly Drain[]): GroupState {
  const { draining: _, ...rest } = state;
  return drains.length === 0 ? rest : { ...rest, draining: drains };
}

/** The busy instances that may be told to drain now, the least work first. */
export function listDrainable({ group, state, observation }: GuardrailContext): readonly string[] {
  if (group.drainWithinMs === undefined || state.accepted !== null) return [];
  const known = new Set(state.draining?.map(({ instance }) => instance));
  const busy = (observation.candidates?.busy ?? []).filter((instance) => !known.has(instance));
  return busy.slice(0, drainsMax - known.size);
}

/**
 * The state with these told to drain. They count as removed now, for cooldown and rate: a drain that
 * takes ten minutes is no leave to begin another each second.
 */
export function orderDrains(
  { group, state, current, now }: GuardrailContext,
  instances: readonly string[],
): GroupState {
  const { drainWithinMs } = group;
  if (instances.length === 0 || drainWithinMs === undefined) return state;
  const to = current - instances.length;
  const counted = markChanged(countChange(state, current, to, now), current, to, now);
  const until = now + drainWithinMs;
  const ordered = instances.map((instance): Drain => {
    return { instance, since: now, until, saidAt: null, isCalledOff: false };
  });
  return withDrains(counted, [...(state.draining ?? []), ...ordered]);
}

/** The state without those that were ended: each was counted when it was told to drain. */
export function forgetDrains(state: GroupState, instances: readonly string[]): GroupState {
  if (state.draining === undefined) return state;
  const left = state.draining.filter(({ instance }) => !instances.includes(instance));
  return withDrains(state, left);
}

/**
 * Those to be ended now. One that never said that it drains is not among them, however late it is. What
 * was decided when they were told is not decided again; but nothing is ended in a freeze, on an old
 * description, unrecorded, or in a mode that removes nothing, and never below AWS's minimum.
 */
export function listDrained(context: GuardrailContext): readonly string[] {
  const { group, state, observation, capacity, now, current } = context;
  const drains = listActive(state);
  if (drains.length === 0 || group.mode !== 'active') return [];
  if (now - capacity.describedAt > capacityStaleAfterMs) return [];
  const objectors = [unwritableJournal, freeze, removalMode];
  if (objectors.some((one) => one.correct(context, current - 1) !== null)) return [];
  const empty = new Set(
    observation.candidates?.draining
      ?.filter(({ inHand }) => inHand === 0)
      .map(({ instance }) => instance),
  );
  const spare = Math.max(0, current + drains.length - capacity.min);
  return drains
    .filter(
      ({ instance, saidAt, until }) => saidAt !== null && (empty.has(instance) || now >= until),
    )
    .slice(0, spare)
    .map(({ instance }) => instance);
}
