// Sends a burst into an empty queue and follows its counts until nothing is left: how much was done
// within the promise. Who works it off is the fleet's own affair.
//
//     sent ──counts rise──▶ working ──nothing left for `settleMs`──▶ empty
//                              └────────── out of time ──────────────▶ left over

import { setTimeout as sleep } from 'node:timers/promises';
import { StartError } from '../start-error.ts';
import { countQueue, type OpenQueue, type QueueCounts } from './open-queue.ts';
import { sendMessages, type MessageTerms } from './send-messages.ts';

export interface DrainTerms extends MessageTerms {
  readonly promiseMs: number;
  /** The test ends then, whatever is left. */
  readonly waitMs: number;
  /** Counts of a standard queue are late by up to a minute: so long nothing must be left. */
  readonly settleMs: number;
  readonly everyMs: number;
  readonly isStopped: () => boolean;
  readonly tell: (elapsedMs: number, counts: QueueCounts) => void;
}

export interface DrainOutcome {
  readonly sent: number;
  readonly promiseSeconds: number;
  /** Done within the promise, as the counts tell. */
  readonly inTime: number;
  /** Neither done nor laid aside at the end. */
  readonly left: number;
  /** Laid aside by the queue's redrive policy during the test. */
  readonly dead: number;
  /** Of the last message, after the first was sent; null where some are left. */
  readonly emptyAfterSeconds: number | null;
}

/** Throws a `StartError` where the queue is not empty: nobody could tell the messages apart. */
export async function drainTest(queue: OpenQueue, terms: DrainTerms): Promise<DrainOutcome> {
  const before = await countQueue(queue);
  const there = countUnfinished(before);
  if (there > 0) {
    throw new StartError(
      `the queue ${queue.name} has ${there} messages; the test takes an empty queue`,
      1,
    );
  }
  const startedAt = performance.now();
  const sending = sendMessages(queue, terms, terms.isStopped);
  const progress = await follow(queue, terms, { before, startedAt, sending });
  const sent = await sending;
  const { emptyAt, atPromise, last } = progress;
  const dead = countNewDead(before, last);
  const left = emptyAt === null ? Math.min(sent, countUnfinished(last)) : 0;
  const isInTime = emptyAt !== null && emptyAt <= terms.promiseMs;
  const lateOrDead = isInTime ? dead : (atPromise ?? left + dead);
  return {
    sent,
    promiseSeconds: terms.promiseMs / 1000,
    inTime: Math.max(0, sent - lateOrDead),
    left,
    dead,
    emptyAfterSeconds: emptyAt === null ? null : emptyAt / 1000,
  };
}

interface Start {
  readonly before: QueueCounts;
  readonly startedAt: number;
  readonly sending: Promise<number>;
}

interface Progress {
  /** Since when nothing has been left; null where something is. */
  readonly emptyAt: number | null;
  /** Unfinished or laid aside at the first count after the promise. */
  readonly atPromise: number | null;
  readonly last: QueueCounts;
}

async function follow(
  queue: OpenQueue,
  { everyMs, isStopped, promiseMs, settleMs, tell, waitMs }: DrainTerms,
  { before, sending, startedAt }: Start,
): Promise<Progress> {
  const progress = { isSent: false, isFailed: false };
  // A failure is thrown where it is awaited, after the loop that it ends.
  void sending.then(
    () => (progress.isSent = true),
    () => (progress.isFailed = true),
  );
  let emptyAt: number | null = null;
  let atPromise: number | null = null;
  let last = before;
  for (;;) {
    await sleep(everyMs);
    const countedAt = performance.now() - startedAt;
    last = await countQueue(queue);
    tell(countedAt, last);
    const unfinished = countUnfinished(last);
    if (atPromise === null && countedAt >= promiseMs) {
      atPromise = unfinished + countNewDead(before, last);
    }
    const isEmpty = unfinished === 0 && progress.isSent;
    emptyAt = isEmpty ? (emptyAt ?? countedAt) : null;
    const isSettled = emptyAt !== null && countedAt - emptyAt >= settleMs;
    const isOver = isSettled || countedAt >= waitMs || progress.isFailed || isStopped();
    if (isOver) return { emptyAt, atPromise, last };
  }
}

function countUnfinished({ visible, inFlight, delayed }: QueueCounts): number {
  return visible + inFlight + delayed;
}

function countNewDead(before: QueueCounts, now: QueueCounts): number {
  return Math.max(0, (now.dead ?? 0) - (before.dead ?? 0));
}
