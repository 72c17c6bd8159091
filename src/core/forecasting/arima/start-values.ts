// Where a fit begins: E. Hannan, J. Rissanen, "Recursive estimation of mixed autoregressive-moving
// average order", Biometrika 69(1), 1982. A long autoregression gives errors; least squares on lags of
// the series and of those errors gives the coefficients.

import { solveDefinite } from '../solve.ts';
import type { ArimaOrder } from './arima-model.ts';

/** Lags of the long autoregression. */
const longLagsMax = 30;

export interface StartValues {
  readonly ar: Float64Array;
  readonly ma: Float64Array;
  readonly seasonalAr: Float64Array;
  readonly seasonalMa: Float64Array;
}

/** The errors of a long autoregression, by the Yule–Walker equations; `centred` has no mean. */
export function findLongErrors(centred: Float64Array): Float64Array {
  const lags = Math.min(longLagsMax, Math.floor(centred.length / 10));
  const coefficients = solveYuleWalker(findAutocovariances(centred, lags));
  const errors = new Float64Array(centred.length);
  for (let index = 0; index < centred.length; index += 1) {
    let value = centred[index] ?? 0;
    for (let lag = 1; lag <= Math.min(lags, index); lag += 1) {
      value -= (coefficients[lag - 1] ?? 0) * (centred[index - lag] ?? 0);
    }
    errors[index] = value;
  }
  return errors;
}

export function findAutocovariances(centred: Float64Array, lags: number): Float64Array {
  const covariances = new Float64Array(lags + 1);
  for (let lag = 0; lag <= lags; lag += 1) {
    let sum = 0;
    for (let index = lag; index < centred.length; index += 1) {
      sum += (centred[index] ?? 0) * (centred[index - lag] ?? 0);
    }
    covariances[lag] = sum / centred.length;
  }
  return covariances;
}

/** Levinson's recursion. */
function solveYuleWalker(covariances: Float64Array): Float64Array {
  const order = covariances.length - 1;
  const coefficients = new Float64Array(Math.max(0, order));
  let variance = covariances[0] ?? 0;
  for (let k = 0; k < order && variance > 0; k += 1) {
    let sum = covariances[k + 1] ?? 0;
    for (let i = 0; i < k; i += 1) sum -= (coefficients[i] ?? 0) * (covariances[k - i] ?? 0);
    const partial = sum / variance;
    const before = coefficients.slice(0, k);
    coefficients[k] = partial;
    for (let i = 0; i < k; i += 1) {
      coefficients[i] = (before[i] ?? 0) - partial * (before[k - 1 - i] ?? 0);
    }
    variance *= 1 - partial * partial;
  }
  return coefficients;
}

/** Zeros where the equations cannot be solved. */
export function findStartValues(
  centred: Float64Array,
  longErrors: Float64Array,
  order: ArimaOrder,
): StartValues {
  const { ar, ma, seasonalAr, seasonalMa, season } = order;
  const inputs = [
    ...lagsOf(centred, ar, 1),
    ...lagsOf(longErrors, ma, 1),
    ...lagsOf(centred, seasonalAr, season),
    ...lagsOf(longErrors, seasonalMa, season),
  ];
  const solution = regress(centred, inputs);
  const take = (from: number, count: number): Float64Array => solution.slice(from, from + count);
  return {
    ar: take(0, ar),
    ma: take(ar, ma),
    seasonalAr: take(ar + ma, seasonalAr),
    seasonalMa: take(ar + ma + seasonalAr, seasonalMa),
  };
}

interface Lagged {
  readonly series: Float64Array;
  readonly lag: number;
}

function lagsOf(series: Float64Array, count: number, step: number): readonly Lagged[] {
  return Array.from({ length: count }, (_, index) => ({ series, lag: (index + 1) * step }));
}

function regress(output: Float64Array, inputs: readonly Lagged[]): Float64Array {
  const size = inputs.length;
  const matrix = new Float64Array(size * size);
  const right = new Float64Array(size);
  const row = new Float64Array(size);
  const first = inputs.reduce((most, { lag }) => Math.max(most, lag), 0) + longLagsMax;
  for (let index = first; index < output.length; index += 1) {
    for (const [at, { series, lag }] of inputs.entries()) row[at] = series[index - lag] ?? 0;
    for (let one = 0; one < size; one += 1) {
      const value = row[one] ?? 0;
      right[one] = (right[one] ?? 0) + value * (output[index] ?? 0);
      for (let other = 0; other <= one; other += 1) {
        const at = one * size + other;
        matrix[at] = (matrix[at] ?? 0) + value * (row[other] ?? 0);
      }
    }
  }
  return solveDefinite(matrix, right, 1e-6) ?? new Float64Array(size);
}
