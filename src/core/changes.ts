// The accepted changes that a rate is reckoned from: a short list in the state, whatever happens.

import type { CountedChange, GroupState } from './state.ts';
import type { EpochMs } from './time.ts';

/** As long as the longest period of a rate. */
export const changesKeptMs = 3_600_000;
export const changesMax = 64;

/**
 * The state with a change from one size to another counted at `at`. When the list is full its two
 * oldest entries become one, of the newer time: that can only make a rate wait longer.
 */
export function countChange(state: GroupState, from: number, to: number, at: EpochMs): GroupState {
  if (from === to) return state;
  const kept = state.changes.filter((change) => change.at > at - changesKeptMs);
  const newest = { at, added: Math.max(0, to - from), removed: Math.max(0, from - to) };
  const changes = [...kept, newest];
  const [first, second, ...rest] = changes;
  if (changes.length <= changesMax || first === undefined || second === undefined) {
    return { ...state, changes };
  }
  return { ...state, changes: [merge(first, second), ...rest] };
}

/** The state with so many of the newest change's launches counted as a forecast's. */
export function markAhead(state: GroupState, ahead: number): GroupState {
  const newest = state.changes.at(-1);
  if (ahead <= 0 || newest === undefined) return state;
  return { ...state, changes: [...state.changes.slice(0, -1), { ...newest, ahead }] };
}

function merge(older: CountedChange, newer: CountedChange): CountedChange {
  const added = older.added + newer.added;
  const ahead = (older.ahead ?? 0) + (newer.ahead ?? 0);
  const merged = { at: newer.at, added, removed: older.removed + newer.removed };
  return ahead > 0 ? { ...merged, ahead } : merged;
}
