// Which time it is for each group. The store reads no clock: what is too old is told by what was
// written last, so that a store fed by a faster clock keeps as much.

import type { EpochMs } from '../core/time.ts';

export interface LatestTimes {
  note(group: string, at: EpochMs): void;
  /**
   * The time noted last for the group; for one without any, which nothing is written to any more,
   * that noted last of all. −Infinity before the first.
   */
  of(group: string): EpochMs;
}

/**
 * Remembers one time for each group: the last one, not the greatest, so that a clock that was ahead
 * does no more harm once it is set right.
 */
export function createLatestTimes(): LatestTimes {
  const latestByGroup = new Map<string, EpochMs>();
  let latest = Number.NEGATIVE_INFINITY;
  return {
    note: (group, at) => {
      latestByGroup.set(group, at);
      latest = at;
    },
    of: (group) => latestByGroup.get(group) ?? latest,
  };
}
