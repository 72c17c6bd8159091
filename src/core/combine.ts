// From several recommendations to one size.

import type { Recommendation } from './decision.ts';

/**
 * The largest size recommended; the current one if every policy abstains (or there is none). So any
 * policy can add, and removing takes the agreement of all that have an opinion. Which of two equal
 * ones is named as the reason: the first in the group's order.
 */
export function combine(recommendations: readonly Recommendation[], current: number): number {
  let largest: number | null = null;
  for (const recommendation of recommendations) {
    if (recommendation.kind === 'abstain') continue;
    if (largest === null || recommendation.desired > largest) largest = recommendation.desired;
  }
  return largest ?? current;
}
