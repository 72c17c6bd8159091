// How instances are spread over zones: where the next one goes and which zone has one too many.

import type { Group } from './group.ts';
import type { Instance } from './instance.ts';
import { countsTowardsDesired } from './instance.ts';

/** Returns how many of the instances each of the group's zones has, in the group's order. */
export function countByZone(group: Group, instances: readonly Instance[]): Map<string, number> {
  const counts = new Map<string, number>(group.settings.zones.map((zone) => [zone, 0]));
  for (const instance of instances) {
    if (!countsTowardsDesired(instance)) continue;
    counts.set(instance.zone, (counts.get(instance.zone) ?? 0) + 1);
  }
  return counts;
}

/** Returns the enabled zone with the fewest instances; the first listed among equals. */
export function emptiestZone(group: Group, counts: ReadonlyMap<string, number>): string {
  let best = group.settings.zones[0] ?? '';
  for (const zone of group.settings.zones) {
    if ((counts.get(zone) ?? 0) < (counts.get(best) ?? 0)) best = zone;
  }
  return best;
}

/**
 * Returns the zone that should hand one over, or `undefined` while balanced: one that is no longer
 * enabled and has instances, else the fullest if it has two more than the emptiest.
 */
export function overfullZone(
  group: Group,
  counts: ReadonlyMap<string, number>,
): string | undefined {
  const emptiest = counts.get(emptiestZone(group, counts)) ?? 0;
  let fullest: string | undefined;
  for (const [zone, count] of counts) {
    if (count > 0 && !group.settings.zones.includes(zone)) return zone;
    if (fullest === undefined || count > (counts.get(fullest) ?? 0)) fullest = zone;
  }
  if (fullest === undefined || (counts.get(fullest) ?? 0) < emptiest + 2) return undefined;
  return fullest;
}
