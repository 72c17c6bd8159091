// Plays a rule against a demand given by the second, and lists what it asked for. Instances serve
// ten units a second; boots take 120 s and never fail unless said.
import type { FleetOptions } from '../../fluid/fleet.ts';
import { runFluid } from '../../fluid/run-fluid.ts';
import { createObservation } from '../../fluid/scaler.ts';
import type { Observation, Scaler } from '../../fluid/scaler.ts';
import type { Telemetry } from '../../fluid/telemetry.ts';
import { cloudWatchTelemetry } from '../../fluid/telemetry.ts';
import type { TelemetryGap } from '../../load/load.ts';
import { prepareWorkload } from '../../workload.ts';

export const capacity = 10;

export interface Play {
  readonly demand: (second: number) => number;
  readonly seconds: number;
  readonly start: number;
  readonly telemetry?: Telemetry;
  readonly fleet?: Partial<FleetOptions>;
  readonly gaps?: readonly TelemetryGap[];
  readonly minInstances?: number;
}

/** The changes of the desired size: the second, and the size from then on. */
export function playRule(scaler: Scaler, play: Play): readonly (readonly [number, number])[] {
  const workPerSecond = Float64Array.from({ length: play.seconds }, (_, second) =>
    play.demand(second),
  );
  const load = { startSeconds: 0, workPerSecond, telemetryGaps: play.gaps ?? [] };
  const reading = prepareWorkload(load, { capacityPerInstance: capacity });
  if (reading.kind === 'refused') throw new Error(reading.message);
  const changes: [number, number][] = [];
  let last = play.start;
  runFluid({
    workload: reading.workload,
    scaler,
    telemetry: play.telemetry ?? cloudWatchTelemetry,
    minInstances: play.minInstances ?? 1,
    maxInstances: 1000,
    fleet: {
      startInstances: play.start,
      boot: { kind: 'fixed', seconds: 120 },
      launchFailureRatio: 0,
      drainSeconds: 30,
      scaleInOrder: 'newest-pending-first',
      warmupSeconds: 300,
      warmupFrom: 'service',
      seed: 1,
      ...play.fleet,
    },
    record: (second, _inService, desired) => {
      if (desired !== last) changes.push([second, desired]);
      last = desired;
    },
  });
  return changes;
}

/** An observation for rules that are asked one question. */
export function observe(fields: Partial<Observation>): Observation {
  const bounds = { minInstances: 1, maxInstances: 1000, samplePeriodSeconds: 60 };
  const size = fields.desired ?? 10;
  return {
    ...createObservation(bounds),
    desired: size,
    inService: size,
    warmed: size,
    hasSample: true,
    ...fields,
  };
}
