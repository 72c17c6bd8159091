// Changes of desired capacity: by the user, by policies, by a schedule. Each says why; the
// activities that follow repeat it.

import { CAPACITY_REASONS, desiredChangedBy } from './cause.ts';
import { blockingActivityId } from './cooldown.ts';
import type { Outcome } from './fault.ts';
import { refuse, succeed } from './fault.ts';
import { findGroupToChange } from './find-group.ts';
import type { Group } from './group.ts';
import type { Model } from './model.ts';
import { tellLater } from './untold-causes.ts';
import { scheduleReconcile } from './schedule-reconcile.ts';

export interface SetDesiredCapacity {
  readonly groupName: string;
  readonly desired: number;
  /** Whether the call is refused during the cooldown. */
  readonly honorsCooldown: boolean;
}

/** `SetDesiredCapacity`: refused outside min and max, and during the cooldown if that is honoured. */
export function setDesiredCapacity(model: Model, request: SetDesiredCapacity): Outcome<null> {
  const found = findGroupToChange(model, request.groupName);
  if (!found.ok) return found;
  const group = found.value;
  const { min, max } = group.settings;
  const { desired } = request;
  if (desired > max) {
    return refuse(
      'ValidationError',
      `New SetDesiredCapacity value ${desired} is above max value ${max} for the AutoScalingGroup.`,
    );
  }
  if (desired < min) {
    return refuse(
      'ValidationError',
      `New SetDesiredCapacity value ${desired} is below min value ${min} for the AutoScalingGroup.`,
    );
  }
  const blockingId = request.honorsCooldown ? blockingActivityId(model, group) : undefined;
  if (blockingId !== undefined) return scalingInProgress(blockingId);
  changeDesired(model, group, { desired, reason: CAPACITY_REASONS.set });
  return succeed(null);
}

export function scalingInProgress(activityId: string): Outcome<never> {
  return refuse(
    'ScalingActivityInProgress',
    `Scaling activity ${activityId} is in progress and blocks this action`,
  );
}

/** Sets desired capacity, which the caller has bounded, and lets the group follow a little later. */
export function changeDesired(
  model: Model,
  group: Group,
  change: {
    readonly desired: number;
    readonly reason: string;
    /** A simple policy's own cooldown, in place of the group's. */
    readonly cooldownSeconds?: number | undefined;
  },
): void {
  if (change.desired === group.desired) return;
  const from = group.desired;
  group.desired = change.desired;
  group.cooldown.policySeconds = change.cooldownSeconds;
  group.isHeldByProtection = false;
  tellLater(group, desiredChangedBy(model.now, change.reason, { from, to: change.desired }));
  scheduleReconcile(model, group);
}
