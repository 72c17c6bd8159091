// Creating, changing and deleting groups, with the bounds that AWS checks.

import { CAPACITY_REASONS, END_REASONS, endedFor } from './cause.ts';
import { changeDesired } from './desired-capacity.ts';
import type { Fault, Outcome } from './fault.ts';
import { refuse, succeed } from './fault.ts';
import { findGroupToChange } from './find-group.ts';
import type { Group, GroupSettings, GroupTag } from './group.ts';
import { isEnding } from './instance.ts';
import { scheduleLifetime } from './launch.ts';
import { resolveSource } from './launch-source.ts';
import type { LifecycleHook } from './lifecycle-hook.ts';
import type { Model } from './model.ts';
import { membersOf } from './model.ts';
import { drawUuid, randomStream } from './random.ts';
import { scheduleReconcile } from './schedule-reconcile.ts';
import { removeGroup } from './remove-group.ts';
import { hastenTermination, terminateInstance } from './terminate.ts';

export interface NewGroup {
  readonly name: string;
  /** `undefined`: the minimum. */
  readonly desired: number | undefined;
  readonly tags: readonly GroupTag[];
  readonly hooks: readonly LifecycleHook[];
  readonly settings: GroupSettings;
}

/** The settings that AWS gives a group whose creator does not name them. */
export const DEFAULT_GROUP_SETTINGS = {
  mixed: undefined,
  subnetIds: [],
  cooldownSeconds: 300,
  healthCheckType: 'EC2',
  graceSeconds: 0,
  terminationPolicies: ['Default'],
  protectsNewInstances: false,
  maxLifetimeSeconds: undefined,
  warmupSeconds: undefined,
  rebalancesCapacity: false,
  targetGroupArns: [],
} as const satisfies Partial<GroupSettings>;

/** Creates a group; its first instances are launched a little later. */
export function createGroup(model: Model, request: NewGroup): Outcome<Group> {
  const { name, settings } = request;
  if (model.groups.has(name)) {
    return refuse(
      'AlreadyExists',
      `AutoScalingGroup by this name already exists - A group with the name ${name} already exists`,
    );
  }
  const desired = request.desired ?? settings.min;
  const fault = boundsFault(settings, desired);
  if (fault !== undefined) return { ok: false, fault };
  const source = resolveSource(model, settings.source);
  if (!source.ok) return source;
  const group = newGroup(model, request);
  model.groups.set(name, group);
  changeDesired(model, group, { desired, reason: CAPACITY_REASONS.created });
  scheduleReconcile(model, group);
  return succeed(group);
}

/** What `UpdateAutoScalingGroup` may change. */
export interface GroupChange {
  readonly desired?: number | undefined;
  readonly settings: Partial<GroupSettings>;
}

/** Changes a group; desired capacity follows new bounds where none is named. */
export function updateGroup(model: Model, name: string, change: GroupChange): Outcome<null> {
  const found = findGroupToChange(model, name);
  if (!found.ok) return found;
  const group = found.value;
  const settings = { ...group.settings, ...change.settings };
  const desired = change.desired ?? Math.min(settings.max, Math.max(settings.min, group.desired));
  const fault = boundsFault(settings, desired);
  if (fault !== undefined) return { ok: false, fault };
  if (change.settings.source !== undefined) {
    const source = resolveSource(model, change.settings.source);
    if (!source.ok) return source;
  }
  group.settings = settings;
  for (const instance of membersOf(model, group)) {
    if (instance.lifecycle === 'InService') scheduleLifetime(model, group, instance);
  }
  const reason = CAPACITY_REASONS.updated(settings.min, settings.max, desired);
  changeDesired(model, group, { desired, reason });
  scheduleReconcile(model, group);
  return succeed(null);
}

/** Deletes a group: at once when it is empty, with its instances if forced. */
export function deleteGroup(model: Model, name: string, isForced: boolean): Outcome<null> {
  const found = findGroupToChange(model, name);
  if (!found.ok) return found;
  const group = found.value;
  if (isForced) {
    forceDelete(model, group);
    return succeed(null);
  }
  if (group.instanceIds.size > 0) {
    return refuse(
      'ResourceInUse',
      'You cannot delete an AutoScalingGroup while there are instances or pending Spot instance ' +
        'request(s) still in the group.',
    );
  }
  if (group.openActivities.size > 0 || group.untoldCauses.length > 0) {
    return refuse(
      'ScalingActivityInProgress',
      'You cannot delete an AutoScalingGroup while there are scaling activities in progress ' +
        'for that group.',
    );
  }
  removeGroup(model, group);
  return succeed(null);
}

/** Returns AWS's refusal of bounds or desired capacity that do not fit together. */
export function boundsFault(
  bounds: { readonly min: number; readonly max: number },
  desired: number,
): Fault | undefined {
  const { min, max } = bounds;
  if (min > max) {
    const message = `Max bound, ${max}, must be greater than or equal to min bound, ${min}`;
    return { code: 'ValidationError', message, status: 400 };
  }
  if (desired < min || desired > max) {
    const message =
      `Desired capacity:${desired} must be between the specified min size:${min} ` +
      `and max size:${max}`;
    return { code: 'ValidationError', message, status: 400 };
  }
  return undefined;
}

function forceDelete(model: Model, group: Group): void {
  group.isBeingDeleted = true;
  for (const instance of membersOf(model, group)) {
    if (!isEnding(instance)) {
      const cause = endedFor(model.now, END_REASONS.groupDeleted);
      terminateInstance(model, group, instance, { cause, isScaling: false, isForced: true });
    } else hastenTermination(model, group, instance);
  }
  if (group.instanceIds.size === 0) removeGroup(model, group);
}

function newGroup(model: Model, { name, settings, tags, hooks }: NewGroup): Group {
  const { region, accountId, seed, deregistrationDelayMs } = model.options;
  const generation = model.groupGenerations.get(name) ?? 0;
  model.groupGenerations.set(name, generation + 1);
  const streamName = generation === 0 ? name : `${name}#${generation}`;
  const uuid = drawUuid(randomStream(seed, `group/${streamName}`, 0));
  return {
    name,
    arn: `arn:aws:autoscaling:${region}:${accountId}:autoScalingGroup:${uuid}:autoScalingGroupName/${name}`,
    createdAt: model.now,
    streamName,
    settings,
    desired: 0,
    isBeingDeleted: false,
    instanceIds: new Set(),
    tags: new Map(tags.map((tag) => [tag.key, tag])),
    hooks: new Map(hooks.map((hook) => [hook.name, hook])),
    policies: new Map(),
    scheduledActions: new Map(),
    suspended: new Map(),
    collectedMetrics: new Set(),
    warmPool: undefined,
    activities: [],
    openActivities: new Map(),
    untoldCauses: [],
    reconcileAt: undefined,
    cooldown: { lastActivityId: undefined, lastEndedAt: undefined, policySeconds: undefined },
    trackingAt: undefined,
    replacementsDue: 0,
    rebalancingIds: new Set(),
    successors: new Map(),
    rebalanceAt: undefined,
    isHeldByProtection: false,
    launchCount: 0,
    activityCount: 0,
    launchFailuresInARow: 0,
    deregistrationDelayMs,
  };
}
