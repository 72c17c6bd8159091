// When the messages that wait were sent, and how many come a second: estimated from counts of a queue
// and the messages finished between them. A queue tells neither.

import { waitingMax, type WaitingMessages } from './queue-reading.ts';

/**
 * "It may take up to a minute until … metrics settle": what appears within this of the beginning of a
 * sudden rise is taken for sent at its beginning, for a promise is kept by the older of two guesses.
 */
const settleMs = 60_000;
/** Of what comes in one count, so many times the expected is steady; the rest is a burst. */
const steadyRatio = 2;
const steadyMin = 1;
/** A rise that goes on for so many counts is one that settles. */
const settlingCountsMin = 3;
/** Arrivals are averaged over about this, and their trend over three times it. */
const averagedMs = 180_000;
const trendMs = 3 * averagedMs;
/** Arrivals of one step are kept together. */
const stepMs = 5000;
/** Older ones are taken for as old as the oldest kept. */
export const stepsMax = 720;

interface Arrived {
  at: number;
  messages: number;
}

/** Only this file changes it. */
export interface ArrivalEstimate {
  /** The oldest first. */
  readonly arrived: Arrived[];
  perSecond: number;
  /** The same, averaged for longer. */
  slowPerSecond: number;
  /** When the last sudden rise began; counts in a row that showed it, and what they brought. */
  riseFrom: number | null;
  riseCounts: number;
  risen: number;
  lastAt: number | null;
  lastUnfinished: number;
}

export function createArrivalEstimate(): ArrivalEstimate {
  return {
    arrived: [],
    perSecond: 0,
    slowPerSecond: 0,
    riseFrom: null,
    riseCounts: 0,
    risen: 0,
    lastAt: null,
    lastUnfinished: 0,
  };
}

/** Takes in a count of visible and unfinished messages, and how many were finished since the last. */
export function noteCounts(
  estimate: ArrivalEstimate,
  counts: {
    readonly at: number;
    readonly visible: number;
    readonly unfinished: number;
    readonly finished: number;
  },
): void {
  const { at, unfinished, finished, visible } = counts;
  const { lastAt } = estimate;
  const came = Math.max(0, unfinished - estimate.lastUnfinished + finished);
  estimate.lastAt = at;
  estimate.lastUnfinished = unfinished;
  if (lastAt === null || at <= lastAt) {
    // What was there before the first count came at some time unknown: now.
    if (lastAt === null && came > 0) book(estimate, at, came);
    estimate.riseFrom = came > 0 ? at : estimate.riseFrom;
  } else {
    learnRate(estimate, came, at - lastAt);
    bookArrivals(estimate, came, { at, lastAt });
  }
  trim(estimate, visible, at);
}

function bookArrivals(
  estimate: ArrivalEstimate,
  came: number,
  { at, lastAt }: { readonly at: number; readonly lastAt: number },
): void {
  const seconds = (at - lastAt) / 1000;
  const burst = came - Math.max(steadyMin, steadyRatio * estimate.perSecond * seconds);
  const { riseFrom } = estimate;
  const isRising = riseFrom !== null && at - riseFrom <= settleMs;
  const isBurst = burst > steadyMin;
  if (isBurst && !isRising) {
    estimate.riseFrom = lastAt;
    estimate.risen = 0;
  }
  estimate.riseCounts = isBurst ? estimate.riseCounts + 1 : 0;
  if (isBurst) estimate.risen += came;
  // Between two counts they came at any time: at the earlier one, to be safe.
  const since = isBurst || isRising ? Math.min(lastAt, estimate.riseFrom ?? lastAt) : lastAt;
  if (came > 0) book(estimate, since, came);
}

/**
 * What a rise will still show, if the counts are settling: as much again each second, and no more than
 * it has shown; 0 until it has gone on for some counts. It is as old as the rise.
 */
export function expectSettling(estimate: ArrivalEstimate, now: number): WaitingMessages | null {
  const { riseFrom, riseCounts, risen, lastAt } = estimate;
  if (riseFrom === null || lastAt === null || riseCounts < settlingCountsMin) return null;
  const leftMs = riseFrom + settleMs - lastAt;
  if (leftMs <= 0) return null;
  const messages = Math.min(risen, (risen * leftMs) / Math.max(1, lastAt - riseFrom));
  return { ageMs: Math.max(0, now - riseFrom), messages };
}

function learnRate(estimate: ArrivalEstimate, came: number, elapsedMs: number): void {
  const seconds = elapsedMs / 1000;
  const most = Math.max(steadyMin, steadyRatio * estimate.perSecond * seconds);
  const steady = Math.min(came, most) / seconds;
  estimate.perSecond += (steady - estimate.perSecond) * Math.min(1, elapsedMs / averagedMs);
  const towards = estimate.perSecond - estimate.slowPerSecond;
  estimate.slowPerSecond += towards * Math.min(1, elapsedMs / trendMs);
}

function book({ arrived }: ArrivalEstimate, at: number, messages: number): void {
  const step = Math.floor(at / stepMs) * stepMs;
  let index = arrived.length;
  while (index > 0 && (arrived[index - 1]?.at ?? 0) > step) index -= 1;
  const before = arrived[index - 1];
  if (before !== undefined && before.at === step) before.messages += messages;
  else arrived.splice(index, 0, { at: step, messages });
}

/** First come, first served: the visible ones are the newest; what is older is being worked on. */
function trim({ arrived }: ArrivalEstimate, visible: number, at: number): void {
  let surplus = -visible;
  for (const { messages } of arrived) surplus += messages;
  while (surplus > 0 && arrived.length > 0) {
    const oldest = arrived[0];
    if (oldest === undefined) break;
    const taken = Math.min(oldest.messages, surplus);
    oldest.messages -= taken;
    surplus -= taken;
    if (oldest.messages <= 1e-9) arrived.shift();
  }
  // More than is known of: returned, failed or weighted ones. They are as old as the oldest.
  const [oldest] = arrived;
  if (surplus < -1e-9) {
    if (oldest !== undefined) oldest.messages -= surplus;
    else arrived.push({ at: Math.floor(at / stepMs) * stepMs, messages: -surplus });
  }
  while (arrived.length > stepsMax) {
    const [first, second] = arrived;
    if (first !== undefined && second !== undefined) second.messages += first.messages;
    arrived.shift();
  }
}

/** By how much the arrivals per second change each second. */
export function trendOf({ perSecond, slowPerSecond }: ArrivalEstimate): number {
  return ((perSecond - slowPerSecond) * 1000) / trendMs;
}

/** The waiting ones by age, the oldest first; neighbours together, aged as the older one. */
export function listWaiting({ arrived }: ArrivalEstimate, now: number): readonly WaitingMessages[] {
  const together = Math.ceil(arrived.length / waitingMax);
  const waiting: WaitingMessages[] = [];
  for (let first = 0; first < arrived.length; first += together) {
    const some = arrived.slice(first, first + together);
    const messages = some.reduce((sum, one) => sum + one.messages, 0);
    if (messages > 0) waiting.push({ ageMs: Math.max(0, now - (some[0]?.at ?? now)), messages });
  }
  return waiting;
}
