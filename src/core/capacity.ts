// What the Auto Scaling group looks like from outside, as last described.

import type { EpochMs } from './time.ts';

/** Counts of instances; all are whole and ≥ 0. */
export interface Capacity {
  /** When the description was asked for: what happened later may not be in it. */
  readonly describedAt: EpochMs;
  /** The group's own bounds. */
  readonly min: number;
  readonly max: number;
  readonly desired: number;
  readonly inService: number;
  /** Being launched: every Pending state. */
  readonly pending: number;
  /** Being terminated: every Terminating state. */
  readonly terminating: number;
}
