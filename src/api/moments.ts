// Moments and durations as people write them in a URL or a body. Relative ones are resolved against
// the controller's clock, times of day in the time zone of its machine.

import type { EpochMs } from '../core/time.ts';

/** A moment as written. */
export type Moment =
  | { readonly kind: 'absolute'; readonly at: EpochMs }
  | { readonly kind: 'ago'; readonly ms: number }
  | { readonly kind: 'time-of-day'; readonly hour: number; readonly minute: number };

export const momentGrammar =
  'an ISO 8601 time (2026-01-15T09:30Z), milliseconds since 1970, a time of today (09:30), ' +
  'a while ago (-5m) or now';

export const durationGrammar = 'a duration such as 90s, 10m or 2h, or a number of milliseconds';

const unitsMs: ReadonlyMap<string, number> = new Map([
  ['ms', 1],
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
]);

/** Null for anything outside `momentGrammar`. */
export function parseMoment(text: string): Moment | null {
  if (text === 'now') return { kind: 'ago', ms: 0 };
  if (text.startsWith('-')) {
    const ms = parseDuration(text.slice(1));
    return ms === null ? null : { kind: 'ago', ms };
  }
  const timeOfDay = /^(\d{1,2}):(\d{2})$/.exec(text);
  if (timeOfDay !== null) {
    const [hour, minute] = [Number(timeOfDay[1]), Number(timeOfDay[2])];
    return hour < 24 && minute < 60 ? { kind: 'time-of-day', hour, minute } : null;
  }
  const at = /^\d{1,15}$/.test(text) ? Number(text) : parseIsoTime(text);
  return at === null ? null : { kind: 'absolute', at };
}

export function resolveMoment(moment: Moment, now: EpochMs): EpochMs {
  switch (moment.kind) {
    case 'absolute':
      return moment.at;
    case 'ago':
      return now - moment.ms;
    case 'time-of-day':
      return new Date(now).setHours(moment.hour, moment.minute, 0, 0);
  }
}

/** `90s`, `10m`, `1.5h`: milliseconds, ≥ 0; null for anything else. */
export function parseDuration(text: string): number | null {
  const found = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h|d)$/.exec(text);
  const unitMs = unitsMs.get(found?.[2] ?? '');
  return found === null || unitMs === undefined ? null : Math.round(Number(found[1]) * unitMs);
}

const isoTime =
  /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[+ -]\d{2}:?\d{2})?)?$/;

/** Without an offset in the machine's time zone. Days that no calendar has are refused. */
export function parseIsoTime(text: string): EpochMs | null {
  const found = isoTime.exec(text);
  if (found === null) return null;
  const [, year, month, day, time = '00:00', offset = ''] = found;
  if (Number(day) > daysIn(Number(year), Number(month))) return null;
  // A plus sign in a query that was not escaped arrives as a space.
  const zone = offset.replace(' ', '+').replace(/^(.\d{2})(\d{2})$/, '$1:$2');
  const at = Date.parse(`${year}-${month}-${day}T${time}${zone}`);
  return Number.isNaN(at) ? null : at;
}

function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}
