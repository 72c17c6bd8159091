// What is planned for certain times, as dated windows. Cron, time zones and calendars belong to the
// edge that makes these of them; the core only compares times.

import type { EpochMs } from './time.ts';

/** At least, at most or exactly so many instances, from `from` (inclusive) to `until` (exclusive). */
export interface ScheduledWindow {
  readonly kind: 'min' | 'max' | 'exact';
  /** Whole, ≥ 0. */
  readonly size: number;
  readonly from: EpochMs;
  readonly until: EpochMs;
}

/** The windows of one schedule policy that matter now. */
export interface ScheduleReading {
  readonly active: ScheduledWindow | null;
  /** The next one to begin; null if none is known. */
  readonly next: ScheduledWindow | null;
}

/** A span in which the group is not to be changed, or not in one direction. */
export interface Freeze {
  readonly name: string;
  readonly direction: 'scale-out' | 'scale-in' | 'both';
  readonly until: EpochMs;
}

/**
 * The window that holds at `now`; null between windows. A reading that was made a little earlier is
 * as good: what has ended in the meantime is over, and what has begun counts.
 */
export function findActiveWindow(reading: ScheduleReading, now: EpochMs): ScheduledWindow | null {
  const { active, next } = reading;
  if (active !== null && holds(active, now)) return active;
  return next !== null && holds(next, now) ? next : null;
}

function holds(window: ScheduledWindow, now: EpochMs): boolean {
  return window.from <= now && now < window.until;
}
