// Where policies meet: one workload, one kind of group, one kind of boot, one start. Whatever runs
// here, a rival or Foretide's own rule, is run and billed alike.
import { runFluid, runTogether } from './fluid/run-fluid.ts';
import type { FluidResult, FluidRun } from './fluid/run-fluid.ts';
import { runStretches } from './fluid/run-stretches.ts';
import type { Asked, RunCost } from './fluid/run-stretches.ts';
import type { FleetOptions } from './fluid/fleet.ts';
import { capacityAt, neededInstances } from './workload.ts';
import type { Workload } from './workload.ts';

export interface Arena {
  readonly workload: Workload;
  readonly minInstances: number;
  readonly maxInstances: number;
  readonly boot: FleetOptions['boot'];
  readonly launchFailureRatio: number;
  /** What of both the runs share: see `rememberBoots`. */
  readonly draws?: FleetOptions['draws'];
  readonly drainSeconds: number;
}

/** The group and the faults of the protocol. */
export const standardArena = {
  minInstances: 1,
  maxInstances: 1000,
  boot: { kind: 'fixed', seconds: 120 },
  launchFailureRatio: 0.01,
  drainSeconds: 30,
} as const satisfies Omit<Arena, 'workload'>;

/** A rule with the monitoring and the habits of the group that it runs on. */
export interface Contender
  extends
    Pick<FluidRun, 'scaler' | 'look' | 'restsUntil' | 'telemetry' | 'record'>,
    Pick<FleetOptions, 'scaleInOrder' | 'warmupSeconds' | 'warmupFrom'> {}

/** One run. The seed decides boots and launch failures, the same for every contender. */
export function runContender(arena: Arena, contender: Contender, seed: number): FluidResult {
  return runFluid({ workload: arena.workload, ...prepareRun(arena, contender, seed) });
}

/** What a run costs, for a rule that answers to samples: see `runStretches`. */
export function costContender(arena: Arena, contender: Contender & Asked, seed: number): RunCost {
  const { wakeSeconds, watchesCounts } = contender;
  return runStretches({
    workload: arena.workload,
    ...(wakeSeconds === undefined ? {} : { wakeSeconds }),
    ...(watchesCounts === undefined ? {} : { watchesCounts }),
    ...prepareRun(arena, contender, seed),
  });
}

/** Runs side by side, each with its seed; `meet` as in `runTogether`. The results in their order. */
export function runContenders(
  arena: Arena,
  entries: readonly { readonly contender: Contender; readonly seed: number }[],
  meet: () => void,
): readonly FluidResult[] {
  const runs = entries.map(({ contender, seed }) => prepareRun(arena, contender, seed));
  return runTogether(arena.workload, runs, meet);
}

function prepareRun(arena: Arena, contender: Contender, seed: number): Omit<FluidRun, 'workload'> {
  const { minInstances, maxInstances, boot, launchFailureRatio, draws, drainSeconds } = arena;
  const { scaler, look, restsUntil, telemetry, record } = contender;
  const { scaleInOrder, warmupSeconds, warmupFrom } = contender;
  return {
    minInstances,
    maxInstances,
    scaler,
    telemetry,
    ...(look === undefined ? {} : { look }),
    ...(restsUntil === undefined ? {} : { restsUntil }),
    ...(record === undefined ? {} : { record }),
    fleet: {
      startInstances: countStartInstances(arena),
      boot,
      launchFailureRatio,
      ...(draws === undefined ? {} : { draws }),
      drainSeconds,
      scaleInOrder,
      warmupSeconds,
      warmupFrom,
      seed,
    },
  };
}

/** The state in which every policy starts: what the first block of the load needs. */
export function countStartInstances(arena: Arena): number {
  const { workload, minInstances, maxInstances } = arena;
  const demand = (workload.means[0] ?? 0) / capacityAt(workload.capacity, 0);
  return Math.min(maxInstances, Math.max(minInstances, neededInstances(demand)));
}
