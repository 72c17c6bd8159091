// What a group is to the core: its bounds, its policies and the limits on acting. Names of AWS
// resources, addresses and files belong to the edges.

import type { Policy } from './policies/policy.ts';

/**
 * How far a group is trusted to act.
 *
 *     observe → advise → scale-out-only → active
 *
 * `observe` records signals and decides nothing; `advise` decides and never acts;
 * `scale-out-only` never removes an instance; `active` does both.
 */
export type Mode = 'observe' | 'advise' | 'scale-out-only' | 'active';

export const modes: readonly Mode[] = ['observe', 'advise', 'scale-out-only', 'active'];

/** A duration for each direction, in milliseconds, ≥ 0. */
export interface PerDirection {
  readonly scaleOutMs: number;
  readonly scaleInMs: number;
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
}
