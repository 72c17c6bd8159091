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
 * Every interval: the pods that bring the metric per ready pod to its target. The metric is the
 * mean of the interval; an interval without one changes nothing. Ready pods are the instances in
 * service, pods that are not ready are pending ones.
 */
export function createHpa(parameters: HpaParameters): Scaler {
  const window = createMetricWindow(parameters.intervalSeconds);
  const behave = createHpaBehavior(parameters);
  return (observation) => {
    if (!completesPeriod(window, observation)) return observation.desired;
    const ratio = window.loadPerInstance / parameters.target;
    if (Number.isNaN(ratio)) return observation.desired;
    return behave(observation.desired, proposePods(ratio, parameters.tolerance, observation));
  };
}

/**
 * The controller's replica calculation: within the tolerance nothing; upwards, pods that are not
 * ready count as unloaded, and if that turns the direction round nothing is done.
 */
function proposePods(ratio: number, tolerance: number, observation: Observation): number {
  const { desired, inService, pending } = observation;
  if (Math.abs(1 - ratio) <= tolerance) return desired;
  if (ratio < 1) return Math.min(desired, wholeInstances(ratio * inService));
  const withUnready = (ratio * inService) / (inService + pending);
  if (withUnready < 1 || Math.abs(1 - withUnready) <= tolerance) return desired;
  return Math.max(desired, wholeInstances(ratio * inService));
}

/** Stabilization and rate: what of a proposal takes effect now. Called once an interval. */
export function createHpaBehavior(
  behavior: HpaBehavior,
): (current: number, proposal: number) => number {
  const remembered = Math.ceil(behavior.stabilizationSeconds / behavior.intervalSeconds);
  const recent = new Float64Array(Math.max(1, remembered));
  let next = 0;
  return (current, proposal) => {
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
