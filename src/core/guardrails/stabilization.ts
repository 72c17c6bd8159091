// Stabilization: scale-in goes no lower than the largest size recommended within its window,
// scale-out no higher than the smallest within its own. The rule of the Kubernetes HPA v2
// (`behavior.*.stabilizationWindowSeconds`).

import type { Guardrail } from './guardrail.ts';
import type { Group } from '../group.ts';
import type { GroupState, TimedSize } from '../state.ts';
import type { EpochMs } from '../time.ts';

/** A window holds at most this many sizes, and one more: times are rounded up to a 60th of it. */
export const windowSlots = 60;

/** After a pause in deciding as long as this, what was recommended before says nothing of now. */
export const blindGapMs = 30_000;

export const stabilization: Guardrail = {
  name: 'stabilization',
  lets: 'people-and-schedules',
  correct(context, size) {
    const { state, group, current } = context;
    if (size === current) return null;
    if (size < current) {
      const largest = state.largest[0]?.size ?? size;
      const held = Math.min(largest, current);
      if (held <= size) return null;
      const windowMs = group.stabilization.scaleInMs;
      return { size: held, reason: { code: 'stabilization', windowMs, size: largest } };
    }
    const smallest = state.smallest[0]?.size ?? size;
    const held = Math.max(smallest, current);
    if (held >= size) return null;
    const windowMs = group.stabilization.scaleOutMs;
    return { size: held, reason: { code: 'stabilization', windowMs, size: smallest } };
  },
};

/**
 * The state with `wanted` entered into both windows. At the start, and after a gap, the current
 * size is entered first: until a window has been watched in full, it counts as recommended.
 */
export function remember(
  group: Group,
  state: GroupState,
  sizes: { readonly wanted: number; readonly current: number },
  now: EpochMs,
): GroupState {
  const hasGap = state.decidedAt === null || now - state.decidedAt > blindGapMs;
  const { scaleOutMs, scaleInMs } = group.stabilization;
  const largestBefore = hasGap
    ? enter(state.largest, { at: now, size: sizes.current }, scaleInMs, isAtLeast)
    : state.largest;
  const smallestBefore = hasGap
    ? enter(state.smallest, { at: now, size: sizes.current }, scaleOutMs, isAtMost)
    : state.smallest;
  const largest = enter(largestBefore, { at: now, size: sizes.wanted }, scaleInMs, isAtLeast);
  const smallest = enter(smallestBefore, { at: now, size: sizes.wanted }, scaleOutMs, isAtMost);
  return { ...state, decidedAt: now, largest, smallest };
}

type Dominates = (a: number, b: number) => boolean;
const isAtLeast: Dominates = (a, b) => a >= b;
const isAtMost: Dominates = (a, b) => a <= b;

/**
 * A sliding-window extreme: an entry is dropped when a newer one dominates it or its time is over,
 * so the first entry is the window's extreme. The same array comes back when nothing changes.
 */
function enter(
  entries: readonly TimedSize[],
  entry: TimedSize,
  windowMs: number,
  dominates: Dominates,
): readonly TimedSize[] {
  if (windowMs === 0) return entries.length === 0 ? entries : [];
  const slotMs = Math.max(1, windowMs / windowSlots);
  const at = Math.ceil(entry.at / slotMs) * slotMs;
  const last = entries.at(-1);
  const first = entries[0];
  const isExpired = first !== undefined && first.at < entry.at - windowMs;
  if (last !== undefined && last.at === at && !isExpired) {
    // Within one slot only the more cautious size counts.
    if (last.size === entry.size || !dominates(entry.size, last.size)) return entries;
  }
  const kept = entries.filter(
    (older) => older.at >= entry.at - windowMs && !dominates(entry.size, older.size),
  );
  const newest = kept.at(-1);
  if (newest !== undefined && newest.at === at) return kept;
  kept.push({ at, size: entry.size });
  return kept;
}
