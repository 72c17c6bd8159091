// Sums visible samples into the periods on which a rule evaluates, aligned to the epoch, so that
// one rule can be fed from any monitoring.
import type { Observation } from '../fluid/scaler.ts';

/** The newest whole period, and the sums of the running one. */
export interface MetricWindow {
  readonly periodSeconds: number;
  /** Mean work per second of the last period that ended. */
  load: number;
  /** Mean instances in service in it. */
  meanInstances: number;
  /** Mean work per second and instance in it; NaN where no instance was in service. */
  loadPerInstance: number;
  endSeconds: number;
  runningEnd: number;
  loadSum: number;
  instanceSum: number;
  sampleCount: number;
}

export function createMetricWindow(periodSeconds: number): MetricWindow {
  return {
    periodSeconds,
    load: Number.NaN,
    meanInstances: Number.NaN,
    loadPerInstance: Number.NaN,
    endSeconds: Number.NaN,
    runningEnd: Number.NaN,
    loadSum: 0,
    instanceSum: 0,
    sampleCount: 0,
  };
}

/**
 * True in the second in which a period is complete as far as monitoring shows it. Samples that are
 * lost are left out of its mean; a period whose last sample is lost never completes.
 */
export function completesPeriod(window: MetricWindow, observation: Observation): boolean {
  if (!observation.hasSample) return false;
  const { periodSeconds } = window;
  const end = observation.sampleEndSeconds;
  if (observation.samplePeriodSeconds >= periodSeconds) return takeWhole(window, observation);
  const periodEnd = Math.ceil(end / periodSeconds) * periodSeconds;
  if (periodEnd !== window.runningEnd) startPeriod(window, periodEnd);
  window.loadSum += observation.load;
  window.instanceSum += observation.meanInstances;
  window.sampleCount += 1;
  if (end !== periodEnd) return false;
  window.load = window.loadSum / window.sampleCount;
  window.meanInstances = window.instanceSum / window.sampleCount;
  window.loadPerInstance =
    window.instanceSum > 0 ? window.loadSum / window.instanceSum : Number.NaN;
  window.endSeconds = end;
  startPeriod(window, Number.NaN);
  return true;
}

/** One sample is the whole period. */
function takeWhole(window: MetricWindow, observation: Observation): true {
  window.load = observation.load;
  window.meanInstances = observation.meanInstances;
  window.loadPerInstance = observation.loadPerInstance;
  window.endSeconds = observation.sampleEndSeconds;
  return true;
}

function startPeriod(window: MetricWindow, end: number): void {
  window.runningEnd = end;
  window.loadSum = 0;
  window.instanceSum = 0;
  window.sampleCount = 0;
}
