// Which points of demand history go: 10 s means after 8 days, minutes after 60.

import type { DatabaseSync } from 'node:sqlite';

import {
  minuteMs,
  minuteOf,
  minutesKeptMs,
  tenSecondsKeptMs,
  tenSecondsMs,
} from './history-minute.ts';
import { createLatestTimes } from './latest-times.ts';
import { readInteger, readText } from './sqlite-row.ts';

/** Fewer rows than this may be less than a minute. */
const pointsPerMinute = minuteMs / tenSecondsMs;

export interface HistoryRetention {
  note(group: string, start: number): void;
  /** Looks at series in turn until `work` is used up: 1 for each series, and for each row. */
  prune(work: number): void;
}

/** Points of one kind. */
interface Shelf {
  readonly table: 'ten_seconds' | 'minutes';
  readonly keptMs: number;
}

const shelves: readonly Shelf[] = [
  { table: 'ten_seconds', keptMs: tenSecondsKeptMs },
  { table: 'minutes', keptMs: minutesKeptMs },
];

export function prepareHistoryRetention(database: DatabaseSync): HistoryRetention {
  const nextSeries = database.prepare(
    'SELECT id, group_name FROM series WHERE id > ? ORDER BY id LIMIT ?',
  );
  const removals = shelves.map((shelf) => prepareRemoval(database, shelf));
  const latest = createLatestTimes();
  let cursor = 0;

  return {
    note: latest.note,
    prune: (work) => {
      let left = work;
      for (const series of nextSeries.all(cursor, work)) {
        cursor = readInteger(series, 'id');
        const now = latest.of(readText(series, 'group_name'));
        left -= 1;
        for (const removeOldest of removals) left -= removeOldest(cursor, now, left);
        if (left <= 0) return;
      }
      // That was the last series: the next step begins with the first.
      cursor = 0;
    },
  };
}

/** Removes a series' oldest rows, whole minutes of them; returns how many, `rowsMax` at most. */
function prepareRemoval(
  database: DatabaseSync,
  shelf: Shelf,
): (series: number, now: number, rowsMax: number) => number {
  const { table, keptMs } = shelf;
  const selectNth = database.prepare(
    `SELECT start FROM ${table} WHERE series = ? AND start < ? ORDER BY start LIMIT 1 OFFSET ?`,
  );
  const remove = database.prepare(`DELETE FROM ${table} WHERE series = ? AND start < ?`);
  return (series, now, rowsMax) => {
    const horizon = minuteOf(now - keptMs);
    if (rowsMax < pointsPerMinute || selectNth.get(series, horizon, 0) === undefined) return 0;
    const excess = selectNth.get(series, horizon, rowsMax);
    const end = excess === undefined ? horizon : minuteOf(readInteger(excess, 'start'));
    return Number(remove.run(series, end).changes);
  };
}
