// Rate: how much may change within any span as long as its period, for each direction. Only accepted
// changes count, so that a refused call takes nothing from the next. The rule of the Kubernetes HPA
// v2 (`behavior.*.policies`), of two limits the larger. What was launched for a forecast takes nothing
// from what the load alone asks for.

import type { Rate } from '../group.ts';
import type { GroupState } from '../state.ts';
import type { EpochMs } from '../time.ts';
import type { Guardrail } from './guardrail.ts';

export const rate: Guardrail = {
  name: 'rate',
  lets: 'people',
  correct(context, size) {
    const { group, state, now, current, needed } = context;
    if (group.rate === undefined || size === current) return null;
    const isOut = size > current;
    const limit = isOut ? group.rate.scaleOut : group.rate.scaleIn;
    if (limit === undefined) return null;
    const after = now - limit.periodMs;
    const direction = isOut ? 'scale-out' : 'scale-in';
    const used = sumChanges(state, after, isOut ? 'added' : 'removed');
    const all = findLeft(limit, { current, used, isOut });
    const { periodMs } = limit;
    const reason = { code: 'rate', direction, most: all.most, used, periodMs } as const;
    if (!isOut) return size < all.size ? { size: all.size, reason } : null;
    const usedByNeed = used - sumChanges(state, after, 'ahead');
    const need = Math.min(needed, findLeft(limit, { current, used: usedByNeed, isOut }).size);
    const allowed = Math.max(all.size, need);
    return size > allowed ? { size: allowed, reason } : null;
  },
};

/** The size as far as the limit lets it go, after so much was used of it. */
function findLeft(
  limit: Rate,
  {
    current,
    used,
    isOut,
  }: { readonly current: number; readonly used: number; readonly isOut: boolean },
): { readonly size: number; readonly most: number } {
  const sizeBefore = isOut ? Math.max(0, current - used) : current + used;
  const most = findMost(limit, sizeBefore);
  const left = Math.max(0, most - used);
  return { size: isOut ? current + left : current - left, most };
}

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
function sumChanges(
  state: GroupState,
  after: EpochMs,
  what: 'added' | 'removed' | 'ahead',
): number {
  let sum = 0;
  for (const change of state.changes) if (change.at > after) sum += change[what] ?? 0;
  return sum;
}
