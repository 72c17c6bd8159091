// Model time as AWS writes it in prose and in JSON texts. UTC only; no clock and no time zones.

import type { EpochMs } from '../time.ts';

const DAY_MS = 24 * 60 * 60_000;

/** For example `2026-01-15T10:00:05.250+0000`, as in an alarm's `StateReasonData`. */
export function formatTimestamp(at: EpochMs): string {
  const { year, month, day, hour, minute, second, millisecond } = partsOf(at);
  const date = `${year}-${pad(month)}-${pad(day)}`;
  const time = `${pad(hour)}:${pad(minute)}:${pad(second)}`;
  return `${date}T${time}.${String(millisecond).padStart(3, '0')}+0000`;
}

/** For example `15/01/26 10:00:05`, as in an alarm's `StateReason`. */
export function formatShort(at: EpochMs): string {
  const { year, month, day, hour, minute, second } = partsOf(at);
  const date = `${pad(day)}/${pad(month)}/${pad(year % 100)}`;
  return `${date} ${pad(hour)}:${pad(minute)}:${pad(second)}`;
}

function pad(figure: number): string {
  return String(figure).padStart(2, '0');
}

function partsOf(at: EpochMs) {
  const days = Math.floor(at / DAY_MS);
  const rest = at - days * DAY_MS;
  return {
    ...dateOf(days),
    hour: Math.floor(rest / 3_600_000),
    minute: Math.floor(rest / 60_000) % 60,
    second: Math.floor(rest / 1000) % 60,
    millisecond: rest % 1000,
  };
}

/**
 * The Gregorian date of a day counted from 1970-01-01. Years are counted from March, so that the
 * leap day is the last; 719,468 days lie between 0000-03-01 and 1970-01-01, and a cycle of 400
 * years has 146,097 ("chrono-Compatible Low-Level Date Algorithms", H. Hinnant).
 */
function dateOf(daysSinceEpoch: number): { year: number; month: number; day: number } {
  const days = daysSinceEpoch + 719_468;
  const cycle = Math.floor(days / 146_097);
  const dayOfCycle = days - cycle * 146_097;
  const leapDays =
    Math.floor(dayOfCycle / 1460) -
    Math.floor(dayOfCycle / 36_524) +
    Math.floor(dayOfCycle / 146_096);
  const yearOfCycle = Math.floor((dayOfCycle - leapDays) / 365);
  const daysBefore =
    365 * yearOfCycle + Math.floor(yearOfCycle / 4) - Math.floor(yearOfCycle / 100);
  const dayOfYear = dayOfCycle - daysBefore;
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1;
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  return { year: yearOfCycle + cycle * 400 + (month <= 2 ? 1 : 0), month, day };
}
