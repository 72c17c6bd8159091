// Stretches of demand history as they cross from the store's thread: columns of numbers, because a
// week of objects would hold the controller up for a tenth of a second.

import type { HistoryMinute, HistoryPoint, HistoryQuery } from '../controller/ports/store.ts';

export interface PointColumns {
  readonly starts: Float64Array;
  readonly means: Float64Array;
}

export interface MinuteColumns {
  readonly starts: Float64Array;
  readonly sums: Float64Array;
  /** How many 10 s means are in the sum. */
  readonly counts: Float64Array;
  readonly highests: Float64Array;
}

export function pointsFrom(columns: PointColumns, query: HistoryQuery): readonly HistoryPoint[] {
  const { group, signal } = query;
  const { means } = columns;
  return Array.from(columns.starts, (start, row) => ({
    group,
    signal,
    start,
    mean: at(means, row),
  }));
}

export function minutesFrom(columns: MinuteColumns): readonly HistoryMinute[] {
  const { sums, counts, highests } = columns;
  return Array.from(columns.starts, (start, row) => {
    const sum = at(sums, row);
    return { start, sum, mean: sum / at(counts, row), highest: at(highests, row) };
  });
}

/** Columns are equally long. */
function at(column: Float64Array, row: number): number {
  return column[row] ?? Number.NaN;
}
