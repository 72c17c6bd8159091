// The running scorecard of one horizon: losses of each expert and of the ensemble, discounted, so that
// what is said of them is of the last days. Row 0 is the ensemble.

import type { Issue } from './channel.ts';
import { forecastLevels, medianIndex } from './levels.ts';

const levelCount = forecastLevels.length;
/** Scored with so many updates' memory. */
const memory = 1000;
/** Of a row: weight, absolute error of the median, then per level pinball and share of misses. */
const rowLength = 2 + 2 * levelCount;

/** Rows of the two seasonal naive experts, which stand first. */
export const naiveRows = [1, 2] as const;

export interface ExpertScore {
  /** Mean absolute error of the median, in work units a second. */
  readonly absoluteError: number;
  /** Mean pinball loss over the levels, doubled: an approximation of the CRPS. */
  readonly crps: number;
  readonly pinball: readonly number[];
  /** Share of outcomes at or below each level's quantile. */
  readonly coverage: readonly number[];
}

export function scorecardLength(experts: number): number {
  return (experts + 1) * rowLength;
}

export function addToScorecard(scores: Float64Array, issue: Issue, outcome: number): void {
  addRow(scores.subarray(0, rowLength), issue.ensemble, outcome);
  for (const [expert, center] of issue.centers.entries()) {
    if (!(center >= 0)) continue;
    const row = scores.subarray((expert + 1) * rowLength, (expert + 2) * rowLength);
    const from = expert * levelCount;
    addRow(row, issue.quantiles.subarray(from, from + levelCount), outcome);
  }
}

function addRow(row: Float64Array, quantiles: Float64Array, outcome: number): void {
  const weight = (row[0] ?? 0) * (1 - 1 / memory) + 1;
  const rate = 1 / weight;
  row[0] = weight;
  const blend = (at: number, value: number): void => {
    row[at] = (row[at] ?? 0) + rate * (value - (row[at] ?? 0));
  };
  blend(1, Math.abs(outcome - (quantiles[medianIndex] ?? 0)));
  for (let level = 0; level < levelCount; level += 1) {
    const error = outcome - (quantiles[level] ?? 0);
    const probability = forecastLevels[level] ?? 0;
    blend(2 + level, error > 0 ? probability * error : (probability - 1) * error);
    blend(2 + levelCount + level, error <= 0 ? 1 : 0);
  }
}

/** Row 0 is the ensemble, row e + 1 expert e; null before anything was scored. */
export function readScore(scores: Float64Array, row: number): ExpertScore | null {
  const values = scores.subarray(row * rowLength, (row + 1) * rowLength);
  if ((values[0] ?? 0) === 0) return null;
  const pinball = [...values.subarray(2, 2 + levelCount)];
  return {
    absoluteError: values[1] ?? 0,
    crps: (2 * pinball.reduce((sum, loss) => sum + loss, 0)) / levelCount,
    pinball,
    coverage: [...values.subarray(2 + levelCount)],
  };
}
