// A fitted model at work: takes in one step after the other and forecasts from there. Packed into one
// array of numbers, which is its whole state, so that it can be handed over, kept and gone on from.
//
//   [header | lags and coefficients of the series | of the errors | the newest values | their errors]

import { differenceFor, findErrors, type ArimaModel } from './arima-model.ts';
import type { FittedArima } from './search-arima.ts';
import { lagTerms, multiplyTerms, type LagTerm } from './stable-polynomial.ts';

const untilAt = 0;
const floorAt = 1;
const lowestAt = 2;
const highestAt = 3;
const constantAt = 4;
const termsAt = 5;
const errorTermsAt = 6;
const valuesAt = 7;
const errorsAt = 8;
/** p, d, q, P, D, Q, s: for what is said of it. */
const orderAt = 9;
const headerLength = 16;

/** Views into a packed model. */
export interface ArimaFilter {
  readonly packed: Float64Array;
  /** Lag, coefficient, lag, coefficient …: y_t = constant + Σ a y_{t−lag} + Σ m e_{t−lag}. */
  readonly terms: Float64Array;
  readonly errorTerms: Float64Array;
  /** Oldest first. */
  readonly values: Float64Array;
  readonly errors: Float64Array;
}

/** The model at the end of the series it was fitted to, whose last step is `until`. */
export function packArima(fitted: FittedArima, until: number): Float64Array {
  const { model, logs } = fitted;
  const { order } = model;
  const series = multiplyTerms(
    lagTerms(
      model.ar.map((value) => -value),
      1,
    ),
    lagTerms(
      model.seasonalAr.map((value) => -value),
      order.season,
    ),
    ...Array.from({ length: order.differences }, () => lagTerms([-1], 1)),
    ...Array.from({ length: order.seasonalDifferences }, () => lagTerms([-1], order.season)),
  );
  const terms = series.slice(1).map(({ lag, coefficient }) => ({ lag, coefficient: -coefficient }));
  const errorTerms = multiplyTerms(
    lagTerms(model.ma, 1),
    lagTerms(model.seasonalMa, order.season),
  ).slice(1);
  const valueCount = Math.max(1, terms.at(-1)?.lag ?? 0);
  const errorCount = errorTerms.at(-1)?.lag ?? 0;
  const header = new Float64Array(headerLength);
  header[untilAt] = until;
  header[floorAt] = fitted.floor;
  header[lowestAt] = fitted.lowest;
  header[highestAt] = fitted.highest;
  header[constantAt] = model.mean * series.reduce((sum, { coefficient }) => sum + coefficient, 0);
  header[termsAt] = terms.length;
  header[errorTermsAt] = errorTerms.length;
  header[valuesAt] = valueCount;
  header[errorsAt] = errorCount;
  const { ar, differences, ma, seasonalAr, seasonalDifferences, seasonalMa, season } = order;
  header.set([ar, differences, ma, seasonalAr, seasonalDifferences, seasonalMa, season], orderAt);
  return Float64Array.from([
    ...header,
    ...flatten(terms),
    ...flatten(errorTerms),
    ...takeLast(logs, valueCount),
    ...takeLast(errorsOf(model, logs), errorCount),
  ]);
}

function errorsOf(model: ArimaModel, logs: Float64Array): Float64Array {
  const differenced = differenceFor(logs, model.order);
  const errors = new Float64Array(differenced.length);
  findErrors(differenced, model, errors);
  return errors;
}

function flatten(terms: readonly LagTerm[]): readonly number[] {
  return terms.flatMap(({ lag, coefficient }) => [lag, coefficient]);
}

/** Zeros in front where there are fewer. */
function takeLast(series: Float64Array, count: number): Float64Array {
  const result = new Float64Array(count);
  const kept = series.subarray(Math.max(0, series.length - count));
  result.set(kept, count - kept.length);
  return result;
}

export function openFilter(packed: Float64Array): ArimaFilter {
  let at = headerLength;
  const take = (count: number): Float64Array => packed.subarray(at, (at += count));
  return {
    packed,
    terms: take(2 * (packed[termsAt] ?? 0)),
    errorTerms: take(2 * (packed[errorTermsAt] ?? 0)),
    values: take(packed[valuesAt] ?? 0),
    errors: take(packed[errorsAt] ?? 0),
  };
}

/** The newest step taken in. */
export function newestStep({ packed }: ArimaFilter): number {
  return packed[untilAt] ?? 0;
}

/** Takes in the next step's mean; NaN: what was expected stands for it. */
export function takeStep(filter: ArimaFilter, mean: number): void {
  const { packed, values, errors } = filter;
  const expected = clamp(packed, expectNext(filter, endOf(values, errors)));
  const isKnown = mean >= 0 && Number.isFinite(mean);
  const value = isKnown ? clamp(packed, Math.log(mean + (packed[floorAt] ?? 0))) : expected;
  push(values, value);
  push(errors, value - expected);
  packed[untilAt] = newestStep(filter) + 1;
}

/** log demand of the steps to come into `path`, from the newest one itself at 0. */
export function forecastPath(filter: ArimaFilter, path: Float64Array): void {
  const { packed } = filter;
  const { length } = filter.values;
  const ahead = path.length - 1;
  const series = {
    values: new Float64Array(length + ahead),
    end: length,
    errors: new Float64Array(filter.errors.length + ahead),
    errorsEnd: filter.errors.length,
  };
  series.values.set(filter.values);
  series.errors.set(filter.errors);
  path[0] = filter.values.at(-1) ?? 0;
  for (let step = 1; step <= ahead; step += 1) {
    const value = clamp(packed, expectNext(filter, series));
    series.values[series.end] = value;
    series.end += 1;
    series.errorsEnd += 1;
    path[step] = value;
  }
}

export function toDemand({ packed }: ArimaFilter, log: number): number {
  return Math.max(0, Math.exp(log) - (packed[floorAt] ?? 0));
}

/** What is read backwards from the ends, which are the places to come. */
interface Series {
  readonly values: Float64Array;
  end: number;
  readonly errors: Float64Array;
  errorsEnd: number;
}

function endOf(values: Float64Array, errors: Float64Array): Series {
  return { values, end: values.length, errors, errorsEnd: errors.length };
}

function expectNext({ packed, terms, errorTerms }: ArimaFilter, series: Series): number {
  const { values, end, errors, errorsEnd } = series;
  let sum = packed[constantAt] ?? 0;
  for (let index = 0; index < terms.length; index += 2) {
    sum += (terms[index + 1] ?? 0) * (values[end - (terms[index] ?? 0)] ?? 0);
  }
  for (let index = 0; index < errorTerms.length; index += 2) {
    sum += (errorTerms[index + 1] ?? 0) * (errors[errorsEnd - (errorTerms[index] ?? 0)] ?? 0);
  }
  return sum;
}

function clamp(packed: Float64Array, log: number): number {
  const lowest = packed[lowestAt] ?? 0;
  return log >= lowest ? Math.min(packed[highestAt] ?? 0, log) : lowest;
}

function push(series: Float64Array, value: number): void {
  if (series.length === 0) return;
  series.copyWithin(0, 1);
  series[series.length - 1] = value;
}
