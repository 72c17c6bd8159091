// How instances enter the warm pool, leave it for service, return to it and are dropped from it.

import { endActivity, startActivity } from './activity.ts';
import { stopMeter } from './billing.ts';
import { END_REASONS, endedFor, joinCauses, launchedForWarmPool } from './cause.ts';
import type { Group } from './group.ts';
import type { Instance } from './instance.ts';
import { countsTowardsWarmPool, isMachineGone, isWarm, moveTo } from './instance.ts';
import type { LaunchRequest } from './launch.ts';
import { backOffLaunches, bootMachine, launchInstance } from './launch.ts';
import type { Model } from './model.ts';
import { membersOf } from './model.ts';
import { drawLognormalMs, randomStream } from './random.ts';
import { isSuspended } from './suspension.ts';
import { terminateInstance } from './terminate.ts';
import { warmPoolTarget } from './warm-pool.ts';
import type { StartKind } from './world-options.ts';
import { emptiestZone } from './zone-balance.ts';

/** Launches or ends warm instances until the pool has its size. */
export function keepWarmPool(model: Model, group: Group): void {
  const pool = group.warmPool;
  if (pool === undefined) return;
  const warm = membersOf(model, group).filter(countsTowardsWarmPool);
  const target = warmPoolTarget(group, pool);
  if (warm.length < target) fillPool(model, group, warm, target);
  else if (warm.length > target) drainPool(model, group, warm, target);
  dropEmptiedPool(model, group);
}

/** Starts a prepared instance for service. Returns undefined if the pool has none ready. */
export function takeFromWarmPool(
  model: Model,
  group: Group,
  request: LaunchRequest,
): Instance | undefined {
  if (group.warmPool === undefined) return undefined;
  const ready = membersOf(model, group).filter(isPrepared);
  const instance = ready.find((candidate) => candidate.zone === request.zone) ?? ready[0];
  if (instance === undefined) return undefined;
  const kind = startKindOf(instance);
  moveTo(instance, 'Pending');
  instance.cameFromWarmPool = true;
  instance.activityId = startActivity(model, group, {
    description: `Launching a new EC2 instance from warm pool: ${instance.id}`,
    cause: joinCauses(request.causes),
    status: 'PreInService',
    zone: instance.zone,
    isScaling: request.isScaling,
  }).id;
  bootMachine(model, instance, kind, warmStream(model, instance));
  return instance;
}

/** Puts an instance back instead of ending it. Returns whether the pool wants it. */
export function returnToWarmPool(
  model: Model,
  group: Group,
  instance: Instance,
  cause: string,
): boolean {
  const pool = group.warmPool;
  if (pool === undefined || !pool.reusesOnScaleIn || instance.lifecycle !== 'InService') {
    return false;
  }
  const warmCount = membersOf(model, group).filter(countsTowardsWarmPool).length;
  if (warmCount >= warmPoolTarget(group, pool)) return false;
  moveTo(instance, 'Warmed:Pending');
  instance.inServiceAt = undefined;
  instance.activityId = startActivity(model, group, {
    description: `Moving EC2 instance to warm pool: ${instance.id}`,
    cause,
    status: 'InProgress',
    zone: instance.zone,
    isScaling: true,
  }).id;
  const { id: instanceId, stage } = instance;
  const at = model.now + group.deregistrationDelayMs;
  model.schedule(at, { kind: 'proceeded', instanceId, stage });
  return true;
}

/** Without a hook that says when, the machine is stopped once it has booted. */
export function prepareOnceReady(model: Model, instance: Instance): void {
  const { id: instanceId, stage, readyAt } = instance;
  model.schedule(readyAt, { kind: 'proceeded', instanceId, stage });
}

/** The warm instance is prepared: it stops, hibernates or keeps running, as the pool says. */
export function prepareForPool(model: Model, group: Group, instance: Instance): void {
  const state = group.warmPool?.state ?? 'Stopped';
  if (state === 'Running') {
    settleInPool(model, group, instance);
    return;
  }
  stopMeter(model, instance);
  instance.machine = 'stopping';
  const stream = randomStream(model.options.seed, `stop/${instance.id}`, instance.stage);
  const { id: instanceId, stage } = instance;
  const at = model.now + drawLognormalMs(stream, model.options.stopMs);
  model.schedule(at, { kind: 'machine-stopped', instanceId, stage });
}

/** The warm instance has come to rest in the pool. */
export function settleInPool(model: Model, group: Group, instance: Instance): void {
  const state = group.warmPool?.state ?? 'Stopped';
  if (instance.machine === 'stopping') instance.machine = 'stopped';
  moveTo(instance, `Warmed:${state}`);
  group.launchFailuresInARow = 0;
  endActivity(model, group, instance.activityId, { status: 'Successful' });
  instance.activityId = undefined;
  model.record({
    kind: 'warmed',
    at: model.now,
    groupName: group.name,
    instanceId: instance.id,
  });
}

/** Forgets a pool that was deleted once its last instance has gone. */
export function dropEmptiedPool(model: Model, group: Group): void {
  if (group.warmPool?.isBeingDeleted !== true) return;
  if (!membersOf(model, group).some(isWarm)) group.warmPool = undefined;
}

function fillPool(model: Model, group: Group, warm: readonly Instance[], target: number): void {
  if (isSuspended(group, 'Launch')) return;
  const counts = new Map<string, number>();
  for (const instance of warm) counts.set(instance.zone, (counts.get(instance.zone) ?? 0) + 1);
  const causes = [launchedForWarmPool(model.now, warm.length, target)];
  for (let missing = target - warm.length; missing > 0; missing -= 1) {
    const zone = emptiestZone(group, counts);
    const request = { zone, causes, isScaling: false, destination: 'warm-pool' } as const;
    if (launchInstance(model, group, request) === undefined) {
      backOffLaunches(model, group);
      return;
    }
    counts.set(zone, (counts.get(zone) ?? 0) + 1);
  }
}

/** Ends the youngest first: the older ones are the more likely to be prepared. */
function drainPool(model: Model, group: Group, warm: readonly Instance[], target: number): void {
  const isDeleted = group.warmPool?.isBeingDeleted === true;
  if (isSuspended(group, 'Terminate') && !isDeleted) return;
  const reason = isDeleted ? END_REASONS.warmPoolDeleted : END_REASONS.warmPoolSize;
  const youngestFirst = warm.toSorted((a, b) => b.launchNumber - a.launchNumber);
  for (const instance of youngestFirst.slice(0, warm.length - target)) {
    const cause = endedFor(model.now, reason);
    terminateInstance(model, group, instance, { cause, isScaling: false });
  }
}

function isPrepared(instance: Instance): boolean {
  const isAtRest = /^Warmed:(?:Stopped|Running|Hibernated)$/u.test(instance.lifecycle);
  return isAtRest && !isMachineGone(instance);
}

function startKindOf(instance: Instance): StartKind {
  switch (instance.lifecycle) {
    case 'Warmed:Running':
      return 'running';
    case 'Warmed:Hibernated':
      return 'hibernated';
    default:
      return 'stopped';
  }
}

/** A start from the pool has its own stream: the launch's first one served its cold boot. */
function warmStream(model: Model, instance: Instance): ReturnType<typeof randomStream> {
  const label = `warm-start/${instance.id}`;
  return randomStream(model.options.seed, label, instance.stage);
}
