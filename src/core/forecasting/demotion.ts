// When a forecast gives way to seasonal naive, and when it comes back.

import { naiveRows, readScore } from './scorecard.ts';

/** The ensemble's CRPS over the better naive's: apart, so that it does not go to and fro. */
const losesAbove = 1.03;
const returnsBelow = 0.99;

/** The scorecard's row of the naive expert to answer with; 0: the ensemble. `current` is the last one. */
export function findDemotion(scores: Float64Array, current: number): number {
  const own = readScore(scores, 0)?.crps ?? 0;
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (const row of naiveRows) {
    const crps = readScore(scores, row)?.crps ?? Number.POSITIVE_INFINITY;
    if (crps < least) [best, least] = [row, crps];
  }
  return own > least * (current > 0 ? returnsBelow : losesAbove) ? best : 0;
}
