// Rules of other autoscalers on the queue of whole messages: they see seconds as their monitoring does.
import { createObservation } from '../fluid/scaler.ts';
import type { Rival } from '../rivals/rival.ts';
import type { QueueRule } from './backlog-rule.ts';

/** `target`: messages per instance. One rule is good for one run. */
export function createRivalRule(
  rival: Rival,
  target: number,
  bounds: { readonly minInstances: number; readonly maxInstances: number },
): QueueRule {
  const scaler = rival.create({ target, peakInstances: 1 });
  const observation = createObservation({ ...bounds, samplePeriodSeconds: 1 });
  return (seen, desired) => {
    const { nowSeconds, inService, pendingFor, visible, inFlight } = seen;
    observation.nowSeconds = nowSeconds;
    observation.desired = desired;
    observation.pending = pendingFor.length;
    observation.inService = inService;
    observation.warmed = inService;
    observation.hasSample = true;
    observation.sampleEndSeconds = nowSeconds;
    observation.meanInstances = inService;
    observation.load = inFlight;
    observation.loadPerInstance = inService > 0 ? inFlight / inService : Number.NaN;
    observation.visibleMessages = visible;
    observation.messagesInFlight = inFlight;
    return scaler(observation);
  };
}
