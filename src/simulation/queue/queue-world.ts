// A queue of whole messages and the workers that take them, on a clock of seconds: first come, first
// served, as many messages at a time as an instance has slots, within a second as exact as its numbers.
// What an instance costs is the rule of `billing.ts`.
//
//   request ─┬─ fails (free)
//            └─ booting ──▶ serving ──▶ draining (ends its messages) ──▶ gone
//                  └─────────────────── cancelled ───────────────────▶ gone
import { drawBoot } from '../fluid/boot-time.ts';
import type { BootTime } from '../fluid/boot-time.ts';
import { minimumBilledSeconds, pendingSeconds } from '../score/billing.ts';
import { createRandom, drawUniform } from '../random.ts';
import type { Jobs } from '../trace/jobs.ts';

export interface QueueWorldOptions {
  /** Sent at seconds from 0 on, rising. */
  readonly jobs: Jobs;
  readonly startInstances: number;
  readonly boot: BootTime;
  readonly launchFailureRatio: number;
  /** Messages that an instance works on at a time; default 1. Whole, ≥ 1. */
  readonly slotsPerInstance?: number;
  /** Idle ones first, or the oldest, which ends its messages before it goes. */
  readonly scaleInOrder: 'idle-first' | 'oldest-first';
  /** A message shows in the count of the queue within so many seconds, evenly. */
  readonly settleSeconds: number;
  readonly seed: number;
}

/** What a rule is told at the end of a second. */
export interface QueueSecond {
  readonly nowSeconds: number;
  readonly visible: number;
  readonly inFlight: number;
  /** Seconds that the messages took which were finished in this second. */
  readonly finished: readonly number[];
  readonly inService: number;
  /** Told to go, and at work still. */
  readonly draining: number;
  /** How long each launch has been on its way, in seconds. */
  readonly pendingFor: readonly number[];
  /** Boots that ended in this second. */
  readonly cameUpAfter: readonly number[];
}

interface Slot {
  /** When its message ends, or when it ended the last. */
  freeAt: number;
  durationOfMessage: number;
  isWorking: boolean;
}

interface Worker {
  readonly requestedAt: number;
  readonly readyAt: number;
  readonly slots: readonly Slot[];
  isDraining: boolean;
}

/** Only this file changes it. */
export interface QueueWorld {
  readonly options: QueueWorldOptions;
  readonly doneAt: Float64Array;
  readonly shownAt: Float64Array;
  workers: Worker[];
  nextMessage: number;
  sentMessages: number;
  requests: number;
  launches: number;
  /** Instances billed for the second that ended, and the seconds that minimums added so far. */
  billed: number;
  toppedUpSeconds: number;
}

export function createQueueWorld(options: QueueWorldOptions): QueueWorld {
  const { jobs, startInstances, settleSeconds, seed } = options;
  const random = createRandom(seed, 'settling');
  const shownAt = Float64Array.from(
    jobs.sentAt,
    (at) => at + (settleSeconds > 0 ? settleSeconds * drawUniform(random) : 0),
  );
  const first = (): Worker => createWorker(options, { requestedAt: -1_000_000, readyAt: 0 });
  return {
    options,
    doneAt: new Float64Array(jobs.sentAt.length).fill(Number.NaN),
    shownAt,
    workers: Array.from({ length: startInstances }, first),
    nextMessage: 0,
    sentMessages: 0,
    requests: 0,
    launches: 0,
    billed: 0,
    toppedUpSeconds: 0,
  };
}

function createWorker(
  { slotsPerInstance = 1 }: QueueWorldOptions,
  times: Pick<Worker, 'requestedAt' | 'readyAt'>,
): Worker {
  const slots = Array.from({ length: slotsPerInstance }, () => ({
    freeAt: 0,
    durationOfMessage: 0,
    isWorking: false,
  }));
  return { ...times, slots, isDraining: false };
}

/** Plays the second that begins at `second`, and tells what is seen at its end. */
export function playSecond(world: QueueWorld, second: number): QueueSecond {
  const end = second + 1;
  const { jobs } = world.options;
  world.billed = world.workers.filter(({ requestedAt, readyAt }) => {
    return second >= requestedAt + Math.min(pendingSeconds, readyAt - requestedAt);
  }).length;
  while ((jobs.sentAt[world.sentMessages] ?? Number.POSITIVE_INFINITY) < end) {
    world.sentMessages += 1;
  }
  const finished: number[] = [];
  finishUntil(world, end, finished);
  while (world.nextMessage < world.sentMessages) {
    const sentAt = jobs.sentAt[world.nextMessage] ?? 0;
    const free = findFirstFree(world, end);
    if (free === null) break;
    startMessage(world, free.slot, Math.max(sentAt, free.from));
    finishUntil(world, end, finished);
  }
  return see(world, end, finished);
}

function finishUntil(world: QueueWorld, end: number, finished: number[]): void {
  const staying: Worker[] = [];
  for (const worker of world.workers) {
    for (const slot of worker.slots) {
      if (!slot.isWorking || slot.freeAt >= end) continue;
      slot.isWorking = false;
      finished.push(slot.durationOfMessage);
    }
    if (worker.isDraining && isIdle(worker)) topUp(world, worker, end);
    else staying.push(worker);
  }
  world.workers = staying;
}

function isIdle({ slots }: Worker): boolean {
  return slots.every(({ isWorking }) => !isWorking);
}

interface FreeSlot {
  readonly slot: Slot;
  readonly from: number;
}

function findFirstFree(world: QueueWorld, end: number): FreeSlot | null {
  let found: FreeSlot | null = null;
  for (const { isDraining, readyAt, slots } of world.workers) {
    if (isDraining || readyAt >= end) continue;
    for (const slot of slots) {
      if (slot.isWorking) continue;
      const from = Math.max(slot.freeAt, readyAt);
      if (found === null || from < found.from) found = { slot, from };
    }
  }
  return found;
}

function startMessage(world: QueueWorld, slot: Slot, at: number): void {
  const seconds = world.options.jobs.durations[world.nextMessage] ?? 0;
  slot.isWorking = true;
  slot.durationOfMessage = seconds;
  slot.freeAt = at + seconds;
  world.doneAt[world.nextMessage] = at + seconds;
  world.nextMessage += 1;
}

function see(world: QueueWorld, now: number, finished: readonly number[]): QueueSecond {
  const pendingFor: number[] = [];
  const cameUpAfter: number[] = [];
  let inService = 0;
  let inFlight = 0;
  let draining = 0;
  for (const { readyAt, requestedAt, slots, isDraining } of world.workers) {
    for (const { isWorking } of slots) if (isWorking) inFlight += 1;
    if (isDraining) {
      draining += 1;
      continue;
    }
    if (readyAt > now) pendingFor.push(now - requestedAt);
    else inService += 1;
    if (readyAt > now - 1 && readyAt <= now && requestedAt >= 0) {
      cameUpAfter.push(readyAt - requestedAt);
    }
  }
  const visible = countVisible(world, now);
  const counts = { visible, inFlight, inService, draining };
  return { nowSeconds: now, ...counts, finished, pendingFor, cameUpAfter };
}

function countVisible(world: QueueWorld, now: number): number {
  const { nextMessage, sentMessages, shownAt, options } = world;
  if (options.settleSeconds === 0) return sentMessages - nextMessage;
  let visible = 0;
  for (let message = nextMessage; message < sentMessages; message += 1) {
    if ((shownAt[message] ?? 0) <= now) visible += 1;
  }
  return visible;
}

/** Asks for or gives up instances until those booting and serving are `size` (or launches fail). */
export function resizeWorkers(world: QueueWorld, size: number, now: number): void {
  const there = world.workers.filter(({ isDraining }) => !isDraining).length;
  for (let more = there; more < size; more += 1) launch(world, now);
  for (let fewer = there; fewer > size; fewer -= 1) endOne(world, now);
}

function launch(world: QueueWorld, now: number): void {
  const { boot, launchFailureRatio, seed } = world.options;
  const seconds = drawBoot(boot, launchFailureRatio, seed, world.requests);
  world.requests += 1;
  if (seconds === undefined) return;
  world.launches += 1;
  world.workers.push(createWorker(world.options, { requestedAt: now, readyAt: now + seconds }));
}

function endOne(world: QueueWorld, now: number): void {
  const candidates = world.workers.filter(({ isDraining }) => !isDraining);
  const chosen =
    world.options.scaleInOrder === 'oldest-first'
      ? candidates[0]
      : (candidates.findLast(({ readyAt }) => readyAt > now) ??
        candidates.find(isIdle) ??
        candidates.toSorted((one, other) => idleAt(one) - idleAt(other))[0]);
  if (chosen === undefined) return;
  if (!isIdle(chosen)) {
    chosen.isDraining = true;
    return;
  }
  topUp(world, chosen, now);
  world.workers = world.workers.filter((worker) => worker !== chosen);
}

/** When its last message ends. */
function idleAt({ slots }: Worker): number {
  return slots.reduce((latest, { freeAt }) => Math.max(latest, freeAt), 0);
}

function topUp(world: QueueWorld, { requestedAt, readyAt }: Worker, now: number): void {
  const from = requestedAt + Math.min(pendingSeconds, readyAt - requestedAt);
  world.toppedUpSeconds += Math.max(0, minimumBilledSeconds - Math.max(0, now - from));
}
