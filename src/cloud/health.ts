// Health: verdicts by the user, machines that end by themselves, and the replacement of both.

import { MINUTE_MS, SECOND_MS } from './calendar.ts';
import { stopMeter } from './billing.ts';
import { END_REASONS, endedFor } from './cause.ts';
import type { Outcome } from './fault.ts';
import { refuse, succeed } from './fault.ts';
import { findMember } from './find-group.ts';
import type { Group } from './group.ts';
import type { Instance } from './instance.ts';
import { countsTowardsDesired, isEnding, isMachineGone, isWarm, moveTo } from './instance.ts';
import type { Model } from './model.ts';
import { scheduleReconcile } from './schedule-reconcile.ts';
import { isSuspended } from './suspension.ts';
import { drawShutdownMs, terminateInstance } from './terminate.ts';

/** "Instances are replaced gradually": at most this share of a group at a time, at least one. */
const LIFETIME_REPLACEMENT_RATIO = 0.1;

export interface HealthVerdict {
  readonly instanceId: string;
  readonly isHealthy: boolean;
  /** Whether the verdict is dropped during the group's grace period. */
  readonly respectsGracePeriod: boolean;
}

/** `SetInstanceHealth`: an unhealthy instance is replaced shortly after. */
export function setInstanceHealth(model: Model, verdict: HealthVerdict): Outcome<null> {
  const found = findMember(model, verdict.instanceId);
  if (!found.ok) return found;
  const { instance, group } = found.value;
  const isSpared = verdict.respectsGracePeriod && isInGracePeriod(model, group, instance);
  if (isSpared) return succeed(null);
  instance.isHealthy = verdict.isHealthy;
  if (!verdict.isHealthy) noticeLater(model, instance);
  return succeed(null);
}

/** Ends the machine behind its group's back: an EC2 call, a crash, a spot interruption. */
export function endMachine(model: Model, instanceId: string): Outcome<Instance> {
  const instance = model.instances.get(instanceId);
  if (instance === undefined) {
    return refuse('InvalidInstanceID.NotFound', `The instance ID '${instanceId}' does not exist`);
  }
  if (isMachineGone(instance)) return succeed(instance);
  stopMeter(model, instance);
  instance.machine = 'shutting-down';
  const at = model.now + drawShutdownMs(model, instance);
  model.schedule(at, { kind: 'machine-lost', instanceId });
  noticeLater(model, instance);
  return succeed(instance);
}

/** The machine that was ended from outside is off now. */
export function onMachineLost(model: Model, group: Group | undefined, instance: Instance): void {
  instance.machine = 'terminated';
  instance.endedAt ??= model.now;
  if (instance.lifecycle === 'Detached') moveTo(instance, 'Terminated');
  if (group?.instanceIds.has(instance.id) !== true) {
    const at = model.now + model.options.terminatedVisibleMs;
    model.schedule(at, { kind: 'instance-forgotten', instanceId: instance.id });
  }
}

/** The group has noticed: the instance is ended, and size closes the gap. */
export function onHealthNoticed(model: Model, group: Group, instance: Instance): void {
  const isGone = isMachineGone(instance);
  if (isEnding(instance)) return;
  if (isGone && !isSuspended(group, 'HealthCheck')) instance.isHealthy = false;
  if (instance.isHealthy || instance.lifecycle === 'Standby') return;
  if (isSuspended(group, 'ReplaceUnhealthy') || isSuspended(group, 'Terminate')) return;
  const wasCounted = countsTowardsDesired(instance);
  const reason = isGone ? END_REASONS.machineGone : END_REASONS.userHealthCheck;
  terminateInstance(model, group, instance, {
    cause: endedFor(model.now, reason),
    isScaling: false,
  });
  if (wasCounted && !isWarm(instance)) group.replacementsDue += 1;
  scheduleReconcile(model, group);
}

/** Ends an instance that has reached its group's maximum lifetime; it is replaced. */
export function onLifetimeReached(model: Model, group: Group, instance: Instance): void {
  const { maxLifetimeSeconds } = group.settings;
  if (isSuspended(group, 'Terminate') || instance.lifecycle !== 'InService') return;
  if (maxLifetimeSeconds === undefined) return;
  // The limit may have been raised since.
  if (model.now < instance.requestedAt + maxLifetimeSeconds * SECOND_MS) return;
  const concurrencyMax = Math.max(1, Math.floor(LIFETIME_REPLACEMENT_RATIO * group.desired));
  if (group.openActivities.size >= concurrencyMax) {
    const { id: instanceId, stage } = instance;
    const at = model.now + MINUTE_MS;
    model.schedule(at, { kind: 'lifetime-reached', instanceId, stage });
    return;
  }
  terminateInstance(model, group, instance, {
    cause: endedFor(model.now, END_REASONS.lifetime),
    isScaling: false,
  });
  scheduleReconcile(model, group);
}

/** Looks again at instances that may be unhealthy: after a pause of checks, or back in service. */
export function noticeUnhealthy(model: Model, members: readonly Instance[]): void {
  for (const instance of members) {
    if (!instance.isHealthy || isMachineGone(instance)) noticeLater(model, instance);
  }
}

function noticeLater(model: Model, instance: Instance): void {
  const at = model.now + model.options.healthNoticeMs;
  model.schedule(at, { kind: 'health-noticed', instanceId: instance.id });
}

/** The grace period counts from service; before service it has not begun to run out. */
function isInGracePeriod(model: Model, group: Group, instance: Instance): boolean {
  if (instance.inServiceAt === undefined) return group.settings.graceSeconds > 0;
  return model.now < instance.inServiceAt + group.settings.graceSeconds * SECOND_MS;
}
