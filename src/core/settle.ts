// What a new description of the group settles: what became of an act whose outcome was not known,
// and whether our own last word still stands.

import type { Capacity } from './capacity.ts';
import type { GroupState } from './state.ts';
import type { EpochMs } from './time.ts';

/** The state after a look at `capacity`. The same object if that settles nothing. */
export function settle(state: GroupState, capacity: Capacity): GroupState {
  const { inFlight, accepted } = state;
  if (inFlight?.phase === 'unknown' && inFlight.unknownSince !== null) {
    if (capacity.describedAt <= inFlight.unknownSince) return state;
    const isDone = capacity.desired === inFlight.to;
    const settled = { ...state, inFlight: null, accepted: null };
    if (!isDone) return settled;
    return markChanged(settled, inFlight.from, inFlight.to, inFlight.since);
  }
  if (accepted !== null && capacity.describedAt > accepted.at) return { ...state, accepted: null };
  return state;
}

/** The state with a change in the direction `from` → `to` counted as accepted at `at`. */
export function markChanged(state: GroupState, from: number, to: number, at: EpochMs): GroupState {
  if (to > from) return { ...state, scaledOutAt: at };
  return to < from ? { ...state, scaledInAt: at } : state;
}
