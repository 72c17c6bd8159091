// One group under one rule: what is due, what the rule sees, what it asks for. Both engines step it
// and add what their work comes to.
import type { Load } from '../load/load.ts';
import { advanceFleet, createFleet, nextDueSecond, resizeFleet } from './fleet.ts';
import type { Fleet, FleetOptions } from './fleet.ts';
import { createObservation } from './scaler.ts';
import type { Observation, Scaler, WritableObservation } from './scaler.ts';
import { createSampler, deliverSample } from './telemetry.ts';
import type { Sampler, SeenSecond, Telemetry } from './telemetry.ts';

/** A rule, its monitoring and its group. */
export interface GroupRun {
  readonly scaler: Scaler;
  /** Called before the rule, for a rule in two halves; true: the rule has something new to go by. */
  readonly look?: (observation: Observation) => boolean;
  /**
   * Epoch seconds before which the rule would answer `desired`, while `look` tells nothing new and the
   * counts of the group stay as they are. Absent: it is asked each second.
   */
  readonly restsUntil?: () => number;
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
  /** Up to here nothing is due, and the rule need not be asked. */
  quietUntil: number;
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
    quietUntil: 0,
  };
}

/** The first half of a second: due events, and what the rule sees. */
export function showSecond(loop: GroupLoop, second: number): void {
  const { run, fleet, observation } = loop;
  deliverSample(loop.sampler, second, observation);
  observation.nowSeconds = loop.startSeconds + second;
  if (second >= loop.quietUntil) {
    advanceFleet(fleet, second);
    observation.pending = fleet.pending;
    observation.inService = fleet.inService;
    observation.warmed = fleet.warmed;
    observation.draining = fleet.draining;
  }
  if (run.look !== undefined && run.look(observation)) loop.quietUntil = second;
}

/** The second half: what the rule asks, and the group's answer. */
export function answerSecond(loop: GroupLoop, second: number): void {
  if (second < loop.quietUntil) return;
  const { run, fleet, observation } = loop;
  const wanted = run.scaler(observation);
  const desired = Math.min(run.maxInstances, Math.max(run.minInstances, Math.ceil(wanted)));
  observation.desired = desired;
  if (desired !== fleet.pending + fleet.inService) resizeFleet(fleet, desired, second);
  else if (run.restsUntil !== undefined) {
    const rest = run.restsUntil() - loop.startSeconds;
    loop.quietUntil = rest > second + 1 ? nextDueSecond(fleet, second + 1, rest) : second + 1;
  }
}
