// States as earlier versions wrote them, made into today's: a journal outlives the program that
// wrote it.

import { initialState, stateVersion, type GroupState } from './state.ts';

/** Version 1 counted no changes. */
type StateBefore2 = Omit<GroupState, 'version' | 'changes'> & { readonly version: 1 };

export type StoredState = StateBefore2 | GroupState;

/**
 * Today's state. What an older version did not keep is as in a new state: the first rate after the
 * change counts from then on.
 */
export function migrateState(stored: StoredState): GroupState {
  if (stored.version === stateVersion) return stored;
  return { ...initialState, ...stored, version: stateVersion };
}
