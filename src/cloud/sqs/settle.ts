// What a consumer does with a message it has received: DeleteMessage, ChangeMessageVisibility.

import { succeed } from '../fault.ts';
import type { Outcome } from '../fault.ts';
import type { EpochMs } from '../time.ts';
import { refuseFound, refuseReceiptHandle } from './faults.ts';
import type { Message } from './message.ts';
import type { Queue } from './queue.ts';
import { readReceiptHandle } from './receipt-handle.ts';
import { VISIBILITY_TIMEOUT_S_MAX } from './receive.ts';
import { advanceQueue, removeFromQueue, setTimeoutOf } from './transitions.ts';

/**
 * Deletes the message if the handle is that of its latest receive. "If you use an old
 * ReceiptHandle, the request will succeed, but the message might not be deleted" (`DeleteMessage`):
 * here it is not.
 */
export function deleteMessage(queue: Queue, handle: string, now: EpochMs): Outcome<true> {
  const found = findReceived(queue, handle);
  if (!found.ok) return found;
  const { message, isLatest } = found.value;
  if (queue.isFifo && message !== undefined && !(isLatest && message.state === 'in-flight')) {
    return refuseExpired(handle);
  }
  // "…for every successful deletion operation that uses a valid receipt handle, including
  // duplicate deletions" (NumberOfMessagesDeleted).
  queue.activity.deletedCount += 1;
  if (message !== undefined && isLatest) removeFromQueue(queue, message, now);
  return succeed(true);
}

/** The timeout counts from now on; 0 makes the message visible at once. */
export function changeVisibility(
  queue: Queue,
  handle: string,
  timeoutS: number,
  now: EpochMs,
): Outcome<true> {
  if (timeoutS < 0 || timeoutS > VISIBILITY_TIMEOUT_S_MAX) {
    const range = `between 0 and ${VISIBILITY_TIMEOUT_S_MAX}.`;
    const reason = `VisibilityTimeout must be an integer ${range}`;
    return refuseFound(timeoutS, 'VisibilityTimeout', reason);
  }
  const found = findReceived(queue, handle);
  if (!found.ok) return found;
  const { message, isLatest } = found.value;
  if (message === undefined || !isLatest) {
    const reason = 'Message does not exist or is not available for visibility timeout change.';
    return refuseFound(handle, 'ReceiptHandle', reason);
  }
  if (queue.isFifo && message.state !== 'in-flight') return refuseExpired(handle);
  const totalMs = now + timeoutS * 1000 - message.receivedAt;
  if (totalMs > VISIBILITY_TIMEOUT_S_MAX * 1000) {
    const limit = `beyond the limit [${VISIBILITY_TIMEOUT_S_MAX} seconds]`;
    const reason = `Total VisibilityTimeout for the message is ${limit}`;
    return refuseFound(timeoutS, 'VisibilityTimeout', reason);
  }
  if (message.state === 'visible' && timeoutS === 0) return succeed(true);
  setTimeoutOf(queue, message, timeoutS * 1000, now);
  advanceQueue(queue, now);
  return succeed(true);
}

interface Found {
  /** `undefined` when it is gone. */
  readonly message: Message | undefined;
  readonly isLatest: boolean;
}

function findReceived(queue: Queue, handle: string): Outcome<Found> {
  const receipt = readReceiptHandle(queue, handle);
  if (receipt === undefined) return refuseReceiptHandle(handle);
  const message = queue.messages.get(receipt.sequence);
  const isLatest = message?.receiveCountHere === receipt.receiveCountHere;
  return succeed({ message, isLatest });
}

function refuseExpired(handle: string): Outcome<never> {
  return refuseFound(handle, 'ReceiptHandle', 'The receipt handle has expired.');
}
