// Putting and deleting lifecycle hooks.

import { completeForHook } from './complete-lifecycle-action.ts';
import type { Outcome } from './fault.ts';
import { refuse, succeed } from './fault.ts';
import { findGroupToChange } from './find-group.ts';
import type { LifecycleHook } from './lifecycle-hook.ts';
import type { Model } from './model.ts';

/** "The maximum number of lifecycle hooks per group is 50": EC2 Auto Scaling quotas. */
const HOOKS_MAX = 50;

/** Adds a hook or replaces it; an existing one keeps what the change does not name. */
export function putLifecycleHook(
  model: Model,
  groupName: string,
  hook: Partial<LifecycleHook> & Pick<LifecycleHook, 'name'>,
): Outcome<null> {
  const found = findGroupToChange(model, groupName);
  if (!found.ok) return found;
  const { hooks } = found.value;
  const previous = hooks.get(hook.name);
  const transition = hook.transition ?? previous?.transition;
  if (transition === undefined) {
    return refuse(
      'ValidationError',
      'LifecycleTransition is required when creating a new lifecycle hook',
    );
  }
  if (previous === undefined && hooks.size >= HOOKS_MAX) {
    return refuse('LimitExceeded', `You already have ${HOOKS_MAX} lifecycle hooks in this group.`);
  }
  hooks.set(hook.name, { ...DEFAULT_HOOK, ...previous, ...hook, transition });
  return succeed(null);
}

/** "The default is 3600 seconds"; the default result is ABANDON: PutLifecycleHook. */
export const DEFAULT_HOOK = {
  heartbeatTimeoutSeconds: 3600,
  defaultResult: 'ABANDON',
  notificationTargetArn: undefined,
  roleArn: undefined,
  notificationMetadata: undefined,
} as const satisfies Partial<LifecycleHook>;

/**
 * Deletes a hook. "If there are any outstanding lifecycle actions, they are completed first
 * (ABANDON for launching instances, CONTINUE for terminating instances)": DeleteLifecycleHook.
 */
export function deleteLifecycleHook(
  model: Model,
  groupName: string,
  hookName: string,
): Outcome<null> {
  const found = findGroupToChange(model, groupName);
  if (!found.ok) return found;
  const group = found.value;
  const hook = group.hooks.get(hookName);
  if (hook === undefined) {
    return refuse('ValidationError', `No Lifecycle Hook found with name ${hookName}`);
  }
  completeForHook(model, group, hook);
  group.hooks.delete(hookName);
  return succeed(null);
}
