// A group's warm pool: instances that have booted once and wait beside those in service. What the
// config asks of it, what is seen of it and planned for it. What is done is `decide-warm-pool.ts`.

import type { Reason } from '../reason.ts';
import type { EpochMs } from '../time.ts';

export const warmPoolStates = ['stopped', 'hibernated', 'running'] as const;
export type WarmPoolState = (typeof warmPoolStates)[number];

export interface WarmPoolTerms {
  readonly state: WarmPoolState;
  /** Waiting instances, at least and at most. Whole, 0 ≤ min ≤ max. */
  readonly min: number;
  readonly max: number;
  /** Dollars an hour for the volumes of an instance that is stopped or hibernated. ≥ 0. */
  readonly volumesPerHour: number;
}

/** A pool as AWS has it. */
export interface WarmPool {
  readonly state: WarmPoolState;
  readonly minSize: number;
  /** In service and waiting together; null: the group's maximum. */
  readonly prepared: number | null;
  /** Whether a scale-in puts instances back instead of ending them. */
  readonly reusesOnScaleIn: boolean;
  readonly isBeingDeleted: boolean;
}

/** What the demand makes worth having ready, and at what cost. */
export interface PoolPlan {
  /** End of the newest block in it. */
  readonly at: EpochMs;
  /** Worth having in service and waiting together. Whole, ≥ 1. */
  readonly prepared: number;
  /** From a request to the first useful second: of a cold launch, and of a start from the pool. */
  readonly coldLeadMs: number;
  readonly warmLeadMs: number;
  /** Whether any start from the pool has been measured. */
  readonly isWarmLearned: boolean;
  /** What a waiting instance costs, as a share of one in service. */
  readonly costRatio: number;
  /**
   * What keeping the promise costs at the present demand, in instances in service: by launching
   * ahead alone, and with the pool. Null before that is judged, or where no plan keeps the promise.
   */
  readonly ahead: number | null;
  readonly pooled: number | null;
  readonly isJudged: boolean;
  /** Whether the pool is the cheaper way; true until that is judged. */
  readonly isCheaper: boolean;
  /** Dollars; null where no price is known. */
  readonly pricePerInstanceHour: number | null;
}

export interface WarmPoolReading {
  /** Null: the group has none. */
  readonly pool: WarmPool | null;
  /** At rest in it, and on their way there. */
  readonly ready: number;
  readonly preparing: number;
  /** Absent until the demand is known. */
  readonly plan?: PoolPlan;
}

/** What is remembered of the pool from one decision to the next. */
export interface WarmPoolMemory {
  /** The last change asked for, or advised; `tries` in a row without being seen done. */
  readonly asked: {
    readonly at: EpochMs;
    readonly prepared: number;
    readonly minSize: number;
    readonly tries: number;
  } | null;
  /** Since when less has been enough, and the most of it. */
  readonly surplus: { readonly since: EpochMs; readonly most: number } | null;
  /** Launches into the pool that were asked for within the longest period of a rate. */
  readonly grown: readonly { readonly at: EpochMs; readonly added: number }[];
}

export const initialWarmPoolMemory: WarmPoolMemory = { asked: null, surplus: null, grown: [] };

/** Part of a decision. */
export interface WarmPoolDecision {
  readonly kind: 'put' | 'hold';
  /** Whether it is carried out. False for `hold` and while the mode only advises. */
  readonly acts: boolean;
  /** In service and waiting together, before and after; null where nothing bounds them. */
  readonly from: number | null;
  readonly to: number | null;
  readonly minSize: number;
  readonly state: WarmPoolState;
  readonly reusesOnScaleIn: boolean;
  /** The plan in numbers, or why there is none. */
  readonly reason: Reason;
  /** What keeps it from being so; absent where nothing does. */
  readonly limit?: Reason;
}
