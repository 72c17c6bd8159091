// Two parts of one workload: settings are found on the earlier and judged on the later, which had no
// say in them.

import { blockSeconds } from './score/blocks.ts';
import type { Workload } from './workload.ts';

/** What is tuned on; the rest judges. */
const earlierRatio = 0.6;

export interface SplitWorkload {
  readonly earlier: Workload;
  /** Run from the start of the load as well, so that its fleet and its learning are in their stride. */
  readonly later: Workload;
}

/** Split at a block's end; both have the capacity of the whole. Null: too short for two parts. */
export function splitWorkload(workload: Workload): SplitWorkload | null {
  const { scored, offsetSeconds } = workload;
  const { fromSecond, toSecond } = scored;
  const wanted = fromSecond + (toSecond - fromSecond) * earlierRatio;
  const middle = Math.floor((wanted + offsetSeconds) / blockSeconds) * blockSeconds - offsetSeconds;
  if (middle - fromSecond < blockSeconds || toSecond - middle < blockSeconds) return null;
  return {
    earlier: { ...workload, scored: { fromSecond, toSecond: middle } },
    later: { ...workload, scored: { fromSecond: middle, toSecond } },
  };
}
