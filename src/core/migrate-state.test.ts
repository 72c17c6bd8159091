import { expect, it } from 'vitest';
import { migrateState } from './migrate-state.ts';
import { initialState } from './state.ts';

it('makes a state of version 1 into one that counts changes from now on', () => {
  const { changes: _, ...rest } = { ...initialState, scaledOutAt: 5, advised: 3 };
  const migrated = migrateState({ ...rest, version: 1 });
  expect(migrated).toEqual({ ...initialState, scaledOutAt: 5, advised: 3 });
});

it('makes an act of version 2 into one that cancels no launches', () => {
  const act = { from: 4, to: 6, since: 1, phase: 'awaited', unknownSince: null } as const;
  const migrated = migrateState({ ...initialState, version: 2, inFlight: act });
  expect(migrated).toEqual({ ...initialState, inFlight: { ...act, isCancelling: false } });
});

it('leaves a state of today as it is', () => {
  expect(migrateState(initialState)).toBe(initialState);
});
