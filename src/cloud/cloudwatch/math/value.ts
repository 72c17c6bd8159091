// What a metric math expression can come to, and how two such values combine point by point.

import type { Windows } from '../series.ts';
import type { BinaryOperator } from './parse.ts';

/** One value for each window of the grid; `undefined` where there is none. */
export interface TimeSeries {
  readonly kind: 'series';
  readonly grid: Windows;
  readonly values: readonly (number | undefined)[];
  /** The label of the metric or expression it comes from. */
  readonly label: string;
}

export type Value =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'list'; readonly items: readonly TimeSeries[] }
  | TimeSeries;

export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: string };

/** A result that is there. */
export function found<T>(value: T): Result<T> {
  return { ok: true, value };
}

/** A result that is not there, and why. */
export function problem(text: string): Result<never> {
  return { ok: false, problem: text };
}

/** `undefined` drops the data point: so do a division by zero and a result past all numbers. */
function applyOperator(operator: BinaryOperator, left: number, right: number): number | undefined {
  const result = compute(operator, left, right);
  return Number.isFinite(result) ? result : undefined;
}

function compute(operator: BinaryOperator, left: number, right: number): number {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return left / right;
    case '^':
      return Math.pow(left, right);
    case '==':
      return Number(left === right);
    case '!=':
      return Number(left !== right);
    case '<':
      return Number(left < right);
    case '<=':
      return Number(left <= right);
    case '>':
      return Number(left > right);
    case '>=':
      return Number(left >= right);
    case '&&':
      return Number(left !== 0 && right !== 0);
    case '||':
      return Number(left !== 0 || right !== 0);
  }
}

/**
 * Two values under an operator. A value missing in one of two series counts as 0 ("Missing values
 * in a time series are treated as 0", Basic arithmetic functions, CloudWatch User Guide); where
 * both are missing there is no point.
 */
export function combine(operator: BinaryOperator, left: Value, right: Value): Result<Value> {
  if (left.kind === 'text' || right.kind === 'text') {
    return problem(`A text cannot be used with '${operator}'`);
  }
  if (left.kind === 'list' || right.kind === 'list') return combineLists(operator, left, right);
  if (left.kind === 'series' || right.kind === 'series') {
    return combineSeries(operator, left, right);
  }
  const value = applyOperator(operator, left.value, right.value);
  return value === undefined
    ? problem('The result is no number')
    : found({ kind: 'number', value });
}

type Plain = TimeSeries | { readonly kind: 'number'; readonly value: number };
type Listed = Plain | { readonly kind: 'list'; readonly items: readonly TimeSeries[] };

function combineLists(operator: BinaryOperator, left: Listed, right: Listed): Result<Value> {
  const leftSize = left.kind === 'list' ? left.items.length : undefined;
  const rightSize = right.kind === 'list' ? right.items.length : undefined;
  if (leftSize !== undefined && rightSize !== undefined && leftSize !== rightSize) {
    return problem(`Arrays of ${leftSize} and ${rightSize} time series do not go together`);
  }
  const items: TimeSeries[] = [];
  for (let index = 0; index < (leftSize ?? rightSize ?? 0); index += 1) {
    const one = left.kind === 'list' ? left.items[index] : left;
    const other = right.kind === 'list' ? right.items[index] : right;
    if (one === undefined || other === undefined) break;
    const combined = combineSeries(operator, one, other);
    if (!combined.ok) return combined;
    items.push(combined.value);
  }
  return found({ kind: 'list', items });
}

function combineSeries(operator: BinaryOperator, left: Plain, right: Plain): Result<TimeSeries> {
  const model = left.kind === 'series' ? left : right;
  // One of the two is a series: the callers see to it.
  if (model.kind !== 'series') return problem('No time series');
  if (left.kind === 'series' && right.kind === 'series' && !isSameGrid(left, right)) {
    return problem('Metrics with different periods cannot be combined');
  }
  const values = model.values.map((_, index) => {
    const one = left.kind === 'series' ? left.values[index] : left.value;
    const other = right.kind === 'series' ? right.values[index] : right.value;
    const isMissing =
      left.kind === 'series' && right.kind === 'series'
        ? one === undefined && other === undefined
        : one === undefined || other === undefined;
    return isMissing ? undefined : applyOperator(operator, one ?? 0, other ?? 0);
  });
  return found({ ...model, values });
}

/** Whether two series have the same periods, so that they go together point by point. */
export function isSameGrid(a: TimeSeries, b: TimeSeries): boolean {
  const isSameStart = a.grid.from === b.grid.from && a.grid.count === b.grid.count;
  return isSameStart && a.grid.periodMs === b.grid.periodMs;
}
