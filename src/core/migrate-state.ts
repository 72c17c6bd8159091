// States as earlier versions wrote them, made into today's: a journal outlives the program that
// wrote it.

import { initialState, stateVersion, type ActInFlight, type GroupState } from './state.ts';

/** Version 2 cancelled no launches. */
type StateBefore3 = Omit<GroupState, 'version' | 'inFlight'> & {
  readonly version: 2;
  readonly inFlight: Omit<ActInFlight, 'isCancelling'> | null;
};

/** Version 1 counted no changes. */
type StateBefore2 = Omit<StateBefore3, 'version' | 'changes'> & { readonly version: 1 };

export type StoredState = StateBefore2 | StateBefore3 | GroupState;

/**
 * Today's state. What an older version did not keep is as in a new state: the first rate after the
 * change counts from then on.
 */
export function migrateState(stored: StoredState): GroupState {
  if (stored.version === stateVersion) return stored;
  const { inFlight } = stored;
  return {
    ...initialState,
    ...stored,
    version: stateVersion,
    inFlight: inFlight === null ? null : { ...inFlight, isCancelling: false },
  };
}
