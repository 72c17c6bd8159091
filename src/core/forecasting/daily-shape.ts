// The climatology of a signal: what it usually is at a time of day, robust against single odd days.

import type { EpochMs } from '../time.ts';

const minuteMs = 60_000;
const minutesPerDay = 1440;
/** Neighbouring minutes on either side that tell about a time of day. */
const neighbourMinutes = 5;

export interface DailyShape {
  /** The median of the means within five minutes of this time of day (UTC); null where none is. */
  at(time: EpochMs): number | null;
  /** The mean over everything it was learnt from; 0 of nothing. */
  readonly level: number;
}

/** Learns from means of any days, in any order; each finite. */
export function learnDailyShape(
  past: readonly { readonly start: EpochMs; readonly mean: number }[],
): DailyShape {
  const byMinute = new Map<number, number[]>();
  let level = 0;
  for (const [index, { start, mean }] of past.entries()) {
    const minute = minuteOfDay(start);
    const means = byMinute.get(minute);
    if (means === undefined) byMinute.set(minute, [mean]);
    else means.push(mean);
    level += (mean - level) / (index + 1);
  }
  return { at: (time) => medianAround(byMinute, minuteOfDay(time)), level };
}

function minuteOfDay(time: EpochMs): number {
  const minute = Math.floor(time / minuteMs) % minutesPerDay;
  return minute < 0 ? minute + minutesPerDay : minute;
}

function medianAround(
  byMinute: ReadonlyMap<number, readonly number[]>,
  minute: number,
): number | null {
  const near: number[] = [];
  for (let offset = -neighbourMinutes; offset <= neighbourMinutes; offset += 1) {
    const neighbour = (minute + offset + minutesPerDay) % minutesPerDay;
    near.push(...(byMinute.get(neighbour) ?? []));
  }
  near.sort((a, b) => a - b);
  const lower = near[Math.floor((near.length - 1) / 2)];
  const upper = near[Math.floor(near.length / 2)];
  return lower === undefined || upper === undefined ? null : (lower + upper) / 2;
}
