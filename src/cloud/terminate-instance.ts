// `TerminateInstanceInAutoScalingGroup`: the user names the instance; protection does not save it.

import type { Activity } from './activity.ts';
import { endedByUser } from './cause.ts';
import type { Outcome } from './fault.ts';
import { refuse, succeed } from './fault.ts';
import { findMember } from './find-group.ts';
import { isEnding, isWarm } from './instance.ts';
import type { Model } from './model.ts';
import { scheduleReconcile } from './schedule-reconcile.ts';
import { terminateInstance } from './terminate.ts';

/** Ends the instance. Desired capacity falls with it, or a replacement follows. */
export function terminateByUser(
  model: Model,
  instanceId: string,
  decrementsDesired: boolean,
): Outcome<Activity> {
  const found = findMember(model, instanceId);
  if (!found.ok) return found;
  const { instance, group } = found.value;
  if (isWarm(instance)) {
    return refuse(
      'ValidationError',
      `The instance ${instanceId} is in a warm pool and cannot be terminated by this operation.`,
    );
  }
  if (isEnding(instance)) {
    return refuse('ValidationError', `The instance ${instanceId} is not in InService or Standby.`);
  }
  const from = group.desired;
  if (decrementsDesired && from - 1 < group.settings.min) {
    return refuse(
      'ValidationError',
      `Currently, desiredSize equals minSize (${group.settings.min}). Terminating instance ` +
        "without replacement will violate group's min size constraint. " +
        "Either set shouldDecrementDesiredCapacity flag to false or lower group's min size.",
    );
  }
  const change = decrementsDesired ? { from, to: from - 1 } : undefined;
  if (change !== undefined) group.desired = change.to;
  const activity = terminateInstance(model, group, instance, {
    cause: endedByUser(model.now, instanceId, change),
    isScaling: true,
  });
  scheduleReconcile(model, group);
  return succeed(activity);
}
