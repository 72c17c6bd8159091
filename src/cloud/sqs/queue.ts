// One queue: its settings, its messages and the orders they stand in. What happens to the messages
// is in transitions.ts.

import { createHeap } from '../collections/indexed-heap.ts';
import type { HeapOrder, IndexedHeap } from '../collections/indexed-heap.ts';
import type { EpochMs } from '../time.ts';
import { createAgeBook } from './age-book.ts';
import type { AgeBook } from './age-book.ts';
import { createApproximateCounts } from './approximate-counts.ts';
import type { ApproximateCounts, MessageCounts, Settling } from './approximate-counts.ts';
import { createDeduplication } from './deduplication.ts';
import type { Deduplication } from './deduplication.ts';
import { createFifoLine } from './fifo-line.ts';
import { createStandardLine } from './line.ts';
import type { Line } from './line.ts';
import type { Message } from './message.ts';
import { settingsOf } from './queue-attributes.ts';
import type { AttributeTexts, QueueSettings } from './queue-attributes.ts';
import { createActivity } from './queue-activity.ts';
import type { QueueActivity } from './queue-activity.ts';

export interface Queue {
  readonly name: string;
  readonly isFifo: boolean;
  /** Tells the receipt handles of this queue from those of one that had its name before. */
  readonly serial: number;
  readonly createdAt: EpochMs;
  modifiedAt: EpochMs;
  purgedAt: EpochMs | undefined;
  attributes: AttributeTexts;
  settings: QueueSettings;
  tags: ReadonlyMap<string, string>;
  /** By sequence. */
  readonly messages: Map<number, Message>;
  line: Line;
  /** Delayed messages and those in flight, by when that ends. */
  readonly timers: IndexedHeap<Message>;
  ages: AgeBook;
  readonly counts: MessageCounts;
  readonly approximate: ApproximateCounts;
  readonly settling: Settling;
  readonly deduplication: Deduplication;
  readonly activity: QueueActivity;
  /** What the ids of its messages start with. */
  readonly idPrefix: string;
  nextSequence: number;
}

export interface QueueSetup {
  readonly name: string;
  readonly serial: number;
  readonly attributes: AttributeTexts;
  readonly idPrefix: string;
  readonly settling: Settling;
}

/** An empty queue; its redrive policy is put into force afterwards. */
export function createQueue(setup: QueueSetup, now: EpochMs): Queue {
  const isFifo = setup.attributes.get('FifoQueue') === 'true';
  return {
    ...setup,
    isFifo,
    createdAt: now,
    modifiedAt: now,
    purgedAt: undefined,
    settings: settingsOf(setup.attributes, undefined),
    tags: new Map(),
    messages: new Map(),
    line: isFifo ? createFifoLine() : createStandardLine(),
    timers: createHeap(TIMER_ORDER),
    ages: createAgeBook(isFifo),
    counts: { visible: 0, inFlight: 0, delayed: 0 },
    approximate: createApproximateCounts(now),
    // "For FIFO queues, the result is exact" (Available CloudWatch metrics for Amazon SQS).
    settling: isFifo ? { ...setup.settling, settleMs: 0 } : setup.settling,
    deduplication: createDeduplication(),
    activity: createActivity(now),
    nextSequence: 1,
  };
}

const TIMER_ORDER: HeapOrder<Message> = {
  isBefore: (a, b) => a.dueAt < b.dueAt || (a.dueAt === b.dueAt && a.sequence < b.sequence),
  getIndex: (message) => message.timerIndex,
  setIndex(message, index) {
    message.timerIndex = index;
  },
};
