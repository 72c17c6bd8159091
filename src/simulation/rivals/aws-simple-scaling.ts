// AWS simple scaling: one adjustment per alarm, then silence until the cooldown has passed.
import type { Scaler } from '../fluid/scaler.ts';
import { adjustCapacity } from './aws-adjustment.ts';
import type { Adjustment } from './aws-adjustment.ts';
import { completesPeriod, createMetricWindow } from './metric-window.ts';

export interface SimpleScalingParameters {
  readonly target: number;
  /** The low alarm's threshold is this share of the target. */
  readonly lowRatio: number;
  readonly periodSeconds: number;
  readonly evaluationPeriods: number;
  readonly cooldownSeconds: number;
  readonly outAdjustment: Adjustment;
  readonly inAdjustment: Adjustment;
}

/**
 * The adjustments are those of the user guide's command-line example (+30 %, −1) and the cooldown
 * is DefaultCooldown; the alarms, three periods above the target or below 0.7 of it, are our choice.
 */
export const simpleScalingDefaults = {
  lowRatio: 0.7,
  periodSeconds: 60,
  evaluationPeriods: 3,
  cooldownSeconds: 300,
  outAdjustment: { type: 'PercentChangeInCapacity', value: 30 },
  inAdjustment: { type: 'ChangeInCapacity', value: -1 },
} as const satisfies Partial<SimpleScalingParameters>;

/** Alarms are ignored while instances come or go, and until the cooldown after that has passed. */
export function createSimpleScaling(parameters: SimpleScalingParameters): Scaler {
  const { target, lowRatio, evaluationPeriods, cooldownSeconds } = parameters;
  const window = createMetricWindow(parameters.periodSeconds);
  let high = 0;
  let low = 0;
  let lastActiveSeconds = Number.NEGATIVE_INFINITY;
  return (observation) => {
    const { desired, nowSeconds, pending, draining } = observation;
    if (pending > 0 || draining > 0) lastActiveSeconds = nowSeconds;
    if (!completesPeriod(window, observation)) return desired;
    const metric = window.loadPerInstance;
    high = metric > target ? high + 1 : 0;
    low = metric < lowRatio * target ? low + 1 : 0;
    if (nowSeconds - lastActiveSeconds < cooldownSeconds) return desired;
    if (high >= evaluationPeriods) return adjustCapacity(desired, parameters.outAdjustment);
    if (low >= evaluationPeriods) return adjustCapacity(desired, parameters.inAdjustment);
    return desired;
  };
}
