// The calendar month of a time, in UTC, as AWS bills. Pure folders have no `Date`.

import type { EpochMs } from '../core/time.ts';

const dayMs = 86_400_000;

export interface CalendarMonth {
  readonly startedAt: EpochMs;
  /** Exclusive. */
  readonly endsAt: EpochMs;
}

/** From 1970 on. 2026-02-15 lies in 2026-02-01 to 2026-03-01, each at 00:00. */
export function findMonth(at: EpochMs): CalendarMonth {
  let year = 1970;
  let startedAt = 0;
  while (startedAt + daysOfYear(year) * dayMs <= at) {
    startedAt += daysOfYear(year) * dayMs;
    year += 1;
  }
  for (const days of daysOfMonths(year)) {
    const endsAt = startedAt + days * dayMs;
    if (at < endsAt) return { startedAt, endsAt };
    startedAt = endsAt;
  }
  throw new RangeError(`no month has the time ${at}`);
}

function daysOfYear(year: number): number {
  return isLeap(year) ? 366 : 365;
}

function daysOfMonths(year: number): readonly number[] {
  return [31, isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}
