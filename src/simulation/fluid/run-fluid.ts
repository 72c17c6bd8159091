// The fluid engine: one rule, one fleet and one workload on a clock of seconds. Work that finds no
// capacity in its second is lost. For work that waits see run-queue.ts.
import type { Elasticity, ElasticityMeter } from '../score/elasticity.ts';
import { createElasticityMeter, meterSecond, readElasticity } from '../score/elasticity.ts';
import { blockSeconds } from '../score/blocks.ts';
import type { Workload } from '../workload.ts';
import { neededInstances } from '../workload.ts';
import { createGroupLoop, stepGroup } from './group-loop.ts';
import type { GroupLoop, GroupRun } from './group-loop.ts';
import { sampleSecond } from './telemetry.ts';

export interface FluidRun extends GroupRun {
  readonly workload: Workload;
  /** Called each second with what served it; left out in runs for speed. */
  readonly record?: (second: number, inService: number, desired: number) => void;
}

/** What a run came to over the scored span. */
export interface FluidResult {
  readonly ticks: number;
  readonly scoredSeconds: number;
  readonly offeredWork: number;
  readonly unservedWork: number;
  /** Billed instance-seconds, with what minimum charges added. */
  readonly costInstanceSeconds: number;
  readonly launches: number;
  readonly failedLaunches: number;
  readonly cancelledLaunches: number;
  readonly peakInService: number;
  readonly elasticity: Elasticity;
}

/** Running sums over the scored span. */
interface Totals {
  offered: number;
  unserved: number;
  billed: number;
  peak: number;
  readonly meter: ElasticityMeter;
}

interface Engine {
  readonly run: FluidRun;
  readonly loop: GroupLoop;
  readonly totals: Totals;
}

/** Runs the whole load; the sums start and stop with the scored span. */
export function runFluid(run: FluidRun): FluidResult {
  const { workload } = run;
  const { scored } = workload;
  const engine: Engine = {
    run,
    loop: createGroupLoop(run, workload.load),
    totals: { offered: 0, unserved: 0, billed: 0, peak: 0, meter: createElasticityMeter() },
  };
  const { fleet } = engine.loop;
  runSpan(engine, 0, scored.fromSecond, false);
  const { toppedUpSeconds, launches, failedLaunches, cancelledLaunches } = fleet;
  runSpan(engine, scored.fromSecond, scored.toSecond, true);
  const { totals } = engine;
  return {
    ticks: scored.toSecond,
    scoredSeconds: scored.toSecond - scored.fromSecond,
    offeredWork: totals.offered,
    unservedWork: totals.unserved,
    costInstanceSeconds: totals.billed + fleet.toppedUpSeconds - toppedUpSeconds,
    launches: fleet.launches - launches,
    failedLaunches: fleet.failedLaunches - failedLaunches,
    cancelledLaunches: fleet.cancelledLaunches - cancelledLaunches,
    peakInService: totals.peak,
    elasticity: readElasticity(totals.meter),
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
  const { totals } = engine;
  const { fleet } = engine.loop;
  const served = fleet.inService * perInstance;
  totals.offered += mean;
  if (mean > served) totals.unserved += mean - served;
  totals.billed += fleet.billed;
  if (fleet.inService > totals.peak) totals.peak = fleet.inService;
  const needed = Math.max(1, engine.run.minInstances, neededInstances(mean / perInstance));
  meterSecond(totals.meter, needed, fleet.inService);
}
