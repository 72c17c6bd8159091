// Cron as scheduled actions use it: five fields, UTC, minutes. Names of months and weekdays,
// lists, ranges and steps; no seconds, no `@daily`. Time zones are zoned-cron.ts.

import { DAY_MS, HOUR_MS, MINUTE_MS, toUtcTime } from './calendar.ts';
import type { Outcome } from './fault.ts';
import { refuse, succeed } from './fault.ts';
import type { EpochMs } from './time.ts';

/** The values that each field allows. */
export interface CronSchedule {
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  readonly days: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  readonly weekdays: ReadonlySet<number>;
  /** With both restricted, a day matches either (POSIX crontab). */
  readonly isEitherDay: boolean;
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** 29 February comes again after eight years at most (1896–1904, 2096–2104). */
const SEARCH_MAX_DAYS = 8 * 366;

/** Returns the schedule of `0 9 * * MON-FRI` and the like. */
export function parseCron(expression: string): Outcome<CronSchedule> {
  const fields = expression.trim().split(/\s+/u);
  const [minute, hour, day, month, weekday] = fields;
  const isComplete = fields.length === 5 && weekday !== undefined;
  if (!isComplete || minute === undefined || hour === undefined) return invalid(expression);
  if (day === undefined || month === undefined) return invalid(expression);
  const minutes = parseField(minute, { min: 0, max: 59 });
  const hours = parseField(hour, { min: 0, max: 23 });
  const days = parseField(day, { min: 1, max: 31 });
  const months = parseField(month, { min: 1, max: 12, names: MONTHS });
  const weekdays = parseField(weekday, { min: 0, max: 7, names: WEEKDAYS });
  if (!minutes || !hours || !days || !months || !weekdays) return invalid(expression);
  if (weekdays.has(7)) weekdays.add(0);
  const isEitherDay = !day.startsWith('*') && !weekday.startsWith('*');
  return succeed({ minutes, hours, days, months, weekdays, isEitherDay });
}

/** Returns the first time after `after` that matches; `undefined` if none does (30 February). */
export function nextCronTime(schedule: CronSchedule, after: EpochMs): EpochMs | undefined {
  const first = Math.floor(after / MINUTE_MS) * MINUTE_MS + MINUTE_MS;
  let midnight = Math.floor(first / DAY_MS) * DAY_MS;
  for (let day = 0; day < SEARCH_MAX_DAYS; day += 1) {
    const found = matchesDay(schedule, midnight)
      ? firstTimeOfDay(schedule, midnight, first)
      : undefined;
    if (found !== undefined) return found;
    midnight += DAY_MS;
  }
  return undefined;
}

function matchesDay(schedule: CronSchedule, midnight: EpochMs): boolean {
  const { month, day, weekday } = toUtcTime(midnight);
  if (!schedule.months.has(month)) return false;
  const isDay = schedule.days.has(day);
  const isWeekday = schedule.weekdays.has(weekday);
  return schedule.isEitherDay ? isDay || isWeekday : isDay && isWeekday;
}

function firstTimeOfDay(
  schedule: CronSchedule,
  midnight: EpochMs,
  notBefore: EpochMs,
): EpochMs | undefined {
  for (let hour = 0; hour < 24; hour += 1) {
    if (!schedule.hours.has(hour)) continue;
    for (let minute = 0; minute < 60; minute += 1) {
      const at = midnight + hour * HOUR_MS + minute * MINUTE_MS;
      if (at >= notBefore && schedule.minutes.has(minute)) return at;
    }
  }
  return undefined;
}

interface FieldRange {
  readonly min: number;
  readonly max: number;
  /** Three-letter names, the first being `min`. */
  readonly names?: readonly string[];
}

function parseField(field: string, range: FieldRange): Set<number> | undefined {
  const values = new Set<number>();
  for (const part of field.split(',')) {
    const [span = '', step] = part.split('/');
    const stride = step === undefined ? 1 : Number(step);
    const bounds = parseSpan(span, range, step !== undefined);
    if (bounds === undefined || !Number.isInteger(stride) || stride < 1) return undefined;
    for (let value = bounds.from; value <= bounds.to; value += stride) values.add(value);
  }
  return values;
}

function parseSpan(
  span: string,
  range: FieldRange,
  isStepped: boolean,
): { readonly from: number; readonly to: number } | undefined {
  if (span === '*') return { from: range.min, to: range.max };
  const [low = '', high] = span.split('-');
  const from = parseValue(low, range);
  const to = high === undefined ? (isStepped ? range.max : from) : parseValue(high, range);
  if (from === undefined || to === undefined || from > to) return undefined;
  return { from, to };
}

function parseValue(text: string, { min, max, names }: FieldRange): number | undefined {
  const named = names?.indexOf(text.toLowerCase()) ?? -1;
  const value = named >= 0 ? named + min : /^\d{1,2}$/u.test(text) ? Number(text) : Number.NaN;
  return value >= min && value <= max ? value : undefined;
}

function invalid(expression: string): Outcome<never> {
  return refuse('ValidationError', `Invalid recurrence string: "${expression}"`);
}
