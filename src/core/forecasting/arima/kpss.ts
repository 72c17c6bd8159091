// Whether a series keeps its level: D. Kwiatkowski, P. Phillips, P. Schmidt, Y. Shin, "Testing the null
// hypothesis of stationarity", Journal of Econometrics 54, 1992.

import { difference } from './arima-model.ts';

/** The statistic's 5 % point for a level without a trend (their table 1). */
const levelCritical = 0.463;
/** As R's forecast package: more differences describe no demand. */
const differencesMax = 2;

/**
 * Their statistic for stationarity around a level, with a Bartlett window of 3√n / 13 lags (as Hyndman and
 * Khandakar's). 0 of a constant.
 */
export function findKpss(series: Float64Array): number {
  const { length } = series;
  if (length === 0) return 0;
  const mean = series.reduce((sum, value) => sum + value, 0) / length;
  const lags = Math.trunc((3 * Math.sqrt(length)) / 13);
  let partial = 0;
  let partials = 0;
  let squares = 0;
  for (const value of series) {
    partial += value - mean;
    partials += partial * partial;
    squares += (value - mean) * (value - mean);
  }
  if (squares <= 1e-18 * length * (mean * mean + 1e-6)) return 0;
  let longRun = squares;
  for (let lag = 1; lag <= lags; lag += 1) {
    let sum = 0;
    for (let index = lag; index < length; index += 1) {
      sum += ((series[index] ?? 0) - mean) * ((series[index - lag] ?? 0) - mean);
    }
    longRun += 2 * (1 - lag / (lags + 1)) * sum;
  }
  return longRun > 0 ? partials / (length * longRun) : Number.POSITIVE_INFINITY;
}

/** How often a series is to be differenced until the test does not reject it any more. 0–2. */
export function countDifferences(series: Float64Array): number {
  let current = series;
  for (let count = 0; count < differencesMax; count += 1) {
    if (findKpss(current) <= levelCritical) return count;
    current = difference(current, 1);
  }
  return differencesMax;
}
