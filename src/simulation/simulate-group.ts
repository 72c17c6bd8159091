// A group of a configuration on a workload: the arena that its bounds make, and one run in it.
import type { CalendarReading } from '../controller/group-settings.ts';
import type { Decision } from '../core/decision.ts';
import type { Group } from '../core/group.ts';
import type { EpochMs } from '../core/time.ts';
import type { Arena, Contender } from './arena.ts';
import { runContender, runContenders } from './arena.ts';
import type { FluidResult, FluidRun } from './fluid/run-fluid.ts';
import { agentTelemetry } from './fluid/telemetry.ts';
import { createForetideRule, createForetideScaler } from './foretide-scaler.ts';
import type { ForetideOptions } from './foretide-scaler.ts';
import { createSharedPanels } from './shared-panels.ts';

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
  const { group, seed } = options;
  const scaler = createForetideScaler(describeRule(arena, options));
  return runContender(
    { ...arena, minInstances: group.min, maxInstances: group.max },
    { scaler, ...describeContender(options) },
    seed,
  );
}

/**
 * The same of several groups on one load, with the results in their order. Demand policies learn
 * together for as long as they see the same (`shared-panels.ts`), so all of them forecast or none
 * does; bounds are those of the first.
 */
export function simulateGroups(
  arena: Arena,
  runs: readonly GroupRunOptions[],
): readonly FluidResult[] {
  const [first] = runs;
  if (first === undefined) return [];
  const panels = createSharedPanels();
  const entries = runs.map((options) => {
    const rule = createForetideRule(describeRule(arena, options), panels);
    return { contender: { ...rule, ...describeContender(options) }, seed: options.seed };
  });
  const { min, max } = first.group;
  return runContenders({ ...arena, minInstances: min, maxInstances: max }, entries, panels.meet);
}

function describeRule(
  { workload }: Arena,
  { group, staleAfterMs, readCalendar, onChange, pricePerInstanceHour }: GroupRunOptions,
): ForetideOptions {
  return {
    group,
    staleAfterMs,
    workload,
    ...(pricePerInstanceHour === undefined ? {} : { pricePerInstanceHour }),
    ...(readCalendar === undefined ? {} : { readCalendar }),
    ...(onChange === undefined ? {} : { onChange }),
  };
}

function describeContender({
  group,
  isCensored,
  record,
}: GroupRunOptions): Omit<Contender, 'scaler' | 'look' | 'restsUntil'> {
  return {
    telemetry: { ...agentTelemetry, isCensored: isCensored ?? false },
    ...(record === undefined ? {} : { record }),
    scaleInOrder: 'oldest-first',
    warmupSeconds: Math.ceil(group.warmupMs / 1000),
    warmupFrom: 'service',
  };
}
