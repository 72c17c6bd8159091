// The size that keeps a latency promise: every message that waits, and those that will come, must be
// begun early enough to be done in time. Whole messages are counted, not work: a worker that comes up
// 130 s before the end of a promise begins with five messages of 25 s, and no more.

import type { QueueReading } from '../../queue/queue-reading.ts';

export interface PromiseTerms {
  /** From the sending of a message to its deletion. > 0. */
  readonly promiseMs: number;
  /** Messages that an instance works on at a time. Whole, ≥ 1. */
  readonly workersPerInstance: number;
}

export interface PromisedSize {
  /** What has to be there, with launches made now. Whole, ≥ 0; no bound but the number of messages. */
  readonly add: number;
  /** What is worth keeping where it is there. ≥ what the waiting messages need. */
  readonly keep: number;
  /** The most that message groups leave work for, where that is less than was needed; else null. */
  readonly cap: number | null;
  /** Messages that wait and can no longer be done in time, however many instances are launched. */
  readonly hopeless: number;
}

/** From one count of the queue to the next, and from a decision to its effect. */
const reactionMs = 5000;
/** Of workers somewhere within a message the count is a mean: so little is none missing. */
const roundingMessages = 0.5;
/** Where no launch would be in time: messages expected within one that an instance is kept for. */
const rareArrivals = 0.01;
/** How far arrivals are looked ahead, in promises, and at how many moments. */
const aheadPromises = 2;
const aheadSteps = 8;
/** z of the square-root rule for what is kept: ρ + z·√(ρ(1+c²)/2) (Halfin and Whitt 1981). */
const steadySafety = 0.5;
/** What is too late already is caught up with within this share of the promise. */
const catchUpRatio = 0.25;

/** What must have been begun by a moment. */
interface Due {
  /** From now, by which the last of them must be begun. */
  readonly byMs: number;
  /** All that must have been begun by then. */
  readonly messages: number;
}

/** For the instances in service and on their way, which are as many as the group has asked for. */
export function sizeForPromise(
  reading: QueueReading,
  terms: PromiseTerms,
  nowMs: number,
): PromisedSize {
  return sizeForArrivals(
    isWorthWaiting(reading, terms) ? reading : withoutArrivals(reading),
    terms,
    nowMs,
  );
}

/**
 * Whether the next message is expected sooner than a launch takes, or could not wait for one: else an
 * idle instance costs more than the launch that it saves.
 */
function isWorthWaiting(
  { arrivalsPerSecond, leadMs, durations }: QueueReading,
  { promiseMs }: PromiseTerms,
): boolean {
  const isWakeInTime = leadMs + reactionMs + findLong(durations) <= promiseMs;
  return (arrivalsPerSecond * leadMs) / 1000 >= (isWakeInTime ? 1 : rareArrivals);
}

function withoutArrivals(reading: QueueReading): QueueReading {
  return { ...reading, arrivalsPerSecond: 0, trendPerSecond: 0 };
}

function findLong({ meanMs, p95Ms }: QueueReading['durations']): number {
  return Math.max(meanMs, p95Ms);
}

function sizeForArrivals(reading: QueueReading, terms: PromiseTerms, nowMs: number): PromisedSize {
  const plan = layPlan(reading, terms, nowMs);
  const { workersPerInstance } = terms;
  const there = reading.inService + countLaunching(reading);
  let missing = 0;
  for (const due of plan.dues) {
    const lacking = due.messages - plan.starts(there, due.byMs);
    const each = plan.newStarts(due.byMs) * workersPerInstance;
    if (lacking <= roundingMessages || each === 0) continue;
    missing = Math.max(missing, Math.ceil(lacking / each - 1e-6));
  }
  const needed = missing > 0 ? there : findFewest(plan, there);
  const cap = messageGroupCap(reading, workersPerInstance);
  const steady = Math.ceil(findSteady(reading) / workersPerInstance - 1e-6);
  const busy = Math.ceil(reading.inFlight / workersPerInstance);
  const add = missing > 0 ? there + missing : needed;
  const keep = Math.max(needed, steady, busy);
  return {
    add: Math.min(cap, add),
    keep: Math.min(cap, keep),
    cap: Math.max(add, keep) > cap ? cap : null,
    hopeless: plan.hopeless,
  };
}

/**
 * The fewest of the instances there are that surely begin everything in time; all where not even they
 * do. More sure than when launching, so that no instance is ended that is missed a count later.
 */
function findFewest(plan: Plan, there: number): number {
  let low = 0;
  let high = there;
  while (low < high) {
    const size = Math.floor((low + high) / 2);
    const suffices = plan.dues.every(({ byMs, messages }) => {
      return plan.sureStarts(size, byMs) >= messages;
    });
    if (suffices) high = size;
    else low = size + 1;
  }
  return high;
}

interface Plan {
  readonly dues: readonly Due[];
  readonly hopeless: number;
  /** Messages begun by then by so many of the instances there are and on their way: soonest first. */
  readonly starts: (size: number, byMs: number) => number;
  /** The same, with every instance in service somewhere within a message. */
  readonly sureStarts: (size: number, byMs: number) => number;
  /** By one worker that is launched now. */
  readonly newStarts: (byMs: number) => number;
}

function layPlan(reading: QueueReading, terms: PromiseTerms, nowMs: number): Plan {
  const { durations, leadMs, inService, launching, inFlight } = reading;
  const { workersPerInstance } = terms;
  const meanMs = Math.max(1, durations.meanMs);
  const readyMs = leadMs + reactionMs;
  const startsFrom = (fromMs: number, byMs: number): number =>
    byMs < fromMs ? 0 : Math.floor((byMs - fromMs) / meanMs + 1e-6) + 1;
  const startsOf = (size: number, byMs: number, atWork: number): number => {
    const workers = Math.min(size, inService) * workersPerInstance;
    const busy = Math.min(workers, atWork);
    // Busy workers are somewhere within a message: (τ − phase)/mean + 1, over all phases, is τ/mean.
    let begun = (busy * Math.max(0, byMs)) / meanMs + (workers - busy) * startsFrom(0, byMs);
    let left = size - inService;
    for (const { readyInMs, instances } of launching) {
      if (left <= 0) break;
      begun += Math.min(left, instances) * workersPerInstance * startsFrom(readyInMs, byMs);
      left -= instances;
    }
    return begun;
  };
  const newStarts = (byMs: number): number => startsFrom(readyMs, byMs);
  return {
    ...listDues(reading, terms, nowMs),
    starts: (size, byMs) => startsOf(size, byMs, inFlight),
    sureStarts: (size, byMs) => startsOf(size, byMs, Number.POSITIVE_INFINITY),
    newStarts,
  };
}

function listDues(
  reading: QueueReading,
  { promiseMs }: PromiseTerms,
  nowMs: number,
): Pick<Plan, 'dues' | 'hopeless'> {
  const { durations, waiting, settling, leadMs, arrivalsPerSecond, trendPerSecond } = reading;
  const patienceMs = promiseMs - findLong(durations);
  const sinceMs = Math.max(0, nowMs - reading.at);
  const earliestMs = leadMs + reactionMs;
  const catchUpMs = earliestMs + Math.max(durations.meanMs, catchUpRatio * promiseMs);
  const dues: Due[] = [];
  let messages = 0;
  let hopeless = 0;
  const shown = settling === undefined ? waiting : [settling, ...waiting];
  for (const group of shown) {
    messages += group.messages;
    const byMs = patienceMs - group.ageMs - sinceMs;
    if (byMs < 0) hopeless += group.messages;
    dues.push({ byMs: byMs < 0 ? catchUpMs : byMs, messages });
  }
  const waitingNow = messages;
  const aheadMs = (aheadPromises * promiseMs) / aheadSteps;
  for (let step = 1; step <= aheadSteps; step += 1) {
    const seconds = (step * aheadMs) / 1000;
    const rate = Math.max(0, arrivalsPerSecond + (trendPerSecond * seconds) / 2);
    const byMs = Math.max(earliestMs, patienceMs + step * aheadMs);
    dues.push({ byMs, messages: waitingNow + rate * seconds });
  }
  return { dues, hopeless };
}

/** Workers for steady arrivals: not to be ended only because the queue is short now. */
function findSteady({ arrivalsPerSecond, durations }: QueueReading): number {
  const load = (arrivalsPerSecond * durations.meanMs) / 1000;
  return load + steadySafety * Math.sqrt((load * (1 + durations.variation)) / 2);
}

function countLaunching({ launching }: QueueReading): number {
  return launching.reduce((sum, { instances }) => sum + instances, 0);
}

/** Of a FIFO queue no two messages of a group are worked on at once. */
export function messageGroupCap(
  { messageGroups }: Pick<QueueReading, 'messageGroups'>,
  workersPerInstance: number,
): number {
  if (messageGroups === undefined) return Number.MAX_SAFE_INTEGER;
  return Math.ceil(messageGroups / workersPerInstance);
}
