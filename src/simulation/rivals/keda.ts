// KEDA: the HPA on a metric of the whole group between one and the maximum, and a switch of its
// own between none and one.
import type { Observation, Scaler } from '../fluid/scaler.ts';
import { createHpaBehavior, hpaDefaults } from './kubernetes-hpa.ts';
import type { HpaParameters } from './kubernetes-hpa.ts';
import { completesPeriod, createMetricWindow } from './metric-window.ts';
import { wholeInstances } from './rival.ts';

export interface KedaParameters extends HpaParameters {
  /** `load`: work per second of the group. `queue`: visible messages and those in flight. */
  readonly metric: 'load' | 'queue';
  readonly pollSeconds: number;
  /** The group leaves 0 when the metric exceeds this. */
  readonly activationThreshold: number;
  /** So long must the metric stay at or below it before the group goes to 0. */
  readonly cooldownSeconds: number;
}

/** The SQS scaler's queueLength: the default target of a queue. */
export const kedaQueueLength = 5;

export const kedaDefaults = {
  ...hpaDefaults,
  pollSeconds: 30,
  activationThreshold: 0,
  cooldownSeconds: 300,
} as const;

/**
 * External metrics with an AverageValue: total / (target × pods) against the tolerance, then
 * total / target rounded up. Pods that are not ready play no part.
 */
export function createKeda(parameters: KedaParameters): Scaler {
  const { target, tolerance, metric, activationThreshold, pollSeconds } = parameters;
  const window = createMetricWindow(parameters.intervalSeconds);
  const behave = createHpaBehavior(parameters);
  let total = Number.NaN;
  let lastActiveSeconds = Number.NaN;
  return (observation) => {
    const { desired, nowSeconds, minInstances } = observation;
    // A group that is just taken over has not been seen idle yet.
    if (Number.isNaN(lastActiveSeconds)) lastActiveSeconds = nowSeconds;
    const isDue = completesPeriod(window, observation);
    if (isDue) total = metric === 'load' ? window.load : messagesOf(observation);
    if (nowSeconds % pollSeconds === 0 && total > activationThreshold) {
      lastActiveSeconds = nowSeconds;
    }
    const isActive = nowSeconds - lastActiveSeconds < parameters.cooldownSeconds;
    if (desired === 0) return total > activationThreshold && isActive ? 1 : 0;
    if (minInstances === 0 && !isActive) return 0;
    if (!isDue || Number.isNaN(total)) return desired;
    const ratio = total / (target * desired);
    const proposal = Math.abs(1 - ratio) <= tolerance ? desired : wholeInstances(total / target);
    return Math.max(1, behave(desired, proposal));
  };
}

function messagesOf(observation: Observation): number {
  return observation.visibleMessages + observation.messagesInFlight;
}
