// What a group is to the core: its bounds, its policies and the limits on acting. Names of AWS
// resources, addresses and files belong to the edges.

import type { Policy } from './policies/policy.ts';
import type { WarmPoolTerms } from './warm-pool/warm-pool.ts';

/**
 * How far a group is trusted to act.
 *
 *     observe → advise → scale-out-only → active
 *
 * `observe` records signals and decides nothing; `advise` decides and never acts;
 * `scale-out-only` never removes an instance, whoever asks, but to keep the size within the bounds
 * when someone else has raised it above them; `active` does both.
 */
export type Mode = 'observe' | 'advise' | 'scale-out-only' | 'active';

export const modes: readonly Mode[] = ['observe', 'advise', 'scale-out-only', 'active'];

/** A duration for each direction, in milliseconds, ≥ 0. */
export interface PerDirection {
  readonly scaleOutMs: number;
  readonly scaleInMs: number;
}

/** The most that may change within any span as long as the period. Of two limits the larger counts. */
export interface Rate {
  /** Whole, ≥ 1. */
  readonly instances: number | null;
  /** Of the size at the start of the period, rounded up. > 0. */
  readonly ratio: number | null;
  /** > 0, at most `changesKeptMs`. */
  readonly periodMs: number;
}

/** In dollars; at least one of the two is set. Limits what is added, never removes. */
export interface Budget {
  readonly perHour: number | null;
  readonly perMonth: number | null;
}

/**
 * What to do when someone else changes the Auto Scaling group: leave it alone for a while, only say
 * so, or take no notice.
 */
export interface Coexistence {
  readonly reaction: 'yield' | 'warn' | 'own';
  /** How long such a change is left alone, or spoken of. */
  readonly settleMs: number;
}

export interface Group {
  readonly name: string;
  readonly mode: Mode;
  /** Whole numbers, 0 ≤ min ≤ max. The tighter of these and the Auto Scaling group's own hold. */
  readonly min: number;
  readonly max: number;
  /** An instance counts as warmed when it has been in service for this long. */
  readonly warmupMs: number;
  /** How long after an accepted change the next one in that direction waits. */
  readonly cooldown: PerDirection;
  /**
   * Scale-in takes the largest size recommended within its window, scale-out the smallest.
   * 0 acts on the newest recommendation alone.
   */
  readonly stabilization: PerDirection;
  /** Scale-in needs fresh reports from at least this share of the warmed instances. 0–1. */
  readonly minReportingRatio: number;
  readonly policies: readonly Policy[];
  /** What is absent below does not limit. */
  readonly rate?: { readonly scaleOut?: Rate; readonly scaleIn?: Rate };
  readonly budget?: Budget;
  /** Scale-in leaves at least this share of the instances healthy. 0–1. */
  readonly minHealthyRatio?: number;
  readonly coexistence?: Coexistence;
  /** How long a busy worker may end its work before a scale-in ends it. > 0. Absent: for ever. */
  readonly drainWithinMs?: number;
  /** Its Auto Scaling group's warm pool is left alone without. Groups with a demand policy only. */
  readonly warmPool?: WarmPoolTerms;
}
