// Demand history of `memory-store.ts`. Pure.

import type {
  HistoryImport,
  HistoryImported,
  HistoryMinute,
  HistoryPoint,
  HistoryQuery,
} from '../controller/ports/store.ts';
import type { EpochMs } from '../core/time.ts';
import {
  importedMinute,
  minuteMs,
  minuteOf,
  minutesKeptMs,
  summarizeMinute,
  tenSecondsKeptMs,
  tenSecondsMs,
} from './history-minute.ts';
import { createLatestTimes } from './latest-times.ts';

export interface MemoryHistory {
  record(points: readonly HistoryPoint[]): null;
  importMinutes(request: HistoryImport): HistoryImported;
  readTenSeconds(query: HistoryQuery): readonly HistoryPoint[];
  readMinutes(query: HistoryQuery): readonly HistoryMinute[];
}

interface SummedMinute {
  readonly count: number;
  readonly sum: number;
  readonly highest: number;
}

interface Series {
  readonly group: string;
  readonly means: Map<EpochMs, number>;
  readonly minutes: Map<EpochMs, SummedMinute>;
}

/** Old points are looked for once in so many recorded ones. */
const pointsBetweenPrunings = 10_000;

export function createMemoryHistory(): MemoryHistory {
  const seriesByName = new Map<string, Series>();
  const latest = createLatestTimes();
  let untilPruning = pointsBetweenPrunings;

  const findSeries = (group: string, signal: string): Series => {
    const name = JSON.stringify([group, signal]);
    const series = seriesByName.get(name) ?? { group, means: new Map(), minutes: new Map() };
    seriesByName.set(name, series);
    return series;
  };

  const recordPoint = ({ group, signal, start, mean }: HistoryPoint): void => {
    const series = findSeries(group, signal);
    latest.note(group, start);
    const minute = minuteOf(start);
    // A minute whose 10 s means are gone already cannot be computed again: it stays as it is.
    const summed = series.minutes.get(minute)?.count ?? 0;
    if (meansOf(series, minute).length < summed) return;
    series.means.set(start, mean);
    series.minutes.set(minute, summarizeMinute(meansOf(series, minute)));
  };

  return {
    record: (points) => {
      for (const point of points) recordPoint(point);
      untilPruning -= points.length;
      if (untilPruning > 0) return null;
      untilPruning = pointsBetweenPrunings;
      for (const series of seriesByName.values()) prune(series, latest.of(series.group));
      return null;
    },
    importMinutes: ({ group, signal, minutes, replaces, isTrial }) => {
      const series = findSeries(group, signal);
      let kept = 0;
      for (const { start, mean } of minutes) {
        const isThere = series.minutes.has(start);
        if (isThere && !replaces) kept += 1;
        // What is of long ago says nothing of what is too old now.
        if (isTrial || (isThere && !replaces)) continue;
        for (let at = start; at < start + minuteMs; at += tenSecondsMs) series.means.delete(at);
        series.minutes.set(start, importedMinute(mean));
      }
      return { written: minutes.length - kept, kept };
    },
    readTenSeconds: ({ group, signal, from, to }) => {
      const means = seriesByName.get(JSON.stringify([group, signal]))?.means;
      return startsWithin(means, from, to).map((start) => ({
        group,
        signal,
        start,
        mean: means?.get(start) ?? 0,
      }));
    },
    readMinutes: ({ group, signal, from, to }) => {
      const minutes = seriesByName.get(JSON.stringify([group, signal]))?.minutes;
      return startsWithin(minutes, from, to).flatMap((start) => {
        const summed = minutes?.get(start);
        if (summed === undefined) return [];
        const { count, sum, highest } = summed;
        return [{ start, sum, mean: sum / count, highest }];
      });
    },
  };
}

/** Those that are there, oldest first. */
function meansOf(series: Series, minute: EpochMs): readonly number[] {
  const means: number[] = [];
  for (let start = minute; start < minute + minuteMs; start += tenSecondsMs) {
    const mean = series.means.get(start);
    if (mean !== undefined) means.push(mean);
  }
  return means;
}

function startsWithin(
  points: ReadonlyMap<EpochMs, unknown> | undefined,
  from: EpochMs,
  to: EpochMs,
): readonly EpochMs[] {
  const starts = [...(points?.keys() ?? [])].filter((start) => start >= from && start < to);
  return starts.toSorted((one, other) => one - other);
}

function prune(series: Series, now: EpochMs): void {
  removeBefore(series.means, minuteOf(now - tenSecondsKeptMs));
  removeBefore(series.minutes, minuteOf(now - minutesKeptMs));
}

function removeBefore(points: Map<EpochMs, unknown>, horizon: EpochMs): void {
  for (const start of points.keys()) {
    if (start < horizon) points.delete(start);
  }
}
