// Spans of time as a file names them, by cron or by dates in a time zone, and the dated ones that they
// come to. A pure function of the rule and the time; the rules of time zones are those of Node's ICU.

import { Cron } from 'croner';

import type { EpochMs } from '../core/time.ts';
import { daysIn, formatUtc } from './utc-text.ts';

export type TimeSpan =
  | {
      readonly kind: 'repeated';
      /** Five fields: minute, hour, day of month, month, day of week. */
      readonly cron: string;
      /** An IANA time zone. */
      readonly timeZone: string;
      readonly durationMs: number;
      /** How much earlier each one begins. */
      readonly leadMs: number;
    }
  | { readonly kind: 'dated'; readonly from: EpochMs; readonly until: EpochMs };

/** From `from` (inclusive) to `until` (exclusive). */
export interface DatedSpan {
  readonly from: EpochMs;
  readonly until: EpochMs;
}

/** The span that holds at `now` and the next one to begin; null where there is none. */
export interface SpanReading {
  readonly active: DatedSpan | null;
  readonly next: DatedSpan | null;
}

/**
 * Where spans of one rule overlap, the one that began last holds. On days when clocks change: a time
 * that is left out is taken at the end of the gap, one that comes twice the first time.
 */
export function readSpan(span: TimeSpan, now: EpochMs): SpanReading {
  if (span.kind === 'dated') {
    const { from, until } = span;
    if (now >= until) return { active: null, next: null };
    return now < from
      ? { active: null, next: { from, until } }
      : { active: { from, until }, next: null };
  }
  const { cron, timeZone, durationMs, leadMs } = span;
  const job = createJob(cron, timeZone);
  const dated = (start: EpochMs): DatedSpan => ({
    from: start - leadMs,
    until: start + durationMs,
  });
  const latest = job.previousRuns(1, formatUtc(now + leadMs + 1000))[0]?.getTime();
  const next = job.nextRun(formatUtc(now + leadMs))?.getTime();
  const active = latest === undefined || latest + durationMs <= now ? null : dated(latest);
  return { active, next: next === undefined ? null : dated(next) };
}

/** Why it is no cron rule that ever comes, in a few words; null if it is one. */
export function findCronMistake(cron: string): string | null {
  const fields = cron.trim().split(/\s+/).length;
  if (fields !== 5) return `of ${fields} ${fields === 1 ? 'field' : 'fields'}`;
  try {
    // Any year will do: what does not come within those that croner looks at never does.
    return createJob(cron, 'UTC').nextRun('2024-01-01T00:00:00Z') === null ? 'never comes' : null;
  } catch (error) {
    const said = error instanceof Error ? error.message : '';
    return said.replace(/^CronPattern: /, '').replace(/^./, (letter) => letter.toLowerCase());
  }
}

export function isTimeZone(timeZone: string): boolean {
  try {
    return createJob('0 0 * * *', timeZone).nextRun('2024-01-01T00:00:00Z') !== null;
  } catch {
    return false;
  }
}

export const localTimePattern =
  /^(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])[ T]([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?$/;

/** `2026-11-27 08:40` on the clocks of a time zone, as a time; null if it is no date from 1970. */
export function parseLocalTime(text: string, timeZone: string): EpochMs | null {
  const [, year, month, day, hour, minute, second = '00'] = localTimePattern.exec(text) ?? [];
  if (Number(day) > daysIn(Number(year), Number(month))) return null;
  const local = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  if (year === undefined || year < '1970') return null;
  const job = new Cron(local, { timezone: timeZone });
  return job.nextRun('1969-01-01T00:00:00Z')?.getTime() ?? null;
}

function createJob(cron: string, timeZone: string): Cron {
  return new Cron(cron, { timezone: timeZone, mode: '5-part' });
}
