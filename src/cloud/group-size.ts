// How large a group is, as its desired capacity counts it.

import type { Group } from './group.ts';
import type { Instance } from './instance.ts';
import { countsTowardsDesired } from './instance.ts';

/** Returns the capacity; a launch that balances zones counts only once it is in service. */
export function sizeOf(group: Group, members: readonly Instance[]): number {
  let size = 0;
  for (const instance of members) {
    if (!countsTowardsDesired(instance)) continue;
    if (instance.lifecycle !== 'InService' && group.rebalancingIds.has(instance.id)) continue;
    size += 1;
  }
  return size;
}
