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
const priorChanges = Float64Array.of(-0.1, 0, 0.1, 0.3, 0.7);
const priorShares = Float64Array.of(0.25, 0.5, 0.15, 0.07, 0.03);

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

/** Adds the prior to what lies in a bin or above: its changes rise, so a bin has the last ones. */
function addPrior(tail: Float64Array, change: number, mass: number): void {
  let from = 0;
  for (let first = 0; first < priorChanges.length; first += 1) {
    const to = binOf(change + (priorChanges[first] ?? 0));
    for (let bin = from; bin <= to; bin += 1) {
      let sum = tail[bin] ?? 0;
      for (let each = first; each < priorShares.length; each += 1) {
        sum += mass * (priorShares[each] ?? 0);
      }
      tail[bin] = sum;
    }
    from = Math.max(from, to + 1);
  }
}
