// Groups, instances and activities in the members of the API's answers.

import type { Activity } from '../../cloud/activity.ts';
import { SECOND_MS } from '../../cloud/calendar.ts';
import type { Group, GroupSettings } from '../../cloud/group.ts';
import type { Instance } from '../../cloud/instance.ts';
import { isWarm } from '../../cloud/instance.ts';
import { membersOf } from '../../cloud/model.ts';
import type { World } from '../../cloud/world.ts';
import { mixedOutput } from './mixed-output.ts';

type Output = Readonly<Record<string, unknown>>;

export function groupOutput(world: World, group: Group, showsInstances: boolean): Output {
  const { settings } = group;
  const members = membersOf(world, group);
  const warmCount = members.filter(isWarm).length;
  return {
    AutoScalingGroupName: group.name,
    AutoScalingGroupARN: group.arn,
    ...sourceOutput(world, settings),
    MinSize: settings.min,
    MaxSize: settings.max,
    DesiredCapacity: group.desired,
    DefaultCooldown: settings.cooldownSeconds,
    AvailabilityZones: settings.zones,
    LoadBalancerNames: [],
    TargetGroupARNs: settings.targetGroupArns,
    HealthCheckType: settings.healthCheckType,
    HealthCheckGracePeriod: settings.graceSeconds,
    Instances: showsInstances
      ? members.filter((instance) => !isWarm(instance)).map(instanceOutput)
      : undefined,
    CreatedTime: group.createdAt / SECOND_MS,
    SuspendedProcesses: [...group.suspended].map(([ProcessName, SuspensionReason]) => ({
      ProcessName,
      SuspensionReason,
    })),
    VPCZoneIdentifier: settings.subnetIds.join(','),
    EnabledMetrics: [...group.collectedMetrics].map((Metric) => ({
      Metric,
      Granularity: '1Minute',
    })),
    Status: group.isBeingDeleted ? 'Delete in progress' : undefined,
    Tags: tagOutputs(group),
    TerminationPolicies: settings.terminationPolicies,
    NewInstancesProtectedFromScaleIn: settings.protectsNewInstances,
    ServiceLinkedRoleARN: settings.serviceLinkedRoleArn,
    MaxInstanceLifetime: settings.maxLifetimeSeconds,
    CapacityRebalance: settings.rebalancesCapacity ? true : undefined,
    WarmPoolConfiguration: warmPoolOutput(group),
    WarmPoolSize: group.warmPool === undefined ? undefined : warmCount,
    DefaultInstanceWarmup: settings.warmupSeconds,
    TrafficSources: [],
  };
}

/** The members that say what instances are made of. */
function sourceOutput(world: World, { source, mixed }: GroupSettings): Output {
  if (source.kind === 'launch-configuration') return { LaunchConfigurationName: source.name };
  const launchTemplate = {
    LaunchTemplateId: source.id,
    LaunchTemplateName: world.launchTemplates.get(source.id)?.name,
    Version: source.version,
  };
  if (mixed === undefined) return { LaunchTemplate: launchTemplate };
  return { MixedInstancesPolicy: mixedOutput(mixed, launchTemplate) };
}

export function warmPoolOutput(group: Group): Output | undefined {
  const pool = group.warmPool;
  if (pool === undefined) return undefined;
  return {
    MaxGroupPreparedCapacity: pool.maxPreparedCapacity,
    MinSize: pool.minSize,
    PoolState: pool.state,
    Status: pool.isBeingDeleted ? 'PendingDelete' : undefined,
    InstanceReusePolicy: pool.reusesOnScaleIn ? { ReuseOnScaleIn: true } : undefined,
  };
}

export interface TagOutput {
  readonly ResourceId: string;
  readonly ResourceType: string;
  readonly Key: string;
  readonly Value: string;
  readonly PropagateAtLaunch: boolean;
}

export function tagOutputs(group: Group): TagOutput[] {
  return [...group.tags.values()]
    .toSorted((a, b) => (a.key < b.key ? -1 : 1))
    .map((tag) => ({
      ResourceId: group.name,
      ResourceType: 'auto-scaling-group',
      Key: tag.key,
      Value: tag.value,
      PropagateAtLaunch: tag.propagatesAtLaunch,
    }));
}

export function instanceOutput(instance: Instance): Output {
  const { source } = instance;
  return {
    InstanceId: instance.id,
    InstanceType: source.instanceType,
    AvailabilityZone: instance.zone,
    LifecycleState: instance.lifecycle,
    HealthStatus: instance.isHealthy ? 'Healthy' : 'Unhealthy',
    LaunchConfigurationName: source.launchConfigurationName,
    LaunchTemplate:
      source.launchTemplate === undefined
        ? undefined
        : {
            LaunchTemplateId: source.launchTemplate.id,
            LaunchTemplateName: source.launchTemplate.name,
            Version: source.launchTemplate.version,
          },
    ProtectedFromScaleIn: instance.isProtected,
  };
}

/** `group` may be one that has been deleted since. */
export function activityOutput(
  activity: Activity,
  group: { readonly arn: string | undefined; readonly state?: 'Deleted' },
): Output {
  const { zone, subnetId } = activity;
  const details = {
    ...(subnetId === undefined ? {} : { 'Subnet ID': subnetId }),
    ...(zone === undefined ? {} : { 'Availability Zone': zone }),
  };
  return {
    ActivityId: activity.id,
    AutoScalingGroupName: activity.groupName,
    Description: activity.description,
    Cause: activity.cause,
    StartTime: activity.startedAt / SECOND_MS,
    // Ends are told in whole seconds, as seen in AWS's histories.
    EndTime: activity.endedAt === undefined ? undefined : Math.floor(activity.endedAt / SECOND_MS),
    StatusCode: activity.status,
    StatusMessage: activity.statusMessage,
    Progress: activity.progress,
    Details: JSON.stringify(details),
    AutoScalingGroupState: group.state,
    AutoScalingGroupARN: group.arn,
  };
}
