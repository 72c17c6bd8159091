// What came of an act is an input like any other. A refused call starts no cooldown; an unknown one
// keeps the group still until it has been described anew.

import type { Actuation, CancelledLaunch, RefusalCode } from './actuation.ts';
import { countChange, markAhead } from './changes.ts';
import type { Decision } from './decision.ts';
import { forgetDrains, listActive } from './drains.ts';
import { refusalWaitMaxMs } from './refusal-wait.ts';
import { rewind } from './rewind.ts';
import { markChanged } from './settle.ts';
import type { GroupState } from './state.ts';
import type { EpochMs } from './time.ts';

/** The wait after the first refusal; each further one in a row doubles it. */
export const refusalWaitMs = 1000;

/** The state after the act of `decision` came to `actuation` at `now`. */
export function conclude(
  state: GroupState,
  decision: Pick<Decision, 'from' | 'to' | 'needed'>,
  actuation: Actuation,
  now: EpochMs,
): GroupState {
  const { from, to } = decision;
  switch (actuation.kind) {
    case 'accepted': {
      const ended = { ...state, inFlight: null, refusals: null, accepted: { at: now, size: to } };
      const need = Math.max(from, Math.min(to, decision.needed ?? to));
      const counted = markAhead(countChange(ended, from, to, now), to - need);
      if (to > from && need === from) return { ...counted, aheadOutAt: now };
      return markChanged(counted, from, to, now);
    }
    case 'unchanged':
      return { ...state, inFlight: null, refusals: null, accepted: { at: now, size: to } };
    case 'refused': {
      const times = (state.refusals?.times ?? 0) + 1;
      const direction = to > from ? 'scale-out' : 'scale-in';
      const retryAt = now + waitAfter(actuation.code, times);
      const refusals = { code: actuation.code, direction, times, retryAt } as const;
      return { ...state, inFlight: null, refusals };
    }
    case 'unknown': {
      const { inFlight } = state;
      if (inFlight === null) return state;
      return { ...state, inFlight: { ...inFlight, phase: 'unknown', unknownSince: now } };
    }
    case 'cancelled':
      return concludeCancelled(state, from, actuation.launches, now);
  }
}

/**
 * Each launch that was cancelled took one off the desired capacity. One of which that is not known
 * leaves the whole act unknown; a refused one counts as a refusal, and takes nothing back.
 */
function concludeCancelled(
  state: GroupState,
  from: number,
  launches: readonly CancelledLaunch[],
  now: EpochMs,
): GroupState {
  const outcomes = launches.map(({ outcome }) => outcome);
  const ended = launches.filter(({ outcome }) => outcome.kind === 'accepted');
  const drained = new Set(listActive(state).map(({ instance }) => instance));
  const counted = ended.filter(({ instance }) => !drained.has(instance)).length;
  const to = from - ended.length;
  const left = forgetDrains(
    state,
    ended.map(({ instance }) => instance),
  );
  const unknown = outcomes.find(({ kind }) => kind === 'unknown');
  if (unknown?.kind === 'unknown') {
    // How many there were is counted when a description shows it.
    return conclude(markChanged(left, from, from - counted, now), { from, to }, unknown, now);
  }
  const done = ended.length === 0 ? left : accept(left, { from, to, counted }, now);
  const refused = outcomes.find(({ kind }) => kind === 'refused');
  if (refused?.kind !== 'refused') return { ...done, inFlight: null };
  return conclude(done, { from, to: from - 1 }, refused, now);
}

/** Of those ended some were counted when they were told to drain. */
function accept(
  state: GroupState,
  { from, to, counted }: { readonly from: number; readonly to: number; readonly counted: number },
  now: EpochMs,
): GroupState {
  const accepted = { kind: 'accepted' } as const;
  const concluded = conclude(state, { from, to: from - counted }, accepted, now);
  return { ...concluded, accepted: { at: now, size: to } };
}

/**
 * The state with which a controller goes on after it was stopped. An act whose outcome it did not
 * live to see may or may not have happened, and the machine's clock may have been set back.
 */
export function resume(before: GroupState, now: EpochMs): GroupState {
  const state = rewind(before, now);
  const { inFlight } = state;
  if (inFlight === null) return state;
  const since = Math.min(inFlight.since, now);
  return { ...state, inFlight: { ...inFlight, since, phase: 'unknown', unknownSince: now } };
}

function waitAfter(code: RefusalCode, times: number): number {
  const doublings = Math.min(times - 1, 6);
  return Math.min(refusalWaitMaxMs[code], refusalWaitMs * (1 << doublings));
}
