// Operations on instances by name: protection, health, standby, detaching and attaching.

import type { Activity } from '../../cloud/activity.ts';
import { attachInstances, detachInstances } from '../../cloud/detach.ts';
import type { Outcome } from '../../cloud/fault.ts';
import { succeed } from '../../cloud/fault.ts';
import { setInstanceHealth } from '../../cloud/health.ts';
import { setInstanceProtection } from '../../cloud/protection.ts';
import { enterStandby, exitStandby } from '../../cloud/standby.ts';
import type { World } from '../../cloud/world.ts';
import { flag, list, oneOf, operation, required, text } from '../input-shape.ts';
import { groupName } from './group-input.ts';
import { activityOutput } from './group-output.ts';
import type { Operations } from '../operations.ts';

const instanceId = required(text({ min: 1, max: 19 }), '');

const namedInstances = {
  AutoScalingGroupName: required(groupName, ''),
  InstanceIds: list(instanceId),
} as const;

const namedInstancesToTake = {
  ...namedInstances,
  ShouldDecrementDesiredCapacity: required(flag(), false),
} as const;

export function createInstanceOperations(world: World): Operations {
  return {
    SetInstanceProtection: operation(
      { ...namedInstances, ProtectedFromScaleIn: required(flag(), false) },
      (input) =>
        withoutValue(
          setInstanceProtection(world, {
            groupName: input.AutoScalingGroupName,
            instanceIds: input.InstanceIds,
            isProtected: input.ProtectedFromScaleIn,
          }),
        ),
    ),
    SetInstanceHealth: operation(
      {
        InstanceId: instanceId,
        HealthStatus: required(oneOf(['Healthy', 'Unhealthy']), 'Healthy'),
        ShouldRespectGracePeriod: flag(),
      },
      (input) =>
        withoutValue(
          setInstanceHealth(world, {
            instanceId: input.InstanceId,
            isHealthy: input.HealthStatus === 'Healthy',
            respectsGracePeriod: input.ShouldRespectGracePeriod ?? true,
          }),
        ),
    ),
    EnterStandby: operation(namedInstancesToTake, (input) =>
      withActivities(
        world,
        input.AutoScalingGroupName,
        enterStandby(world, {
          groupName: input.AutoScalingGroupName,
          instanceIds: input.InstanceIds,
          decrementsDesired: input.ShouldDecrementDesiredCapacity,
        }),
      ),
    ),
    ExitStandby: operation(namedInstances, (input) =>
      withActivities(
        world,
        input.AutoScalingGroupName,
        exitStandby(world, {
          groupName: input.AutoScalingGroupName,
          instanceIds: input.InstanceIds,
        }),
      ),
    ),
    DetachInstances: operation(namedInstancesToTake, (input) =>
      withActivities(
        world,
        input.AutoScalingGroupName,
        detachInstances(world, {
          groupName: input.AutoScalingGroupName,
          instanceIds: input.InstanceIds,
          decrementsDesired: input.ShouldDecrementDesiredCapacity,
        }),
      ),
    ),
    AttachInstances: operation(namedInstances, (input) =>
      withoutValue(attachInstances(world, input.AutoScalingGroupName, input.InstanceIds)),
    ),
  };
}

/** The outcome of an operation whose answer has no members. */
export function withoutValue(
  outcome: Outcome<unknown>,
): Outcome<Readonly<Record<string, unknown>>> {
  return outcome.ok ? succeed({}) : outcome;
}

function withActivities(
  world: World,
  name: string,
  outcome: Outcome<readonly Activity[]>,
): Outcome<Readonly<Record<string, unknown>>> {
  if (!outcome.ok) return outcome;
  const arn = world.groups.get(name)?.arn;
  return succeed({
    Activities: outcome.value.map((activity) => activityOutput(activity, { arn })),
  });
}
