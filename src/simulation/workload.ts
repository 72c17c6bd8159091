// A load made ready to be run and scored: its blocks, what an instance can do, the scored span.
import type { Load } from './load/load.ts';
import type { BlockMeans } from './score/blocks.ts';
import { averageBlocks, blockSeconds } from './score/blocks.ts';

const secondsPerDay = 86_400;
/** Longer loads warm up this long, shorter ones for a tenth. */
const longWarmupSeconds = 7 * secondsPerDay;
const shortWarmupRatio = 0.1;
/** A span of fewer blocks has no use for a score: ten minutes, or one minute of a trial. */
const scoredBlocksMin = 6;

/** Seconds of a load from its start: the first scored and the first not. Whole blocks. */
export interface ScoredSpan {
  readonly fromSecond: number;
  readonly toSecond: number;
}

/** Work per second that one instance serves; it may change once. */
export interface CapacityPlan {
  readonly perInstance: number;
  readonly laterPerInstance: number;
  /** Second of the load from which the later one holds; `Infinity` for never. */
  readonly changeSecond: number;
}

export interface Workload extends BlockMeans {
  readonly load: Load;
  readonly capacity: CapacityPlan;
  readonly scored: ScoredSpan;
  /** Of the scored span: the blocks' means, second by second. */
  readonly offeredWork: number;
}

export type WorkloadReading =
  | { readonly kind: 'workload'; readonly workload: Workload }
  | {
      readonly kind: 'refused';
      readonly code: 'too-short' | 'no-demand';
      readonly message: string;
    };

export interface WorkloadOptions {
  /** Work per second of one instance; left out, the scored mean divided by `meanInstances`. */
  readonly capacityPerInstance?: number;
  readonly meanInstances?: number;
  /** Share of the capacity that is left after the middle of the scored span. Default 1. */
  readonly capacityLeftRatio?: number;
  readonly warmupSeconds?: number;
}

/** Seconds that are run and not scored: 7 days, or a tenth of a load of 7 days or less. */
export function warmupSecondsOf(durationSeconds: number): number {
  return durationSeconds > longWarmupSeconds
    ? longWarmupSeconds
    : Math.ceil(durationSeconds * shortWarmupRatio);
}

/** Prepares a load once for any number of runs, or says why it cannot be scored. */
export function prepareWorkload(load: Load, options: WorkloadOptions = {}): WorkloadReading {
  const blocks = averageBlocks(load);
  const durationSeconds = load.workPerSecond.length;
  const warmup = options.warmupSeconds ?? warmupSecondsOf(durationSeconds);
  const scored = alignSpan(warmup, durationSeconds, blocks.offsetSeconds);
  const needed = scoredBlocksMin * blockSeconds;
  if (scored.toSecond - scored.fromSecond < needed) {
    const message = `the load lasts ${durationSeconds} s, of which ${warmup} s warm up; it takes ${needed} s more to score`;
    return { kind: 'refused', code: 'too-short', message };
  }
  const mean = meanDemand(load, scored);
  const perInstance = options.capacityPerInstance ?? mean / (options.meanInstances ?? 10);
  if (!(perInstance > 0)) {
    const message = 'the scored span has no demand, so no capacity follows from it; give one';
    return { kind: 'refused', code: 'no-demand', message };
  }
  const leftRatio = options.capacityLeftRatio ?? 1;
  const capacity: CapacityPlan = {
    perInstance,
    laterPerInstance: perInstance * leftRatio,
    changeSecond: leftRatio === 1 ? Number.POSITIVE_INFINITY : middleOf(scored),
  };
  const offeredWork = sumOffered(blocks, scored);
  return { kind: 'workload', workload: { ...blocks, load, capacity, scored, offeredWork } };
}

/** Work per second of one instance in a second of the load. */
export function capacityAt(capacity: CapacityPlan, second: number): number {
  return second < capacity.changeSecond ? capacity.perInstance : capacity.laterPerInstance;
}

/** Index of the first scored block and of the first after the span. */
export function scoredBlocks(workload: Workload): { readonly from: number; readonly to: number } {
  const { scored, offsetSeconds } = workload;
  return {
    from: (scored.fromSecond + offsetSeconds) / blockSeconds,
    to: (scored.toSecond + offsetSeconds) / blockSeconds,
  };
}

/** Instances that the highest scored block needs: what a static fleet is sized for in hindsight. */
export function peakInstances(workload: Workload): number {
  const { from, to } = scoredBlocks(workload);
  let peak = 0;
  for (let block = from; block < to; block += 1) {
    const second = block * blockSeconds - workload.offsetSeconds;
    const instances = (workload.means[block] ?? 0) / capacityAt(workload.capacity, second);
    peak = Math.max(peak, neededInstances(instances));
  }
  return peak;
}

/** Whole instances for a demand in instances; rounding does not ask for one more. */
export function neededInstances(instances: number): number {
  return Math.ceil(instances - 1e-9);
}

/** Inward to whole blocks. */
function alignSpan(warmup: number, durationSeconds: number, offsetSeconds: number): ScoredSpan {
  const from = Math.ceil((warmup + offsetSeconds) / blockSeconds) * blockSeconds;
  const to = Math.floor((durationSeconds + offsetSeconds) / blockSeconds) * blockSeconds;
  return { fromSecond: from - offsetSeconds, toSecond: to - offsetSeconds };
}

function middleOf(scored: ScoredSpan): number {
  const blocks = (scored.toSecond - scored.fromSecond) / blockSeconds;
  return scored.fromSecond + Math.floor(blocks / 2) * blockSeconds;
}

/** In the order in which a run adds it up, so that both come to the same. */
function sumOffered({ means, offsetSeconds }: BlockMeans, scored: ScoredSpan): number {
  const from = (scored.fromSecond + offsetSeconds) / blockSeconds;
  const to = (scored.toSecond + offsetSeconds) / blockSeconds;
  let work = 0;
  for (let block = from; block < to; block += 1) {
    for (let second = 0; second < blockSeconds; second += 1) work += means[block] ?? 0;
  }
  return work;
}

function meanDemand(load: Load, scored: ScoredSpan): number {
  let work = 0;
  for (let second = scored.fromSecond; second < scored.toSecond; second += 1) {
    work += load.workPerSecond[second] ?? 0;
  }
  return work / (scored.toSecond - scored.fromSecond);
}
