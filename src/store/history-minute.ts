// What a point of demand history must be, how long history is kept, and what a minute is made of.
// Pure; both stores follow it.

import type { HistoryImport, HistoryPoint } from '../controller/ports/store.ts';
import type { EpochMs } from '../core/time.ts';

export const tenSecondsMs = 10_000;
export const minuteMs = 60_000;
const dayMs = 86_400_000;
export const tenSecondsKeptMs = 8 * dayMs;
export const minutesKeptMs = 60 * dayMs;

/** The start of the minute in which `start` lies. */
export function minuteOf(start: EpochMs): EpochMs {
  return Math.floor(start / minuteMs) * minuteMs;
}

/** Over one minute's 10 s means, oldest first (so that the sum is the same everywhere); ≥ 1. */
export function summarizeMinute(means: readonly number[]): {
  readonly count: number;
  readonly sum: number;
  readonly highest: number;
} {
  let sum = 0;
  let highest = Number.NEGATIVE_INFINITY;
  for (const mean of means) {
    sum += mean;
    if (mean > highest) highest = mean;
  }
  return { count: means.length, sum, highest };
}

/** A minute of which only the mean is known. Its 10 s means are not: later ones do not change it. */
export function importedMinute(mean: number): ReturnType<typeof summarizeMinute> {
  const count = minuteMs / tenSecondsMs;
  return { count, sum: mean * count, highest: mean };
}

/** What is wrong with minutes from elsewhere, in one line; null if nothing is. */
export function findBadMinute({ group, signal, minutes }: HistoryImport): string | null {
  for (const { start, mean } of minutes) {
    if (!Number.isSafeInteger(start) || start % minuteMs !== 0) {
      return `history of ${group}/${signal}: ${start} is no start of a minute; whole multiples of 60000 are`;
    }
    if (!Number.isFinite(mean)) {
      return `history of ${group}/${signal} at ${start}: ${mean} is no mean; finite numbers are`;
    }
  }
  return null;
}

/** What is wrong with a batch of points, in one line; null if nothing is. */
export function findBadPoint(points: readonly HistoryPoint[]): string | null {
  for (const { group, signal, start, mean } of points) {
    if (!Number.isSafeInteger(start) || start % tenSecondsMs !== 0) {
      return `history of ${group}/${signal}: ${start} is no start of 10 s; whole multiples of 10000 are`;
    }
    if (!Number.isFinite(mean)) {
      return `history of ${group}/${signal} at ${start}: ${mean} is no mean; finite numbers are`;
    }
  }
  return null;
}
