// What happened in a queue during the current minute, for its CloudWatch metrics.

import type { EpochMs } from '../time.ts';

export interface QueueActivity {
  sentCount: number;
  /** Sizes of the sent messages in bytes. */
  sentBytes: number;
  smallestBytes: number;
  largestBytes: number;
  receivedCount: number;
  emptyReceiveCount: number;
  deletedCount: number;
  /** When the queue last had messages or was called. */
  lastActiveAt: EpochMs;
}

/** Nothing has happened yet; the queue counts as active since `now`. */
export function createActivity(now: EpochMs): QueueActivity {
  return { ...NOTHING, lastActiveAt: now };
}

const NOTHING = {
  sentCount: 0,
  sentBytes: 0,
  smallestBytes: 0,
  largestBytes: 0,
  receivedCount: 0,
  emptyReceiveCount: 0,
  deletedCount: 0,
};

/** Counts one message that was sent, with its size. */
export function countSent(activity: QueueActivity, sizeBytes: number): void {
  const isFirst = activity.sentCount === 0;
  activity.sentCount += 1;
  activity.sentBytes += sizeBytes;
  activity.smallestBytes = isFirst ? sizeBytes : Math.min(activity.smallestBytes, sizeBytes);
  activity.largestBytes = Math.max(activity.largestBytes, sizeBytes);
}

/** Starts a new minute. */
export function resetActivity(activity: QueueActivity): void {
  Object.assign(activity, NOTHING);
}
