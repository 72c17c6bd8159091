// What a warm pool is and how large it shall be. How instances come and go is warm-pool-flow.ts.

import type { Group } from './group.ts';

export type WarmPoolState = 'Stopped' | 'Running' | 'Hibernated';

export interface WarmPool {
  readonly state: WarmPoolState;
  readonly minSize: number;
  /** `undefined`: the group's maximum. */
  readonly maxPreparedCapacity: number | undefined;
  readonly reusesOnScaleIn: boolean;
  isBeingDeleted: boolean;
}

/**
 * Returns how many instances the pool shall hold: (prepared capacity or max) − desired, at least
 * the pool's minimum (EC2 Auto Scaling user guide, "Warm pool size").
 */
export function warmPoolTarget(group: Group, pool: WarmPool): number {
  if (pool.isBeingDeleted) return 0;
  const prepared = pool.maxPreparedCapacity ?? group.settings.max;
  return Math.max(pool.minSize, prepared - group.desired, 0);
}
