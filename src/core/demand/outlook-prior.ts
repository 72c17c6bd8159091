// What is taken to come while nothing, or little, has been counted. It stands in for ten minutes of
// blocks in every distribution, so that what was seen soon outweighs it.
import type { Outlook, OutlookBlock } from './outlook.ts';
import { binOf } from './ratio-bins.ts';

/**
 * Before anything is known demand stays as it is, give or take: shares of changes (a logarithm). While
 * it grows, half of that is about where it gets to if it goes on; below the hour's level, a tenth is
 * about a return to that, as far as the grid of ratios reaches (eightfold). So a first ramp is followed,
 * and under a tight promise the first lull is not taken for the end.
 */
const priorWeight = 60;
const growingShare = 0.5;
const returningShare = 0.1;
const priorChanges = [-0.1, 0, 0.1, 0.3, 0.7] as const;
const priorShares = [0.25, 0.5, 0.15, 0.07, 0.03] as const;

/** Adds it to the weights of what lies in a bin or above. */
export function addPriors(
  { tail, weight, newest, anchor }: Outlook,
  { growth, slowMean }: OutlookBlock,
): void {
  const growing = growth > 0 ? growingShare : 0;
  const returning = slowMean > newest ? returningShare : 0;
  const mass = priorWeight * weight;
  addPrior(tail, Math.log(newest / anchor), mass * (1 - growing - returning));
  if (growing > 0) addPrior(tail, Math.log((newest + growth) / anchor), mass * growing);
  if (returning > 0) addPrior(tail, Math.log(slowMean / anchor), mass * returning);
}

/** Its changes rise, so a bin has the last ones. Written out, for every block passes here a dozen times. */
function addPrior(tail: Float64Array, change: number, mass: number): void {
  const first = mass * priorShares[0];
  const second = mass * priorShares[1];
  const third = mass * priorShares[2];
  const fourth = mass * priorShares[3];
  const fifth = mass * priorShares[4];
  let bin = 0;
  for (const end = binOf(change + priorChanges[0]); bin <= end; bin += 1) {
    tail[bin] = (tail[bin] ?? 0) + first + second + third + fourth + fifth;
  }
  for (const end = binOf(change + priorChanges[1]); bin <= end; bin += 1) {
    tail[bin] = (tail[bin] ?? 0) + second + third + fourth + fifth;
  }
  for (const end = binOf(change + priorChanges[2]); bin <= end; bin += 1) {
    tail[bin] = (tail[bin] ?? 0) + third + fourth + fifth;
  }
  for (const end = binOf(change + priorChanges[3]); bin <= end; bin += 1) {
    tail[bin] = (tail[bin] ?? 0) + fourth + fifth;
  }
  for (const end = binOf(change + priorChanges[4]); bin <= end; bin += 1) {
    tail[bin] = (tail[bin] ?? 0) + fifth;
  }
}
