// The fluid engine: one rule, one fleet and one workload on a clock of seconds. Work that finds no
// capacity in its second is lost. For work that waits see queue/run-messages.ts.
import { blockSeconds } from '../score/blocks.ts';
import type { Tally, TallyReading } from '../score/tally.ts';
import { createTally, readTally, tallySecond } from '../score/tally.ts';
import type { Workload } from '../workload.ts';
import { createGroupLoop, stepGroup } from './group-loop.ts';
import type { GroupLoop, GroupRun } from './group-loop.ts';
import { sampleSecond } from './telemetry.ts';

export interface FluidRun extends GroupRun {
  readonly workload: Workload;
  /** Called each second with what served it; left out in runs for speed. */
  readonly record?: (second: number, inService: number, desired: number) => void;
}

/** What a run came to over the scored span. */
export interface FluidResult extends TallyReading {
  readonly ticks: number;
  readonly scoredSeconds: number;
  /** Billed instance-seconds, with what minimum charges added. */
  readonly costInstanceSeconds: number;
  readonly launches: number;
  readonly failedLaunches: number;
  readonly cancelledLaunches: number;
}

interface Engine {
  readonly run: FluidRun;
  readonly loop: GroupLoop;
  /** Of the scored span, as is the sum of what was billed by the second. */
  readonly tally: Tally;
  billed: number;
}

/** Runs the whole load; the sums start and stop with the scored span. */
export function runFluid(run: FluidRun): FluidResult {
  const { workload } = run;
  const { scored } = workload;
  const engine: Engine = {
    run,
    loop: createGroupLoop(run, workload.load),
    tally: createTally(run.minInstances),
    billed: 0,
  };
  const { fleet } = engine.loop;
  runSpan(engine, 0, scored.fromSecond, false);
  const { toppedUpSeconds, launches, failedLaunches, cancelledLaunches } = fleet;
  runSpan(engine, scored.fromSecond, scored.toSecond, true);
  return {
    ...readTally(engine.tally),
    ticks: scored.toSecond,
    scoredSeconds: scored.toSecond - scored.fromSecond,
    costInstanceSeconds: engine.billed + fleet.toppedUpSeconds - toppedUpSeconds,
    launches: fleet.launches - launches,
    failedLaunches: fleet.failedLaunches - failedLaunches,
    cancelledLaunches: fleet.cancelledLaunches - cancelledLaunches,
  };
}

/** Seconds of one block share its mean and its capacity, so blocks are the outer loop. */
function runSpan(engine: Engine, fromSecond: number, toSecond: number, isScored: boolean): void {
  const { offsetSeconds, means, capacity } = engine.run.workload;
  let second = fromSecond;
  while (second < toSecond) {
    const block = Math.floor((second + offsetSeconds) / blockSeconds);
    const end = Math.min(toSecond, (block + 1) * blockSeconds - offsetSeconds);
    const perInstance =
      second < capacity.changeSecond ? capacity.perInstance : capacity.laterPerInstance;
    engine.loop.seen.capacity = perInstance;
    const mean = means[block] ?? 0;
    for (; second < end; second += 1) {
      stepSecond(engine, second);
      if (isScored) scoreSecond(engine, mean, perInstance);
    }
  }
}

function stepSecond(engine: Engine, second: number): void {
  const { run, loop } = engine;
  const { fleet, seen } = loop;
  stepGroup(loop, second);
  seen.load = run.workload.load.workPerSecond[second] ?? 0;
  seen.inService = fleet.inService;
  sampleSecond(loop.sampler, second, seen);
  if (run.record !== undefined) run.record(second, fleet.inService, loop.observation.desired);
}

/**
 * Demand is the block's mean in each of its seconds, supply is the second's: a switch within a
 * block counts for the seconds that it serves, and the optimum on the block grid stays a bound.
 */
function scoreSecond(engine: Engine, mean: number, perInstance: number): void {
  const { fleet } = engine.loop;
  tallySecond(engine.tally, mean, fleet.inService, perInstance);
  engine.billed += fleet.billed;
}
