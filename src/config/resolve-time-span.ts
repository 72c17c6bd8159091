// Makes a span of time of what a file says: by cron with a duration, or from one date until another.

import { builtInDefaults } from './built-in-defaults.ts';
import { quote, type Path, type Report } from './config-error.ts';
import type { WrittenFreeze, WrittenWindow } from './file-schema.ts';
import { findCronMistake, isTimeZone, parseLocalTime, type TimeSpan } from './time-span.ts';
import { requireDuration } from './units.ts';

type WrittenSpan = Pick<
  WrittenWindow & WrittenFreeze,
  'cron' | 'duration' | 'from' | 'until' | 'lead'
>;

/** Where a span stands, whom to tell, and the clocks that it is on. */
export interface SpanPlace {
  readonly path: Path;
  readonly report: Report;
  readonly timeZone: string;
}

/** Null if it is none and was reported. `path`: of the mapping that may have a `timeZone`. */
export function resolveTimeZone(
  { timeZone = builtInDefaults.timeZone }: { readonly timeZone?: string | undefined },
  path: Path,
  report: Report,
): string | null {
  if (isTimeZone(timeZone)) return timeZone;
  const allowed = 'an IANA time zone, such as Europe/Berlin or UTC';
  report({ path: [...path, 'timeZone'], found: quote(timeZone), allowed });
  return null;
}

/** Null if something was reported, here or before. */
export function resolveTimeSpan(written: WrittenSpan, place: SpanPlace): TimeSpan | null {
  const isByCron = Object.hasOwn(written, 'cron');
  const isByDate = Object.hasOwn(written, 'from');
  if (isByCron === isByDate) {
    const found = isByCron ? 'both cron and from' : 'neither cron nor from';
    const allowed = 'cron with duration, or from with until';
    place.report({ path: place.path, found, allowed });
    return null;
  }
  const stray = isByCron ? 'until' : 'duration';
  if (Object.hasOwn(written, stray)) {
    const found = `${stray} with ${isByCron ? 'cron' : 'from'}`;
    const allowed = isByCron ? 'duration with cron' : 'until with from';
    place.report({ path: [...place.path, stray], isAboutKey: true, found, allowed });
    return null;
  }
  return isByCron ? resolveRepeated(written, place) : resolveDated(written, place);
}

function resolveRepeated(written: WrittenSpan, place: SpanPlace): TimeSpan | null {
  const { cron, duration, lead = builtInDefaults.lead } = written;
  const { path, report, timeZone } = place;
  if (!Object.hasOwn(written, 'duration')) {
    const allowed = 'a duration with cron, such as 10h';
    report({ path: [...path, 'duration'], found: 'nothing', allowed });
  }
  if (cron === undefined) return null;
  const mistake = findCronMistake(cron);
  if (mistake !== null) {
    const allowed = 'a cron rule of five fields, such as 0 8 * * 1-5';
    report({ path: [...path, 'cron'], found: `${quote(cron)} (${mistake})`, allowed });
    return null;
  }
  if (duration === undefined) return null;
  const durationMs = requireDuration(duration);
  return { kind: 'repeated', cron, timeZone, durationMs, leadMs: requireDuration(lead) };
}

function resolveDated(written: WrittenSpan, place: SpanPlace): TimeSpan | null {
  const { lead = builtInDefaults.lead } = written;
  if (!Object.hasOwn(written, 'until')) {
    const allowed = 'a date and a time with from, such as 2026-11-27 23:00';
    place.report({ path: [...place.path, 'until'], found: 'nothing', allowed });
  }
  const from = resolveTime(written, 'from', place);
  const until = resolveTime(written, 'until', place);
  if (from === null || until === null) return null;
  if (from >= until) {
    const found = `from ${quote(written.from ?? '')} until ${quote(written.until ?? '')}`;
    place.report({ path: [...place.path, 'until'], found, allowed: 'until after from' });
    return null;
  }
  return { kind: 'dated', from: from - requireDuration(lead), until };
}

function resolveTime(
  written: WrittenSpan,
  key: 'from' | 'until',
  { path, report, timeZone }: SpanPlace,
): number | null {
  const text = written[key];
  if (text === undefined) return null;
  const at = parseLocalTime(text, timeZone);
  if (at === null) {
    const allowed = 'a date that there is, such as 2026-11-27 08:40';
    report({ path: [...path, key], found: quote(text), allowed });
  }
  return at;
}
