// What comes out of `decide`, and what came of it. Reasons are codes with their numbers; a sentence
// is made of them only when someone asks (`explain.ts`).

import type { Reason } from './reason.ts';
import type { EpochMs } from './time.ts';

/** One policy's opinion. */
export type Recommendation =
  | {
      readonly kind: 'desired';
      readonly policy: string;
      readonly desired: number;
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
  /** The desired capacity before and after. Equal for `hold`. */
  readonly from: number;
  readonly to: number;
  /** What the policies (or a person) asked for, before any guardrail. */
  readonly wanted: number;
  /** Whether it is carried out. False for `hold` and while the mode only advises. */
  readonly acts: boolean;
  readonly recommendations: readonly Recommendation[];
  readonly adjustments: readonly Adjustment[];
}

/**
 * Where the next decision would differ: the controller ticks early when the running value of the
 * selector reaches this. Only upwards: scale-in is never urgent.
 */
export interface Wake {
  readonly key: string;
  readonly atLeast: number;
}

export type RefusalCode = 'throttled' | 'in-progress' | 'out-of-bounds' | 'denied' | 'failed';

/** What came of acting on a decision. */
export type Actuation =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'refused'; readonly code: RefusalCode; readonly message: string }
  /** The call timed out: it may have happened. Described again before anything else is done. */
  | { readonly kind: 'unknown'; readonly message: string };
