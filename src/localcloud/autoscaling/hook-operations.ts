// Lifecycle hooks and lifecycle actions.

import type { ActionReference } from '../../cloud/complete-lifecycle-action.ts';
import { completeLifecycleAction, recordHeartbeat } from '../../cloud/complete-lifecycle-action.ts';
import { deleteLifecycleHook, putLifecycleHook } from '../../cloud/define-hooks.ts';
import { succeed } from '../../cloud/fault.ts';
import { findGroup } from '../../cloud/find-group.ts';
import { globalTimeoutSeconds } from '../../cloud/lifecycle-action.ts';
import type { World } from '../../cloud/world.ts';
import type { Parsed } from '../input-shape.ts';
import { list, oneOf, operation, required, text } from '../input-shape.ts';
import { groupName } from './group-input.ts';
import { HOOK_RESULTS, HOOK_TRANSITIONS, hookChange, hookMembers } from './hook-input.ts';
import { withoutValue } from './instance-operations.ts';
import type { Operations } from '../operations.ts';

const hookName = required(text({ min: 1, max: 255 }), '');

const actionMembers = {
  AutoScalingGroupName: required(groupName, ''),
  LifecycleHookName: hookName,
  LifecycleActionToken: text({ min: 36, max: 36 }),
  InstanceId: text({ min: 1, max: 19 }),
} as const;

export function createHookOperations(world: World): Operations {
  return {
    PutLifecycleHook: operation(
      {
        ...hookMembers,
        AutoScalingGroupName: required(groupName, ''),
        LifecycleTransition: oneOf(HOOK_TRANSITIONS),
      },
      (input) =>
        withoutValue(putLifecycleHook(world, input.AutoScalingGroupName, hookChange(input))),
    ),
    DescribeLifecycleHooks: operation(
      { AutoScalingGroupName: required(groupName, ''), LifecycleHookNames: list(hookName) },
      (input) => {
        const found = findGroup(world, input.AutoScalingGroupName);
        if (!found.ok) return found;
        const wanted = new Set(input.LifecycleHookNames);
        const hooks = [...found.value.hooks.values()].filter(
          ({ name }) => wanted.size === 0 || wanted.has(name),
        );
        return succeed({
          LifecycleHooks: hooks.map((hook) => ({
            LifecycleHookName: hook.name,
            AutoScalingGroupName: found.value.name,
            LifecycleTransition: hook.transition,
            NotificationTargetARN: hook.notificationTargetArn,
            RoleARN: hook.roleArn,
            NotificationMetadata: hook.notificationMetadata,
            HeartbeatTimeout: hook.heartbeatTimeoutSeconds,
            GlobalTimeout: globalTimeoutSeconds(hook),
            DefaultResult: hook.defaultResult,
          })),
        });
      },
    ),
    DeleteLifecycleHook: operation(
      { AutoScalingGroupName: required(groupName, ''), LifecycleHookName: hookName },
      (input) =>
        withoutValue(
          deleteLifecycleHook(world, input.AutoScalingGroupName, input.LifecycleHookName),
        ),
    ),
    CompleteLifecycleAction: operation(
      { ...actionMembers, LifecycleActionResult: required(oneOf(HOOK_RESULTS), 'CONTINUE') },
      (input) =>
        withoutValue(
          completeLifecycleAction(world, referenceOf(input), input.LifecycleActionResult),
        ),
    ),
    RecordLifecycleActionHeartbeat: operation(actionMembers, (input) =>
      withoutValue(recordHeartbeat(world, referenceOf(input))),
    ),
  };
}

function referenceOf(input: Parsed<typeof actionMembers>): ActionReference {
  return {
    groupName: input.AutoScalingGroupName,
    hookName: input.LifecycleHookName,
    token: input.LifecycleActionToken,
    instanceId: input.InstanceId,
  };
}
