// A decision that changes nothing, seen again: while a group that goes by its demand alone sees in
// every second what it held at, or demand that asks for the size that it has, `decide` would hold
// again, and need not be asked.
import type { Decision } from '../core/decision.ts';
import type { DemandReading } from '../core/demand/demand-reading.ts';
import { sizeByDemand } from '../core/policies/demand.ts';
import type { Group } from '../core/group.ts';
import type { EpochMs } from '../core/time.ts';
import type { Observation as SeenSecond } from './fluid/scaler.ts';

/** What a decision was made of, apart from its moment. */
export interface Sighting {
  readonly reading: DemandReading | null;
  /** Of the calendar, compared by identity. */
  readonly dates: object;
  readonly isFresh: boolean;
}

/** Only this file changes it. */
export interface HeldSecond {
  /** Null for a group in whose decisions time itself has a part. */
  readonly staleAfterMs: number | null;
  isHeld: boolean;
  until: EpochMs;
  reading: DemandReading | null;
  dates: object | null;
  isFresh: boolean;
  inService: number;
  pending: number;
  warmed: number;
  draining: number;
  desired: number;
}

export function createHeldSecond(group: Group): HeldSecond {
  return {
    staleAfterMs: findStaleAfter(group),
    isHeld: false,
    until: 0,
    reading: null,
    dates: null,
    isFresh: false,
    inService: 0,
    pending: 0,
    warmed: 0,
    draining: 0,
    desired: 0,
  };
}

/** Signals and windows of stabilization change by the second; a budget's spending does too. */
function findStaleAfter({ policies, stabilization, budget }: Group): number | null {
  const { scaleInMs, scaleOutMs } = stabilization;
  const hasWindow = scaleInMs > 0 || scaleOutMs > 0;
  if (budget !== undefined || hasWindow) return null;
  let staleAfterMs = Number.POSITIVE_INFINITY;
  for (const policy of policies) {
    if (policy.type !== 'demand') return null;
    staleAfterMs = Math.min(staleAfterMs, policy.staleAfterMs);
  }
  return staleAfterMs;
}

/** Whether this second asks for no more and no less than what the group held at. */
export function isHeldAgain(
  held: HeldSecond,
  seen: SeenSecond,
  { reading, dates, isFresh }: Sighting,
  now: EpochMs,
): boolean {
  return (
    held.isHeld &&
    held.desired === seen.desired &&
    held.inService === seen.inService &&
    held.pending === seen.pending &&
    held.warmed === seen.warmed &&
    held.draining === seen.draining &&
    held.dates === dates &&
    held.isFresh === isFresh &&
    (held.reading === reading || renew(held, reading)) &&
    now <= held.until
  );
}

/** A new reading holds for longer, if it asks for the same size; what it asks it by is not remembered. */
function renew(held: HeldSecond, reading: DemandReading | null): boolean {
  const { staleAfterMs, desired } = held;
  if (staleAfterMs === null || reading === null || reading.latency?.isReachable === false) {
    return false;
  }
  if (sizeByDemand(reading, desired) !== desired) return false;
  held.reading = reading;
  held.until = reading.at + staleAfterMs;
  return true;
}

/**
 * Remembers a decision. Only a hold that nothing had to be held back for is sure to be repeated: a
 * cooldown ends, and so does all else that corrects a size.
 */
export function noteDecision(
  held: HeldSecond,
  seen: SeenSecond,
  { reading, dates, isFresh }: Sighting,
  decision: Decision,
): void {
  const { staleAfterMs } = held;
  held.isHeld =
    staleAfterMs !== null &&
    reading !== null &&
    decision.kind === 'hold' &&
    decision.adjustments.length === 0 &&
    decision.notices === undefined;
  if (!held.isHeld || staleAfterMs === null || reading === null) return;
  held.until = reading.at + staleAfterMs;
  held.reading = reading;
  held.dates = dates;
  held.isFresh = isFresh;
  held.inService = seen.inService;
  held.pending = seen.pending;
  held.warmed = seen.warmed;
  held.draining = seen.draining;
  held.desired = seen.desired;
}
