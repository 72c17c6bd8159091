// Rules of other autoscalers on the queue of whole messages: each sees the group at once, and counts of
// the queue as late and as seldom as its monitoring has them.
import { createObservation } from '../fluid/scaler.ts';
import { createSampler, deliverSample, sampleSecond } from '../fluid/telemetry.ts';
import type { Rival } from '../rivals/rival.ts';
import type { QueueRule } from './backlog-rule.ts';
import type { QueueSecond } from './queue-world.ts';

export interface RivalConditions {
  readonly minInstances: number;
  readonly maxInstances: number;
  /** Epoch seconds of the run's beginning: periods of monitoring are aligned to the epoch. */
  readonly startSeconds: number;
}

/** `target`: messages per instance. One rule is good for one run. */
export function createRivalRule(
  rival: Rival,
  target: number,
  { minInstances, maxInstances, startSeconds }: RivalConditions,
): QueueRule {
  const scaler = rival.create({ target, peakInstances: 1 });
  const samplePeriodSeconds = rival.telemetry.periodSeconds;
  const observation = createObservation({ minInstances, maxInstances, samplePeriodSeconds });
  const quiet = { startSeconds, workPerSecond: new Float64Array(0), telemetryGaps: [] };
  const sampler = createSampler(rival.telemetry, quiet);
  const countWarming = createWarmup(rival);
  return (seen, desired) => {
    const { nowSeconds, inService, pendingFor, draining, visible, inFlight } = seen;
    sampleSecond(sampler, nowSeconds - 1, {
      load: inFlight,
      inService,
      capacity: 1,
      visibleMessages: visible,
      messagesInFlight: inFlight,
    });
    deliverSample(sampler, nowSeconds, observation);
    observation.nowSeconds = startSeconds + nowSeconds;
    observation.desired = desired;
    observation.pending = pendingFor.length;
    observation.inService = inService;
    observation.warmed = Math.max(0, inService - countWarming(seen));
    observation.draining = draining;
    return scaler(observation);
  };
}

/** How many are in service for less than the rival's warm-up, as if none of them were ended. */
function createWarmup({ warmupFrom, warmupSeconds }: Rival): (seen: QueueSecond) => number {
  let warmAt: readonly number[] = [];
  return ({ nowSeconds, cameUpAfter }) => {
    const left = (took: number): number =>
      warmupFrom === 'service' ? warmupSeconds : Math.max(0, warmupSeconds - took);
    const added = cameUpAfter.map((took) => nowSeconds + left(took));
    if (warmAt.length + added.length === 0) return 0;
    warmAt = [...warmAt, ...added].filter((at) => at > nowSeconds);
    return warmAt.length;
  };
}
