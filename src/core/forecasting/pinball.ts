// The loss that quantiles are judged and weighed by.

import { forecastLevels } from './levels.ts';

/** ≥ 0, in the outcome's unit; 0.9 of what an outcome is above a quantile of 0.9, 0.1 of what below. */
export function pinball(outcome: number, quantile: number, probability: number): number {
  const error = outcome - quantile;
  return error > 0 ? probability * error : (probability - 1) * error;
}

/** Twice the mean pinball loss over the levels: near the continuous ranked probability score. */
export function crpsOf(outcome: number, quantiles: Float64Array): number {
  let sum = 0;
  for (const [level, probability] of forecastLevels.entries()) {
    sum += (2 * pinball(outcome, quantiles[level] ?? 0, probability)) / forecastLevels.length;
  }
  return sum;
}
