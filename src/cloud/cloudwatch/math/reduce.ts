// The functions that make one figure of many: SUM, AVG, MIN, MAX, DATAPOINT_COUNT. Of one time
// series they make a number, of an array of time series one time series.

import { found, isSameGrid, problem } from './value.ts';
import type { Result, TimeSeries, Value } from './value.ts';

/** `size` is how many values there could have been: missing ones count in an average. */
export type Reduce = (values: readonly number[], size: number) => number;

export const REDUCTIONS: ReadonlyMap<string, Reduce> = new Map<string, Reduce>([
  ['SUM', (values) => sumOf(values)],
  // "Missing values are treated as 0" (AVG, Functions supported for metric math).
  ['AVG', (values, size) => sumOf(values) / size],
  ['MIN', (values) => values.reduce((a, b) => Math.min(a, b))],
  ['MAX', (values) => values.reduce((a, b) => Math.max(a, b))],
  ['DATAPOINT_COUNT', (values) => values.length],
]);

function sumOf(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}

/** Applies a reduction. A series without any point gives 0. */
export function reduceValue(reduce: Reduce, value: Value): Result<Value> {
  switch (value.kind) {
    case 'number':
      return found(value);
    case 'text':
      return problem('A text cannot be summarized');
    case 'series':
      return found({ kind: 'number', value: reduceSeries(reduce, value) });
    case 'list':
      return reduceList(reduce, value.items);
  }
}

function reduceSeries(reduce: Reduce, series: TimeSeries): number {
  const values = series.values.filter((value) => value !== undefined);
  return values.length === 0 ? 0 : reduce(values, values.length);
}

function reduceList(reduce: Reduce, items: readonly TimeSeries[]): Result<Value> {
  const [first] = items;
  if (first === undefined) return problem('The array has no time series');
  if (!items.every((item) => isSameGrid(first, item))) {
    return problem('Metrics with different periods cannot be combined');
  }
  const values = first.values.map((_, index) => {
    const present = items.map((item) => item.values[index]).filter((value) => value !== undefined);
    return present.length === 0 ? undefined : reduce(present, items.length);
  });
  return found({ ...first, values });
}
