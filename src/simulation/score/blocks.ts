// Ten-second blocks: the grid on which served load is compared and the optimum plans. Blocks begin
// where epoch seconds are a multiple of ten.
import type { Load } from '../load/load.ts';

export const blockSeconds = 10;

/** Mean demand of each block of a load. The first and the last block may be partly outside it. */
export interface BlockMeans {
  readonly means: Float64Array;
  /** Seconds of the first block that lie before the load. */
  readonly offsetSeconds: number;
}

/** The means over the seconds that lie in the load. */
export function averageBlocks(load: Load): BlockMeans {
  const { workPerSecond, startSeconds } = load;
  const offsetSeconds = positiveRemainder(startSeconds, blockSeconds);
  const count = Math.ceil((workPerSecond.length + offsetSeconds) / blockSeconds);
  const means = new Float64Array(count);
  for (let block = 0; block < count; block += 1) {
    const from = Math.max(0, block * blockSeconds - offsetSeconds);
    const to = Math.min(workPerSecond.length, (block + 1) * blockSeconds - offsetSeconds);
    let work = 0;
    for (let second = from; second < to; second += 1) work += workPerSecond[second] ?? 0;
    means[block] = work / (to - from);
  }
  return { means, offsetSeconds };
}

/** A remainder of 0 or more, also before 1970. */
export function positiveRemainder(value: number, divisor: number): number {
  return ((value % divisor) + divisor) % divisor;
}
