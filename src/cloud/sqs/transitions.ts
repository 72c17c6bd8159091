// Every change of a message's state: the only code that changes one, so that counts, timers, ages
// and the line always agree.

import {
  clearHeap,
  peekHeap,
  popFromHeap,
  pushToHeap,
  removeFromHeap,
  updateInHeap,
} from '../collections/indexed-heap.ts';
import type { EpochMs } from '../time.ts';
import { createAgeBook, retentionStart, TIRED_RECEIVE_COUNT } from './age-book.ts';
import { settleCounts } from './approximate-counts.ts';
import { createFifoLine } from './fifo-line.ts';
import { createStandardLine } from './line.ts';
import { createMessage } from './message.ts';
import type { Message, MessageContent } from './message.ts';
import type { Queue } from './queue.ts';

/** A new message, hidden for `delayMs`. */
export function enterQueue(
  queue: Queue,
  content: MessageContent,
  delayMs: number,
  now: EpochMs,
): Message {
  settleCounts(queue.approximate, queue.counts, queue.settling, now);
  const message = createMessage(content, queue.nextSequence, now);
  queue.nextSequence += 1;
  queue.messages.set(message.sequence, message);
  queue.ages.add(message);
  if (delayMs > 0) {
    message.state = 'delayed';
    message.dueAt = now + delayMs;
    pushToHeap(queue.timers, message);
    queue.counts.delayed += 1;
  } else queue.counts.visible += 1;
  queue.line.enter(message);
  return message;
}

export interface Taking {
  readonly count: number;
  readonly timeoutMs: number;
  /** Moves a message to the dead-letter queue if it has to, and says whether it has. */
  deadLetter(message: Message): boolean;
}

/** Takes up to `count` messages and puts them in flight until `now + timeoutMs`. */
export function takeFromQueue(
  queue: Queue,
  { count, timeoutMs, deadLetter }: Taking,
  now: EpochMs,
): Message[] {
  settleCounts(queue.approximate, queue.counts, queue.settling, now);
  const taken = queue.line.take(count, (message) => !deadLetter(message));
  for (const message of taken) putInFlight(queue, message, timeoutMs, now);
  return taken;
}

function putInFlight(queue: Queue, message: Message, timeoutMs: number, now: EpochMs): void {
  message.state = 'in-flight';
  message.dueAt = now + timeoutMs;
  message.receivedAt = now;
  message.firstReceivedAt ??= now;
  const isTiring = message.receiveCountHere === TIRED_RECEIVE_COUNT;
  if (isTiring) queue.ages.remove(message);
  message.receiveCount += 1;
  message.receiveCountHere += 1;
  if (isTiring) queue.ages.add(message);
  pushToHeap(queue.timers, message);
  queue.counts.visible -= 1;
  queue.counts.inFlight += 1;
}

/** Starts the visibility timeout of a received message anew, in flight or not. */
export function setTimeoutOf(
  queue: Queue,
  message: Message,
  timeoutMs: number,
  now: EpochMs,
): void {
  settleCounts(queue.approximate, queue.counts, queue.settling, now);
  message.dueAt = now + timeoutMs;
  if (message.state === 'in-flight') {
    updateInHeap(queue.timers, message);
    return;
  }
  message.state = 'in-flight';
  queue.line.hide(message);
  pushToHeap(queue.timers, message);
  queue.counts.visible -= 1;
  queue.counts.inFlight += 1;
}

/** Takes a message out for good, whatever its state. */
export function removeFromQueue(queue: Queue, message: Message, now: EpochMs): void {
  const wasInFlight = message.state === 'in-flight';
  forget(queue, message, now);
  queue.line.leave(message, wasInFlight);
}

/** As `removeFromQueue`, for a visible message that the line has just given out. */
export function removeTaken(queue: Queue, message: Message, now: EpochMs): void {
  forget(queue, message, now);
}

function forget(queue: Queue, message: Message, now: EpochMs): void {
  settleCounts(queue.approximate, queue.counts, queue.settling, now);
  if (message.state === 'visible') queue.counts.visible -= 1;
  else if (message.state === 'in-flight') queue.counts.inFlight -= 1;
  else if (message.state === 'delayed') queue.counts.delayed -= 1;
  message.state = 'gone';
  queue.messages.delete(message.sequence);
  removeFromHeap(queue.timers, message);
  queue.ages.remove(message);
}

/** Empties the queue and returns how many messages it had. */
export function purgeMessages(queue: Queue, now: EpochMs): number {
  settleCounts(queue.approximate, queue.counts, queue.settling, now);
  const count = queue.messages.size;
  for (const message of queue.messages.values()) message.state = 'gone';
  queue.messages.clear();
  clearHeap(queue.timers);
  queue.ages = createAgeBook(queue.isFifo);
  queue.line = queue.isFifo ? createFifoLine() : createStandardLine();
  Object.assign(queue.counts, { visible: 0, inFlight: 0, delayed: 0 });
  return count;
}

/** Ends delays, timeouts and retentions that are over at `now`. */
export function advanceQueue(queue: Queue, now: EpochMs): void {
  for (;;) {
    const message = peekHeap(queue.timers);
    if (message === undefined || message.dueAt > now) break;
    settleCounts(queue.approximate, queue.counts, queue.settling, message.dueAt);
    popFromHeap(queue.timers);
    reappear(queue, message);
  }
  expire(queue, () => queue.ages.oldestFresh(), now);
  expire(queue, () => queue.ages.oldestTired(), now);
}

function expire(queue: Queue, findOldest: () => Message | undefined, now: EpochMs): void {
  for (;;) {
    const oldest = findOldest();
    if (oldest === undefined) return;
    const endsAt = retentionStart(oldest, queue.isFifo) + queue.settings.retentionMs;
    if (endsAt > now) return;
    removeFromQueue(queue, oldest, endsAt);
  }
}

function reappear(queue: Queue, message: Message): void {
  const wasDelayed = message.state === 'delayed';
  message.state = 'visible';
  queue.counts.visible += 1;
  if (wasDelayed) {
    queue.counts.delayed -= 1;
    queue.line.wake(message);
    return;
  }
  queue.counts.inFlight -= 1;
  const isTired = message.receiveCountHere >= TIRED_RECEIVE_COUNT;
  if (isTired && !queue.isFifo) {
    message.place = queue.nextSequence;
    queue.nextSequence += 1;
  }
  queue.line.giveBack(message);
}

/** When a message appears by itself; `undefined` when none is hidden. */
export function nextAppearanceAt(queue: Queue): EpochMs | undefined {
  return peekHeap(queue.timers)?.dueAt;
}

/** How old the oldest message is. Those received often count only if there are no others. */
export function oldestAgeMs(queue: Queue, now: EpochMs): number {
  const oldest = queue.ages.oldestFresh() ?? queue.ages.oldestTired();
  return oldest === undefined ? 0 : now - oldest.enqueuedAt;
}

/** Puts one of a restored queue's messages where its state says it is. */
export function restoreMessage(queue: Queue, message: Message): void {
  queue.ages.add(message);
  if (message.state !== 'visible') pushToHeap(queue.timers, message);
  if (message.state === 'in-flight') {
    queue.counts.inFlight += 1;
    queue.line.holdBack(message);
    return;
  }
  if (message.state === 'visible') queue.counts.visible += 1;
  else queue.counts.delayed += 1;
  queue.line.enter(message);
}
