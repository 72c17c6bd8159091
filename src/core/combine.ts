// From several recommendations to one size.

import type { Recommendation } from './decision.ts';
import { clampTo, openRange, type Range } from './range.ts';

/**
 * The largest size recommended, within the bounds of the schedules; the current size if no policy
 * has an opinion. So any policy can add, and removing takes the agreement of all that have one.
 *
 * A policy that may not scale out recommends no more than the current size. One that may not scale
 * in starts no removal, and where another does, nothing is removed below its own recommendation.
 */
export function combine(recommendations: readonly Recommendation[], current: number): number {
  return clampTo(findPlanned(recommendations, current), findLargest(recommendations, current));
}

/** As `combine`, of what the load alone asks for; `wanted` where no forecast asks for more. */
export function combineNeeded(
  recommendations: readonly Recommendation[],
  current: number,
  wanted: number,
): number {
  if (!recommendations.some(isAhead)) return wanted;
  const needed = recommendations.map((one) =>
    isAhead(one) ? { ...one, desired: one.needed ?? one.desired } : one,
  );
  return Math.min(wanted, combine(needed, current));
}

function isAhead(one: Recommendation): one is Extract<Recommendation, { kind: 'desired' }> {
  return one.kind === 'desired' && one.needed !== undefined;
}

/** What the schedules ask for together. Of two lower bounds the larger holds; lower beats upper. */
export function findPlanned(recommendations: readonly Recommendation[], current: number): Range {
  let planned = openRange;
  for (const recommendation of recommendations) {
    if (recommendation.kind !== 'bounds') continue;
    const { atLeast, atMost, forbidden } = recommendation;
    const lower = forbidden === 'scale-out' ? current : (atLeast ?? 0);
    const upper = forbidden === 'scale-in' ? openRange.atMost : (atMost ?? openRange.atMost);
    planned = {
      atLeast: Math.max(planned.atLeast, lower),
      atMost: Math.min(planned.atMost, upper),
    };
  }
  return planned;
}

function findLargest(recommendations: readonly Recommendation[], current: number): number {
  let largest: number | null = null;
  let isRemovalAllowed = false;
  for (const recommendation of recommendations) {
    if (recommendation.kind !== 'desired') continue;
    const { desired, forbidden } = recommendation;
    const size = forbidden === 'scale-out' ? current : desired;
    if (largest === null || size > largest) largest = size;
    if (size < current && forbidden === undefined) isRemovalAllowed = true;
  }
  if (largest === null) return current;
  return largest < current && !isRemovalAllowed ? current : largest;
}
