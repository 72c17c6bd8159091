// Scores of forecasts against outcomes: pinball loss, CRPS, MASE and coverage, of the ensemble, of each
// expert and of the bare seasonal naive forecasts.

import { forecastLevels, medianIndex } from '../../core/forecasting/levels.ts';

export interface ScoredForecast {
  readonly outcome: number;
  readonly ensemble: readonly number[];
  readonly experts: ReadonlyMap<string, readonly number[]>;
  /** The same step a day and a week before; NaN where it is not known. */
  readonly naiveDaily: number;
  readonly naiveWeekly: number;
}

export interface NamedScore {
  readonly name: string;
  readonly count: number;
  /** Mean of the losses at 0.5, 0.9 and 0.99. */
  readonly pinball: number;
  readonly crps: number;
  readonly absoluteError: number;
  /** Share of outcomes at or below the quantile, per level. */
  readonly coverage: readonly number[];
  /** The same over the tenth of the forecasts with the highest medians. */
  readonly highCoverage: readonly number[];
}

export interface ScoreTable {
  add(forecast: ScoredForecast): void;
  /** Ensemble first, then the bare naive forecasts, then experts. */
  scores(): readonly NamedScore[];
}

export const ensembleName = 'ensemble';
export const bareNaive = { daily: 'bare naive 24h', weekly: 'bare naive 7d' } as const;
/** What the loss is judged at. */
const judgedLevels: readonly number[] = [0.5, 0.9, 0.99];

interface Row {
  count: number;
  readonly losses: Float64Array;
  absoluteError: number;
  /** Median, outcome is covered from level … on. */
  readonly medians: number[];
  readonly coveredFrom: number[];
}

export function createScoreTable(): ScoreTable {
  const rows = new Map<string, Row>();
  const addRow = (name: string, quantiles: readonly number[], outcome: number): void => {
    const row = rows.get(name) ?? makeRow();
    rows.set(name, row);
    row.count += 1;
    let coveredFrom = quantiles.length;
    for (const [index, quantile] of quantiles.entries()) {
      const level = forecastLevels[index] ?? 0;
      const error = outcome - quantile;
      row.losses[index] = (row.losses[index] ?? 0) + (error > 0 ? level : level - 1) * error;
      if (error <= 0) coveredFrom = Math.min(coveredFrom, index);
    }
    row.absoluteError += Math.abs(outcome - (quantiles[medianIndex] ?? 0));
    row.medians.push(quantiles[medianIndex] ?? 0);
    row.coveredFrom.push(coveredFrom);
  };
  return {
    add: ({ outcome, ensemble, experts, naiveDaily, naiveWeekly }) => {
      // Compared on the same forecasts: without yesterday there is nothing to compare with.
      if (!(naiveDaily >= 0)) return;
      addRow(ensembleName, ensemble, outcome);
      const point = (value: number): number[] => forecastLevels.map(() => value);
      addRow(bareNaive.daily, point(naiveDaily), outcome);
      if (naiveWeekly >= 0) addRow(bareNaive.weekly, point(naiveWeekly), outcome);
      for (const [name, quantiles] of experts) addRow(name, quantiles, outcome);
    },
    scores: () => [...rows].map(([name, row]) => summarize(name, row)),
  };
}

function makeRow(): Row {
  const losses = new Float64Array(forecastLevels.length);
  return { count: 0, losses, absoluteError: 0, medians: [], coveredFrom: [] };
}

function summarize(name: string, row: Row): NamedScore {
  const { count, losses, absoluteError, medians, coveredFrom } = row;
  const sorted = medians.toSorted((a, b) => a - b);
  const highFrom = sorted[Math.floor(0.9 * count)] ?? 0;
  const high = coveredFrom.filter((_, index) => (medians[index] ?? 0) >= highFrom);
  const share = (among: readonly number[], index: number): number =>
    among.filter((from) => from <= index).length / among.length;
  const judged = judgedLevels.map((level) => losses[forecastLevels.indexOf(level)] ?? 0);
  return {
    name,
    count,
    pinball: judged.reduce((sum, loss) => sum + loss, 0) / judged.length / count,
    crps: (2 * losses.reduce((sum, loss) => sum + loss, 0)) / losses.length / count,
    absoluteError: absoluteError / count,
    coverage: forecastLevels.map((_, index) => share(coveredFrom, index)),
    highCoverage: forecastLevels.map((_, index) => share(high, index)),
  };
}
