// How an instance waits at a lifecycle hook: tokens, heartbeats, deadlines. What follows an action
// is complete-lifecycle-action.ts; this file only starts and finds them.

import type { Group } from './group.ts';
import type { Instance, LifecycleAction } from './instance.ts';
import { moveTo } from './instance.ts';
import type { HookTransition, LifecycleHook } from './lifecycle-hook.ts';
import type { Model } from './model.ts';
import { markActivity } from './activity.ts';
import { drawUuid, randomStream } from './random.ts';
import { HOUR_MS, SECOND_MS } from './calendar.ts';
import type { EpochMs } from './time.ts';

/** "48 hours or 100 times the heartbeat timeout, whichever is smaller": PutLifecycleHook. */
const GLOBAL_TIMEOUT_MAX_MS = 48 * HOUR_MS;
const GLOBAL_TIMEOUT_MAX_BEATS = 100;

/** Returns the longest that an action of the hook can last, heartbeats included, in seconds. */
export function globalTimeoutSeconds(hook: LifecycleHook): number {
  return Math.min(
    GLOBAL_TIMEOUT_MAX_MS / SECOND_MS,
    GLOBAL_TIMEOUT_MAX_BEATS * hook.heartbeatTimeoutSeconds,
  );
}

const WAITING_STATES = {
  Pending: 'Pending:Wait',
  Terminating: 'Terminating:Wait',
  'Warmed:Pending': 'Warmed:Pending:Wait',
  'Warmed:Terminating': 'Warmed:Terminating:Wait',
} as const;

/** A transition, from where to where, in the words of the lifecycle notifications. */
export interface Journey {
  readonly transition: HookTransition;
  readonly origin: 'EC2' | 'AutoScalingGroup' | 'WarmPool';
  readonly destination: 'EC2' | 'AutoScalingGroup' | 'WarmPool';
}

/**
 * Lets the instance wait for every hook of that transition. Returns false, and does nothing, when
 * the group has none.
 */
export function beginLifecycleActions(
  model: Model,
  group: Group,
  instance: Instance,
  journey: Journey,
): boolean {
  const hooks = hooksOf(group, journey.transition);
  if (hooks.length === 0) return false;
  moveTo(instance, waitingStateOf(instance));
  instance.actions = hooks.map((hook) => newAction(model, instance, hook));
  markActivity(group, instance.activityId, 'MidLifecycleAction', 60);
  scheduleTimeout(model, instance);
  for (const action of instance.actions) {
    model.record({
      kind: 'lifecycle-action',
      at: model.now,
      groupName: group.name,
      instanceId: instance.id,
      hookName: action.hookName,
      token: action.token,
      ...journey,
    });
  }
  return true;
}

/** Moves the action's deadline one timeout on from now, within the hook's global timeout. */
export function extendAction(model: Model, hook: LifecycleHook, action: LifecycleAction): void {
  const latestAt = action.startedAt + globalTimeoutSeconds(hook) * SECOND_MS;
  const wantedAt = model.now + hook.heartbeatTimeoutSeconds * SECOND_MS;
  action.deadlineAt = Math.min(latestAt, wantedAt);
}

/** Returns when the first of the instance's actions times out. */
export function earliestDeadline(instance: Instance): EpochMs | undefined {
  if (instance.actions.length === 0) return undefined;
  return Math.min(...instance.actions.map((action) => action.deadlineAt));
}

/** Looks again at the earliest deadline; heartbeats may have moved it by then. */
export function scheduleTimeout(model: Model, instance: Instance): void {
  const at = earliestDeadline(instance);
  if (at === undefined) return;
  const { id: instanceId, stage } = instance;
  model.schedule(at, { kind: 'lifecycle-action-timeout', instanceId, stage });
}

function hooksOf(group: Group, transition: HookTransition): LifecycleHook[] {
  return [...group.hooks.values()]
    .filter((hook) => hook.transition === transition)
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function waitingStateOf(instance: Instance): (typeof WAITING_STATES)[keyof typeof WAITING_STATES] {
  const { lifecycle } = instance;
  switch (lifecycle) {
    case 'Pending':
    case 'Terminating':
    case 'Warmed:Pending':
    case 'Warmed:Terminating':
      return WAITING_STATES[lifecycle];
    default:
      throw new Error(`no lifecycle hook applies to ${instance.id} in ${lifecycle}`);
  }
}

function newAction(model: Model, instance: Instance, hook: LifecycleHook): LifecycleAction {
  const label = `lifecycle-action/${instance.id}/${hook.name}`;
  return {
    hookName: hook.name,
    token: drawUuid(randomStream(model.options.seed, label, instance.stage)),
    startedAt: model.now,
    deadlineAt: model.now + hook.heartbeatTimeoutSeconds * SECOND_MS,
  };
}
