// The last word on the size: the tighter of the group's bounds in the config and in AWS. A forecast
// may raise the config's maximum, where its policy says so; never AWS's.

import type { Recommendation } from '../decision.ts';
import type { Guardrail } from './guardrail.ts';

export const sizeBounds: Guardrail = {
  name: 'size-bounds',
  lets: 'nobody',
  correct({ group, capacity, opinions, leaving }, size) {
    const max = Math.max(group.max, findRaisedMax(opinions));
    const bounds = tighterBounds({ min: group.min, max }, capacity);
    // Those that drain are still in AWS's count.
    const most = bounds.max - leaving;
    const bounded = Math.max(Math.min(bounds.min, most), Math.min(most, size));
    if (bounded === size) return null;
    const draining = leaving > 0 && { draining: leaving };
    return { size: bounded, reason: { code: 'size-bounds', ...bounds, ...draining } };
  },
};

/** The highest that a forecast raises the maximum to; 0 where none does. */
function findRaisedMax(opinions: readonly Recommendation[]): number {
  let highest = 0;
  for (const { reason } of opinions) {
    if (reason.code === 'forecast') highest = Math.max(highest, reason.raisesMaxTo ?? 0);
  }
  return highest;
}

export interface SizeBounds {
  readonly min: number;
  readonly max: number;
}

/**
 * The range that both allow. Where they have none in common AWS's bounds hold, since it would refuse
 * anything else: the end of its range nearer to the config's.
 */
export function tighterBounds(configured: SizeBounds, actual: SizeBounds): SizeBounds {
  const min = Math.max(configured.min, actual.min);
  const max = Math.min(configured.max, actual.max);
  if (min <= max) return { min, max };
  const nearest = configured.min > actual.max ? actual.max : actual.min;
  return { min: nearest, max: nearest };
}
