// One group's queue as it is learned: durations, arrivals, how long launches take, messages per
// instance by the minute. Its owner feeds it and hands its reading to `decide`; it decides nothing.

import type { EpochMs } from '../time.ts';
import {
  createArrivalEstimate,
  expectSettling,
  listWaiting,
  noteCounts,
  trendOf,
  type ArrivalEstimate,
} from './arrival-estimate.ts';
import {
  createDurationModel,
  noteFinished,
  readDurations,
  type DurationModel,
  type FinishedMessage,
} from './duration-model.ts';
import {
  addDuration,
  believe,
  createDurationSketch,
  meanDuration,
  quantileDuration,
  type DurationSketch,
} from './duration-sketch.ts';
import {
  countGroups,
  createMessageGroups,
  forgetLimit,
  noteGroup,
  noteSight,
  type MessageGroups,
} from './message-groups.ts';
import {
  minutesMax,
  type LaunchingInstances,
  type MinuteCount,
  type QueueReading,
} from './queue-reading.ts';

const minuteMs = 60_000;
/** Launches are expected to have come within the time that this share of them did. */
const leadShare = 0.9;
/** The first lead counts as much as so many launches. */
export const priorLaunches = 2;
/** Entries of launches that are told: those ready within the same second count together. */
const readyStepMs = 1000;

export interface QueueModelOptions {
  /** What a message is believed to take before one is finished, > 0. */
  readonly firstDurationMs: number;
  /** What a launch is believed to take before one has come, > 0. */
  readonly firstLeadMs: number;
}

/** One count of the queue or, weighted, of all queues of the group. */
export interface QueueCounts {
  readonly at: EpochMs;
  readonly visible: number;
  readonly inFlight: number;
  readonly dead?: number;
  /** As the config says it, by number or by signal. Absent: as workers show it, if they do. */
  readonly messageGroups?: number;
}

/** The group's instances now. */
export interface WorkerCounts {
  readonly now: EpochMs;
  readonly inService: number;
  /** How long each launch has been on its way. */
  readonly pendingForMs: readonly number[];
}

/** Only this file changes it. */
export interface QueueModel {
  readonly durations: DurationModel;
  readonly arrivals: ArrivalEstimate;
  readonly leads: DurationSketch;
  readonly minutes: MinuteCount[];
  readonly groups: MessageGroups;
  counts: QueueCounts | null;
  /** Messages finished since the last count. */
  finished: number;
  /** Of the newest count; and the minute, since the epoch, that it lies in. */
  newest: MinuteCount;
  minute: number;
}

export function createQueueModel(options: QueueModelOptions): QueueModel {
  const leads = createDurationSketch();
  believe(leads, options.firstLeadMs, priorLaunches);
  return {
    durations: createDurationModel(options.firstDurationMs),
    arrivals: createArrivalEstimate(),
    leads,
    minutes: [],
    groups: createMessageGroups(),
    counts: null,
    finished: 0,
    newest: { visible: 0, inService: 0 },
    minute: Number.NaN,
  };
}

/** `at`: when it was told. Without it message groups are not looked at. */
export function noteWork(
  model: QueueModel,
  finished: readonly FinishedMessage[],
  at: EpochMs | null = null,
): void {
  for (const message of finished) {
    noteFinished(model.durations, message);
    if (message.group !== undefined && at !== null) noteGroup(model.groups, message.group, at);
    // A failed or returned message is in the queue still.
    if (message.outcome === 'done') model.finished += 1;
  }
}

/** Messages finished of which nothing else is known. */
export function noteOmitted(model: QueueModel, messages: number): void {
  model.finished += messages;
}

/** A launch that came to take messages after so long. */
export function noteLead(model: QueueModel, tookMs: number): void {
  if (tookMs > 0) addDuration(model.leads, tookMs);
}

/** Those that could work when the queue was counted. */
export interface ServingNow {
  readonly inService: number;
  /** Whether an instance says that it has no message in hand. */
  readonly isWorkerIdle?: boolean;
}

/** A count of the queue; one that is no newer than the last changes nothing. */
export function noteQueue(
  model: QueueModel,
  counts: QueueCounts,
  { inService, isWorkerIdle = false }: ServingNow,
): void {
  if (model.counts !== null && counts.at <= model.counts.at) return;
  model.counts = counts;
  const { at, visible, inFlight } = counts;
  noteCounts(model.arrivals, {
    at,
    visible,
    unfinished: visible + inFlight,
    finished: model.finished,
  });
  model.finished = 0;
  // What came suddenly may be of groups that were never seen.
  if (model.arrivals.riseCounts === 1) forgetLimit(model.groups);
  const meanMs = meanDuration(model.durations.all) ?? 0;
  noteSight(model.groups, { now: at, visible, inFlight, isWorkerIdle, meanMs });
  closeMinutes(model, Math.floor(at / minuteMs));
  model.newest = { visible, inService };
}

/** A minute's value is that of its last count. */
function closeMinutes(model: QueueModel, minute: number): void {
  if (minute === model.minute) return;
  if (!Number.isNaN(model.minute)) {
    model.minutes.push(model.newest);
    if (model.minutes.length > minutesMax) model.minutes.shift();
  }
  model.minute = minute;
}

/** Null until the queue was counted once. */
export function readQueue(
  model: QueueModel,
  { now, inService, pendingForMs }: WorkerCounts,
): QueueReading | null {
  const { counts, arrivals, durations } = model;
  if (counts === null) return null;
  const leadMs = quantileDuration(model.leads, leadShare) ?? 0;
  const settling = expectSettling(arrivals, now);
  const groups = countGroups(model.groups, counts.inFlight);
  return {
    ...(groups !== null && { messageGroups: groups }),
    ...counts,
    ...(settling !== null && { settling }),
    waiting: listWaiting(arrivals, now),
    arrivalsPerSecond: arrivals.perSecond,
    trendPerSecond: trendOf(arrivals),
    durations: readDurations(durations),
    inService,
    launching: groupLaunches(pendingForMs, leadMs),
    leadMs,
    minutes: [...model.minutes],
  };
}

/** One that is late already is expected after a quarter of the lead more. */
function groupLaunches(
  pendingForMs: readonly number[],
  leadMs: number,
): readonly LaunchingInstances[] {
  const steps = new Map<number, number>();
  for (const forMs of pendingForMs) {
    const readyInMs = forMs < leadMs ? leadMs - forMs : leadMs / 4;
    const step = Math.ceil(readyInMs / readyStepMs) * readyStepMs;
    steps.set(step, (steps.get(step) ?? 0) + 1);
  }
  return [...steps]
    .map(([readyInMs, instances]) => ({ readyInMs, instances }))
    .toSorted((one, other) => one.readyInMs - other.readyInMs);
}
