// A group of a configuration on a workload: the arena that its bounds make, and one run in it.
import type { CalendarReading } from '../controller/group-settings.ts';
import type { Decision } from '../core/decision.ts';
import type { Group } from '../core/group.ts';
import type { EpochMs } from '../core/time.ts';
import type { Arena } from './arena.ts';
import { runContender } from './arena.ts';
import type { FluidResult, FluidRun } from './fluid/run-fluid.ts';
import { agentTelemetry } from './fluid/telemetry.ts';
import { createForetideScaler } from './foretide-scaler.ts';

/** Longest warm-up that the simulated fleet keeps account of. */
export const warmupMsMax = 3_600_000;

export interface GroupRunOptions {
  readonly group: Group;
  readonly staleAfterMs: number;
  readonly seed: number;
  /** Its schedules and freezes; absent, a schedule policy lets nothing be removed. */
  readonly readCalendar?: (now: EpochMs) => CalendarReading;
  /** Dollars, for the group's budget, which counts from the run's start; absent, none is kept. */
  readonly pricePerInstanceHour?: number;
  /** True: load above what the fleet can serve is not seen. Default false. */
  readonly isCensored?: boolean;
  readonly onChange?: (decision: Decision) => void;
  readonly record?: FluidRun['record'];
}

/**
 * Runs a group within its own bounds, whatever those of the arena. Its agents report each second,
 * and a report counts a second later. AWS picks whom it ends. The warm-up is at most `warmupMsMax`.
 */
export function simulateGroup(arena: Arena, options: GroupRunOptions): FluidResult {
  const { group, staleAfterMs, readCalendar, seed, onChange, record } = options;
  const { workload } = arena;
  const { pricePerInstanceHour } = options;
  const scaler = createForetideScaler({
    group,
    staleAfterMs,
    workload,
    ...(pricePerInstanceHour === undefined ? {} : { pricePerInstanceHour }),
    ...(readCalendar === undefined ? {} : { readCalendar }),
    ...(onChange === undefined ? {} : { onChange }),
  });
  return runContender(
    { ...arena, minInstances: group.min, maxInstances: group.max },
    {
      scaler,
      telemetry: { ...agentTelemetry, isCensored: options.isCensored ?? false },
      ...(record === undefined ? {} : { record }),
      scaleInOrder: 'oldest-first',
      warmupSeconds: Math.ceil(group.warmupMs / 1000),
      warmupFrom: 'service',
    },
    seed,
  );
}
