// Several models on one virtual time: each event of each happens in the order of time, so that an
// alarm at 12:00:00 sees what the group did at 11:59:59 and not what it did at 12:00:01.

import type { EpochMs } from './time.ts';

export interface Timeline {
  /** When the next thing happens by itself, or `undefined` if nothing will. */
  nextEventAt(): EpochMs | undefined;
  /** Lets everything happen that is due by then. */
  advanceTo(now: EpochMs): void;
}

/** Returns when anything happens next on any of them. */
export function earliestEventAt(timelines: readonly Timeline[]): EpochMs | undefined {
  let earliest: EpochMs | undefined;
  for (const timeline of timelines) {
    const at = timeline.nextEventAt();
    if (at !== undefined && (earliest === undefined || at < earliest)) earliest = at;
  }
  return earliest;
}

/**
 * Advances all of them to `now`, stopping at every event of any. At one time the first listed goes
 * first. A model whose next event does not move on is a bug, which the bound turns into an error.
 */
export function advanceTogether(timelines: readonly Timeline[], now: EpochMs): void {
  let stalledCount = 0;
  let previous: EpochMs | undefined;
  for (;;) {
    const at = earliestEventAt(timelines);
    if (at === undefined || at > now) break;
    stalledCount = at === previous ? stalledCount + 1 : 0;
    if (stalledCount > STALLED_MAX) throw new Error(`time stands still at ${at}`);
    previous = at;
    for (const timeline of timelines) timeline.advanceTo(at);
  }
  for (const timeline of timelines) timeline.advanceTo(now);
}

/** Events of one model may set off others' at the same time, but not for ever. */
const STALLED_MAX = 1000;
