// What a group's calendar says at one moment: the windows of its schedules and the freezes in force.
// A pure function of the two.

import type { Freeze, ScheduledWindow, ScheduleReading } from '../core/calendar.ts';
import type { EpochMs } from '../core/time.ts';
import { readSpan, type DatedSpan, type TimeSpan } from './time-span.ts';

export interface CalendarConfig {
  readonly schedules: readonly ScheduleConfig[];
  readonly freezes: readonly FreezeConfig[];
}

/** The windows of one schedule policy, in the order of the file. */
export interface ScheduleConfig {
  readonly policy: string;
  readonly windows: readonly WindowConfig[];
}

export interface WindowConfig {
  readonly span: TimeSpan;
  readonly kind: ScheduledWindow['kind'];
  readonly size: number;
}

export interface FreezeConfig {
  readonly span: TimeSpan;
  readonly name: string;
  readonly direction: Freeze['direction'];
}

export interface CalendarReading {
  /** By name of the policy. */
  readonly schedules: Readonly<Record<string, ScheduleReading>>;
  /** Those in force. */
  readonly freezes: readonly Freeze[];
  /** Until then (exclusive) nothing changes; infinite if nothing is to come. */
  readonly validUntil: EpochMs;
}

/** Of windows of one policy that overlap, the first in the file holds. */
export function readCalendar(calendar: CalendarConfig, now: EpochMs): CalendarReading {
  let validUntil = Number.POSITIVE_INFINITY;
  const read = (span: TimeSpan): { active: DatedSpan | null; next: DatedSpan | null } => {
    const { active, next } = readSpan(span, now);
    validUntil = Math.min(validUntil, active?.until ?? Infinity, next?.from ?? Infinity);
    return { active, next };
  };
  const schedules = calendar.schedules.map(({ policy, windows }) => {
    const readings = windows.map(({ span, kind, size }) => {
      const { active, next } = read(span);
      return {
        active: active && { kind, size, ...active },
        next: next && { kind, size, ...next },
      };
    });
    return [policy, pickWindows(readings)] as const;
  });
  const freezes = calendar.freezes.flatMap(({ span, name, direction }): readonly Freeze[] => {
    const { active } = read(span);
    return active === null ? [] : [{ name, direction, until: active.until }];
  });
  return { schedules: Object.fromEntries(schedules), freezes, validUntil };
}

function pickWindows(readings: readonly ScheduleReading[]): ScheduleReading {
  const active = readings.find((reading) => reading.active !== null)?.active ?? null;
  let earliest: ScheduledWindow | null = null;
  for (const { next } of readings) {
    if (next !== null && (earliest === null || next.from < earliest.from)) earliest = next;
  }
  return { active, next: earliest };
}
