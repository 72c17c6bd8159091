// AWS's recipe for queues: messages per instance, fed to target tracking.
import type { Scaler } from '../fluid/scaler.ts';
import { createTargetTrackingRule, targetTrackingDefaults } from './aws-target-tracking.ts';

export interface BacklogParameters {
  /** Acceptable backlog per instance: acceptable latency / mean processing duration. */
  readonly target: number;
  /** The recipe publishes the metric each minute. */
  readonly publishSeconds: number;
}

export const backlogDefaults = { publishSeconds: 60 } as const;

/** Each minute visible messages / instances in service; without an instance there is no metric. */
export function createBacklogPerInstance(parameters: BacklogParameters): Scaler {
  const rule = createTargetTrackingRule({ ...targetTrackingDefaults, ...parameters });
  return (observation) => {
    const { hasSample, sampleEndSeconds, visibleMessages, meanInstances, desired } = observation;
    if (!hasSample || sampleEndSeconds % parameters.publishSeconds !== 0) return desired;
    const value = meanInstances > 0 ? visibleMessages / meanInstances : Number.NaN;
    return rule({ value, instances: meanInstances }, observation);
  };
}
