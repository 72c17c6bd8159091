// The functions that make a time series of a time series, window by window: FILL, IF, RATE and kin.

import { found, isSameGrid, problem } from './value.ts';
import type { Result, TimeSeries, Value } from './value.ts';

type Points = TimeSeries['values'];

/** Each makes the points of a new series from the points of one. */
export const RESHAPES: ReadonlyMap<string, (points: Points, periodMs: number) => Points> = new Map([
  ['ABS', (points: Points) => points.map((value) => value && Math.abs(value))],
  ['CEIL', (points: Points) => points.map((value) => value && Math.ceil(value))],
  ['FLOOR', (points: Points) => points.map((value) => value && Math.floor(value))],
  ['DIFF', (points: Points) => compareWithPrevious(points, (change) => change)],
  [
    'RATE',
    (points: Points, periodMs: number) =>
      compareWithPrevious(points, (change, steps) => change / ((steps * periodMs) / 1000)),
  ],
  ['RUNNING_SUM', runningSum],
]);

/** The first point has no previous one and is dropped. */
function compareWithPrevious(
  points: Points,
  compare: (change: number, steps: number) => number,
): Points {
  let previous: { index: number; value: number } | undefined;
  return points.map((value, index) => {
    if (value === undefined) return undefined;
    const before = previous;
    previous = { index, value };
    return before && compare(value - before.value, index - before.index);
  });
}

function runningSum(points: Points): Points {
  let sum = 0;
  return points.map((value) => {
    if (value === undefined) return undefined;
    sum += value;
    return sum;
  });
}

/** Applies to a series, or to each series of an array. */
export function reshapeValue(
  reshape: (series: TimeSeries) => Result<TimeSeries>,
  value: Value,
): Result<Value> {
  if (value.kind === 'series') return reshape(value);
  if (value.kind !== 'list') return problem('A time series is needed');
  const items: TimeSeries[] = [];
  for (const item of value.items) {
    const result = reshape(item);
    if (!result.ok) return result;
    items.push(result.value);
  }
  return found({ kind: 'list', items });
}

/** FILL: the filler is a number, a series, or the words REPEAT and LINEAR. */
export function fillSeries(series: TimeSeries, filler: Value): Result<TimeSeries> {
  switch (filler.kind) {
    case 'number':
      return found({ ...series, values: series.values.map((value) => value ?? filler.value) });
    case 'series': {
      if (!isSameGrid(series, filler)) return problem('The filler has another period');
      const values = series.values.map((value, index) => value ?? filler.values[index]);
      return found({ ...series, values });
    }
    case 'text':
      if (filler.value === 'REPEAT') return found({ ...series, values: repeat(series.values) });
      if (filler.value === 'LINEAR') return found({ ...series, values: slope(series.values) });
      return problem(`FILL knows no '${filler.value}'`);
    case 'list':
      return problem('FILL needs a number, a time series, REPEAT or LINEAR');
  }
}

function repeat(points: Points): Points {
  let last: number | undefined;
  return points.map((value) => {
    last = value ?? last;
    return last;
  });
}

/** Between two points a straight line; before the first and after the last nothing. */
function slope(points: Points): Points {
  const filled = [...points];
  let left = -1;
  for (const [index, value] of points.entries()) {
    if (value === undefined) continue;
    const start = points[left];
    if (start !== undefined) {
      for (let at = left + 1; at < index; at += 1) {
        filled[at] = start + ((value - start) * (at - left)) / (index - left);
      }
    }
    left = index;
  }
  return filled;
}

/**
 * IF(condition, whenTrue, whenFalse): "Using IF expressions", CloudWatch User Guide. Where the
 * condition holds and `whenTrue` has no point, the value is 0; where it does not hold and
 * `whenFalse` has none or is left out, there is no point.
 */
export function chooseSeries(
  condition: Value,
  whenTrue: Value,
  whenFalse: Value | undefined,
): Result<TimeSeries> {
  const given = [condition, whenTrue, ...(whenFalse === undefined ? [] : [whenFalse])];
  const series = given.filter((value) => value.kind === 'series');
  const [model] = series;
  if (given.some((value) => value.kind === 'text' || value.kind === 'list') || !model) {
    return problem('IF needs numbers and single time series, one series at least');
  }
  if (!series.every((item) => isSameGrid(model, item))) {
    return problem('Metrics with different periods cannot be combined');
  }
  const values = model.values.map((_, index) => {
    const test = pointOf(condition, index);
    if (test === undefined) return undefined;
    if (test !== 0) {
      return pointOf(whenTrue, index) ?? (condition.kind === 'series' ? 0 : undefined);
    }
    return whenFalse && pointOf(whenFalse, index);
  });
  return found({ ...model, values });
}

function pointOf(value: Value, index: number): number | undefined {
  if (value.kind === 'number') return value.value;
  return value.kind === 'series' ? value.values[index] : undefined;
}
