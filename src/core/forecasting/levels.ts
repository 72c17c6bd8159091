// The probability levels that every forecast is given at, and the words that its parts share.

/** Ascending; the tails are finer because capacity is bought for the upper one. */
export const forecastLevels: readonly number[] = [
  0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999,
];

export const medianIndex = 3;

export const blockMs = 10_000;
export const blocksPerMinute = 6;
export const blocksPerDay = 8640;
export const blocksPerWeek = 7 * blocksPerDay;

/** What is forecast: the mean of one window ahead, or the greatest of its 10 s means. */
export interface ForecastTarget {
  readonly kind: 'mean' | 'max';
  /** The block that the forecast is made at: the newest one known. */
  readonly origin: number;
  /** First block of the window; after `origin`. */
  readonly from: number;
  /** Blocks in the window, at least 1. */
  readonly count: number;
}
