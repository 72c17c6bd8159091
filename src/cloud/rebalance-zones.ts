// The AZRebalance process: once the size is right, instances move from full zones to empty ones,
// launched before the surplus is ended (EC2 Auto Scaling user guide, "Rebalancing activities").

import { launchedForZones } from './cause.ts';
import type { Group } from './group.ts';
import { sizeOf } from './group-size.ts';
import type { Instance } from './instance.ts';
import { launchInstance } from './launch.ts';
import type { Model } from './model.ts';
import { membersOf } from './model.ts';
import { isSuspended } from './suspension.ts';
import { countByZone, emptiestZone, overfullZone } from './zone-balance.ts';

/** "Temporarily exceed the specified maximum capacity by a 10 percent margin, or by 1." */
const MARGIN_RATIO = 0.1;

/** Lets the group look at its zones a little later, if they are out of balance now. */
export function scheduleRebalance(model: Model, group: Group): void {
  if (group.rebalanceAt !== undefined || !isFreeToMove(group)) return;
  const counts = countByZone(group, membersOf(model, group));
  if (overfullZone(group, counts) === undefined) return;
  const at = model.now + model.options.rebalanceDelayMs;
  group.rebalanceAt = at;
  model.schedule(at, { kind: 'rebalance', groupName: group.name });
}

/** Launches in the emptiest zones what the fullest have too many of, within the margin. */
export function rebalanceZones(model: Model, group: Group): void {
  // A group of the same name may have been there before.
  if (group.rebalanceAt !== model.now) return;
  group.rebalanceAt = undefined;
  const members = membersOf(model, group);
  // What is under way, or due, may right the balance by itself.
  const isSettled = group.openActivities.size === 0 && sizeOf(group, members) === group.desired;
  if (isSettled && isFreeToMove(group)) moveToEmptyZones(model, group, members);
  else scheduleRebalance(model, group);
}

function moveToEmptyZones(model: Model, group: Group, members: readonly Instance[]): void {
  const counts = countByZone(group, members);
  const margin = Math.max(1, Math.floor(MARGIN_RATIO * group.settings.max));
  for (let moves = 0; moves < margin; moves += 1) {
    const from = overfullZone(group, counts);
    if (from === undefined) return;
    const zone = emptiestZone(group, counts);
    const causes = [launchedForZones(model.now, counts)];
    const request = { zone, causes, isScaling: true, destination: 'service' } as const;
    const instance = launchInstance(model, group, request);
    if (instance === undefined) {
      scheduleRebalance(model, group);
      return;
    }
    group.rebalancingIds.add(instance.id);
    counts.set(from, (counts.get(from) ?? 0) - 1);
    counts.set(zone, (counts.get(zone) ?? 0) + 1);
  }
}

function isFreeToMove(group: Group): boolean {
  return (
    !isSuspended(group, 'AZRebalance') &&
    !isSuspended(group, 'Launch') &&
    !isSuspended(group, 'Terminate')
  );
}
