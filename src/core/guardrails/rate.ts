// Rate: how much may change within any span as long as its period, for each direction. Only accepted
// changes count, so that a refused call takes nothing from the next. The rule of the Kubernetes HPA
// v2 (`behavior.*.policies`), of two limits the larger.

import type { Rate } from '../group.ts';
import type { CountedChange, GroupState } from '../state.ts';
import type { EpochMs } from '../time.ts';
import type { Guardrail } from './guardrail.ts';

export const rate: Guardrail = {
  name: 'rate',
  lets: 'people',
  correct({ group, state, now, current }, size) {
    if (group.rate === undefined || size === current) return null;
    const direction = size > current ? 'scale-out' : 'scale-in';
    const limit = size > current ? group.rate.scaleOut : group.rate.scaleIn;
    if (limit === undefined) return null;
    const used = sumChanges(state, now - limit.periodMs, size > current ? 'added' : 'removed');
    const sizeBefore = size > current ? Math.max(0, current - used) : current + used;
    const most = findMost(limit, sizeBefore);
    const left = Math.max(0, most - used);
    if (Math.abs(size - current) <= left) return null;
    const { periodMs } = limit;
    return {
      size: size > current ? current + left : current - left,
      reason: { code: 'rate', direction, most, used, periodMs },
    };
  },
};

/**
 * How many instances may change in a period that began at `sizeBefore`: 100 % and 4 instances at a
 * size of 10 is 10. At least 1, so that a share of nothing can begin.
 */
export function findMost(limit: Rate, sizeBefore: number): number {
  // Rounding noise must not add an instance: 0.07 × 100 is a little above 7.
  const share = limit.ratio === null ? 0 : Math.ceil(limit.ratio * sizeBefore * (1 - 1e-12));
  return Math.max(1, limit.instances ?? 0, share);
}

/** Changes at exactly `after` are over. */
function sumChanges(state: GroupState, after: EpochMs, what: keyof CountedChange): number {
  let sum = 0;
  for (const change of state.changes) if (change.at > after) sum += change[what];
  return sum;
}
