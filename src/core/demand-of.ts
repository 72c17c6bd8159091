// What a decision says of the demand, in instances: one number beside the sizes, for people.

import type { Decision, Recommendation } from './decision.ts';

/**
 * How many instances the policies' readings ask for, before any rounding to whole ones where the
 * reading allows it: 12 instances at 45 % of a target of 60 % are a demand of 9. The largest of the
 * policies' words; null if none of them looks at a reading (all abstain, or follow a calendar).
 */
export function demandOf({ from, recommendations }: Decision): number | null {
  let demand: number | null = null;
  for (const recommendation of recommendations) {
    const asked = readDemand(recommendation, from);
    if (asked !== null && (demand === null || asked > demand)) demand = asked;
  }
  return demand;
}

function readDemand(recommendation: Recommendation, size: number): number | null {
  if (recommendation.kind !== 'desired') return null;
  const { desired, reason } = recommendation;
  switch (reason.code) {
    case 'target-tracking':
      return finite((reason.value / reason.target) * reason.instances);
    case 'within-tolerance':
      return finite((reason.value / reason.target) * size);
    case 'demand':
      return finite(reason.demand / reason.capacityPerInstance);
    case 'fixed':
    case 'schedule':
    case 'override-set':
    case 'override-hold':
      return null;
    default:
      return desired;
  }
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
