// What the core remembers of a group from one decision to the next. Plain data, small and bounded:
// it is written to the journal as it stands.

import type { RefusalCode } from './actuation.ts';
import type { EpochMs } from './time.ts';
import type { WarmPoolMemory } from './warm-pool/warm-pool.ts';

/** Grows when the shape below changes; a journal says which it was written with. */
export const stateVersion = 3;

/** A size and when it was recommended. */
export interface TimedSize {
  readonly at: EpochMs;
  readonly size: number;
}

/** What was added and removed at once, or nearly. Counts, ≥ 0. */
export interface CountedChange {
  readonly at: EpochMs;
  readonly added: number;
  readonly removed: number;
  /** Of those added, the ones that only a forecast asked for. */
  readonly ahead?: number;
}

/**
 * An act from the moment it is decided until it is over.
 *
 *     (none) --decide--> awaited --accepted, unchanged or refused--> (none)
 *                          └────── unknown ──> unknown --described--> (none)
 */
export interface ActInFlight {
  readonly from: number;
  readonly to: number;
  readonly since: EpochMs;
  readonly phase: 'awaited' | 'unknown';
  /** When its outcome was found to be unknown; only a description asked for later ends it. */
  readonly unknownSince: EpochMs | null;
  /** Whether it cancels launches one by one, so that it may have happened in part. */
  readonly isCancelling: boolean;
}

export interface Refusals {
  readonly code: RefusalCode;
  /** A refused scale-in must not delay a scale-out. */
  readonly direction: 'scale-out' | 'scale-in';
  /** In a row. */
  readonly times: number;
  readonly retryAt: EpochMs;
}

/**
 * A busy worker that is to go, from the order on. Its instance is no capacity any more and is ended by
 * name: when it has no work in hand, or when its time is over.
 *
 *     told ──says that it drains──▶ drains ──nothing in hand, or deadline──▶ (ended)
 *       └──says nothing for `drainAnswerMs`──▶ called off ──`until`──▶ (forgotten)
 */
export interface Drain {
  readonly instance: string;
  /** When it was ordered. */
  readonly since: EpochMs;
  /** The deadline; of one that was called off, when it may be tried anew. */
  readonly until: EpochMs;
  /** When it first said that it drains; null before. */
  readonly saidAt: EpochMs | null;
  /** Whether it never answered: it counts as capacity again. */
  readonly isCalledOff: boolean;
}

/** What the load alone would have had the group do, and what that would have cost this month. */
export interface ReactiveCourse {
  readonly at: EpochMs;
  readonly monthStartedAt: EpochMs;
  /** Dollars. */
  readonly spent: number;
  readonly size: number;
  /** Its own, as those of the state. */
  readonly changes: readonly CountedChange[];
  readonly scaledOutAt: EpochMs | null;
  readonly scaledInAt: EpochMs | null;
}

export interface GroupState {
  readonly version: typeof stateVersion;
  /** When `decide` last ran; null before the first time. After a gap nothing recent is known. */
  readonly decidedAt: EpochMs | null;
  /** Sizes recommended within the scale-in window; largest first, each newer than the one before. */
  readonly largest: readonly TimedSize[];
  /** Sizes recommended within the scale-out window; smallest first, each newer than the last. */
  readonly smallest: readonly TimedSize[];
  /** When the last change in each direction was accepted. */
  readonly scaledOutAt: EpochMs | null;
  readonly scaledInAt: EpochMs | null;
  /** When the last launch was accepted that only a forecast asked for. Absent before the first. */
  readonly aheadOutAt?: EpochMs;
  /** Accepted changes of the last `changesKeptMs`, oldest first, at most `changesMax`. */
  readonly changes: readonly CountedChange[];
  /** The newest accepted size, until a description asked for later shows what became of it. */
  readonly accepted: TimedSize | null;
  readonly inFlight: ActInFlight | null;
  readonly refusals: Refusals | null;
  /** Busy instances that are to go, oldest order first: `drainsMax` at most. Absent without any. */
  readonly draining?: readonly Drain[];
  /** The size last advised while the mode does not act, so that it is advised once. */
  readonly advised: number | null;
  /** Absent for groups without a forecast under a budget of the month. */
  readonly reactive?: ReactiveCourse;
  /** Absent for groups without a warm pool of ours. */
  readonly warmPool?: WarmPoolMemory;
}

export const initialState: GroupState = {
  version: stateVersion,
  decidedAt: null,
  largest: [],
  smallest: [],
  scaledOutAt: null,
  scaledInAt: null,
  changes: [],
  accepted: null,
  inFlight: null,
  refusals: null,
  advised: null,
};
