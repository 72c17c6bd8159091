// A fleet on a one-second clock: launches, boots, failures, warm-up, drains and their bill. It
// knows nothing of demand. All instances are alike; what differs is their age.
//
//   request ─┬─ fails (free)
//            └─ pending ──boot──▶ in service ──▶ draining ──drain──▶ gone
//                  └────── cancelled ──────────────────────────────▶ gone
import { minimumBilledSeconds, pendingSeconds } from '../score/billing.ts';
import { drawBoot } from './boot-time.ts';
import type { BootDraws, BootTime } from './boot-time.ts';

/**
 * Which instance goes first. `oldest-first` is what AWS's default policy comes to in one zone with
 * one template: a warm instance goes while a pending one stays. `newest-pending-first` cancels
 * boots, the latest first, and takes the oldest in service only when none is pending.
 */
export type ScaleInOrder = 'oldest-first' | 'newest-pending-first';

export interface FleetOptions {
  /** In service and warm from the first second, free of any start cost. */
  readonly startInstances: number;
  readonly boot: BootTime;
  /** Share of launch requests that fail: known at once, free, asked again the next second. */
  readonly launchFailureRatio: number;
  /** The draws of these two, where several runs share them. */
  readonly draws?: BootDraws;
  readonly drainSeconds: number;
  readonly scaleInOrder: ScaleInOrder;
  /** An instance counts as warm this long after service, or after the request if that is later. */
  readonly warmupSeconds: number;
  readonly warmupFrom: 'service' | 'request';
  readonly seed: number;
}

/** Seconds that the calendar reaches ahead: the longest boot and the longest warm-up. A power of 2. */
const calendarSeconds = 8192;
const warmupSecondsMax = 3600;
const drainSecondsMax = 3600;

/** Columns of the calendar: how many instances do what in a second. */
const entering = 0;
const billing = 1;
const warming = 2;
const leaving = 3;
const columns = 4;

/** Only this file changes it. */
export interface Fleet {
  readonly options: FleetOptions;
  readonly calendar: Int32Array;
  /** Seconds of the calendar in which anything is noted: not 0. */
  readonly due: Uint8Array;
  pending: number;
  inService: number;
  /** In service and past the warm-up. */
  warmed: number;
  draining: number;
  /** Instances that this second is billed for: booting past `pending`, in service, draining. */
  billed: number;
  /** Seconds billed on top, because an instance ended before its minimum. */
  toppedUpSeconds: number;
  /** Launch requests that did not fail. */
  launches: number;
  failedLaunches: number;
  cancelledLaunches: number;
  /** Requests so far, failed ones too: numbers the draws. */
  requests: number;
  ledger: Ledger;
}

/** Every launch in order of request. */
interface Ledger {
  billedFrom: Int32Array;
  inServiceAt: Int32Array;
  warmAt: Int32Array;
  isGone: Uint8Array;
  count: number;
  /** All before this one are gone. */
  oldest: number;
}

const longAgo = -1_000_000_000;
const firstLedgerSize = 1024;

/** A fleet at second 0. Bounds are those of the calendar. */
export function createFleet(options: FleetOptions): Fleet {
  if (options.warmupSeconds > warmupSecondsMax || options.drainSeconds > drainSecondsMax) {
    throw new RangeError(
      `a warm-up is at most ${warmupSecondsMax} s and a drain ${drainSecondsMax} s; found ` +
        `${options.warmupSeconds} and ${options.drainSeconds}`,
    );
  }
  const { startInstances } = options;
  const ledger = createLedger(Math.max(firstLedgerSize, startInstances));
  ledger.count = startInstances;
  ledger.billedFrom.fill(longAgo, 0, startInstances);
  ledger.inServiceAt.fill(longAgo, 0, startInstances);
  ledger.warmAt.fill(longAgo, 0, startInstances);
  return {
    options,
    calendar: new Int32Array(calendarSeconds * columns),
    due: new Uint8Array(calendarSeconds),
    pending: 0,
    inService: startInstances,
    warmed: startInstances,
    draining: 0,
    billed: startInstances,
    toppedUpSeconds: 0,
    launches: 0,
    failedLaunches: 0,
    cancelledLaunches: 0,
    requests: 0,
    ledger,
  };
}

/** Carries out what is due in a second. Call it once for every second, in order. */
export function advanceFleet(fleet: Fleet, second: number): void {
  const { calendar, due } = fleet;
  const cell = second & (calendarSeconds - 1);
  if (due[cell] === 0) return;
  due[cell] = 0;
  const row = cell * columns;
  const entered = calendar[row + entering] ?? 0;
  if (entered !== 0) {
    fleet.pending -= entered;
    fleet.inService += entered;
    calendar[row + entering] = 0;
  }
  const started = calendar[row + billing] ?? 0;
  if (started !== 0) {
    fleet.billed += started;
    calendar[row + billing] = 0;
  }
  const warmed = calendar[row + warming] ?? 0;
  if (warmed !== 0) {
    fleet.warmed += warmed;
    calendar[row + warming] = 0;
  }
  const left = calendar[row + leaving] ?? 0;
  if (left !== 0) {
    fleet.draining -= left;
    fleet.billed -= left;
    calendar[row + leaving] = 0;
  }
}

/** The first second from `second` on in which anything is due; `end` if nothing is before that. */
export function nextDueSecond({ due }: Fleet, second: number, end: number): number {
  let at = second;
  while (at < end && due[at & (calendarSeconds - 1)] === 0) at += 1;
  return at;
}

/** Asks for or gives back instances until pending and in service are `size` (or launches fail). */
export function resizeFleet(fleet: Fleet, size: number, second: number): void {
  const change = size - fleet.pending - fleet.inService;
  for (let more = 0; more < change; more += 1) requestLaunch(fleet, second);
  for (let fewer = 0; fewer < -change; fewer += 1) endOne(fleet, second);
}

function requestLaunch(fleet: Fleet, second: number): void {
  const { boot, launchFailureRatio, draws, seed, warmupSeconds, warmupFrom } = fleet.options;
  const bootSeconds =
    draws === undefined
      ? drawBoot(boot, launchFailureRatio, seed, fleet.requests)
      : draws(seed, fleet.requests);
  fleet.requests += 1;
  if (bootSeconds === undefined) {
    fleet.failedLaunches += 1;
    return;
  }
  fleet.launches += 1;
  fleet.pending += 1;
  const inServiceAt = second + bootSeconds;
  const warmFrom = warmupFrom === 'service' ? inServiceAt : second;
  const warmAt = Math.max(inServiceAt, warmFrom + warmupSeconds);
  const billedFrom = second + Math.min(pendingSeconds, bootSeconds);
  const { ledger } = fleet;
  if (ledger.count === ledger.isGone.length) growLedger(ledger);
  ledger.billedFrom[ledger.count] = billedFrom;
  ledger.inServiceAt[ledger.count] = inServiceAt;
  ledger.warmAt[ledger.count] = warmAt;
  ledger.count += 1;
  note(fleet, billedFrom, billing, 1);
  note(fleet, inServiceAt, entering, 1);
  note(fleet, warmAt, warming, 1);
}

function endOne(fleet: Fleet, second: number): void {
  const { ledger, options } = fleet;
  const isPendingFirst = options.scaleInOrder === 'newest-pending-first' && fleet.pending > 0;
  const index = isPendingFirst ? newestPending(ledger, second) : oldestLeft(ledger);
  ledger.isGone[index] = 1;
  const warmAt = ledger.warmAt[index] ?? 0;
  if (warmAt > second) note(fleet, warmAt, warming, -1);
  else fleet.warmed -= 1;
  const inServiceAt = ledger.inServiceAt[index] ?? 0;
  const billedFrom = ledger.billedFrom[index] ?? 0;
  if (inServiceAt > second) {
    cancelPending(fleet, second, inServiceAt, billedFrom);
  } else {
    takeOut(fleet, second, billedFrom);
  }
}

function cancelPending(
  fleet: Fleet,
  second: number,
  inServiceAt: number,
  billedFrom: number,
): void {
  fleet.pending -= 1;
  fleet.cancelledLaunches += 1;
  note(fleet, inServiceAt, entering, -1);
  if (billedFrom > second) note(fleet, billedFrom, billing, -1);
  else fleet.billed -= 1;
  topUp(fleet, Math.max(0, second - billedFrom));
}

function takeOut(fleet: Fleet, second: number, billedFrom: number): void {
  const { drainSeconds } = fleet.options;
  fleet.inService -= 1;
  if (drainSeconds > 0) {
    fleet.draining += 1;
    note(fleet, second + drainSeconds, leaving, 1);
  } else {
    fleet.billed -= 1;
  }
  topUp(fleet, second + drainSeconds - billedFrom);
}

function topUp(fleet: Fleet, billedSeconds: number): void {
  fleet.toppedUpSeconds += Math.max(0, minimumBilledSeconds - billedSeconds);
}

function note(fleet: Fleet, second: number, column: number, count: number): void {
  const row = second & (calendarSeconds - 1);
  const cell = row * columns + column;
  fleet.calendar[cell] = (fleet.calendar[cell] ?? 0) + count;
  fleet.due[row] = 1;
}

function oldestLeft(ledger: Ledger): number {
  while (ledger.oldest < ledger.count && ledger.isGone[ledger.oldest] === 1) ledger.oldest += 1;
  return ledger.oldest;
}

/** With drawn boots a later launch may be in service before an earlier one: look for the newest. */
function newestPending(ledger: Ledger, second: number): number {
  let index = ledger.count - 1;
  while (index > 0 && (ledger.isGone[index] === 1 || (ledger.inServiceAt[index] ?? 0) <= second)) {
    index -= 1;
  }
  return index;
}

function createLedger(size: number): Ledger {
  return {
    billedFrom: new Int32Array(size),
    inServiceAt: new Int32Array(size),
    warmAt: new Int32Array(size),
    isGone: new Uint8Array(size),
    count: 0,
    oldest: 0,
  };
}

/** Doubles it; the number of launches of a run bounds it. */
function growLedger(ledger: Ledger): void {
  const wider = createLedger(ledger.isGone.length * 2);
  wider.billedFrom.set(ledger.billedFrom);
  wider.inServiceAt.set(ledger.inServiceAt);
  wider.warmAt.set(ledger.warmAt);
  wider.isGone.set(ledger.isGone);
  ledger.billedFrom = wider.billedFrom;
  ledger.inServiceAt = wider.inServiceAt;
  ledger.warmAt = wider.warmAt;
  ledger.isGone = wider.isGone;
}
