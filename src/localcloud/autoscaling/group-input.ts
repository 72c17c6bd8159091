// What callers say about groups, read into the model's settings.

import { DEFAULT_GROUP_SETTINGS } from '../../cloud/create-group.ts';
import type { NewGroup } from '../../cloud/create-group.ts';
import { findLaunchTemplate } from '../../cloud/define-launch-source.ts';
import type { Outcome } from '../../cloud/fault.ts';
import { refuse, succeed } from '../../cloud/fault.ts';
import type { GroupSettings } from '../../cloud/group.ts';
import type { GroupSource } from '../../cloud/launch-source.ts';
import { TERMINATION_POLICIES } from '../../cloud/termination-policy.ts';
import type { TerminationPolicy } from '../../cloud/termination-policy.ts';
import { zonesOfSubnets } from '../../cloud/subnets.ts';
import type { World } from '../../cloud/world.ts';
import type { Parsed } from '../input-shape.ts';
import {
  flag,
  integer,
  list,
  optional,
  present,
  required,
  structure,
  text,
} from '../input-shape.ts';
import { newHookMembers, readHook } from './hook-input.ts';
import { launchTemplateMember, mixedInstancesMembers, readMixedInstances } from './mixed-input.ts';
import { readTag, tagMember } from './tag-input.ts';

/** Lengths and ranges are those of the API's model. */
export const groupName = text({ min: 1, max: 255 });

/** The members that creation and update have in common. */
const settingsMembers = {
  LaunchConfigurationName: text({ min: 1, max: 255 }),
  LaunchTemplate: optional(launchTemplateMember),
  MixedInstancesPolicy: optional(structure(mixedInstancesMembers)),
  DesiredCapacity: integer({ min: 0 }),
  DefaultCooldown: integer({ min: 0 }),
  AvailabilityZones: list(required(text({ min: 1, max: 255 }), '')),
  VPCZoneIdentifier: text({ min: 1, max: 5000 }),
  HealthCheckType: text({ min: 1, max: 32 }),
  HealthCheckGracePeriod: integer({ min: 0 }),
  TerminationPolicies: list(required(text({ min: 1, max: 1600 }), '')),
  NewInstancesProtectedFromScaleIn: flag(),
  CapacityRebalance: flag(),
  MaxInstanceLifetime: integer({ min: 0 }),
  DefaultInstanceWarmup: integer({ min: -1 }),
  ServiceLinkedRoleARN: text({ min: 1, max: 1600 }),
} as const;

export const createGroupShape = {
  ...settingsMembers,
  AutoScalingGroupName: required(groupName, ''),
  MinSize: required(integer({ min: 0 }), 0),
  MaxSize: required(integer({ min: 0 }), 0),
  InstanceId: text({ min: 1, max: 19 }),
  TargetGroupARNs: list(required(text({ min: 1, max: 511 }), '')),
  Tags: list(tagMember),
  LifecycleHookSpecificationList: list(structure(newHookMembers)),
} as const;

export const updateGroupShape = {
  ...settingsMembers,
  AutoScalingGroupName: required(groupName, ''),
  MinSize: integer({ min: 0 }),
  MaxSize: integer({ min: 0 }),
} as const;

type CreateInput = Parsed<typeof createGroupShape>;
type UpdateInput = Parsed<typeof updateGroupShape>;

/** A year, and a day: the range of `MaxInstanceLifetime`, where 0 removes it. */
const LIFETIME_MIN_SECONDS = 86_400;
const LIFETIME_MAX_SECONDS = 31_536_000;

/** Returns the group that is asked for. */
export function readNewGroup(world: World, input: CreateInput): Outcome<NewGroup> {
  const changes = readSettings(world, input);
  if (!changes.ok) return changes;
  const { source, zones } = changes.value;
  if (source === undefined) {
    return refuse(
      'ValidationError',
      'Valid requests must contain either LaunchTemplate, LaunchConfigurationName, InstanceId ' +
        'or MixedInstancesPolicy parameter.',
    );
  }
  if (zones === undefined) {
    return refuse('ValidationError', 'At least one Availability Zone or VPC Subnet is required.');
  }
  const hooks = input.LifecycleHookSpecificationList.map((hook) => readHook(hook));
  const { accountId } = world.options;
  return succeed({
    name: input.AutoScalingGroupName,
    desired: input.DesiredCapacity,
    tags: input.Tags.map((tag) => readTag(tag)),
    hooks,
    settings: {
      ...DEFAULT_GROUP_SETTINGS,
      serviceLinkedRoleArn: `arn:aws:iam::${accountId}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling`,
      ...changes.value,
      targetGroupArns: input.TargetGroupARNs,
      min: input.MinSize,
      max: input.MaxSize,
      source,
      zones,
    },
  });
}

/** Returns the settings that the input names, and no others. */
export function readSettings(
  world: World,
  input: CreateInput | UpdateInput,
): Outcome<Partial<GroupSettings>> {
  const source = readSource(world, input);
  if (!source.ok) return source;
  const mixed = readMixed(world, input);
  if (!mixed.ok) return mixed;
  const policies = readTerminationPolicies(input.TerminationPolicies);
  if (!policies.ok) return policies;
  const lifetime = input.MaxInstanceLifetime;
  if (lifetime !== undefined && lifetime !== 0 && !isLifetime(lifetime)) {
    return refuse(
      'ValidationError',
      `Valid values for MaxInstanceLifetime are 0 or between ${LIFETIME_MIN_SECONDS} and ` +
        `${LIFETIME_MAX_SECONDS} seconds.`,
    );
  }
  return succeed({
    ...readZones(world, input),
    ...present<GroupSettings>({
      source: source.value,
      terminationPolicies: policies.value.length === 0 ? undefined : policies.value,
      min: input.MinSize,
      max: input.MaxSize,
      cooldownSeconds: input.DefaultCooldown,
      healthCheckType: input.HealthCheckType,
      graceSeconds: input.HealthCheckGracePeriod,
      protectsNewInstances: input.NewInstancesProtectedFromScaleIn,
      rebalancesCapacity: input.CapacityRebalance,
      serviceLinkedRoleArn: input.ServiceLinkedRoleARN,
    }),
    // 0 and −1 take the setting away again.
    ...(lifetime === undefined
      ? {}
      : { maxLifetimeSeconds: lifetime === 0 ? undefined : lifetime }),
    ...readWarmup(input.DefaultInstanceWarmup),
    ...mixed.value,
  });
}

function readWarmup(seconds: number | undefined): Partial<GroupSettings> {
  if (seconds === undefined) return {};
  return { warmupSeconds: seconds < 0 ? undefined : seconds };
}

function isLifetime(seconds: number): boolean {
  return seconds >= LIFETIME_MIN_SECONDS && seconds <= LIFETIME_MAX_SECONDS;
}

function readSource(
  world: World,
  input: CreateInput | UpdateInput,
): Outcome<GroupSource | undefined> {
  const { LaunchConfigurationName: configurationName, MixedInstancesPolicy: mixed } = input;
  const named = [configurationName, input.LaunchTemplate, mixed];
  if (named.filter((source) => source !== undefined).length > 1) {
    return refuse(
      'ValidationError',
      'Valid requests must contain either LaunchTemplate, LaunchConfigurationName, InstanceId ' +
        'or MixedInstancesPolicy parameter.',
    );
  }
  const template = mixed?.LaunchTemplate?.LaunchTemplateSpecification ?? input.LaunchTemplate;
  if (configurationName !== undefined) {
    return succeed({ kind: 'launch-configuration', name: configurationName });
  }
  if (template === undefined) return succeed(undefined);
  const { LaunchTemplateId: id, LaunchTemplateName: name, Version: version } = template;
  if ((id === undefined) === (name === undefined)) {
    return refuse(
      'ValidationError',
      'Valid requests must contain either launchTemplateId or LaunchTemplateName',
    );
  }
  const known = findLaunchTemplate(world, { id, name });
  if (known !== undefined) return succeed({ kind: 'launch-template', id: known.id, version });
  return refuse(
    'ValidationError',
    'You must use a valid fully-formed launch template. The specified launch template, with ' +
      `template ${id === undefined ? 'name' : 'ID'} ${id ?? name ?? ''}, does not exist.`,
  );
}

/** Naming another kind of source takes a mixed instances policy away again. */
function readMixed(
  world: World,
  input: CreateInput | UpdateInput,
): Outcome<Pick<Partial<GroupSettings>, 'mixed'>> {
  const { MixedInstancesPolicy: policy } = input;
  if (policy === undefined) {
    const isReplaced = (input.LaunchTemplate ?? input.LaunchConfigurationName) !== undefined;
    return succeed(isReplaced ? { mixed: undefined } : {});
  }
  const previous = world.groups.get(input.AutoScalingGroupName)?.settings.mixed;
  const mixed = readMixedInstances(policy, previous);
  return mixed.ok ? succeed({ mixed: mixed.value }) : mixed;
}

function readTerminationPolicies(names: readonly string[]): Outcome<readonly TerminationPolicy[]> {
  const policies: TerminationPolicy[] = [];
  for (const name of names) {
    const policy = TERMINATION_POLICIES.find((candidate) => candidate === name);
    if (policy === undefined) {
      return refuse(
        'ValidationError',
        `One or more termination policies are invalid: [${name}]. Valid termination policies ` +
          `are: [${TERMINATION_POLICIES.join(', ')}]`,
      );
    }
    policies.push(policy);
  }
  return succeed(policies);
}

/** Subnets bring their zones; zones may be named by themselves. */
function readZones(
  world: World,
  input: CreateInput | UpdateInput,
): Pick<Partial<GroupSettings>, 'zones' | 'subnetIds'> {
  const subnetIds = (input.VPCZoneIdentifier ?? '')
    .split(',')
    .map((id) => id.trim())
    .filter((id) => id !== '');
  if (subnetIds.length > 0) return { subnetIds, zones: zonesOfSubnets(world, subnetIds) };
  return input.AvailabilityZones.length === 0 ? {} : { zones: input.AvailabilityZones };
}
