// The policies that a group can have. A policy looks at readings and recommends a size, or abstains.

import type { SignalSelector } from '../signal.ts';

/**
 * Keeps a reading at its target. Statistics over instances (mean, percentiles, …) are targets per
 * instance; `sum` is divided by the target.
 */
export interface TargetTrackingPolicy {
  readonly type: 'target-tracking';
  readonly name: string;
  readonly selector: SignalSelector;
  /** > 0, in the signal's unit, for one instance. */
  readonly target: number;
  /** No change while the reading is within this share of the target, on the side it is on. */
  readonly tolerance: { readonly scaleOutRatio: number; readonly scaleInRatio: number };
}

/**
 * One interval of a step policy: `lower ≤ value < upper`; null is open. Steps below the middle
 * remove instances and take `lower < value ≤ upper`, as AWS's do.
 */
export interface Step {
  readonly lower: number | null;
  readonly upper: number | null;
  /** Instances, percent of them (as a ratio), or the exact size: see `adjustment`. */
  readonly change: number;
}

export type StepAdjustment = 'change-in-capacity' | 'percent-change-in-capacity' | 'exact-capacity';

/** Adds or removes by the interval in which the reading lies. Steps do not overlap; ascending. */
export interface StepPolicy {
  readonly type: 'step';
  readonly name: string;
  readonly selector: SignalSelector;
  readonly adjustment: StepAdjustment;
  readonly steps: readonly Step[];
  /** The least change of a percent adjustment, in instances. ≥ 1. */
  readonly minAdjustment: number;
}

export type Policy = TargetTrackingPolicy | StepPolicy;
