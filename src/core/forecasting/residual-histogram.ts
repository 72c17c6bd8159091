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
/** The greatest residual seen, fading: sizes that grow must not blow up the tails of before. */
const greatestAt = binCount + 2;
export const histogramLength = binCount + 3;
/** Where the bins end. */
export const histogramBins = binCount;

export function createResidualHistogram(values: Float64Array): ResidualHistogram {
  const histogram = { values, quantiles: new Float64Array(forecastLevels.length) };
  if ((values[sizeAt] ?? 0) === 0) {
    for (let bin = 0; bin < binCount; bin += 1) {
      const low = laplaceBelow(unitAt(bin));
      values[bin] = priorWeight * (laplaceBelow(unitAt(bin + 1)) - low);
    }
    values[sizeAt] = initialSize;
    values[greatestAt] = greatestInitial;
  }
  findQuantiles(histogram);
  return histogram;
}

/** Before anything is known: a factor of e^0.3 is usual. */
const initialSize = 0.3;
const greatestInitial = 1.5;
/** A factor of 55 is as far as any band reaches from its middle. */
const greatestMax = 4;

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
  const faded = (values[greatestAt] ?? 0) * keep;
  values[greatestAt] = Math.min(greatestMax, Math.max(Math.abs(residual), faded));
  findQuantiles(histogram);
}

export function countSeen({ values }: ResidualHistogram): number {
  return values[seenAt] ?? 0;
}

function findQuantiles({ values, quantiles }: ResidualHistogram): void {
  let total = 0;
  for (let bin = 0; bin < binCount; bin += 1) total += values[bin] ?? 0;
  const size = values[sizeAt] ?? initialSize;
  const greatest = values[greatestAt] ?? greatestMax;
  let below = 0;
  let bin = 0;
  for (const [index, level] of forecastLevels.entries()) {
    const wanted = level * total;
    while (bin < binCount - 1 && below + (values[bin] ?? 0) < wanted) {
      below += values[bin] ?? 0;
      bin += 1;
    }
    const share = (wanted - below) / Math.max(values[bin] ?? 0, 1e-300);
    const quantile = size * unitAt(bin + Math.max(0, Math.min(1, share)));
    quantiles[index] = Math.max(-greatest, Math.min(greatest, quantile));
  }
}

/** The residual, in units of size, at a place among the bins. */
function unitAt(place: number): number {
  return Math.sinh(place * binWidth - reach) / 2;
}

function laplaceBelow(x: number): number {
  return x < 0 ? Math.exp(x) / 2 : 1 - Math.exp(-x) / 2;
}
