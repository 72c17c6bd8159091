// Cron by the clocks of a time zone, daylight saving time included. The rules of zones are data that
// come in from outside: they differ between machines and years.

import { HOUR_MS } from './calendar.ts';
import type { CronSchedule } from './cron.ts';
import { nextCronTime } from './cron.ts';
import type { EpochMs } from './time.ts';

/** Times that the clocks pass twice or never are few: more than one try needs the hour they change. */
const TRIES_MAX = 4;

/** What the clocks of the world show. */
export interface TimeZones {
  /** Whether there is a zone of that name, such as `Europe/Berlin`. */
  isKnown(zone: string): boolean;
  /** How far the zone's clocks are ahead of UTC at that time, in ms. */
  offsetAt(zone: string, at: EpochMs): number;
}

/** What is known where nobody has brought zones along. */
export const UTC_ONLY: TimeZones = {
  isKnown: (zone) => /^(?:Etc\/)?(?:UTC|GMT)$/u.test(zone),
  offsetAt: () => 0,
};

export interface ZonedSchedule {
  readonly schedule: CronSchedule;
  /** `undefined`: UTC. */
  readonly zone: string | undefined;
}

/**
 * Returns the first time after `after` at which the zone's clocks show what matches. A time that they
 * leave out in spring comes as much later as they leave out; of one that they show twice in autumn
 * the second is passed over.
 */
export function nextZonedTime(
  zones: TimeZones,
  { schedule, zone }: ZonedSchedule,
  after: EpochMs,
): EpochMs | undefined {
  if (zone === undefined) return nextCronTime(schedule, after);
  let shown = after + zones.offsetAt(zone, after);
  for (let attempt = 0; attempt < TRIES_MAX; attempt += 1) {
    const next = nextCronTime(schedule, shown);
    if (next === undefined) return undefined;
    const at = momentOf(zones, zone, next);
    if (at > after) return at;
    shown = next;
  }
  return undefined;
}

/** When the zone's clocks show that: the first of two, and past a gap. */
function momentOf(zones: TimeZones, zone: string, shown: number): EpochMs {
  // The offsets half a day around: one of them holds, before or after a change.
  const before = zones.offsetAt(zone, shown - 14 * HOUR_MS);
  const afterwards = zones.offsetAt(zone, shown + 14 * HOUR_MS);
  const first = shown - Math.max(before, afterwards);
  if (zones.offsetAt(zone, first) === shown - first) return first;
  const second = shown - Math.min(before, afterwards);
  // In a gap neither holds; by the offset before it, the time comes as much later as is left out.
  return zones.offsetAt(zone, second) === shown - second ? second : shown - before;
}
