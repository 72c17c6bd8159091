// What arena.ts is to the fluid engine, for the event engine: a group of a configuration, or a
// rival, on a workload, in the cloud model.
import { countStartInstances } from '../arena.ts';
import type { Arena, Contender } from '../arena.ts';
import type { FluidResult } from '../fluid/run-fluid.ts';
import { agentTelemetry } from '../fluid/telemetry.ts';
import { actingGroup } from '../foretide-scaler.ts';
import type { GroupRunOptions } from '../simulate-group.ts';
import { createControllerPilot } from './controller-pilot.ts';
import { runEvent } from './run-event.ts';
import { createScalerPilot } from './scaler-pilot.ts';
import { WorldFleet } from './world-fleet.ts';

export interface EventGroupOptions extends GroupRunOptions {
  /** Share of the calls to AWS that are refused as too many, 0–1; default none. */
  readonly throttledRatio?: number;
  /** False: no instance reports. Default true. */
  readonly hasReports?: boolean;
  /** From the end of a sampled second to its arrival; default a second. */
  readonly reportDelaySeconds?: number;
}

/** Runs a group within its own bounds under the controller's loop. */
export function simulateGroupInWorld(arena: Arena, options: EventGroupOptions): FluidResult {
  const { group, staleAfterMs, readCalendar, seed, record, onChange } = options;
  const bounded = { ...arena, minInstances: group.min, maxInstances: group.max };
  const habits = { scaleInOrder: 'oldest-first', warmupSeconds: 0, warmupFrom: 'service' } as const;
  const fleet = createWorldFleet(bounded, habits, seed);
  const { workload } = arena;
  const pilot = createControllerPilot({
    settings: {
      group: actingGroup(group),
      honorCooldown: false,
      staleAfterMs,
      hasLoadTopic: false,
      historySignals: [],
      pricePerInstanceHour: options.pricePerInstanceHour ?? null,
      ...(readCalendar === undefined ? {} : { readCalendar }),
    },
    fleet,
    load: workload.load,
    seed,
    reportDelaySeconds: options.reportDelaySeconds ?? agentTelemetry.delaySeconds,
    hasReports: options.hasReports ?? true,
    isCensored: options.isCensored ?? false,
    throttledRatio: options.throttledRatio ?? 0,
    ...(onChange === undefined ? {} : { onChange }),
  });
  const run = { workload, fleet, pilot, minInstances: group.min };
  return runEvent({ ...run, ...(record === undefined ? {} : { record }) });
}

/** One run of a rule in the cloud model. */
export function runContenderInWorld(arena: Arena, contender: Contender, seed: number): FluidResult {
  const { workload, minInstances, maxInstances } = arena;
  const { scaler, telemetry, record } = contender;
  const fleet = createWorldFleet(arena, contender, seed);
  const { load } = workload;
  const pilot = createScalerPilot({ scaler, telemetry, load, fleet, minInstances, maxInstances });
  const run = { workload, fleet, pilot, minInstances };
  return runEvent({ ...run, ...(record === undefined ? {} : { record }) });
}

function createWorldFleet(
  arena: Arena,
  habits: Pick<Contender, 'scaleInOrder' | 'warmupSeconds' | 'warmupFrom'>,
  seed: number,
): WorldFleet {
  const { boot, drainSeconds, launchFailureRatio, minInstances, maxInstances } = arena;
  const { scaleInOrder, warmupSeconds, warmupFrom } = habits;
  return new WorldFleet({
    boot,
    drainSeconds,
    launchFailureRatio,
    minInstances,
    maxInstances,
    scaleInOrder,
    warmupSeconds,
    warmupFrom,
    seed,
    startInstances: countStartInstances(arena),
    startSeconds: arena.workload.load.startSeconds,
  });
}
