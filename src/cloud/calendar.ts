// UTC calendar arithmetic without the platform's clock types: the model is told the time and may
// only do sums with it. Proleptic Gregorian, after Howard Hinnant's `chrono` algorithms.

import type { EpochMs } from './time.ts';

export const SECOND_MS = 1000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

export interface UtcTime {
  readonly year: number;
  /** 1–12. */
  readonly month: number;
  /** 1–31. */
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** 0 is Sunday. */
  readonly weekday: number;
}

/** Returns the UTC calendar fields of a time; milliseconds are dropped. */
export function toUtcTime(at: EpochMs): UtcTime {
  const days = Math.floor(at / DAY_MS);
  const secondOfDay = Math.floor((at - days * DAY_MS) / SECOND_MS);
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear =
    dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1,
    hour: Math.floor(secondOfDay / 3600),
    minute: Math.floor((secondOfDay % 3600) / 60),
    second: secondOfDay % 60,
    weekday: (((days + 4) % 7) + 7) % 7,
  };
}

/** Returns `2026-01-02T03:04:05Z`, as AWS writes times inside sentences. */
export function formatUtcSeconds(at: EpochMs): string {
  const time = toUtcTime(at);
  return (
    `${pad(time.year, 4)}-${pad(time.month)}-${pad(time.day)}` +
    `T${pad(time.hour)}:${pad(time.minute)}:${pad(time.second)}Z`
  );
}

/** Returns `2026-01-02T03:04:05.678Z`, as AWS writes times in XML. */
export function formatUtcMilliseconds(at: EpochMs): string {
  const whole = Math.floor(at);
  const milliseconds = ((whole % SECOND_MS) + SECOND_MS) % SECOND_MS;
  return `${formatUtcSeconds(at).slice(0, -1)}.${pad(milliseconds, 3)}Z`;
}

function pad(value: number, width = 2): string {
  return String(value).padStart(width, '0');
}
