// Demand history in SQLite: 10 s means, and the minutes computed from them while recording.

import type { DatabaseSync } from 'node:sqlite';

import type {
  HistoryImport,
  HistoryImported,
  HistoryPoint,
  HistoryQuery,
} from '../controller/ports/store.ts';
import type { MinuteColumns, PointColumns } from './history-columns.ts';
import { importedMinute, minuteMs, minuteOf, summarizeMinute } from './history-minute.ts';
import { readInteger, readNumber, type SqliteRow } from './sqlite-row.ts';

export interface HistoryTable {
  record(points: readonly HistoryPoint[]): void;
  importMinutes(request: HistoryImport): HistoryImported;
  readTenSeconds(query: HistoryQuery): PointColumns;
  readMinutes(query: HistoryQuery): MinuteColumns;
  /** After a rollback: a number that is remembered may not be in the file. */
  forget(): void;
}

export function prepareHistory(database: DatabaseSync): HistoryTable {
  const series = prepareSeries(database);
  const countPoints = database.prepare(
    'SELECT count(*) AS points FROM ten_seconds WHERE series = ? AND start >= ? AND start < ?',
  );
  const selectMeans = database.prepare(
    'SELECT mean FROM ten_seconds WHERE series = ? AND start >= ? AND start < ? ORDER BY start',
  );
  const countMinute = database.prepare(
    'SELECT count AS points FROM minutes WHERE series = ? AND start = ?',
  );
  const putPoint = database.prepare('INSERT OR REPLACE INTO ten_seconds VALUES (?, ?, ?)');
  const putMinute = database.prepare('INSERT OR REPLACE INTO minutes VALUES (?, ?, ?, ?, ?)');
  const removePoints = database.prepare(
    'DELETE FROM ten_seconds WHERE series = ? AND start >= ? AND start < ?',
  );
  const selectPoints = database.prepare(
    'SELECT start, mean FROM ten_seconds WHERE series = ? AND start >= ? AND start < ?' +
      ' ORDER BY start',
  );
  const selectMinutes = database.prepare(
    'SELECT start, count, sum, highest FROM minutes WHERE series = ? AND start >= ? AND start < ?' +
      ' ORDER BY start',
  );

  /** A minute whose 10 s means are gone already cannot be computed again: it stays as it is. */
  const isFinal = (id: number, minute: number): boolean => {
    const summed = countMinute.get(id, minute);
    if (summed === undefined) return false;
    const there = countPoints.get(id, minute, minute + minuteMs) ?? {};
    return readInteger(there, 'points') < readInteger(summed, 'points');
  };

  const recordMinute = (id: number, minute: number, points: readonly HistoryPoint[]): void => {
    if (isFinal(id, minute)) return;
    for (const point of points) putPoint.run(id, point.start, point.mean);
    const means = selectMeans.all(id, minute, minute + minuteMs);
    const { count, sum, highest } = summarizeMinute(means.map((row) => readNumber(row, 'mean')));
    putMinute.run(id, minute, count, sum, highest);
  };

  return {
    record: (points) => {
      for (const { group, signal, minute, points: within } of byMinute(points)) {
        recordMinute(series.idOf(group, signal), minute, within);
      }
    },
    importMinutes: ({ group, signal, minutes, replaces, isTrial }) => {
      const known = series.findId(group, signal);
      const id = known ?? (isTrial ? null : series.idOf(group, signal));
      let kept = 0;
      for (const { start, mean } of minutes) {
        const isThere = known !== null && countMinute.get(known, start) !== undefined;
        if (isThere && !replaces) kept += 1;
        if (isTrial || id === null || (isThere && !replaces)) continue;
        if (isThere) removePoints.run(id, start, start + minuteMs);
        const { count, sum, highest } = importedMinute(mean);
        putMinute.run(id, start, count, sum, highest);
      }
      return { written: minutes.length - kept, kept };
    },
    readTenSeconds: ({ group, signal, from, to }) => {
      const id = series.findId(group, signal);
      const rows = id === null ? [] : selectPoints.all(id, from, to);
      return { starts: column(rows, 'start'), means: column(rows, 'mean') };
    },
    readMinutes: ({ group, signal, from, to }) => {
      const id = series.findId(group, signal);
      const rows = id === null ? [] : selectMinutes.all(id, from, to);
      return {
        starts: column(rows, 'start'),
        sums: column(rows, 'sum'),
        counts: column(rows, 'count'),
        highests: column(rows, 'highest'),
      };
    },
    forget: series.forget,
  };
}

function column(rows: readonly SqliteRow[], name: string): Float64Array {
  return Float64Array.from(rows, (row) => readNumber(row, name));
}

interface PointsOfMinute {
  readonly group: string;
  readonly signal: string;
  readonly minute: number;
  readonly points: HistoryPoint[];
}

/** So that a batch computes each minute once. */
function byMinute(points: readonly HistoryPoint[]): Iterable<PointsOfMinute> {
  const minutes = new Map<string, PointsOfMinute>();
  for (const point of points) {
    const minute = minuteOf(point.start);
    const key = JSON.stringify([point.group, point.signal, minute]);
    const known = minutes.get(key);
    if (known === undefined) {
      minutes.set(key, { group: point.group, signal: point.signal, minute, points: [point] });
    } else {
      known.points.push(point);
    }
  }
  return minutes.values();
}

interface SeriesIds {
  idOf(group: string, signal: string): number;
  findId(group: string, signal: string): number | null;
  forget(): void;
}

const seriesRememberedMax = 100_000;

function prepareSeries(database: DatabaseSync): SeriesIds {
  const select = database.prepare('SELECT id FROM series WHERE group_name = ? AND signal = ?');
  const insert = database.prepare(
    'INSERT INTO series (group_name, signal) VALUES (?, ?) RETURNING id',
  );
  const idByName = new Map<string, number>();
  const remember = (group: string, signal: string, row: SqliteRow): number => {
    const id = readInteger(row, 'id');
    if (idByName.size >= seriesRememberedMax) idByName.clear();
    idByName.set(JSON.stringify([group, signal]), id);
    return id;
  };
  const findId = (group: string, signal: string): number | null => {
    const remembered = idByName.get(JSON.stringify([group, signal]));
    if (remembered !== undefined) return remembered;
    const row = select.get(group, signal);
    return row === undefined ? null : remember(group, signal, row);
  };
  return {
    findId,
    idOf: (group, signal) =>
      findId(group, signal) ?? remember(group, signal, insert.get(group, signal) ?? {}),
    forget: () => idByName.clear(),
  };
}
