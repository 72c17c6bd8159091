// AWS::AutoScaling::*: groups and what belongs to them.

import { isList, isRecord, textOf } from '../../../cloud/cloudformation/json.ts';
import type { JsonRecord } from '../../../cloud/cloudformation/json.ts';
import type { MadeResource, ResourceRequest } from '../../../cloud/cloudformation/provisioner.ts';
import type { Group } from '../../../cloud/group.ts';
import { membersOf } from '../../../cloud/model.ts';
import type { Outcome } from '../../../cloud/fault.ts';
import { succeed } from '../../../cloud/fault.ts';
import type { Output, ResourceContext, ResourceHandler } from './handler.ts';
import { done, goneIf, nameOf, provisioned } from './handler.ts';

const SERVICE = 'autoscaling';
const ABSENT = /not found|does not exist|No .* found/iu;

/** The properties of a group as CreateAutoScalingGroup names them. */
function groupInput(request: ResourceRequest, name: string): Output {
  const { properties, stackName, stackId, logicalId, tags } = request;
  const { Cooldown, VPCZoneIdentifier: subnets, Tags: own, ...rest } = properties;
  const stackTags = [
    ...[...tags].map(([Key, Value]) => ({ Key, Value, PropagateAtLaunch: true })),
    { Key: 'aws:cloudformation:stack-name', Value: stackName, PropagateAtLaunch: true },
    { Key: 'aws:cloudformation:stack-id', Value: stackId, PropagateAtLaunch: true },
    { Key: 'aws:cloudformation:logical-id', Value: logicalId, PropagateAtLaunch: true },
  ];
  return {
    ...rest,
    AutoScalingGroupName: name,
    ...(Cooldown === undefined ? {} : { DefaultCooldown: Cooldown }),
    ...(isList(subnets) ? { VPCZoneIdentifier: subnets.map(String).join(',') } : {}),
    Tags: [...(isList(own) ? own : []), ...stackTags],
  };
}

const group: ResourceHandler = {
  replacing: ['AutoScalingGroupName', 'InstanceId'],
  create(context, request) {
    const name = nameOf(request, 'AutoScalingGroupName');
    const created = context.call(SERVICE, 'CreateAutoScalingGroup', groupInput(request, name));
    if (!created.ok) return created;
    const collected = collectMetrics(context, name, request.properties);
    return collected.ok ? provisioned(name) : collected;
  },
  update(context, request, made) {
    const input = groupInput(request, made.physicalId);
    const updated = context.call(SERVICE, 'UpdateAutoScalingGroup', input);
    if (!updated.ok) return updated;
    const collected = collectMetrics(context, made.physicalId, request.properties);
    return collected.ok ? provisioned(made.physicalId, made.attributes) : collected;
  },
  remove(context, { physicalId }) {
    const input = { AutoScalingGroupName: physicalId, ForceDelete: true };
    const deleted = context.call(SERVICE, 'DeleteAutoScalingGroup', input);
    return goneIf(deleted, /not found|pending delete/u);
  },
  hasSettled({ world }, { physicalId }, action) {
    const found = world.groups.get(physicalId);
    if (action === 'delete') return found === undefined;
    return found === undefined || hasItsSize(world, found);
  },
};

/** "did not stabilize" is said of groups whose instances are not in service. */
function hasItsSize(world: ResourceContext['world'], found: Group): boolean {
  const inService = membersOf(world, found).filter(({ lifecycle }) => lifecycle === 'InService');
  return inService.length >= found.desired;
}

function collectMetrics(
  { call }: ResourceContext,
  name: string,
  properties: JsonRecord,
): Outcome<null> {
  const { MetricsCollection: collections } = properties;
  for (const collection of isList(collections) ? collections : []) {
    if (!isRecord(collection)) continue;
    const input = { ...collection, AutoScalingGroupName: name };
    const enabled = call(SERVICE, 'EnableMetricsCollection', input);
    if (!enabled.ok) return enabled;
  }
  return succeed(null);
}

const scalingPolicy: ResourceHandler = {
  replacing: ['AutoScalingGroupName', 'PolicyType'],
  create: (context, request) => putPolicy(context, request, nameOf(request, 'PolicyName')),
  update: (context, request, { attributes }) =>
    putPolicy(context, request, textOf(attributes['PolicyName']) ?? ''),
  remove: ({ call }, { physicalId }) =>
    goneIf(call(SERVICE, 'DeletePolicy', { PolicyName: physicalId }), ABSENT),
};

function putPolicy(context: ResourceContext, { properties }: ResourceRequest, name: string) {
  const put = context.call(SERVICE, 'PutScalingPolicy', { ...properties, PolicyName: name });
  if (!put.ok) return put;
  const arn = textOf(put.value['PolicyARN']) ?? '';
  return provisioned(arn, { Arn: arn, PolicyName: name });
}

/** Those that belong to a group by a name of their own. */
function ownedByGroup(
  nameProperty: string,
  operations: { readonly put: string; readonly remove: string },
): ResourceHandler {
  const put = (context: ResourceContext, properties: JsonRecord, name: string) => {
    const input = { ...properties, [nameProperty]: name };
    const made = context.call(SERVICE, operations.put, input);
    return made.ok ? provisioned(name, { [nameProperty]: name }) : made;
  };
  return {
    replacing: ['AutoScalingGroupName', nameProperty],
    create: (context, request) => put(context, request.properties, nameOf(request, nameProperty)),
    update: (context, request, made) => put(context, request.properties, made.physicalId),
    remove({ call }, { physicalId, properties }: MadeResource) {
      const { AutoScalingGroupName } = properties;
      const input = { AutoScalingGroupName, [nameProperty]: physicalId };
      return goneIf(call(SERVICE, operations.remove, input), ABSENT);
    },
  };
}

const warmPool: ResourceHandler = {
  replacing: ['AutoScalingGroupName'],
  create: ({ call }, { properties }) => {
    const put = done(call(SERVICE, 'PutWarmPool', properties));
    return put.ok ? provisioned(textOf(properties['AutoScalingGroupName']) ?? '') : put;
  },
  update: ({ call }, { properties }, { physicalId }) => {
    const put = done(call(SERVICE, 'PutWarmPool', properties));
    return put.ok ? provisioned(physicalId) : put;
  },
  remove: ({ call }, { physicalId }) => {
    const input = { AutoScalingGroupName: physicalId, ForceDelete: true };
    return goneIf(call(SERVICE, 'DeleteWarmPool', input), ABSENT);
  },
  hasSettled: ({ world }, { physicalId }, action) =>
    action !== 'delete' || world.groups.get(physicalId)?.warmPool === undefined,
};

export const AUTO_SCALING_RESOURCES: Readonly<Record<string, ResourceHandler>> = {
  'AWS::AutoScaling::AutoScalingGroup': group,
  'AWS::AutoScaling::ScalingPolicy': scalingPolicy,
  'AWS::AutoScaling::LifecycleHook': ownedByGroup('LifecycleHookName', {
    put: 'PutLifecycleHook',
    remove: 'DeleteLifecycleHook',
  }),
  'AWS::AutoScaling::ScheduledAction': ownedByGroup('ScheduledActionName', {
    put: 'PutScheduledUpdateGroupAction',
    remove: 'DeleteScheduledAction',
  }),
  'AWS::AutoScaling::WarmPool': warmPool,
};
