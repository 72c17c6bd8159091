import { expect, it } from 'vitest';
import { migrateState } from './migrate-state.ts';
import { initialState } from './state.ts';

it('makes a state of version 1 into one that counts changes from now on', () => {
  const { changes: _, ...rest } = { ...initialState, scaledOutAt: 5, advised: 3 };
  const migrated = migrateState({ ...rest, version: 1 });
  expect(migrated).toEqual({ ...initialState, scaledOutAt: 5, advised: 3 });
});

it('leaves a state of today as it is', () => {
  expect(migrateState(initialState)).toBe(initialState);
});
