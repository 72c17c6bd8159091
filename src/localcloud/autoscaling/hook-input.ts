// Lifecycle hooks as callers write them.

import { DEFAULT_HOOK } from '../../cloud/define-hooks.ts';
import type { LifecycleHook } from '../../cloud/lifecycle-hook.ts';
import type { Parsed } from '../input-shape.ts';
import { integer, oneOf, present, required, text } from '../input-shape.ts';

export const HOOK_TRANSITIONS = [
  'autoscaling:EC2_INSTANCE_LAUNCHING',
  'autoscaling:EC2_INSTANCE_TERMINATING',
] as const;

export const HOOK_RESULTS = ['CONTINUE', 'ABANDON'] as const;

/** "The range is from 30 to 7200 seconds": PutLifecycleHook. */
export const hookMembers = {
  LifecycleHookName: required(text({ min: 1, max: 255 }), ''),
  HeartbeatTimeout: integer({ min: 30, max: 7200 }),
  DefaultResult: oneOf(HOOK_RESULTS),
  NotificationTargetARN: text({ max: 1600 }),
  RoleARN: text({ min: 1, max: 1600 }),
  NotificationMetadata: text({ min: 1, max: 4000 }),
} as const;

/** A hook given with a new group must say its transition. */
export const newHookMembers = {
  ...hookMembers,
  LifecycleTransition: required(oneOf(HOOK_TRANSITIONS), HOOK_TRANSITIONS[0]),
} as const;

export function readHook(input: Parsed<typeof newHookMembers>): LifecycleHook {
  const transition = input.LifecycleTransition;
  return { ...DEFAULT_HOOK, ...hookChange(input), transition };
}

/** Returns the members that the input names, and no others. */
export function hookChange(
  input: Parsed<typeof hookMembers> & {
    readonly LifecycleTransition: LifecycleHook['transition'] | undefined;
  },
): Partial<LifecycleHook> & Pick<LifecycleHook, 'name'> {
  return {
    ...present<LifecycleHook>({
      transition: input.LifecycleTransition,
      heartbeatTimeoutSeconds: input.HeartbeatTimeout,
      defaultResult: input.DefaultResult,
      notificationTargetArn: input.NotificationTargetARN,
      roleArn: input.RoleARN,
      notificationMetadata: input.NotificationMetadata,
    }),
    name: input.LifecycleHookName,
  };
}
