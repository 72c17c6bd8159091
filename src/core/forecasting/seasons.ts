// Which periods a demand has: looked for once a day in the minutes of the last days. Days and weeks
// are always asked; the short ones, from fifteen minutes to half a day, have to be found.

import type { BlockHistory } from './block-history.ts';
import { blocksPerMinute } from './levels.ts';

const shortestMinutes = 15;
const longestMinutes = 360;
const searchedMinutes = 4 * 1440;
/** Half the width of the moving mean that takes the day out. */
const trendHalfMinutes = 90;
/** Correlation over the phase halfway between that a period has to show. */
const contrastMin = 0.03;
/** Contrast × √(lags it is the mean of). */
const evidenceMin = 0.2;
const lagsPerPeriod = 3;
const clipAt = 1.5;

/** Changed in place by `findSeasons`. */
export interface Seasons {
  /** The short period in blocks; 0: none. */
  shortBlocks: number;
  /** Its correlation, 0–1. */
  shortContrast: number;
}

/** Some 2 million products: ten milliseconds or less. */
export function findSeasons(seasons: Seasons, history: BlockHistory, minute: number): void {
  const series = readDetrended(history, minute);
  seasons.shortBlocks = 0;
  seasons.shortContrast = 0;
  if (series === null) return;
  const correlations = correlate(series);
  let best = 0;
  for (let period = shortestMinutes; period <= longestMinutes; period += 1) {
    const multiples = Math.floor((lagsPerPeriod * longestMinutes) / period);
    const contrast = contrastOf(correlations, period, multiples);
    // The mean of many lags errs less; that also prefers a period to its multiples.
    const evidence = contrast * Math.sqrt(multiples);
    if (contrast < contrastMin || evidence < evidenceMin || evidence <= best) continue;
    best = evidence;
    seasons.shortBlocks = period * blocksPerMinute;
    seasons.shortContrast = contrast;
  }
}

/** Mean correlation at the multiples of a period over that halfway between them. */
function contrastOf(correlations: Float64Array, period: number, multiples: number): number {
  let sum = 0;
  for (let multiple = 1; multiple <= multiples; multiple += 1) {
    sum += correlations[multiple * period] ?? 0;
    sum -= correlations[Math.round((multiple - 0.5) * period)] ?? 0;
  }
  return sum / multiples;
}

/** Log ratios to the moving mean around, clipped, of zero mean; null where too little is known. */
function readDetrended(history: BlockHistory, minute: number): Float64Array | null {
  const length = searchedMinutes + 2 * trendHalfMinutes;
  const sums = new Float64Array(length + 1);
  const known = new Float64Array(length + 1);
  for (let index = 0; index < length; index += 1) {
    const value = history.minuteMean(minute - length + 1 + index);
    sums[index + 1] = (sums[index] ?? 0) + (value >= 0 ? value : 0);
    known[index + 1] = (known[index] ?? 0) + (value >= 0 ? 1 : 0);
  }
  const total = known[length] ?? 0;
  if (total < 1440) return null;
  const floor = (0.1 * (sums[length] ?? 0)) / total + 1e-12;
  const series = new Float64Array(searchedMinutes);
  const width = 2 * trendHalfMinutes;
  for (let index = 0; index < searchedMinutes; index += 1) {
    const count = (known[index + width] ?? 0) - (known[index] ?? 0);
    const value = history.minuteMean(minute - length + 1 + index + trendHalfMinutes);
    if (count === 0 || !(value >= 0)) continue;
    const around = ((sums[index + width] ?? 0) - (sums[index] ?? 0)) / count;
    const ratio = Math.log((value + floor) / (around + floor));
    series[index] = Math.max(-clipAt, Math.min(clipAt, ratio));
  }
  const mean = series.reduce((sum, value) => sum + value, 0) / searchedMinutes;
  return series.map((value) => (value === 0 ? 0 : value - mean));
}

/** Autocorrelations at the lags 0 … three times the longest period, smoothed over three lags. */
function correlate(series: Float64Array): Float64Array {
  const lags = lagsPerPeriod * longestMinutes;
  const raw = new Float64Array(lags + 2);
  for (let lag = 0; lag <= lags + 1; lag += 1) {
    let sum = 0;
    for (let index = lag; index < series.length; index += 2) {
      sum += (series[index] ?? 0) * (series[index - lag] ?? 0);
    }
    raw[lag] = sum / (series.length - lag);
  }
  const variance = Math.max(raw[0] ?? 0, 1e-12);
  return raw.map((value, lag) =>
    lag === 0 ? 1 : (value / 2 + ((raw[lag - 1] ?? 0) + (raw[lag + 1] ?? 0)) / 4) / variance,
  );
}
