// What a FIFO queue remembers to accept each message once: ids for five minutes ("Exactly-once
// processing", SQS Developer Guide).

import type { EpochMs } from '../time.ts';

/** What the first message of an id was answered with; the copies get the same. */
export interface SentReceipt {
  readonly messageId: string;
  readonly sequenceNumber: string | undefined;
  readonly sentAt: EpochMs;
}

/** An id with what its first message was answered with. */
export type RememberedId = readonly [string, SentReceipt];

export const DEDUPLICATION_MS = 5 * 60_000;

export interface Deduplication {
  /** How many ids are remembered, those of the last five minutes and some older ones. */
  readonly size: number;
  find(key: string, now: EpochMs): SentReceipt | undefined;
  remember(key: string, receipt: SentReceipt): void;
  /** All that is remembered, oldest first. */
  values(): readonly RememberedId[];
}

/**
 * Holds the ids of at most ten minutes of sending: two maps of five minutes each, of which the
 * older is dropped whole. That is cheaper than to forget ids one by one.
 */
export function createDeduplication(initial: readonly RememberedId[] = []): Deduplication {
  let older = new Map<string, SentReceipt>();
  let newer = new Map(initial);
  let newerSince = Number.NEGATIVE_INFINITY;

  function turnOver(now: EpochMs): void {
    if (now - newerSince < DEDUPLICATION_MS) return;
    older = newer;
    newer = new Map();
    newerSince = now;
  }

  return {
    get size() {
      return older.size + newer.size;
    },
    find(key, now) {
      const receipt = newer.get(key) ?? older.get(key);
      const isFresh = receipt !== undefined && now - receipt.sentAt < DEDUPLICATION_MS;
      return isFresh ? receipt : undefined;
    },
    remember(key, receipt) {
      turnOver(receipt.sentAt);
      newer.set(key, receipt);
    },
    values: () => [...older, ...newer],
  };
}
