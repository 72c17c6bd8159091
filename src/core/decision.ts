// What comes out of `decide`. Reasons are codes with their numbers; a sentence is made of them only
// when someone asks (`explain.ts`). What came of a decision is in `actuation.ts`.

import type { Reason } from './reason.ts';
import type { Drain } from './state.ts';
import type { EpochMs } from './time.ts';
import type { WarmPoolDecision } from './warm-pool/warm-pool.ts';

export type { Actuation, CallOutcome } from './actuation.ts';

export type Direction = 'scale-out' | 'scale-in';

/** One policy's opinion. */
export type Recommendation =
  | {
      readonly kind: 'desired';
      readonly policy: string;
      readonly desired: number;
      /** What the load alone asks for, where `desired` is more for the sake of a forecast. */
      readonly needed?: number;
      /** The direction it goes in, where the policy may not take it. */
      readonly forbidden?: Direction;
      readonly reason: Reason;
    }
  | {
      /** Bounds on what the others recommend. */
      readonly kind: 'bounds';
      readonly policy: string;
      readonly atLeast: number | null;
      readonly atMost: number | null;
      readonly forbidden?: Direction;
      readonly reason: Reason;
    }
  | {
      readonly kind: 'abstain';
      readonly policy: string;
      /** True where the policy cannot see: nothing is removed until it can. */
      readonly blocksScaleIn: boolean;
      readonly reason: Reason;
    };

/** One guardrail's correction of the size that it was handed. */
export interface Adjustment {
  readonly guardrail: string;
  readonly from: number;
  readonly to: number;
  readonly reason: Reason;
}

export interface Decision {
  readonly group: string;
  readonly at: EpochMs;
  /** What is to be done. `hold` does nothing, whatever `wanted` says. */
  readonly kind: 'scale-out' | 'scale-in' | 'hold';
  /** The desired capacity before and after, those that drain included. Equal for `hold`. */
  readonly from: number;
  readonly to: number;
  /** What the policies (or a person) asked for, before any guardrail. */
  readonly wanted: number;
  /** Of `to`, what the load alone asks for; absent where nothing is launched for a forecast. */
  readonly needed?: number;
  /** Whether it is carried out. False for `hold` and while the mode only advises. */
  readonly acts: boolean;
  /**
   * Launches to be cancelled, newest first, or idle instances to be ended, which lowers the desired
   * capacity by one each: as many as `from` is larger than `to`. Absent where the size itself is set.
   */
  readonly cancels?: readonly string[];
  /** Present where `cancels` names instances in service that have no work in hand. */
  readonly endsIdle?: true;
  /** Present where `cancels` names instances that have drained, or whose time to drain is over. */
  readonly endsDrained?: true;
  /** Busy instances that are told to drain from now on: they count as removed. */
  readonly drains?: readonly string[];
  /** Instances that did not answer the order to drain: they count again, and are told so. */
  readonly callsOff?: readonly string[];
  /**
   * Those that drain after this decision: part of the desired capacity, and of no other size here.
   */
  readonly draining?: readonly Drain[];
  readonly recommendations: readonly Recommendation[];
  readonly adjustments: readonly Adjustment[];
  /** What someone should know although it changed nothing. Absent if there is nothing. */
  readonly notices?: readonly Reason[];
  /** What becomes of the warm pool, beside the size; for groups that are to have one. */
  readonly warmPool?: WarmPoolDecision;
}

/**
 * Where the next decision would differ: the controller ticks early when the running value of the
 * selector reaches this. Only upwards: scale-in is never urgent.
 */
export interface Wake {
  readonly key: string;
  readonly atLeast: number;
}
