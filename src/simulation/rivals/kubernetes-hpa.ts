// The Kubernetes HorizontalPodAutoscaler, autoscaling/v2, with its default behavior.
import type { Observation, Scaler } from '../fluid/scaler.ts';
import { completesPeriod, createMetricWindow } from './metric-window.ts';
import { wholeInstances } from './rival.ts';

export interface HpaBehavior {
  readonly intervalSeconds: number;
  /** Scale-in goes no lower than the highest recommendation of this time. */
  readonly stabilizationSeconds: number;
  /** Per interval at most so many pods more, or this share, whichever is more. */
  readonly podsUpMax: number;
  readonly upRatioMax: number;
}

export interface HpaParameters extends HpaBehavior {
  /** AverageValue of a metric per pod. */
  readonly target: number;
  readonly tolerance: number;
}

export const hpaDefaults = {
  intervalSeconds: 15,
  stabilizationSeconds: 300,
  podsUpMax: 4,
  upRatioMax: 1,
  tolerance: 0.1,
} as const;

/**
 * Every interval: the pods that bring the metric per pod to its target. The metric is the mean of
 * the interval; an interval without one changes nothing. Ready pods are the instances in service,
 * pods that are not ready are pending ones, and pods whose metrics are missing are those that came
 * into service after the interval.
 */
export function createHpa(parameters: HpaParameters): Scaler {
  const window = createMetricWindow(parameters.intervalSeconds);
  const behave = createHpaBehavior(parameters);
  return (observation) => {
    if (!completesPeriod(window, observation)) return observation.desired;
    const ratio = window.loadPerInstance / parameters.target;
    if (Number.isNaN(ratio)) return observation.desired;
    const measured = Math.min(observation.inService, window.meanInstances);
    const proposal = proposePods({ ratio, measured }, parameters.tolerance, observation);
    return behave(observation.desired, proposal);
  };
}

/**
 * The controller's replica calculation. Upwards, pods that are not ready or not measured count as
 * unloaded; downwards, pods that are not measured count as on target. If that brings the ratio into
 * the tolerance or turns the direction round, nothing is done.
 */
function proposePods(
  metric: { readonly ratio: number; readonly measured: number },
  tolerance: number,
  observation: Observation,
): number {
  const { desired, inService, pending } = observation;
  const { ratio, measured } = metric;
  const missing = inService - measured;
  const isUp = ratio > 1;
  const pods = isUp ? inService + pending : inService;
  const total = isUp ? ratio * measured : ratio * measured + missing;
  const corrected = total / pods;
  if (Math.abs(1 - corrected) <= tolerance || corrected > 1 !== isUp) return desired;
  const proposal = wholeInstances(total);
  return isUp ? Math.max(desired, proposal) : Math.min(desired, proposal);
}

/** Stabilization and rate: what of a proposal takes effect now. Called once an interval. */
export function createHpaBehavior(
  behavior: HpaBehavior,
): (current: number, proposal: number) => number {
  const remembered = Math.ceil(behavior.stabilizationSeconds / behavior.intervalSeconds);
  const recent = new Float64Array(Math.max(1, remembered));
  let next = 0;
  let isNew = true;
  return (current, proposal) => {
    // The controller's first recommendation is the size that it finds.
    if (isNew) recent.fill(current);
    isNew = false;
    recent[next] = proposal;
    next = next + 1 === recent.length ? 0 : next + 1;
    if (proposal < current) {
      let highest = 0;
      for (const one of recent) highest = Math.max(highest, one);
      return Math.min(current, highest);
    }
    const limit = Math.max(current + behavior.podsUpMax, current * (1 + behavior.upRatioMax));
    return Math.min(proposal, limit);
  };
}
