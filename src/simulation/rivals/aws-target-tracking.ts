// AWS target tracking: two alarms about a target, and the proportional answer to each. Used with
// load per instance and, by the backlog recipe, with messages per instance.
import type { Observation, Scaler } from '../fluid/scaler.ts';
import { completesPeriod, createMetricWindow } from './metric-window.ts';
import { wholeInstances } from './rival.ts';

export interface TargetTrackingParameters {
  readonly target: number;
  readonly periodSeconds: number;
  /** Consecutive periods above the target that raise the high alarm. */
  readonly highPeriods: number;
  /** Consecutive periods below `lowRatio` × target that raise the low alarm. */
  readonly lowPeriods: number;
  readonly lowRatio: number;
}

/** The alarms that users see in their accounts; EC2 groups have been seen with a ratio of 0.7. */
export const targetTrackingDefaults = {
  periodSeconds: 60,
  highPeriods: 3,
  lowPeriods: 15,
  lowRatio: 0.9,
} as const;

/** A metric per instance, and the instances that it was measured over. */
export interface TrackedMetric {
  readonly value: number;
  readonly instances: number;
}

/** One evaluation of the metric: the size that follows, which is `desired` where nothing does. */
export type TargetTrackingRule = (metric: TrackedMetric, observation: Observation) => number;

/**
 * Counts periods and answers. Above: at least enough for the metric over the *warm* instances, so
 * that instances on their way are not asked for twice. Below, only when nothing warms up: enough
 * for the metric over the present instances, and no fewer than bring what was measured to the
 * target, which would re-breach. The two differ while a scale-in is younger than the metric. A
 * metric that is not a number breaks both counts.
 */
export function createTargetTrackingRule(parameters: TargetTrackingParameters): TargetTrackingRule {
  const { target, highPeriods, lowPeriods, lowRatio } = parameters;
  let high = 0;
  let low = 0;
  return ({ value, instances }, observation) => {
    high = value > target ? high + 1 : 0;
    low = value < lowRatio * target ? low + 1 : 0;
    const { desired, inService, warmed, pending } = observation;
    if (high >= highPeriods) {
      return Math.max(desired, wholeInstances((warmed * value) / target));
    }
    if (low >= lowPeriods && pending === 0 && warmed === inService) {
      const most = Math.max(inService, instances);
      return Math.min(desired, wholeInstances((most * value) / target));
    }
    return desired;
  };
}

/** Target tracking on load per instance. Missing data: nothing happens. */
export function createTargetTracking(parameters: TargetTrackingParameters): Scaler {
  const rule = createTargetTrackingRule(parameters);
  const window = createMetricWindow(parameters.periodSeconds);
  return (observation) => {
    if (!completesPeriod(window, observation)) return observation.desired;
    return rule({ value: window.loadPerInstance, instances: window.meanInstances }, observation);
  };
}

/**
 * Several policies on one group: out if any says so, in only if all agree, the largest wins. Each
 * answers `desired` where it wants nothing, so the largest answer is all three.
 */
export function combinePolicies(policies: readonly Scaler[]): Scaler {
  return (observation) => {
    let largest = 0;
    for (const policy of policies) largest = Math.max(largest, policy(observation));
    return largest;
  };
}
