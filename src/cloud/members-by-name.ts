// Operations that name several instances of one group check them alike: all of them first, so that
// a call changes either every instance or none.

import type { Outcome } from './fault.ts';
import { refuse, succeed } from './fault.ts';
import { findGroupToChange } from './find-group.ts';
import type { Group } from './group.ts';
import type { Instance, LifecycleState } from './instance.ts';
import type { Model } from './model.ts';

/** "You can specify up to 20 instances": DetachInstances, EnterStandby, ExitStandby, AttachInstances. */
const INSTANCES_MAX = 20;

export interface NamedMembers {
  readonly group: Group;
  readonly members: readonly Instance[];
}

/** Returns the instances if all of them are in the group and in one of the states. */
export function findNamedMembers(
  model: Model,
  named: {
    readonly groupName: string;
    readonly instanceIds: readonly string[];
    /** Empty: any state. */
    readonly states: readonly LifecycleState[];
    readonly purpose: string;
  },
): Outcome<NamedMembers> {
  const found = findGroupToChange(model, named.groupName);
  if (!found.ok) return found;
  const group = found.value;
  if (named.instanceIds.length > INSTANCES_MAX) {
    return refuse(
      'ValidationError',
      `List exceeds the maximum number of instances to ${named.purpose}. ` +
        'Please retry your request with fewer instances.',
    );
  }
  const members: Instance[] = [];
  for (const instanceId of new Set(named.instanceIds)) {
    const instance = model.instances.get(instanceId);
    if (instance === undefined || !group.instanceIds.has(instanceId)) {
      return refuse(
        'ValidationError',
        `The instance ${instanceId} is not part of Auto Scaling group ${group.name}.`,
      );
    }
    if (named.states.length > 0 && !named.states.includes(instance.lifecycle)) {
      const states = named.states.join(' or ');
      return refuse('ValidationError', `The instance ${instanceId} is not in ${states}.`);
    }
    members.push(instance);
  }
  return succeed({ group, members });
}

/** Returns AWS's refusal if desired capacity would leave the bounds. */
export function sizesRefusal(
  group: Group,
  desired: number,
  purpose: string,
): Outcome<never> | undefined {
  const { min, max } = group.settings;
  if (desired >= min && desired <= max) return undefined;
  const count = Math.abs(desired - group.desired);
  return refuse(
    'ValidationError',
    `AutoScalingGroup ${group.name} has min-size=${min}, max-size=${max}, and ` +
      `desired-size=${group.desired}. To ${purpose} ${count} ` +
      `${count === 1 ? 'instance' : 'instances'}, please update the AutoScalingGroup sizes ` +
      'appropriately.',
  );
}
