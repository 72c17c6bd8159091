// How operations look groups and their instances up, and what AWS says when there is none.

import type { Outcome } from './fault.ts';
import { refuse, succeed } from './fault.ts';
import type { Group } from './group.ts';
import type { Instance } from './instance.ts';
import type { Model } from './model.ts';

/** Returns the group, or AWS's refusal; a group on its way out is found still. */
export function findGroup(model: Model, name: string): Outcome<Group> {
  const group = model.groups.get(name);
  if (group !== undefined) return succeed(group);
  return refuse(
    'ValidationError',
    `AutoScalingGroup name not found - AutoScalingGroup: ${name} not found`,
  );
}

/** Returns the group for a change; one that is being deleted takes none. */
export function findGroupToChange(model: Model, name: string): Outcome<Group> {
  const found = findGroup(model, name);
  if (!found.ok || !found.value.isBeingDeleted) return found;
  return refuse('ValidationError', `AutoScalingGroup ${name} is pending delete`);
}

/** Returns the instance with its group, or AWS's refusal if no group has it. */
export function findMember(
  model: Model,
  instanceId: string,
): Outcome<{ readonly instance: Instance; readonly group: Group }> {
  const instance = model.instances.get(instanceId);
  const group =
    instance?.groupName === undefined ? undefined : model.groups.get(instance.groupName);
  if (instance === undefined || group === undefined || !group.instanceIds.has(instanceId)) {
    return refuse(
      'ValidationError',
      `Instance Id not found - No managed instance found for instance ID: ${instanceId}`,
    );
  }
  return succeed({ instance, group });
}
