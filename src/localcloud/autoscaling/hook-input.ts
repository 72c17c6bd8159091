// Lifecycle hooks as callers write them.

import type { LifecycleHook } from '../../cloud/lifecycle-hook.ts';
import type { Parsed } from '../input-shape.ts';
import { integer, oneOf, required, text } from '../input-shape.ts';

export const HOOK_TRANSITIONS = [
  'autoscaling:EC2_INSTANCE_LAUNCHING',
  'autoscaling:EC2_INSTANCE_TERMINATING',
] as const;

export const HOOK_RESULTS = ['CONTINUE', 'ABANDON'] as const;

/** "The default is 3600 seconds (1 hour)"; 30 to 7200 are allowed: PutLifecycleHook. */
const DEFAULT_HEARTBEAT_SECONDS = 3600;

export const hookMembers = {
  LifecycleHookName: required(text({ min: 1, max: 255 }), ''),
  LifecycleTransition: required(oneOf(HOOK_TRANSITIONS), HOOK_TRANSITIONS[0]),
  HeartbeatTimeout: integer({ min: 30, max: 7200 }),
  DefaultResult: oneOf(HOOK_RESULTS),
  NotificationTargetARN: text({ max: 1600 }),
  RoleARN: text({ min: 1, max: 1600 }),
  NotificationMetadata: text({ min: 1, max: 4000 }),
} as const;

export function readHook(input: Parsed<typeof hookMembers>): LifecycleHook {
  return {
    name: input.LifecycleHookName,
    transition: input.LifecycleTransition,
    heartbeatTimeoutSeconds: input.HeartbeatTimeout ?? DEFAULT_HEARTBEAT_SECONDS,
    defaultResult: input.DefaultResult ?? 'ABANDON',
    notificationTargetArn: input.NotificationTargetARN,
    roleArn: input.RoleARN,
    notificationMetadata: input.NotificationMetadata,
  };
}
