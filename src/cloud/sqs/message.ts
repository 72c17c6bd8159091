// One message, and where it stands.

import type { EpochMs } from '../time.ts';

/*
 *              send                       receive
 *   (none) ──────────────▶ visible ─────────────────────▶ in-flight
 *      │                     ▲  ▲                             │ │
 *      │ send with delay     │  └── timeout, or made visible ─┘ │
 *      └────────▶ delayed ───┘                                  │
 *                 delay over                                    │ delete
 *                                                               ▼
 *   any state ── delete, purge, retention, move to the dead-letter queue ──▶ gone
 */
export type MessageState = 'visible' | 'in-flight' | 'delayed' | 'gone';

/** A user's attribute. Binary values are base64. */
export interface MessageAttribute {
  readonly dataType: string;
  readonly stringValue?: string | undefined;
  readonly binaryValue?: string | undefined;
}

/** What stays the same wherever the message is. */
export interface MessageContent {
  readonly id: string;
  readonly body: string;
  readonly attributes: ReadonlyMap<string, MessageAttribute>;
  readonly traceHeader?: string | undefined;
  /** Body and attributes in bytes. */
  readonly sizeBytes: number;
  readonly sentAt: EpochMs;
  readonly groupId?: string | undefined;
  readonly deduplicationId?: string | undefined;
  /** FIFO only: the 20-digit number that clients see. */
  readonly sequenceNumber?: string | undefined;
  /** ARN of the queue it came from by a redrive policy. */
  readonly sourceArn?: string | undefined;
}

export interface Message {
  readonly content: MessageContent;
  /** Unique in its queue, ascending in the order of arrival. */
  readonly sequence: number;
  /** When it came into this queue. */
  readonly enqueuedAt: EpochMs;
  state: MessageState;
  /** Its place in the line: lower comes first. */
  place: number;
  /** The end of the delay or of the visibility timeout. */
  dueAt: EpochMs;
  /** When it was last received; the receipt handle is of that time. */
  receivedAt: EpochMs;
  firstReceivedAt: EpochMs | undefined;
  /** "The number of times a message has been received across all queues". */
  receiveCount: number;
  /** In this queue: what redrive policies go by. */
  receiveCountHere: number;
  /** Places in the heaps of its queue; -1: not in it. */
  timerIndex: number;
  lineIndex: number;
  ageIndex: number;
}

/** A message that is visible and in no heap yet. */
export function createMessage(
  content: MessageContent,
  sequence: number,
  enqueuedAt: EpochMs,
): Message {
  return {
    content,
    sequence,
    enqueuedAt,
    state: 'visible',
    place: sequence,
    dueAt: enqueuedAt,
    receivedAt: 0,
    firstReceivedAt: undefined,
    receiveCount: 0,
    receiveCountHere: 0,
    timerIndex: -1,
    lineIndex: -1,
    ageIndex: -1,
  };
}
