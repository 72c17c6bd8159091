import { expect, it } from 'vitest';
import { initialState } from './state.ts';
import { settle } from './settle.ts';

const startMs = Date.parse('2026-11-27T09:00:00Z');
const capacity = {
  min: 1,
  max: 9,
  desired: 2,
  inService: 2,
  pending: 0,
  terminating: 0,
  describedAt: startMs + 60_000,
};

it('forgets its own last word once described, also while an act before has no outcome', () => {
  const state = {
    ...initialState,
    accepted: { size: 3, at: startMs },
    inFlight: {
      from: 3,
      to: 4,
      since: startMs + 30_000,
      phase: 'unknown' as const,
      // Found so at a restart, at the moment of the description: it settles nothing yet.
      unknownSince: startMs + 60_000,
      isCancelling: false,
    },
  };
  expect(settle(state, capacity)).toEqual({ ...state, accepted: null });
  const before = { ...capacity, describedAt: startMs };
  expect(settle(state, before)).toBe(state);
});
