// The fluid engine: one rule, one fleet and one workload on a clock of seconds. Work that finds no
// capacity in its second is lost. For work that waits see queue/run-messages.ts.
import { blockSeconds } from '../score/blocks.ts';
import type { Tally, TallyReading } from '../score/tally.ts';
import { createTally, readTally, tallySeconds } from '../score/tally.ts';
import type { Workload } from '../workload.ts';
import { answerSecond, createGroupLoop, showSecond } from './group-loop.ts';
import type { GroupLoop, GroupRun } from './group-loop.ts';
import type { Fleet } from './fleet.ts';
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
  /** Seconds of the running block that were served alike and are not in the sums yet. */
  readonly alike: { seconds: number; inService: number; billed: number };
  /** The fleet's counts when the scored span began; null before it. */
  before: Pick<
    Fleet,
    'toppedUpSeconds' | 'launches' | 'failedLaunches' | 'cancelledLaunches'
  > | null;
}

/** Runs the whole load; the sums start and stop with the scored span. */
export function runFluid(run: FluidRun): FluidResult {
  const engine = createEngine(run);
  const { scored } = run.workload;
  runSpan([engine], 0, scored.fromSecond);
  engine.before = { ...engine.loop.fleet };
  runSpan([engine], scored.fromSecond, scored.toSecond);
  return readResult(engine);
}

/**
 * Runs several groups on one load side by side, second by second. `meet` is called between what all of
 * them see in a second and what any of them asks.
 */
export function runTogether(
  workload: Workload,
  runs: readonly Omit<FluidRun, 'workload'>[],
  meet: () => void,
): readonly FluidResult[] {
  const engines = runs.map((run) => createEngine({ ...run, workload }));
  const { scored } = workload;
  runSpan(engines, 0, scored.fromSecond, meet);
  for (const engine of engines) engine.before = { ...engine.loop.fleet };
  runSpan(engines, scored.fromSecond, scored.toSecond, meet);
  return engines.map(readResult);
}

function createEngine(run: FluidRun): Engine {
  const loop = createGroupLoop(run, run.workload.load);
  const alike = { seconds: 0, inService: 0, billed: 0 };
  return { run, loop, tally: createTally(run.minInstances), billed: 0, alike, before: null };
}

function readResult({ run, loop, tally, billed, before }: Engine): FluidResult {
  const { scored } = run.workload;
  const { toppedUpSeconds, launches, failedLaunches, cancelledLaunches } = loop.fleet;
  return {
    ...readTally(tally),
    ticks: scored.toSecond,
    scoredSeconds: scored.toSecond - scored.fromSecond,
    costInstanceSeconds: billed + toppedUpSeconds - (before?.toppedUpSeconds ?? 0),
    launches: launches - (before?.launches ?? 0),
    failedLaunches: failedLaunches - (before?.failedLaunches ?? 0),
    cancelledLaunches: cancelledLaunches - (before?.cancelledLaunches ?? 0),
  };
}

/** Seconds of one block share its mean and its capacity, so blocks are the outer loop. */
function runSpan(
  engines: readonly Engine[],
  fromSecond: number,
  toSecond: number,
  meet?: () => void,
): void {
  const [first] = engines;
  if (first === undefined) return;
  const { offsetSeconds, means, capacity, load } = first.run.workload;
  let second = fromSecond;
  while (second < toSecond) {
    const block = Math.floor((second + offsetSeconds) / blockSeconds);
    const end = Math.min(toSecond, (block + 1) * blockSeconds - offsetSeconds);
    const perInstance =
      second < capacity.changeSecond ? capacity.perInstance : capacity.laterPerInstance;
    const mean = means[block] ?? 0;
    for (; second < end; second += 1) {
      const offered = load.workPerSecond[second] ?? 0;
      for (const engine of engines) showSecond(engine.loop, second);
      if (meet !== undefined) meet();
      for (const engine of engines) {
        serveSecond(engine, second, offered, perInstance);
        if (engine.before !== null) scoreSecond(engine, mean, perInstance);
      }
    }
    for (const engine of engines) scoreAlike(engine, mean, perInstance);
  }
}

function serveSecond(engine: Engine, second: number, offered: number, perInstance: number): void {
  const { run, loop } = engine;
  const { fleet, seen } = loop;
  answerSecond(loop, second);
  seen.load = offered;
  seen.inService = fleet.inService;
  seen.capacity = perInstance;
  sampleSecond(loop.sampler, second, seen);
  if (run.record !== undefined) run.record(second, fleet.inService, loop.observation.desired);
}

/**
 * Demand is the block's mean in each of its seconds, supply is the second's: a switch within a
 * block counts for the seconds that it serves, and the optimum on the block grid stays a bound.
 */
function scoreSecond(engine: Engine, mean: number, perInstance: number): void {
  const { alike } = engine;
  const { inService, billed } = engine.loop.fleet;
  if (inService !== alike.inService || billed !== alike.billed) {
    scoreAlike(engine, mean, perInstance);
    alike.inService = inService;
    alike.billed = billed;
  }
  alike.seconds += 1;
}

function scoreAlike(engine: Engine, mean: number, perInstance: number): void {
  const { seconds, inService, billed } = engine.alike;
  if (seconds === 0) return;
  tallySeconds(engine.tally, { mean, perInstance, seconds }, inService);
  engine.billed += seconds * billed;
  engine.alike.seconds = 0;
}
