// Which season a model has: the period whose earlier cycles tell most about each cycle, left out in turn.

/** Cycles that have to be seen. */
const cyclesMin = 3;
/** Share of the variance that the other cycles explain: from here on the season is differenced. */
const differencedFrom = 0.4;
/** Below this there is no season. */
const seasonFrom = 0.1;
/** A longer period is to explain so much more than a shorter one. */
const longerGain = 0.05;

export interface FoundSeason {
  /** In steps; 0: none. */
  readonly season: number;
  readonly differences: 0 | 1;
}

/** `periods` ascending, in steps; those that the series is too short for are left out. */
export function findSeason(series: Float64Array, periods: readonly number[]): FoundSeason {
  let season = 0;
  let best = seasonFrom;
  for (const period of periods) {
    if (period < 2 || period * cyclesMin > series.length) continue;
    const explained = findExplained(series, period);
    if (explained < (season === 0 ? best : best + longerGain)) continue;
    season = period;
    best = explained;
  }
  return { season, differences: season > 0 && best > differencedFrom ? 1 : 0 };
}

/** 1 − variance around the mean of the other cycles / variance; may be negative. */
export function findExplained(series: Float64Array, period: number): number {
  const sums = new Float64Array(period);
  const counts = new Float64Array(period);
  let mean = 0;
  for (let index = 0; index < series.length; index += 1) {
    const phase = index % period;
    sums[phase] = (sums[phase] ?? 0) + (series[index] ?? 0);
    counts[phase] = (counts[phase] ?? 0) + 1;
    mean += (series[index] ?? 0) / series.length;
  }
  let left = 0;
  let total = 0;
  for (let index = 0; index < series.length; index += 1) {
    const value = series[index] ?? 0;
    const phase = index % period;
    const others = (counts[phase] ?? 0) - 1;
    const expected = others > 0 ? ((sums[phase] ?? 0) - value) / others : mean;
    left += (value - expected) * (value - expected);
    total += (value - mean) * (value - mean);
  }
  return total > 0 ? 1 - left / total : 0;
}
