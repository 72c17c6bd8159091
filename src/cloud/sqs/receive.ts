// ReceiveMessage: which messages are handed out, and where those go that were handed out too often.

import { succeed } from '../fault.ts';
import type { Outcome } from '../fault.ts';
import type { EpochMs } from '../time.ts';
import { refuseFound, refuseOverLimit } from './faults.ts';
import type { Message, MessageContent } from './message.ts';
import type { Queue } from './queue.ts';
import { writeReceiptHandle } from './receipt-handle.ts';
import { findQueueByArn, queueArn } from './sqs.ts';
import type { Sqs } from './sqs.ts';
import { advanceQueue, enterQueue, removeTaken, takeFromQueue } from './transitions.ts';

export interface ReceiveRequest {
  /** 1–10; 1 when left out. */
  readonly countMax?: number | undefined;
  /** Seconds, 0–43,200; the queue's own when left out. */
  readonly visibilityTimeoutS?: number | undefined;
  /** Seconds, 0–20; the queue's own when left out. */
  readonly waitS?: number | undefined;
}

/** A message as it was handed out: it stays so, whatever becomes of the message. */
export interface ReceivedMessage {
  readonly content: MessageContent;
  readonly receiptHandle: string;
  readonly receiveCount: number;
  readonly firstReceivedAt: EpochMs;
}

/** "A maximum of approximately 120,000 in flight messages" (`ChangeMessageVisibility`). */
export const IN_FLIGHT_MAX = 120_000;
const COUNT_MAX = 10;
const WAIT_S_MAX = 20;
export const VISIBILITY_TIMEOUT_S_MAX = 43_200;

/** Whether the request is well formed, and how long an empty answer may be waited with. */
export function checkReceive(queue: Queue, request: ReceiveRequest): Outcome<number> {
  const { countMax = 1, visibilityTimeoutS = 0, waitS = 0 } = request;
  if (countMax < 1 || countMax > COUNT_MAX) {
    const reason = `Must be between 1 and ${COUNT_MAX}, if provided.`;
    return refuseFound(countMax, 'MaxNumberOfMessages', reason);
  }
  if (visibilityTimeoutS < 0 || visibilityTimeoutS > VISIBILITY_TIMEOUT_S_MAX) {
    const reason = `Must be >= 0 and <= ${VISIBILITY_TIMEOUT_S_MAX}, if provided.`;
    return refuseFound(visibilityTimeoutS, 'VisibilityTimeout', reason);
  }
  if (waitS < 0 || waitS > WAIT_S_MAX) {
    const reason = `Must be >= 0 and <= ${WAIT_S_MAX}, if provided.`;
    return refuseFound(waitS, 'WaitTimeSeconds', reason);
  }
  return succeed(request.waitS === undefined ? queue.settings.receiveWaitMs : waitS * 1000);
}

/** What there is now; the request has been checked. Empty: nothing yet. */
export function receiveMessages(
  sqs: Sqs,
  queue: Queue,
  request: ReceiveRequest,
  now: EpochMs,
): readonly ReceivedMessage[] {
  const { countMax = 1, visibilityTimeoutS } = request;
  const room = Math.min(countMax, IN_FLIGHT_MAX - queue.counts.inFlight);
  const timeoutMs =
    visibilityTimeoutS === undefined
      ? queue.settings.visibilityTimeoutMs
      : visibilityTimeoutS * 1000;
  const deadLetter = createRedrive(sqs, queue, now);
  const taken = takeFromQueue(queue, { count: room, timeoutMs, deadLetter }, now);
  queue.activity.receivedCount += taken.length;
  return taken.map((message) => ({
    content: message.content,
    receiptHandle: writeReceiptHandle(queue, message),
    receiveCount: message.receiveCount,
    firstReceivedAt: message.firstReceivedAt ?? now,
  }));
}

/**
 * The answer to a call that got nothing. "If you reach this limit, Amazon SQS returns the OverLimit
 * error message": on a standard queue, to a call that does not wait.
 */
export function answerEmpty(queue: Queue, waitMs: number): Outcome<readonly ReceivedMessage[]> {
  const isFull = queue.counts.inFlight >= IN_FLIGHT_MAX;
  if (isFull && !queue.isFifo && waitMs === 0) {
    return refuseOverLimit('Too many messages are in flight in the queue.');
  }
  queue.activity.emptyReceiveCount += 1;
  return succeed([]);
}

/** Moves a message to the dead-letter queue when it is its turn and it has been received enough. */
function createRedrive(sqs: Sqs, queue: Queue, now: EpochMs): (message: Message) => boolean {
  const policy = queue.settings.redrivePolicy;
  const target = policy && findQueueByArn(sqs, policy.targetArn);
  if (policy === undefined || target === undefined || target === queue) return () => false;
  return (message) => {
    if (message.receiveCountHere < policy.maxReceiveCount) return false;
    removeTaken(queue, message, now);
    advanceQueue(target, now);
    const content = { ...message.content, sourceArn: queueArn(sqs, queue.name) };
    const moved = enterQueue(target, content, 0, now);
    moved.receiveCount = message.receiveCount;
    moved.firstReceivedAt = message.firstReceivedAt;
    return true;
  };
}
