// Holt's linear trend, damped: E. S. Gardner, E. McKenzie, "Forecasting Trends in Time Series",
// Management Science 31(10), 1985, in its error-correction form. Over series with gaps.

export interface SeriesPoint {
  /** Whole number, ascending; a missing step is a gap. */
  readonly step: number;
  /** Finite. */
  readonly value: number;
}

interface Smoothing {
  /** Share of the newest error that moves the level. 0–1. */
  readonly level: number;
  /** Share of that which moves the trend. 0–1. */
  readonly trend: number;
  /** What is left of the trend after one step. 0–1. */
  readonly damping: number;
}

/** Persistence first: of equally good ones the earliest is taken. */
const candidates: readonly Smoothing[] = [1, 0.8, 0.5, 0.3, 0.15].flatMap((level) => [
  { level, trend: 0, damping: 0 },
  ...[0.2, 0.5].flatMap((trend) => [0.8, 0.9, 0.98].map((damping) => ({ level, trend, damping }))),
]);

/** Trends have died away after so many missing steps. */
const gapStepsMax = 1000;

/**
 * The value one step after the last point; of a single point that point, of none 0. The smoothing is
 * the candidate with the least mean absolute one-step error over the series itself; persistence (the
 * last value) is one of them. For example 10, 20, 30, 40 gives a little below 50.
 */
export function forecastDampedTrend(series: readonly SeriesPoint[]): number {
  let best = { error: Number.POSITIVE_INFINITY, next: series.at(-1)?.value ?? 0 };
  for (const smoothing of candidates) {
    const run = follow(series, smoothing);
    if (run.error < best.error) best = run;
  }
  return best.next;
}

/** Walks the series, forecasting each point from those before it. */
function follow(
  series: readonly SeriesPoint[],
  { level: levelShare, trend: trendShare, damping }: Smoothing,
): { readonly error: number; readonly next: number } {
  let level = series[0]?.value ?? 0;
  let trend = 0;
  let error = 0;
  for (const [index, { step, value }] of series.entries()) {
    if (index === 0) continue;
    const missing = step - (series[index - 1]?.step ?? step) - 1;
    for (let gap = 0; gap < Math.min(missing, gapStepsMax); gap += 1) {
      trend *= damping;
      level += trend;
    }
    const expected = level + damping * trend;
    const surprise = value - expected;
    level = expected + levelShare * surprise;
    trend = damping * trend + levelShare * trendShare * surprise;
    error += (Math.abs(surprise) - error) / index;
  }
  return { error, next: level + damping * trend };
}
