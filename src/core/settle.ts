// What a new description of the group settles: what became of an act whose outcome was not known,
// and whether our own last word still stands.

import type { Capacity } from './capacity.ts';
import { countChange } from './changes.ts';
import type { GroupState } from './state.ts';
import type { EpochMs } from './time.ts';

/** The state after a look at `capacity`. The same object if that settles nothing. */
export function settle(state: GroupState, capacity: Capacity): GroupState {
  const { inFlight } = state;
  if (inFlight?.phase === 'unknown' && inFlight.unknownSince !== null) {
    if (capacity.describedAt <= inFlight.unknownSince) return dropAccepted(state, capacity);
    const { from, to, since, unknownSince, isCancelling } = inFlight;
    const ended = { ...state, inFlight: null, accepted: null };
    if (capacity.desired === from) return ended;
    // It happened some time before; counted late, a rate waits too long rather than too short. At a
    // third size someone else was there as well, after our change or instead of it.
    const settled = countChange(ended, from, to, unknownSince);
    const isInPart = isCancelling && capacity.desired > to && capacity.desired < from;
    const isDone = capacity.desired === to || isInPart;
    return isDone ? markChanged(settled, from, to, since) : settled;
  }
  return dropAccepted(state, capacity);
}

/** A description from after our own last word is newer than it. */
function dropAccepted(state: GroupState, capacity: Capacity): GroupState {
  const { accepted } = state;
  if (accepted === null || capacity.describedAt <= accepted.at) return state;
  return { ...state, accepted: null };
}

/** The state with a change in the direction `from` → `to` counted as accepted at `at`. */
export function markChanged(state: GroupState, from: number, to: number, at: EpochMs): GroupState {
  if (to > from) return { ...state, scaledOutAt: at };
  return to < from ? { ...state, scaledInAt: at } : state;
}
