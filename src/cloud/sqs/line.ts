// The order in which a queue's messages are handed out. Two kinds: standard and FIFO.

import { createDeque } from '../collections/deque.ts';
import {
  createHeap,
  peekHeap,
  popFromHeap,
  pushToHeap,
  removeFromHeap,
} from '../collections/indexed-heap.ts';
import type { HeapOrder, IndexedHeap } from '../collections/indexed-heap.ts';
import type { Message } from './message.ts';

/** Whoever calls has set the message's state before. */
export interface Line {
  /** A message has come into the queue, visible or delayed. */
  enter(message: Message): void;
  /** A delayed message has become visible. */
  wake(message: Message): void;
  /** A message in flight has become visible again. */
  giveBack(message: Message): void;
  /** A message has left the queue for good; `wasInFlight` says from where. */
  leave(message: Message, wasInFlight: boolean): void;
  /** A visible message was hidden again without being received. */
  hide(message: Message): void;
  /** A message that is in flight was brought back with a restored queue. */
  holdBack(message: Message): void;
  /**
   * Takes up to `count` visible messages out of the line. Those that `accept` turns down do not
   * count: `accept` has taken them out of the queue itself.
   */
  take(count: number, accept: (message: Message) => boolean): Message[];
}

/** By place in the line. */
const PLACE_ORDER: HeapOrder<Message> = {
  isBefore: (a, b) => a.place < b.place,
  getIndex: (message) => message.lineIndex,
  setIndex(message, index) {
    message.lineIndex = index;
  },
};

/** An empty heap of messages. */
export function createPlaceHeap(): IndexedHeap<Message> {
  return createHeap(PLACE_ORDER);
}

/**
 * Best effort by age: fresh messages in the order of their arrival, and those that came back in
 * their old places between them.
 */
export function createStandardLine(): Line {
  // Most messages are received once: they never cost more than a push and a shift.
  const fresh = createDeque<Message>();
  let lastFreshPlace = -1;
  const returned = createPlaceHeap();

  function add(message: Message): void {
    if (message.place > lastFreshPlace) {
      lastFreshPlace = message.place;
      fresh.push(message);
    } else pushToHeap(returned, message);
  }

  /** The next in line; messages that left from within the line are dropped on the way. */
  function next(): Message | undefined {
    for (;;) {
      const head = fresh.peek();
      const other = peekHeap(returned);
      if (head !== undefined && !isInPlace(head)) {
        fresh.shift();
        continue;
      }
      if (head === undefined || (other !== undefined && other.place < head.place)) {
        return popFromHeap(returned);
      }
      return fresh.shift();
    }
  }

  /** Whether a message of the fresh ones still stands there, and not among those that returned. */
  function isInPlace(message: Message): boolean {
    return message.state === 'visible' && message.lineIndex < 0;
  }

  return {
    enter(message) {
      if (message.state === 'visible') add(message);
    },
    wake: add,
    giveBack: add,
    leave(message) {
      removeFromHeap(returned, message);
      // A queue that nobody reads must not keep what has expired.
      for (let head = fresh.peek(); head?.state === 'gone'; head = fresh.peek()) fresh.shift();
    },
    hide(message) {
      removeFromHeap(returned, message);
    },
    holdBack() {},
    take(count, accept) {
      const taken: Message[] = [];
      while (taken.length < count) {
        const message = next();
        if (message === undefined) break;
        if (accept(message)) taken.push(message);
      }
      return taken;
    },
  };
}
