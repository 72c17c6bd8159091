// Cuts demand into levels of one instance each, and prices what a clairvoyant would keep on.
// The excess penalty is convex and separable, so level by level is optimal; each level is a
// two-state dynamic programme over runs of blocks with one excess.

/** Demand on a grid of blocks, and the bounds of the group. */
export interface LevelProblem {
  readonly blockSeconds: number;
  /** Mean work per second in each block. */
  readonly means: Float64Array;
  /** Work per second that one instance serves, in each block: above 0. */
  readonly capacities: Float64Array;
  /** Levels up to here are always on. */
  readonly minInstances: number;
  readonly maxInstances: number;
}

/**
 * The runs of every level between the bounds. Level `index` has the runs from `firstRun[index]` up
 * to `firstRun[index + 1]`; a run is `blocks[run]` blocks with an excess of `excess[run]` work per
 * second: the part of the demand that the level's instance would serve. Each block has at most one
 * partly filled level, so the runs of all levels are about as many as the blocks plus the steps up
 * and down, far fewer than levels × blocks.
 */
export interface Levels {
  readonly blockSeconds: number;
  readonly blockCount: number;
  readonly firstRun: Int32Array;
  readonly blocks: Int32Array;
  readonly excess: Float64Array;
  /** All work in the span. */
  readonly totalWork: number;
  /** Instance-seconds of the levels that are always on. */
  readonly alwaysOnSeconds: number;
  /** Work above the largest group: nobody can serve it. */
  readonly unreachableWork: number;
}

/** What starting and stopping cost a clairvoyant, in instance-seconds. */
export interface SwitchCosts {
  /** The billed part of a boot. */
  readonly startSeconds: number;
  /** The drain. */
  readonly stopSeconds: number;
}

/** The cheapest plan at a price of unserved work. */
export interface PricedPlan {
  /** cost + price × unserved: what the plan minimises. */
  readonly value: number;
  /** Instance-seconds. */
  readonly cost: number;
  readonly unservedWork: number;
}

type VisitRun = (level: number, block: number, excess: number) => void;

/** Shares of an instance below this are rounding, and rounded in the optimum's favour. */
const dustRatio = 1e-9;

/** Cuts demand into levels. Time and memory grow with the runs, not with levels × blocks. */
export function cutIntoLevels(problem: LevelProblem): Levels {
  const { means, blockSeconds, minInstances, maxInstances } = problem;
  const levelCount = Math.max(0, Math.min(maxInstances, peakLevel(problem)) - minInstances);
  const firstRun = new Int32Array(levelCount + 1);
  visitRuns(problem, levelCount, (level) => {
    firstRun[level + 1] = (firstRun[level + 1] ?? 0) + 1;
  });
  for (let level = 0; level < levelCount; level += 1) {
    firstRun[level + 1] = (firstRun[level + 1] ?? 0) + (firstRun[level] ?? 0);
  }
  const runCount = firstRun[levelCount] ?? 0;
  const starts = new Int32Array(runCount);
  const excess = new Float64Array(runCount);
  const cursor = firstRun.slice();
  visitRuns(problem, levelCount, (level, block, runExcess) => {
    const run = cursor[level] ?? 0;
    cursor[level] = run + 1;
    starts[run] = block;
    excess[run] = runExcess;
  });
  return {
    blockSeconds,
    blockCount: means.length,
    firstRun,
    blocks: lengthsOfRuns(starts, firstRun, means.length),
    excess,
    totalWork: sum(means) * blockSeconds,
    alwaysOnSeconds: minInstances * means.length * blockSeconds,
    unreachableWork: workAbove(problem),
  };
}

/** The highest level that any block touches. */
function peakLevel(problem: LevelProblem): number {
  let peak = 0;
  for (let block = 0; block < problem.means.length; block += 1) {
    const instances = instancesAt(problem, block);
    peak = Math.max(peak, Math.ceil(instances - dustRatio));
  }
  return peak;
}

function instancesAt(problem: LevelProblem, block: number): number {
  return (problem.means[block] ?? 0) / (problem.capacities[block] ?? 1);
}

/**
 * Calls `visit` where a level's run starts, in order of blocks. From one block to the next only the
 * levels between the two demands change, and the partly filled ones.
 */
function visitRuns(problem: LevelProblem, levelCount: number, visit: VisitRun): void {
  const { means, capacities, minInstances } = problem;
  let fullBefore = 0;
  let partBefore = 0;
  let capacityBefore = Number.NaN;
  for (let block = 0; block < means.length; block += 1) {
    const capacity = capacities[block] ?? 1;
    const instances = instancesAt(problem, block) - minInstances;
    const full = Math.max(0, Math.floor(instances + dustRatio));
    const rest = Math.max(0, instances - full);
    const part = rest > dustRatio ? rest : 0;
    const isFresh = capacity !== capacityBefore;
    const top = Math.max(full, fullBefore);
    const first = isFresh ? 0 : Math.min(full, fullBefore);
    const last = block === 0 ? levelCount - 1 : Math.min(top, levelCount - 1);
    for (let level = first; level <= last; level += 1) {
      const isIdle = level === top && part === 0 && partBefore === 0;
      if (isIdle && block > 0) continue;
      visit(level, block, shareOfLevel(level, full, part) * capacity);
    }
    fullBefore = full;
    partBefore = part;
    capacityBefore = capacity;
  }
}

function shareOfLevel(level: number, full: number, part: number): number {
  if (level < full) return 1;
  return level === full ? part : 0;
}

function lengthsOfRuns(starts: Int32Array, firstRun: Int32Array, blockCount: number): Int32Array {
  const lengths = new Int32Array(starts.length);
  for (let level = 0; level + 1 < firstRun.length; level += 1) {
    const end = firstRun[level + 1] ?? 0;
    for (let run = firstRun[level] ?? 0; run < end; run += 1) {
      const next = run + 1 < end ? (starts[run + 1] ?? blockCount) : blockCount;
      lengths[run] = next - (starts[run] ?? 0);
    }
  }
  return lengths;
}

function workAbove(problem: LevelProblem): number {
  const { means, capacities, maxInstances, blockSeconds } = problem;
  let work = 0;
  for (let block = 0; block < means.length; block += 1) {
    work += Math.max(0, (means[block] ?? 0) - maxInstances * (capacities[block] ?? 1));
  }
  return work * blockSeconds;
}

function sum(values: Float64Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
