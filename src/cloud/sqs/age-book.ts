// Which message of a queue is the oldest: what retention and the age metric go by.

import { createDeque } from '../collections/deque.ts';
import { createHeap, peekHeap, pushToHeap, removeFromHeap } from '../collections/indexed-heap.ts';
import type { HeapOrder } from '../collections/indexed-heap.ts';
import type { EpochMs } from '../time.ts';
import type { Message } from './message.ts';

/**
 * Messages that were received often are kept apart. "After a message is received three times (or
 * more) and not processed, the message is moved to the back of the queue and the
 * ApproximateAgeOfOldestMessage metric points at the second-oldest message that hasn't been
 * received more than three times" (Available CloudWatch metrics for Amazon SQS).
 */
export interface AgeBook {
  add(message: Message): void;
  /** A message in the book, which is about to go or to be received once more. */
  remove(message: Message): void;
  /** Of those that have not been received often. */
  oldestFresh(): Message | undefined;
  /** Of those that have been received often. */
  oldestTired(): Message | undefined;
}

export const TIRED_RECEIVE_COUNT = 3;
/** Removed messages are cleared out once they are so many, and more than those that are left. */
const CLEAR_AT = 1024;

/**
 * From when a message's retention counts. It moves to a dead-letter queue with its age, but in a
 * FIFO queue, where "the enqueue timestamp resets" (Using dead-letter queues).
 */
export function retentionStart(message: Message, isFifo: boolean): EpochMs {
  return isFifo ? message.enqueuedAt : message.content.sentAt;
}

/** An empty book. `isFifo` decides from when ages count. */
export function createAgeBook(isFifo: boolean): AgeBook {
  const bornAt = (message: Message): EpochMs => retentionStart(message, isFifo);
  const order: HeapOrder<Message> = {
    isBefore(a, b) {
      return bornAt(a) < bornAt(b) || (bornAt(a) === bornAt(b) && a.sequence < b.sequence);
    },
    getIndex: (message) => message.ageIndex,
    setIndex(message, index) {
      message.ageIndex = index;
    },
  };
  // Nearly all messages come in the order of their age: they need no heap. Those that do not come
  // from another queue by its redrive policy.
  let inOrder = createDeque<Message>();
  let inOrderCount = 0;
  let lastBornAt = Number.NEGATIVE_INFINITY;
  const outOfOrder = createHeap(order);
  const tired = createHeap(order);

  function isInOrder(message: Message): boolean {
    return message.ageIndex === IN_ORDER;
  }

  function clearOut(): void {
    const removedCount = inOrder.size - inOrderCount;
    if (removedCount >= CLEAR_AT && removedCount > inOrderCount) {
      inOrder = createDeque(inOrder.values().filter(isInOrder));
    }
  }

  return {
    add(message) {
      if (message.receiveCountHere > TIRED_RECEIVE_COUNT) pushToHeap(tired, message);
      else if (bornAt(message) < lastBornAt) pushToHeap(outOfOrder, message);
      else {
        lastBornAt = bornAt(message);
        message.ageIndex = IN_ORDER;
        inOrder.push(message);
        inOrderCount += 1;
      }
    },
    remove(message) {
      if (isInOrder(message)) {
        message.ageIndex = -1;
        inOrderCount -= 1;
        clearOut();
      } else if (message.receiveCountHere > TIRED_RECEIVE_COUNT) removeFromHeap(tired, message);
      else removeFromHeap(outOfOrder, message);
    },
    oldestFresh() {
      let first = inOrder.peek();
      while (first !== undefined && !isInOrder(first)) {
        inOrder.shift();
        first = inOrder.peek();
      }
      const other = peekHeap(outOfOrder);
      if (first === undefined || other === undefined) return first ?? other;
      return bornAt(other) < bornAt(first) ? other : first;
    },
    oldestTired: () => peekHeap(tired),
  };
}

/** Stands for a place in the deque, where a message need not know which. */
const IN_ORDER = -2;
