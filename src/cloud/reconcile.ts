// A group compares its size with what is desired and closes the difference: launches, ends, and
// the count of the warm pool. Spreading over zones once the size is right is rebalance-zones.ts.

import { startActivity, endActivity } from './activity.ts';
import { endedForCapacity, joinCauses, launchedForCapacity, launchedForHealth } from './cause.ts';
import type { Group } from './group.ts';
import type { Instance } from './instance.ts';
import { sizeOf } from './group-size.ts';
import { backOffLaunches, launchInstance } from './launch.ts';
import type { Model } from './model.ts';
import { membersOf } from './model.ts';
import { scheduleRebalance } from './rebalance-zones.ts';
import { isSuspended } from './suspension.ts';
import { terminateInstance } from './terminate.ts';
import { chooseForTermination } from './termination-policy.ts';
import { keepWarmPool, returnToWarmPool, takeFromWarmPool } from './warm-pool-flow.ts';
import { countByZone, emptiestZone } from './zone-balance.ts';

/** Closes the difference between desired and actual capacity as far as processes allow. */
export function reconcile(model: Model, group: Group): void {
  group.reconcileAt = undefined;
  if (group.isBeingDeleted) return;
  const members = membersOf(model, group);
  const size = sizeOf(group, members);
  if (size < group.desired) {
    if (!isSuspended(group, 'Launch')) grow(model, group, members, size);
  } else if (size > group.desired) {
    if (!isSuspended(group, 'Terminate')) shrink(model, group, members, size);
  } else {
    group.untoldCauses.length = 0;
    group.replacementsDue = 0;
  }
  keepWarmPool(model, group);
  scheduleRebalance(model, group);
}

function grow(model: Model, group: Group, members: readonly Instance[], size: number): void {
  const counts = countByZone(group, members);
  const told = group.untoldCauses.splice(0);
  const capacityCauses = [...told, launchedForCapacity(model.now, size, group.desired)];
  let failureCount = 0;
  for (let missing = group.desired - size; missing > 0; missing -= 1) {
    const isReplacement = group.replacementsDue > 0;
    if (isReplacement) group.replacementsDue -= 1;
    const causes = isReplacement ? [launchedForHealth(model.now)] : capacityCauses;
    const zone = emptiestZone(group, counts);
    const request = { zone, causes, isScaling: !isReplacement, destination: 'service' } as const;
    const instance =
      takeFromWarmPool(model, group, request) ?? launchInstance(model, group, request);
    if (instance === undefined) failureCount += 1;
    else counts.set(instance.zone, (counts.get(instance.zone) ?? 0) + 1);
  }
  if (failureCount > 0) backOffLaunches(model, group);
}

function shrink(model: Model, group: Group, members: readonly Instance[], size: number): void {
  const told = group.untoldCauses.splice(0);
  group.replacementsDue = 0;
  const excess = size - group.desired;
  const chosen = chooseForTermination(model, group, members, excess);
  for (const instance of chosen) {
    const change = { from: size, to: group.desired };
    const cause = joinCauses([...told, endedForCapacity(model.now, change, instance.id)]);
    if (!returnToWarmPool(model, group, instance, cause)) {
      terminateInstance(model, group, instance, { cause, isScaling: true });
    }
  }
  if (chosen.length < excess) tellProtected(model, group, told);
  else group.isHeldByProtection = false;
}

/** Says once that nothing more can go; a change of protection or desired capacity tries again. */
function tellProtected(model: Model, group: Group, told: readonly string[]): void {
  if (group.isHeldByProtection) return;
  group.isHeldByProtection = true;
  const activity = startActivity(model, group, {
    description: 'Terminating EC2 instance',
    cause: joinCauses(told),
    status: 'InProgress',
    zone: undefined,
    isScaling: false,
  });
  endActivity(model, group, activity.id, {
    status: 'Failed',
    statusMessage:
      'Could not scale to desired capacity because all remaining instances are protected ' +
      'from scale-in.',
  });
}
