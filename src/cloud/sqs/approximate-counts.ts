// The counts that `GetQueueAttributes` gives: those of a moment that lies somewhat back. "The
// approximate metrics … reach consistency at least 1 minute after the producers stop sending".

import type { EpochMs } from '../time.ts';

export interface MessageCounts {
  visible: number;
  inFlight: number;
  delayed: number;
}

export interface ApproximateCounts {
  /** As they were when they were last looked at. */
  reported: Readonly<MessageCounts>;
  /** When they are looked at next. */
  nextLookAt: EpochMs;
}

export interface Settling {
  /** No count is older than this; 0: all are exact. */
  readonly settleMs: number;
  /** 0–1, from the seed. */
  random(): number;
}

/** The counts of an empty queue. */
export function createApproximateCounts(now: EpochMs): ApproximateCounts {
  return { reported: { visible: 0, inFlight: 0, delayed: 0 }, nextLookAt: now };
}

/**
 * Looks at the true counts if it is time. To be called before each change and before each reading:
 * so what is reported never depends on how often it is read.
 */
export function settleCounts(
  counts: ApproximateCounts,
  actual: Readonly<MessageCounts>,
  settling: Settling,
  now: EpochMs,
): void {
  if (now < counts.nextLookAt) return;
  counts.reported = { ...actual };
  counts.nextLookAt = now + settling.random() * settling.settleMs;
}
