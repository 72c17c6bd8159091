// The policies that a group can have. A policy looks at readings and recommends a size, or abstains.

import type { Direction } from '../decision.ts';
import type { LatencyPromise } from '../demand/staffing.ts';
import type { SignalSelector } from '../signal.ts';

/** What every policy has. */
interface PolicyBase {
  /** Different for each policy of a group. */
  readonly name: string;
  /** The direction that it may not move the group in. It still holds against the other one. */
  readonly forbids?: Direction;
  /**
   * Nothing is removed unless every policy with a veto recommends fewer instances. The name is
   * that of the veto group, for people.
   */
  readonly veto?: string;
}

/** A signal and what it should be. */
export interface TrackedSignal {
  readonly selector: SignalSelector;
  /** > 0, in the signal's unit, for one instance. */
  readonly target: number;
}

/**
 * Keeps readings at their targets. Statistics over instances (mean, percentiles, …) are targets per
 * instance; `sum` is divided by the target.
 */
export interface TargetTrackingPolicy extends PolicyBase, TrackedSignal {
  readonly type: 'target-tracking';
  /** Further signals to keep: the one that needs most instances counts. */
  readonly others?: readonly TrackedSignal[];
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
export interface StepPolicy extends PolicyBase {
  readonly type: 'step';
  readonly selector: SignalSelector;
  readonly adjustment: StepAdjustment;
  readonly steps: readonly Step[];
  /** The least change of a percent adjustment, in instances. ≥ 1. */
  readonly minAdjustment: number;
}

/** Recommends one size, whatever is measured. */
export interface FixedPolicy extends PolicyBase {
  readonly type: 'fixed';
  /** Whole, ≥ 0. */
  readonly size: number;
}

/**
 * Bounds the size at certain times. When those are is told by the observation, under this name: the
 * rules of calendars stay at the edge.
 */
export interface SchedulePolicy extends PolicyBase {
  readonly type: 'schedule';
}

/** How long a unit of work is served, waiting left out: as it is stated, or a signal in milliseconds. */
export type ServiceTime =
  | { readonly kind: 'fixed'; readonly serviceMs: number }
  | { readonly kind: 'signal'; readonly signal: string };

/**
 * Keeps the share of demand that finds no instance within its promise, at the least cost. What it
 * has learned of the group is in the observation's demand reading.
 */
export interface DemandPolicy extends PolicyBase {
  readonly type: 'demand';
  /** The share of the demand that may go unserved. 0–1, above 0. */
  readonly violationRatio: number;
  /** Whether the calendar of past demand may move launches ahead, while that pays. */
  readonly isForecasting: boolean;
  /** What the group is for in place of that share. */
  readonly latency?: LatencyPromise & { readonly service: ServiceTime };
  /** A reading older than this says nothing of now. */
  readonly staleAfterMs: number;
  /**
   * What is offered to the group as a whole, per second: a signal, summed over the instances, or an
   * expression over such sums. Absent: what the instances report, as it is found.
   */
  readonly load?: SignalSelector;
}

/**
 * Adds what the demand soon to come needs, in the manner of AWS's predictive scaling. What is forecast
 * is told by the observation, under this name.
 */
export interface ForecastPolicy extends PolicyBase {
  readonly type: 'forecast';
  /** Whether it only tells. */
  readonly mode: 'forecast-only' | 'forecast-and-scale';
  /** Demand that one instance is to carry. > 0. */
  readonly target: number;
  /** So long before it is needed an instance is launched. */
  readonly leadMs: number;
  /** What to do where more than the group's maximum is forecast. The Auto Scaling group's own holds. */
  readonly maxBreach:
    | { readonly kind: 'honor-max' }
    /** Up to what is forecast and this share more. ≥ 0. */
    | { readonly kind: 'increase-max'; readonly bufferRatio: number };
}

/** Of an AWS target-tracking policy that stays in charge of a group. */
export interface SetterTerms {
  /** The name of AWS's policy, which is there already. */
  readonly nativePolicy: string;
  /** How often its target is looked at and, if worth it, renewed. > 0. */
  readonly renewEveryMs: number;
  /** How often the backlog per instance is published. > 0. */
  readonly publishEveryMs: number;
  /** Under which name. Dimensions null: the name of the Auto Scaling group. */
  readonly metric: {
    readonly namespace: string;
    readonly name: string;
    readonly dimensions: Readonly<Record<string, string>> | null;
  };
}

/**
 * Keeps a queue's latency promise. What is known of the queue and its messages is in the
 * observation's queue reading.
 */
export interface BacklogPolicy extends PolicyBase {
  readonly type: 'backlog';
  /**
   * `promise`: by its own rule. `recipe`: by backlog per instance, as AWS's target tracking. `setter`:
   * not at all; an AWS policy is in charge, and is only given its target.
   */
  readonly mode: 'promise' | 'recipe' | 'setter';
  /** The same for the same queues: what was learned of them stays. */
  readonly queueKey: string;
  /** The sources that count the queue; null where messages laid aside are not watched. */
  readonly counts: {
    readonly visible: string;
    readonly inFlight: string;
    readonly dead: string | null;
  };
  /** From the sending of a message to its deletion. > 0. */
  readonly promiseMs: number;
  /** What a message is believed to take before one is finished. > 0. */
  readonly firstDurationMs: number;
  /** What a launch is believed to take before one has come. > 0. */
  readonly firstLeadMs: number;
  /** Messages that an instance works on at a time. Whole, ≥ 1. */
  readonly workersPerInstance: number;
  /** Of recipe and setter: messages per instance; null takes promise / mean duration. > 0. */
  readonly fixedTarget: number | null;
  /** How many groups the messages have, no two of which are worked on at once. Absent: no FIFO queue. */
  readonly messageGroups?:
    /** As far as workers show it. */
    | { readonly kind: 'learned' }
    | { readonly kind: 'count'; readonly groups: number }
    | { readonly kind: 'signal'; readonly selector: SignalSelector };
  /** With the mode `setter`, and no other. */
  readonly setter?: SetterTerms;
  /** A count older than this says nothing of now. */
  readonly staleAfterMs: number;
}

export type Policy =
  | BacklogPolicy
  | ForecastPolicy
  | DemandPolicy
  | TargetTrackingPolicy
  | StepPolicy
  | FixedPolicy
  | SchedulePolicy;

/** Whether it looks at signals, so that it can be blind. */
export function readsSignals(policy: Policy): policy is TargetTrackingPolicy | StepPolicy {
  return policy.type === 'target-tracking' || policy.type === 'step';
}

/** Whether it depends on what instances report, as they report it or as a reading made of it. */
export function needsReports(policy: Policy): boolean {
  return policy.type === 'demand' || readsSignals(policy);
}
