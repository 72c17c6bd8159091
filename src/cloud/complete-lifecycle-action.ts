// The end of a lifecycle action: completed, timed out or kept alive, and what the instance does next.

import { endActivity } from './activity.ts';
import { END_REASONS, endedFor } from './cause.ts';
import type { Outcome } from './fault.ts';
import { refuse, succeed } from './fault.ts';
import { findGroup } from './find-group.ts';
import type { Group } from './group.ts';
import type { Instance, LifecycleAction } from './instance.ts';
import { moveTo } from './instance.ts';
import { backOffLaunches } from './launch.ts';
import { extendAction, scheduleTimeout } from './lifecycle-action.ts';
import type { HookResult, LifecycleHook } from './lifecycle-hook.ts';
import type { Model } from './model.ts';
import { membersOf } from './model.ts';
import { finishTermination, shutDown, terminateInstance } from './terminate.ts';

/** How a caller names a lifecycle action: by its token or by its instance. */
export interface ActionReference {
  readonly groupName: string;
  readonly hookName: string;
  readonly token: string | undefined;
  readonly instanceId: string | undefined;
}

/** Completes the action; the instance goes on, or is given up on ABANDON. */
export function completeLifecycleAction(
  model: Model,
  reference: ActionReference,
  result: HookResult,
): Outcome<null> {
  const found = findAction(model, reference);
  if (!found.ok) return found;
  const reason = `Lifecycle Action Completed with ${result} Result`;
  settleAction(model, found.value, { result, reason });
  return succeed(null);
}

/** Gives the action one more timeout from now on, up to the hook's global timeout. */
export function recordHeartbeat(model: Model, reference: ActionReference): Outcome<null> {
  const found = findAction(model, reference);
  if (!found.ok) return found;
  extendAction(model, found.value.hook, found.value.action);
  return succeed(null);
}

/** Settles what has timed out with the hook's default result, and looks again later. */
export function onActionTimeout(model: Model, group: Group, instance: Instance): void {
  const { stage } = instance;
  for (const action of instance.actions) {
    if (action.deadlineAt > model.now) continue;
    const result = group.hooks.get(action.hookName)?.defaultResult ?? 'CONTINUE';
    settleAction(model, { group, instance, action }, { result, reason: 'Heartbeat Timeout' });
    if (instance.stage !== stage) return;
  }
  scheduleTimeout(model, instance);
}

/** Completes every action of a hook that is about to go. */
export function completeForHook(model: Model, group: Group, hook: LifecycleHook): void {
  const isLaunch = hook.transition === 'autoscaling:EC2_INSTANCE_LAUNCHING';
  const result = isLaunch ? 'ABANDON' : 'CONTINUE';
  const reason = `Lifecycle Action Completed with ${result} Result`;
  for (const instance of membersOf(model, group)) {
    const action = instance.actions.find(({ hookName }) => hookName === hook.name);
    if (action !== undefined) settleAction(model, { group, instance, action }, { result, reason });
  }
}

interface ActiveAction {
  readonly group: Group;
  readonly instance: Instance;
  readonly action: LifecycleAction;
}

function findAction(
  model: Model,
  reference: ActionReference,
): Outcome<ActiveAction & { readonly hook: LifecycleHook }> {
  const found = findGroup(model, reference.groupName);
  if (!found.ok) return found;
  const group = found.value;
  const hook = group.hooks.get(reference.hookName);
  if (hook === undefined) {
    return refuse(
      'ValidationError',
      `Lifecycle hook with name ${reference.hookName} not found for ` +
        `AutoScalingGroup ${reference.groupName}`,
    );
  }
  for (const instance of membersOf(model, group)) {
    const action = instance.actions.find((candidate) => isMeant(instance, candidate, reference));
    if (action !== undefined) return succeed({ group, hook, instance, action });
  }
  const name =
    reference.token === undefined
      ? `instance ID ${reference.instanceId ?? 'null'}`
      : `token ${reference.token}`;
  return refuse('ValidationError', `No active Lifecycle Action found with ${name}`);
}

function isMeant(
  instance: Instance,
  action: LifecycleAction,
  { hookName, token, instanceId }: ActionReference,
): boolean {
  if (action.hookName !== hookName || (token ?? instanceId) === undefined) return false;
  return (
    (token === undefined || action.token === token) &&
    (instanceId === undefined || instance.id === instanceId)
  );
}

function settleAction(
  model: Model,
  { group, instance, action }: ActiveAction,
  { result, reason }: { readonly result: HookResult; readonly reason: string },
): void {
  const isAbandoned = result === 'ABANDON';
  // "ABANDON stops any remaining actions": EC2 Auto Scaling user guide, lifecycle hooks.
  instance.actions = isAbandoned ? [] : instance.actions.filter((other) => other !== action);
  if (instance.actions.length > 0) return;
  if (isAbandoned && instance.lifecycle.endsWith('Pending:Wait')) {
    abandonLaunch(model, { group, instance, action }, reason);
  } else proceed(model, group, instance);
}

function abandonLaunch(
  model: Model,
  { group, instance, action }: ActiveAction,
  reason: string,
): void {
  endActivity(model, group, instance.activityId, {
    status: 'Cancelled',
    statusMessage:
      "Instance failed to complete user's Lifecycle Action: Lifecycle Action with token " +
      `${action.token} was abandoned: ${reason}`,
  });
  instance.activityId = undefined;
  terminateInstance(model, group, instance, {
    cause: endedFor(model.now, END_REASONS.launchFailure),
    isScaling: false,
  });
  backOffLaunches(model, group);
}

function proceed(model: Model, group: Group, instance: Instance): void {
  switch (instance.lifecycle) {
    case 'Pending:Wait':
      moveTo(instance, 'Pending:Proceed');
      scheduleProceeded(model, instance);
      return;
    case 'Warmed:Pending:Wait':
      moveTo(instance, 'Warmed:Pending:Proceed');
      scheduleProceeded(model, instance);
      return;
    case 'Terminating:Wait':
      moveTo(instance, 'Terminating:Proceed');
      endMachine(model, group, instance);
      return;
    case 'Warmed:Terminating:Wait':
      moveTo(instance, 'Warmed:Terminating:Proceed');
      endMachine(model, group, instance);
      return;
    default:
      throw new Error(`${instance.id} cannot proceed from ${instance.lifecycle}`);
  }
}

function endMachine(model: Model, group: Group, instance: Instance): void {
  if (instance.machine === 'terminated') finishTermination(model, group, instance);
  else shutDown(model, group, instance);
}

function scheduleProceeded(model: Model, instance: Instance): void {
  const { id: instanceId, stage } = instance;
  model.schedule(model.now + model.options.proceedMs, { kind: 'proceeded', instanceId, stage });
}
