// Standby: instances that stay in the group without being in service (EnterStandby, ExitStandby).

import type { Activity } from './activity.ts';
import { endActivity, startActivity } from './activity.ts';
import { movedByUser } from './cause.ts';
import type { Outcome } from './fault.ts';
import { succeed } from './fault.ts';
import type { Group } from './group.ts';
import { noticeUnhealthy } from './health.ts';
import type { Instance } from './instance.ts';
import { moveTo } from './instance.ts';
import { findNamedMembers, sizesRefusal } from './members-by-name.ts';
import type { Model } from './model.ts';
import { scheduleReconcile } from './schedule-reconcile.ts';

export interface EnterStandby {
  readonly groupName: string;
  readonly instanceIds: readonly string[];
  readonly decrementsDesired: boolean;
}

/** Takes instances out of service. Without a decrement the group launches others in their place. */
export function enterStandby(model: Model, request: EnterStandby): Outcome<readonly Activity[]> {
  const found = findNamedMembers(model, {
    ...request,
    states: ['InService'],
    purpose: 'place into standby',
  });
  if (!found.ok) return found;
  const { group, members } = found.value;
  if (request.decrementsDesired) {
    const desired = group.desired - members.length;
    const refusal = sizesRefusal(group, desired, 'place into standby');
    if (refusal !== undefined) return refusal;
  }
  const activities = members.map((instance) => {
    const change = request.decrementsDesired ? decrement(group) : undefined;
    moveTo(instance, 'EnteringStandby');
    return startMove(model, group, instance, {
      description: `Moving EC2 instance to Standby: ${instance.id}`,
      cause: movedByUser(model.now, {
        instanceId: instance.id,
        how: 'moved to standby',
        change,
      }),
      progress: 50,
    });
  });
  for (const instance of members) {
    const { id: instanceId, stage } = instance;
    const at = model.now + Math.max(model.options.standbyMs, group.deregistrationDelayMs);
    model.schedule(at, { kind: 'standby-entered', instanceId, stage });
  }
  if (!request.decrementsDesired) scheduleReconcile(model, group);
  return succeed(activities);
}

/** The instance is out of service now. */
export function onStandbyEntered(model: Model, group: Group, instance: Instance): void {
  moveTo(instance, 'Standby');
  instance.inServiceAt = undefined;
  endActivity(model, group, instance.activityId, { status: 'Successful' });
  instance.activityId = undefined;
  model.record({
    kind: 'standby',
    at: model.now,
    groupName: group.name,
    instanceId: instance.id,
  });
}

/** Puts instances back into service; desired capacity grows with them. */
export function exitStandby(
  model: Model,
  request: { readonly groupName: string; readonly instanceIds: readonly string[] },
): Outcome<readonly Activity[]> {
  const found = findNamedMembers(model, {
    ...request,
    states: ['Standby'],
    purpose: 'move out of standby',
  });
  if (!found.ok) return found;
  const { group, members } = found.value;
  const refusal = sizesRefusal(group, group.desired + members.length, 'move out of standby');
  if (refusal !== undefined) return refusal;
  return succeed(members.map((instance) => leaveStandby(model, group, instance)));
}

function leaveStandby(model: Model, group: Group, instance: Instance): Activity {
  const change = { from: group.desired, to: group.desired + 1 };
  group.desired = change.to;
  moveTo(instance, 'Pending');
  const activity = startMove(model, group, instance, {
    description: `Moving EC2 instance out of Standby: ${instance.id}`,
    cause: movedByUser(model.now, {
      instanceId: instance.id,
      how: 'moved out of standby',
      change,
    }),
    progress: 30,
  });
  const { id: instanceId, stage } = instance;
  model.schedule(model.now + model.options.standbyMs, { kind: 'proceeded', instanceId, stage });
  // Nobody looked after its health while it stood by.
  noticeUnhealthy(model, [instance]);
  return activity;
}

function decrement(group: Group): { readonly from: number; readonly to: number } {
  const change = { from: group.desired, to: group.desired - 1 };
  group.desired = change.to;
  return change;
}

function startMove(
  model: Model,
  group: Group,
  instance: Instance,
  move: { readonly description: string; readonly cause: string; readonly progress: number },
): Activity {
  const activity = startActivity(model, group, {
    description: move.description,
    cause: move.cause,
    status: 'InProgress',
    zone: instance.zone,
    isScaling: false,
  });
  activity.progress = move.progress;
  instance.activityId = activity.id;
  return activity;
}
