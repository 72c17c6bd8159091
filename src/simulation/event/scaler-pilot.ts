// A rival's bare rule in the cloud model: it sees the group at once, and its monitoring as late as
// that comes; what it asks for is AWS's to carry out.
import { setSize } from '../world-target.ts';
import { createObservation } from '../fluid/scaler.ts';
import type { Scaler } from '../fluid/scaler.ts';
import { createSampler, deliverSample, sampleSecond } from '../fluid/telemetry.ts';
import type { Telemetry } from '../fluid/telemetry.ts';
import type { Load } from '../load/load.ts';
import type { Pilot } from './pilot.ts';
import { simulatedGroupName, type WorldFleet } from './world-fleet.ts';

export interface ScalerPilotOptions {
  readonly scaler: Scaler;
  readonly telemetry: Telemetry;
  readonly load: Load;
  readonly fleet: WorldFleet;
  readonly minInstances: number;
  readonly maxInstances: number;
}

export function createScalerPilot(options: ScalerPilotOptions): Pilot {
  const { scaler, telemetry, load, fleet, minInstances, maxInstances } = options;
  const samplePeriodSeconds = telemetry.periodSeconds;
  const observation = createObservation({ minInstances, maxInstances, samplePeriodSeconds });
  const sampler = createSampler(telemetry, load);
  const seen = { load: 0, inService: 0, capacity: 0, visibleMessages: 0, messagesInFlight: 0 };
  const { group, world } = fleet;
  return {
    step: (second) => {
      deliverSample(sampler, second, observation);
      observation.nowSeconds = load.startSeconds + second;
      observation.desired = group.desired;
      observation.pending = fleet.pending;
      observation.inService = fleet.serving.length;
      observation.warmed = fleet.warmed;
      observation.draining = fleet.draining;
      const wanted = Math.ceil(scaler(observation));
      const desired = Math.min(maxInstances, Math.max(minInstances, wanted));
      if (desired === group.desired) return;
      setSize(world, { groupName: simulatedGroupName, desired, honorsCooldown: false });
    },
    see: (second, work, perInstance) => {
      seen.load = work;
      seen.inService = fleet.serving.length;
      seen.capacity = perInstance;
      sampleSecond(sampler, second, seen);
    },
  };
}
