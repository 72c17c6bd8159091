// One group under one rule: what is due, what the rule sees, what it asks for. Both engines step it
// and add what their work comes to.
import type { Load } from '../load/load.ts';
import { advanceFleet, createFleet, resizeFleet } from './fleet.ts';
import type { Fleet, FleetOptions } from './fleet.ts';
import { createObservation } from './scaler.ts';
import type { Observation, Scaler, WritableObservation } from './scaler.ts';
import { createSampler, deliverSample } from './telemetry.ts';
import type { Sampler, SeenSecond, Telemetry } from './telemetry.ts';

/** A rule, its monitoring and its group. */
export interface GroupRun {
  readonly scaler: Scaler;
  /** Called before the rule, for a rule in two halves. */
  readonly look?: (observation: Observation) => void;
  readonly telemetry: Telemetry;
  readonly fleet: FleetOptions;
  readonly minInstances: number;
  readonly maxInstances: number;
}

export interface GroupLoop {
  readonly run: GroupRun;
  readonly startSeconds: number;
  readonly fleet: Fleet;
  readonly sampler: Sampler;
  readonly observation: WritableObservation;
  /** What the engine fills in for the sampler, reused each second. */
  readonly seen: SeenSecond;
}

export function createGroupLoop(run: GroupRun, load: Load): GroupLoop {
  const { minInstances, maxInstances, telemetry } = run;
  const samplePeriodSeconds = telemetry.periodSeconds;
  const observation = createObservation({ minInstances, maxInstances, samplePeriodSeconds });
  observation.desired = run.fleet.startInstances;
  return {
    run,
    startSeconds: load.startSeconds,
    fleet: createFleet(run.fleet),
    sampler: createSampler(telemetry, load),
    observation,
    seen: { load: 0, inService: 0, capacity: 0, visibleMessages: 0, messagesInFlight: 0 },
  };
}

/** The first half of a second: due events, and what the rule sees. */
export function showSecond(loop: GroupLoop, second: number): void {
  const { run, fleet, observation } = loop;
  advanceFleet(fleet, second);
  deliverSample(loop.sampler, second, observation);
  observation.nowSeconds = loop.startSeconds + second;
  observation.pending = fleet.pending;
  observation.inService = fleet.inService;
  observation.warmed = fleet.warmed;
  observation.draining = fleet.draining;
  if (run.look !== undefined) run.look(observation);
}

/** The second half: what the rule asks, and the group's answer. */
export function answerSecond(loop: GroupLoop, second: number): void {
  const { run, fleet, observation } = loop;
  const wanted = run.scaler(observation);
  const desired = Math.min(run.maxInstances, Math.max(run.minInstances, Math.ceil(wanted)));
  observation.desired = desired;
  if (desired !== fleet.pending + fleet.inService) resizeFleet(fleet, desired, second);
}
