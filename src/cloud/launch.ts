// From the request to service: a launch, its boot and its arrival in the group or the warm pool.
// When to launch is decided in reconcile.ts; hooks wait in lifecycle-action.ts.

import { endActivity, markActivity, startActivity } from './activity.ts';
import { startMeter } from './billing.ts';
import { SECOND_MS } from './calendar.ts';
import { joinCauses } from './cause.ts';
import type { Group } from './group.ts';
import type { Instance } from './instance.ts';
import { isWarm, moveTo } from './instance.ts';
import type { LaunchSource } from './launch-source.ts';
import { beginLifecycleActions } from './lifecycle-action.ts';
import { listLaunchCandidates } from './mixed/choose-launch.ts';
import type { Model } from './model.ts';
import type { RandomStream } from './random.ts';
import { drawHex, drawLognormalMs, randomStream } from './random.ts';
import { scheduleReconcile } from './schedule-reconcile.ts';
import type { BootTimes, StartKind } from './world-options.ts';

export interface LaunchRequest {
  readonly zone: string;
  readonly causes: readonly string[];
  /** Whether cooldowns wait for it. */
  readonly isScaling: boolean;
  readonly destination: 'service' | 'warm-pool';
}

/** Launches a new instance. Returns undefined if EC2 refused; a retry is then scheduled. */
export function launchInstance(
  model: Model,
  group: Group,
  request: LaunchRequest,
): Instance | undefined {
  group.launchCount += 1;
  const stream = launchStream(model, group, group.launchCount);
  const candidates = listLaunchCandidates(model, group, request.zone);
  const activity = startActivity(model, group, {
    description: descriptionOf(request),
    cause: joinCauses(request.causes),
    status: 'PreInService',
    zone: request.zone,
    isScaling: request.isScaling,
  });
  if (!candidates.ok) {
    failLaunch(model, group, activity.id, candidates.fault.message);
    return undefined;
  }
  const source = candidates.value.find(
    () => stream.nextRatio() >= model.options.launchFailureRatio,
  );
  if (source === undefined) {
    const refused = candidates.value.at(-1)?.instanceType ?? '';
    const reason = lackOfCapacity(refused, request.zone, group.settings.zones);
    failLaunch(model, group, activity.id, reason);
    return undefined;
  }
  const instance = newInstance(model, group, { request, source, stream });
  instance.activityId = activity.id;
  activity.description += `: ${instance.id}`;
  bootMachine(model, instance, 'cold', stream);
  return instance;
}

/** Starts (again) the machine of an instance that is `Pending` or `Warmed:Pending`. */
export function bootMachine(
  model: Model,
  instance: Instance,
  kind: StartKind,
  stream: RandomStream,
): void {
  const boot = drawBoot(model.options.boot[kind], stream);
  instance.machine = kind === 'running' ? 'running' : 'pending';
  instance.requestedAt = model.now;
  instance.readyAt = model.now + boot.readyMs;
  model.record({
    kind: 'launched',
    at: model.now,
    groupName: instance.groupName ?? '',
    instanceId: instance.id,
  });
  const { id: instanceId, stage } = instance;
  model.schedule(model.now + boot.runningMs, { kind: 'machine-running', instanceId, stage });
}

/** The stream that names everything random about one launch of a group. */
export function launchStream(model: Model, group: Group, launchNumber: number): RandomStream {
  return randomStream(model.options.seed, `launch/${group.streamName}`, launchNumber);
}

/** The machine runs and is billed from now on. Returns whether hooks hold the instance. */
export function onMachineRunning(model: Model, group: Group, instance: Instance): boolean {
  if (instance.machine !== 'running') {
    instance.machine = 'running';
    instance.runningAt = model.now;
  }
  if (instance.billedSince === undefined) startMeter(model, instance);
  model.record({
    kind: 'running',
    at: model.now,
    groupName: group.name,
    instanceId: instance.id,
  });
  markActivity(group, instance.activityId, 'InProgress', 50);
  return beginLifecycleActions(model, group, instance, {
    transition: 'autoscaling:EC2_INSTANCE_LAUNCHING',
    origin: instance.cameFromWarmPool ? 'WarmPool' : 'EC2',
    destination: isWarm(instance) ? 'WarmPool' : 'AutoScalingGroup',
  });
}

/** From `Pending` or `Pending:Proceed` into service: the launch has succeeded. */
export function enterService(model: Model, group: Group, instance: Instance): void {
  moveTo(instance, 'InService');
  instance.inServiceAt = model.now;
  instance.hasBeenInService = true;
  group.launchFailuresInARow = 0;
  endActivity(model, group, instance.activityId, { status: 'Successful' });
  instance.activityId = undefined;
  model.record({
    kind: 'in-service',
    at: model.now,
    groupName: group.name,
    instanceId: instance.id,
  });
  scheduleLifetime(model, group, instance);
}

/** Schedules the end of an instance whose group limits lifetimes. */
export function scheduleLifetime(model: Model, group: Group, instance: Instance): void {
  const { maxLifetimeSeconds } = group.settings;
  if (maxLifetimeSeconds === undefined) return;
  const at = instance.requestedAt + maxLifetimeSeconds * SECOND_MS;
  const { id: instanceId, stage } = instance;
  model.schedule(at, { kind: 'lifetime-reached', instanceId, stage });
}

/** Tells the activity why it failed and tries again, each time a little later. */
export function failLaunch(model: Model, group: Group, activityId: string, reason: string): void {
  const statusMessage = `${reason} Launching EC2 instance failed.`;
  endActivity(model, group, activityId, { status: 'Failed', statusMessage });
  model.record({ kind: 'launch-failed', at: model.now, groupName: group.name, reason });
  backOffLaunches(model, group);
}

/** Schedules the next attempt after a failure in a row of them. */
export function backOffLaunches(model: Model, group: Group): void {
  const { launchRetryMs, launchRetryMaxMs } = model.options;
  const delayMs = Math.min(launchRetryMaxMs, launchRetryMs * 2 ** group.launchFailuresInARow);
  group.launchFailuresInARow += 1;
  scheduleReconcile(model, group, delayMs);
}

function drawBoot(
  boot: BootTimes,
  stream: RandomStream,
): { readonly runningMs: number; readonly readyMs: number } {
  const runningMs = drawLognormalMs(stream, boot.running);
  const readyMs = Math.max(runningMs, drawLognormalMs(stream, boot.ready));
  return { runningMs, readyMs };
}

function descriptionOf({ destination }: LaunchRequest): string {
  const isForService = destination === 'service';
  return `Launching a new EC2 instance${isForService ? '' : ' into warm pool'}`;
}

interface NewInstance {
  readonly request: LaunchRequest;
  readonly source: LaunchSource;
  readonly stream: RandomStream;
}

function newInstance(
  model: Model,
  group: Group,
  { request, source, stream }: NewInstance,
): Instance {
  const propagated = [...group.tags.values()].filter((tag) => tag.propagatesAtLaunch);
  const id = `i-0${drawHex(stream, 16)}`;
  const instance: Instance = {
    id,
    groupName: group.name,
    launchNumber: group.launchCount,
    lifecycle: request.destination === 'service' ? 'Pending' : 'Warmed:Pending',
    machine: 'pending',
    zone: request.zone,
    source,
    spot: { recommendedAt: undefined, interruptedAt: undefined },
    stage: 0,
    isHealthy: true,
    isProtected: group.settings.protectsNewInstances,
    cameFromWarmPool: false,
    hasBeenInService: false,
    requestedAt: model.now,
    runningAt: undefined,
    readyAt: model.now,
    inServiceAt: undefined,
    endedAt: undefined,
    billedSince: undefined,
    activityId: undefined,
    actions: [],
    privateIp: privateIpOf(model.takeNumber()),
    // "Tags of the group override the template's": EC2 Auto Scaling user guide.
    tags: Object.fromEntries([
      ...Object.entries(source.tags),
      ...propagated.map((tag) => [tag.key, tag.value]),
      ['aws:autoscaling:groupName', group.name],
    ]),
  };
  model.instances.set(id, instance);
  group.instanceIds.add(id);
  return instance;
}

/** Addresses of 10.0.0.0/8 in turn; they come round again after 16 million launches. */
function privateIpOf(number: number): string {
  return `10.${(number >>> 16) & 255}.${(number >>> 8) & 255}.${number & 255}`;
}

function lackOfCapacity(instanceType: string, zone: string, zones: readonly string[]): string {
  const others = zones.filter((candidate) => candidate !== zone);
  const advice =
    others.length === 0
      ? ''
      : ' You can currently get ' +
        `${instanceType} capacity by not specifying an Availability Zone in your request or ` +
        `choosing ${others.join(', ')}.`;
  return (
    `We currently do not have sufficient ${instanceType} capacity in the Availability Zone you ` +
    `requested (${zone}). Our system will be working on provisioning additional capacity.${advice}`
  );
}
