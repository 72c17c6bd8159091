// What happened to alarms, newest last. It outlives the alarms and is bounded in time and number.

import type { Deque } from '../../collections/deque.ts';
import type { EpochMs } from '../../time.ts';

export const HISTORY_TYPES = ['ConfigurationUpdate', 'StateUpdate', 'Action'] as const;
export type HistoryType = (typeof HISTORY_TYPES)[number];

export interface HistoryItem {
  readonly alarmName: string;
  readonly at: EpochMs;
  readonly type: HistoryType;
  readonly summary: string;
  /** JSON. */
  readonly data: string;
}

/** "CloudWatch preserves alarm history for 30 days" (Using Amazon CloudWatch alarms). */
const KEEP_MS = 30 * 24 * 60 * 60_000;
/** The oldest items go when there are more, whatever their age. */
export const HISTORY_ITEMS_MAX = 100_000;

/** Adds an item and drops those that are too old or too many. */
export function addHistory(history: Deque<HistoryItem>, item: HistoryItem): void {
  history.push(item);
  for (;;) {
    const oldest = history.peek();
    if (oldest === undefined) return;
    if (oldest.at > item.at - KEEP_MS && history.size <= HISTORY_ITEMS_MAX) return;
    history.shift();
  }
}
