// The Nomad Autoscaler: its target-value and threshold strategies, and the one cooldown after any
// action that blocks both directions.
import type { Scaler } from '../fluid/scaler.ts';
import { adjustCapacity } from './aws-adjustment.ts';
import { completesPeriod, createMetricWindow } from './metric-window.ts';
import { wholeInstances } from './rival.ts';

export interface NomadPolicy {
  readonly evaluationSeconds: number;
  readonly cooldownSeconds: number;
}

export interface NomadTargetValueParameters extends NomadPolicy {
  readonly target: number;
  /** Nothing happens while the factor is this close to 1. */
  readonly threshold: number;
}

const nomadDefaults = { evaluationSeconds: 10, cooldownSeconds: 300 } as const;
export const nomadTargetValueDefaults = { ...nomadDefaults, threshold: 0.01 } as const;

/** A check's change of the count. */
export type NomadChange =
  | { readonly kind: 'delta'; readonly value: number }
  | { readonly kind: 'percent'; readonly value: number }
  | { readonly kind: 'value'; readonly value: number };

/** A check of the threshold strategy: bounds as shares of the target. */
export interface NomadCheck {
  readonly lower: number;
  readonly upper: number;
  readonly change: NomadChange;
}

export interface NomadThresholdParameters extends NomadPolicy {
  readonly target: number;
  readonly windowPoints: number;
  /** So many points of the window must lie within the bounds. */
  readonly triggerPoints: number;
  readonly checks: readonly NomadCheck[];
}

/** A 60 s window at one point each evaluation. Bounds and changes are the user's; these are ours. */
export const nomadThresholdDefaults = {
  ...nomadDefaults,
  windowPoints: 6,
  triggerPoints: 5,
  checks: [
    { lower: 1, upper: Number.POSITIVE_INFINITY, change: { kind: 'percent', value: 30 } },
    { lower: 0, upper: 0.7, change: { kind: 'delta', value: -1 } },
  ],
} as const satisfies Partial<NomadThresholdParameters>;

/** count × metric / target, rounded up, from the newest point of the metric. */
export function createNomadTargetValue(parameters: NomadTargetValueParameters): Scaler {
  return withCooldown(parameters, (metric, desired) => {
    const factor = metric / parameters.target;
    if (Number.isNaN(factor) || Math.abs(factor - 1) <= parameters.threshold) return desired;
    return wholeInstances(desired * factor);
  });
}

/** Each check whose bounds hold enough of the window's points proposes its change. */
export function createNomadThreshold(parameters: NomadThresholdParameters): Scaler {
  const { target, windowPoints, triggerPoints, checks } = parameters;
  const points = new Float64Array(windowPoints).fill(Number.NaN);
  let next = 0;
  return withCooldown(parameters, (metric, desired) => {
    points[next] = metric / target;
    next = next + 1 === windowPoints ? 0 : next + 1;
    const counts: number[] = [];
    for (const check of checks) {
      let within = 0;
      for (const point of points) if (point >= check.lower && point <= check.upper) within += 1;
      if (within >= triggerPoints) counts.push(changeCount(desired, check.change));
    }
    return mergeCounts(desired, counts);
  });
}

function changeCount(count: number, change: NomadChange): number {
  switch (change.kind) {
    case 'delta':
      return count + change.value;
    case 'value':
      return change.value;
    case 'percent':
      return adjustCapacity(count, { type: 'PercentChangeInCapacity', value: change.value });
  }
}

/**
 * Up before none before down, then the larger. A check that did not trigger proposes nothing, as
 * checks of one group in Nomad; a triggered check that changes nothing is a none.
 */
export function mergeCounts(current: number, counts: readonly number[]): number {
  return counts.length === 0 ? current : Math.max(...counts);
}

/** Evaluates each period; after any change no evaluation has effect until the cooldown is over. */
function withCooldown(
  policy: NomadPolicy,
  evaluate: (metric: number, desired: number) => number,
): Scaler {
  const window = createMetricWindow(policy.evaluationSeconds);
  let quietUntilSeconds = Number.NEGATIVE_INFINITY;
  return (observation) => {
    const { desired, nowSeconds, minInstances, maxInstances } = observation;
    if (!completesPeriod(window, observation)) return desired;
    const wanted = evaluate(window.loadPerInstance, desired);
    const bounded = Math.min(maxInstances, Math.max(minInstances, wanted));
    if (bounded === desired || nowSeconds < quietUntilSeconds) return desired;
    quietUntilSeconds = nowSeconds + policy.cooldownSeconds;
    return bounded;
  };
}
