// How many message groups of a FIFO queue are active, as far as workers show it. SQS tells no such count,
// and offers no message of a group of which one is in flight; so where messages wait and an idle worker
// gets none of them, the groups that workers have had lately are all there are. Where no worker is
// idle nobody can tell, and nothing is limited.
//
//     unknown ──messages wait beside an idle worker, for some counts──▶ limited
//        ▲                                                                │
//        └──────── a group not seen lately, or a sudden rise ◀────────────┘

import type { EpochMs } from '../time.ts';

/** Groups of the last minutes that are remembered; more of them limit no group of instances. */
const seenMax = 4096;
/** A group that was not worked on for so long is not active. */
const windowMsMin = 300_000;
/** The same in messages: a group's next message may be as long as its last. */
const windowDurations = 4;
/** So many counts in a row make sure that the idle worker had the time to ask. */
const idleCountsMin = 3;

/** Only this file changes it. */
export interface MessageGroups {
  /** When a message of each was last finished; the oldest first. */
  readonly seen: Map<string, EpochMs>;
  idleCounts: number;
  isLimited: boolean;
}

export function createMessageGroups(): MessageGroups {
  return { seen: new Map(), idleCounts: 0, isLimited: false };
}

/** A message of that group was finished. */
export function noteGroup(groups: MessageGroups, name: string, at: EpochMs): void {
  const { seen } = groups;
  if (!seen.delete(name)) forgetLimit(groups);
  seen.set(name, at);
  for (const oldest of seen.keys()) {
    if (seen.size <= seenMax) break;
    seen.delete(oldest);
  }
}

/** There may be more groups than were seen. */
export function forgetLimit(groups: MessageGroups): void {
  groups.isLimited = false;
  groups.idleCounts = 0;
}

export interface GroupSight {
  readonly now: EpochMs;
  readonly visible: number;
  readonly inFlight: number;
  /** Whether a worker says that it has no message. */
  readonly isWorkerIdle: boolean;
  readonly meanMs: number;
}

/** Takes in a count of the queue. */
export function noteSight(groups: MessageGroups, sight: GroupSight): void {
  const { seen } = groups;
  const since = sight.now - Math.max(windowMsMin, windowDurations * sight.meanMs);
  for (const [name, at] of seen) if (at < since) seen.delete(name);
  const isHeldBack = sight.visible > 0 && sight.inFlight > 0 && sight.isWorkerIdle;
  groups.idleCounts = isHeldBack ? groups.idleCounts + 1 : 0;
  if (groups.idleCounts >= idleCountsMin && seen.size > 0) groups.isLimited = true;
  if (seen.size === 0) groups.isLimited = false;
}

/** Null where nobody can tell. Whole, ≥ 1; rather too many than too few. */
export function countGroups({ isLimited, seen }: MessageGroups, inFlight: number): number | null {
  return isLimited ? Math.max(1, seen.size, Math.ceil(inFlight)) : null;
}
