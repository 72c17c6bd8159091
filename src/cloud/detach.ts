// Instances that leave a group without ending, and instances that join one (DetachInstances,
// AttachInstances).

import type { Activity } from './activity.ts';
import { endActivity, startActivity } from './activity.ts';
import { movedByUser } from './cause.ts';
import type { Outcome } from './fault.ts';
import { refuse, succeed } from './fault.ts';
import { findGroupToChange } from './find-group.ts';
import type { Group } from './group.ts';
import type { Instance } from './instance.ts';
import { moveTo } from './instance.ts';
import { findNamedMembers, sizesRefusal } from './members-by-name.ts';
import type { Model } from './model.ts';
import { scheduleReconcile } from './schedule-reconcile.ts';

export interface DetachInstances {
  readonly groupName: string;
  readonly instanceIds: readonly string[];
  readonly decrementsDesired: boolean;
}

/** Lets instances go; they run on by themselves. Without a decrement the group replaces them. */
export function detachInstances(
  model: Model,
  request: DetachInstances,
): Outcome<readonly Activity[]> {
  const found = findNamedMembers(model, {
    ...request,
    states: ['InService', 'Standby'],
    purpose: 'detach',
  });
  if (!found.ok) return found;
  const { group, members } = found.value;
  if (request.decrementsDesired) {
    const refusal = sizesRefusal(group, group.desired - members.length, 'detach');
    if (refusal !== undefined) return refusal;
  }
  const activities = members.map((instance) =>
    beginDetaching(model, group, instance, request.decrementsDesired),
  );
  scheduleReconcile(model, group);
  return succeed(activities);
}

/** The group knows it no more; the machine runs on and is billed on. */
export function onDetached(model: Model, group: Group, instance: Instance): void {
  moveTo(instance, 'Detached');
  endActivity(model, group, instance.activityId, { status: 'Successful' });
  instance.activityId = undefined;
  instance.groupName = undefined;
  instance.inServiceAt = undefined;
  delete instance.tags['aws:autoscaling:groupName'];
  group.instanceIds.delete(instance.id);
  model.record({
    kind: 'detached',
    at: model.now,
    groupName: group.name,
    instanceId: instance.id,
  });
}

/** Takes running instances of no group in; desired capacity grows with them. */
export function attachInstances(
  model: Model,
  groupName: string,
  instanceIds: readonly string[],
): Outcome<null> {
  const found = findGroupToChange(model, groupName);
  if (!found.ok) return found;
  const group = found.value;
  const joining: Instance[] = [];
  for (const instanceId of new Set(instanceIds)) {
    const checked = checkJoining(model, instanceId);
    if (!checked.ok) return checked;
    joining.push(checked.value);
  }
  const refusal = sizesRefusal(group, group.desired + joining.length, 'attach');
  if (refusal !== undefined) return refusal;
  for (const instance of joining) beginAttaching(model, group, instance);
  return succeed(null);
}

function checkJoining(model: Model, instanceId: string): Outcome<Instance> {
  const instance = model.instances.get(instanceId);
  if (instance === undefined) {
    return refuse('ValidationError', `Invalid Instance ID(s): [${instanceId}] specified`);
  }
  if (instance.groupName !== undefined) {
    return refuse(
      'ValidationError',
      `Instance ${instanceId} is already part of AutoScalingGroup:${instance.groupName}`,
    );
  }
  if (instance.machine !== 'running') {
    return refuse('ValidationError', `Instance ${instanceId} is not in correct state`);
  }
  return succeed(instance);
}

function beginDetaching(
  model: Model,
  group: Group,
  instance: Instance,
  decrementsDesired: boolean,
): Activity {
  const from = group.desired;
  if (decrementsDesired) group.desired -= 1;
  moveTo(instance, 'Detaching');
  const activity = startActivity(model, group, {
    description: `Detaching EC2 instance: ${instance.id}`,
    cause: movedByUser(model.now, {
      instanceId: instance.id,
      how: 'detached',
      change: decrementsDesired ? { from, to: group.desired } : undefined,
    }),
    status: 'InProgress',
    zone: instance.zone,
    isScaling: false,
  });
  activity.progress = 50;
  instance.activityId = activity.id;
  const { id: instanceId, stage } = instance;
  const at = model.now + Math.max(model.options.standbyMs, group.deregistrationDelayMs);
  model.schedule(at, { kind: 'detached', instanceId, stage });
  return activity;
}

function beginAttaching(model: Model, group: Group, instance: Instance): void {
  const change = { from: group.desired, to: group.desired + 1 };
  group.desired = change.to;
  moveTo(instance, 'Pending');
  instance.groupName = group.name;
  instance.tags['aws:autoscaling:groupName'] = group.name;
  group.instanceIds.add(instance.id);
  instance.activityId = startActivity(model, group, {
    description: `Attaching an existing EC2 instance: ${instance.id}`,
    cause: movedByUser(model.now, { instanceId: instance.id, how: 'attached', change }),
    status: 'InProgress',
    zone: instance.zone,
    isScaling: false,
  }).id;
  const { id: instanceId, stage } = instance;
  model.schedule(model.now + model.options.standbyMs, { kind: 'proceeded', instanceId, stage });
}
