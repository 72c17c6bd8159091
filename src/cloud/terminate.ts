// From the decision to end an instance to its end: drain, hooks, shutdown. Whom to end is decided
// in reconcile.ts, terminate-instance.ts and health.ts.

import { endActivity, markActivity, startActivity } from './activity.ts';
import { meterCancelledLaunch, stopMeter } from './billing.ts';
import type { Group } from './group.ts';
import type { Instance } from './instance.ts';
import { isEnding, isMachineGone, isWarm, moveTo } from './instance.ts';
import { beginLifecycleActions } from './lifecycle-action.ts';
import type { Model } from './model.ts';
import { removeGroup } from './remove-group.ts';
import { drawLognormalMs, randomStream } from './random.ts';
import type { Activity } from './activity.ts';

export interface Termination {
  readonly cause: string;
  /** Whether cooldowns wait for it. */
  readonly isScaling: boolean;
  /** A forced end asks no hook and drains nothing. */
  readonly isForced?: boolean;
}

/** Begins to end an instance that is not ending yet. Returns the activity. */
export function terminateInstance(
  model: Model,
  group: Group,
  instance: Instance,
  termination: Termination,
): Activity {
  const wasInService = instance.lifecycle === 'InService';
  cancelLaunch(model, group, instance);
  moveTo(instance, isWarm(instance) ? 'Warmed:Terminating' : 'Terminating');
  instance.actions = [];
  const activity = startActivity(model, group, {
    description: `Terminating EC2 instance: ${instance.id}`,
    cause: termination.cause,
    status: 'InProgress',
    zone: instance.zone,
    isScaling: termination.isScaling,
  });
  instance.activityId = activity.id;
  model.record({
    kind: 'terminating',
    at: model.now,
    groupName: group.name,
    instanceId: instance.id,
  });
  if (termination.isForced === true) shutDown(model, group, instance);
  else if (wasInService && group.deregistrationDelayMs > 0) drain(model, group, instance);
  else afterDrain(model, group, instance);
  return activity;
}

/** Drained: hooks hold the instance now, or it shuts down. */
export function afterDrain(model: Model, group: Group, instance: Instance): void {
  const isWaiting = beginLifecycleActions(model, group, instance, {
    transition: 'autoscaling:EC2_INSTANCE_TERMINATING',
    origin: isWarm(instance) ? 'WarmPool' : 'AutoScalingGroup',
    destination: 'EC2',
  });
  if (isWaiting) return;
  if (isMachineGone(instance)) finishTermination(model, group, instance);
  else shutDown(model, group, instance);
}

/** Turns the machine off; it costs nothing from now on. */
export function shutDown(model: Model, group: Group, instance: Instance): void {
  if (instance.billedSince === undefined && instance.runningAt === undefined) {
    meterCancelledLaunch(model, instance);
  }
  stopMeter(model, instance);
  markActivity(group, instance.activityId, 'InProgress', 80);
  if (instance.machine === 'terminated') {
    finishTermination(model, group, instance);
    return;
  }
  instance.machine = 'shutting-down';
  // A drain that was cut short must not end later.
  instance.stage += 1;
  const { id: instanceId, stage } = instance;
  const at = model.now + drawShutdownMs(model, instance);
  model.schedule(at, { kind: 'machine-terminated', instanceId, stage });
}

/** Ends at once what is ending already: no more drain, no more hooks. */
export function hastenTermination(model: Model, group: Group, instance: Instance): void {
  instance.actions = [];
  if (instance.lifecycle === 'Terminating:Wait') moveTo(instance, 'Terminating:Proceed');
  if (instance.lifecycle === 'Warmed:Terminating:Wait') {
    moveTo(instance, 'Warmed:Terminating:Proceed');
  }
  if (!isMachineGone(instance)) shutDown(model, group, instance);
  else if (instance.machine === 'terminated') finishTermination(model, group, instance);
}

/** How long this machine takes from `shutting-down` to `terminated`. */
export function drawShutdownMs(model: Model, instance: Instance): number {
  const stream = randomStream(model.options.seed, `shutdown/${instance.id}`, 0);
  return drawLognormalMs(stream, model.options.shutdownMs);
}

/** The end: the group forgets the instance at once, EC2 after a while. */
export function finishTermination(model: Model, group: Group, instance: Instance): void {
  moveTo(instance, isWarm(instance) ? 'Warmed:Terminated' : 'Terminated');
  instance.machine = 'terminated';
  instance.endedAt = model.now;
  instance.readyAt = Math.min(instance.readyAt, model.now);
  group.instanceIds.delete(instance.id);
  group.rebalancingIds.delete(instance.id);
  group.successors.delete(instance.id);
  endActivity(model, group, instance.activityId, { status: 'Successful' });
  instance.activityId = undefined;
  model.record({
    kind: 'terminated',
    at: model.now,
    groupName: group.name,
    instanceId: instance.id,
  });
  model.schedule(model.now + model.options.terminatedVisibleMs, {
    kind: 'instance-forgotten',
    instanceId: instance.id,
  });
  if (group.isBeingDeleted && group.instanceIds.size === 0) removeGroup(model, group);
}

function cancelLaunch(model: Model, group: Group, instance: Instance): void {
  if (instance.activityId === undefined || isEnding(instance)) return;
  endActivity(model, group, instance.activityId, { status: 'Cancelled' });
  instance.activityId = undefined;
}

function drain(model: Model, group: Group, instance: Instance): void {
  markActivity(group, instance.activityId, 'WaitingForELBConnectionDraining', 50);
  const { id: instanceId, stage } = instance;
  const at = model.now + group.deregistrationDelayMs;
  model.schedule(at, { kind: 'drained', instanceId, stage });
}
