// The distribution of one expert's residuals at one horizon: a histogram that forgets, over residuals
// in units of their own recent size, so that it widens within a few misses and stays cheap.

import { forecastLevels } from './levels.ts';

/** Bins over asinh(2x): fine at 0, geometric in the tails, which end at about x = ± 330. */
const binCount = 96;
const reach = 6.5;
const binWidth = (2 * reach) / binCount;
/** The prior counts as so many observations: a Laplace distribution of unit mean size. */
const priorWeight = 4;
/** Residuals that are kept in mind at least, whatever their lag. */
const sizeMemory = 60;

export interface ResidualHistogram {
  /** Bins, then the size and the number seen: all there is, for snapshots. */
  readonly values: Float64Array;
  /** Residual quantiles per level; recomputed on `add`. */
  readonly quantiles: Float64Array;
}

const sizeAt = binCount;
const seenAt = binCount + 1;
export const histogramLength = binCount + 2;

export function createResidualHistogram(values: Float64Array): ResidualHistogram {
  const histogram = { values, quantiles: new Float64Array(forecastLevels.length) };
  if ((values[sizeAt] ?? 0) === 0) {
    for (let bin = 0; bin < binCount; bin += 1) {
      const low = laplaceBelow(unitAt(bin));
      values[bin] = priorWeight * (laplaceBelow(unitAt(bin + 1)) - low);
    }
    values[sizeAt] = initialSize;
  }
  findQuantiles(histogram);
  return histogram;
}

/** Before anything is known: a factor of e^0.3 is usual. */
const initialSize = 0.3;

export function addResidual(histogram: ResidualHistogram, residual: number, memory: number): void {
  const { values } = histogram;
  const size = Math.max(values[sizeAt] ?? initialSize, 1e-9);
  const seen = (values[seenAt] ?? 0) + 1;
  const place = (Math.asinh((2 * residual) / size) + reach) / binWidth;
  const bin = Math.max(0, Math.min(binCount - 1, Math.floor(place)));
  const keep = 1 - 1 / memory;
  for (let index = 0; index < binCount; index += 1) values[index] = (values[index] ?? 0) * keep;
  values[bin] = (values[bin] ?? 0) + 1;
  const rate = Math.max(1 / (seen + 1), 1 / sizeMemory);
  // One wild residual is a tail, not a new size.
  const bounded = Math.min(Math.abs(residual), seen < 10 ? Number.POSITIVE_INFINITY : 8 * size);
  values[sizeAt] = size + rate * (bounded - size);
  values[seenAt] = seen;
  findQuantiles(histogram);
}

function findQuantiles({ values, quantiles }: ResidualHistogram): void {
  let total = 0;
  for (let bin = 0; bin < binCount; bin += 1) total += values[bin] ?? 0;
  const size = values[sizeAt] ?? initialSize;
  let below = 0;
  let bin = 0;
  for (const [index, level] of forecastLevels.entries()) {
    const wanted = level * total;
    while (bin < binCount - 1 && below + (values[bin] ?? 0) < wanted) {
      below += values[bin] ?? 0;
      bin += 1;
    }
    const share = (wanted - below) / Math.max(values[bin] ?? 0, 1e-300);
    quantiles[index] = size * unitAt(bin + Math.max(0, Math.min(1, share)));
  }
}

/** The residual, in units of size, at a place among the bins. */
function unitAt(place: number): number {
  return Math.sinh(place * binWidth - reach) / 2;
}

function laplaceBelow(x: number): number {
  return x < 0 ? Math.exp(x) / 2 : 1 - Math.exp(-x) / 2;
}
