// What a resource of a stack is now, in the properties of its template: asked of its own service, for
// drift. Properties that a service does not give back under some name are left out, as not read.

import type { Json, JsonRecord } from '../../../cloud/cloudformation/json.ts';
import { isList, isRecord, memberOf, textOf } from '../../../cloud/cloudformation/json.ts';
import type { MadeResource } from '../../../cloud/cloudformation/provisioner.ts';
import type { Output, ResourceContext } from './handler.ts';

export interface ReadRequest extends MadeResource {
  readonly stackTags: ReadonlyMap<string, string>;
}

/** Null: it is gone. */
export type ReadActual = (context: ResourceContext, request: ReadRequest) => JsonRecord | null;

interface Question {
  readonly service: string;
  readonly operation: string;
  readonly input: Output;
  /** Of the answer: a list of which the first is the resource, or the resource itself. */
  readonly member: string;
}

/** The resource in the answer; null where the service refuses, as it knows none. */
function ask({ call }: ResourceContext, question: Question): JsonRecord | null {
  const answer = call(question.service, question.operation, question.input);
  if (!answer.ok) return null;
  const found = memberOf(toJson(answer.value), question.member);
  const [first] = isList(found) ? found : [found];
  return isRecord(first) ? first : null;
}

/** Without what is undefined: answers leave it out on the wire. */
function toJson(value: unknown): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}

const readGroup: ReadActual = (context, { physicalId, stackTags }) => {
  const group = ask(context, {
    service: 'autoscaling',
    operation: 'DescribeAutoScalingGroups',
    input: { AutoScalingGroupNames: [physicalId] },
    member: 'AutoScalingGroups',
  });
  if (group === null || group['Status'] !== undefined) return null;
  const { DefaultCooldown, Tags, VPCZoneIdentifier: subnets, ...rest } = group;
  return {
    ...rest,
    ...(DefaultCooldown !== undefined && { Cooldown: DefaultCooldown }),
    VPCZoneIdentifier: (textOf(subnets) ?? '').split(',').filter((id) => id !== ''),
    Tags: (isList(Tags) ? Tags : [])
      .filter((tag) => !isGivenByStack(tag, stackTags))
      .map((tag) => pick(tag, ['Key', 'Value', 'PropagateAtLaunch'])),
  };
};

function pick(value: Json, names: readonly string[]): JsonRecord {
  return Object.fromEntries(names.map((name) => [name, memberOf(value, name) ?? '']));
}

function isGivenByStack(tag: Json, stackTags: ReadonlyMap<string, string>): boolean {
  const key = textOf(memberOf(tag, 'Key')) ?? '';
  return key.startsWith('aws:') || stackTags.has(key);
}

/** Of what belongs to a group, by the name of one of the request's properties. */
function readOwned(operation: string, namesMember: string, member: string): ReadActual {
  return (context, { attributes, physicalId, properties }) =>
    ask(context, {
      service: 'autoscaling',
      operation,
      input: {
        AutoScalingGroupName: properties['AutoScalingGroupName'],
        [namesMember]: [textOf(attributes['PolicyName']) ?? physicalId],
      },
      member,
    });
}

const readWarmPool: ReadActual = (context, { physicalId }) =>
  ask(context, {
    service: 'autoscaling',
    operation: 'DescribeWarmPool',
    input: { AutoScalingGroupName: physicalId },
    member: 'WarmPoolConfiguration',
  });

/** Versions do not change, and the stack's own is the one that it names. */
const readLaunchTemplate: ReadActual = (context, { physicalId }) => {
  const found = ask(context, {
    service: 'ec2',
    operation: 'DescribeLaunchTemplates',
    input: { LaunchTemplateId: [physicalId], LaunchTemplateName: [] },
    member: 'launchTemplates',
  });
  return found === null ? null : {};
};

const readKeyPair: ReadActual = (context, { physicalId }) => {
  const question = { service: 'ec2', operation: 'DescribeKeyPairs', member: 'keySet' };
  return ask(context, { ...question, input: { KeyName: [physicalId] } }) === null ? null : {};
};

/** Attributes are texts, of which some hold documents. */
const readQueue: ReadActual = (context, { physicalId }) => {
  const attributes = ask(context, {
    service: 'sqs',
    operation: 'GetQueueAttributes',
    input: { QueueUrl: physicalId, AttributeNames: ['All'] },
    member: 'Attributes',
  });
  if (attributes === null) return null;
  const { RedrivePolicy: redrive, ...rest } = attributes;
  // One that was taken away is no text.
  return { ...rest, RedrivePolicy: redrive === undefined ? {} : parse(redrive) };
};

const readQueuePolicy: ReadActual = (context, { properties: { Queues: urls } }) => {
  const [url] = isList(urls) ? urls : [];
  const attributes = ask(context, {
    service: 'sqs',
    operation: 'GetQueueAttributes',
    input: { QueueUrl: url, AttributeNames: ['Policy'] },
    member: 'Attributes',
  });
  const policy = attributes?.['Policy'];
  return policy === undefined ? null : { PolicyDocument: parse(policy) };
};

const readRule: ReadActual = (context, { physicalId: Name }) => {
  const described = context.call('events', 'DescribeRule', { Name });
  if (!described.ok) return null;
  const targets = context.call('events', 'ListTargetsByRule', { Rule: Name });
  const rule = toJson({ ...described.value, ...(targets.ok ? targets.value : {}) });
  if (!isRecord(rule)) return null;
  const { EventPattern: pattern, ...rest } = rule;
  return { ...rest, ...(pattern !== undefined && { EventPattern: parse(pattern) }) };
};

const readAlarm: ReadActual = (context, { physicalId }) =>
  ask(context, {
    service: 'monitoring',
    operation: 'DescribeAlarms',
    input: { AlarmNames: [physicalId] },
    member: 'MetricAlarms',
  });

/** Only whether its text is the same: a body has an order of its own. */
const readDashboard: ReadActual = ({ call }, { physicalId: DashboardName }) => {
  const found = call('monitoring', 'GetDashboard', { DashboardName });
  if (!found.ok) return null;
  return { DashboardBody: textOf(found.value['DashboardBody']) ?? '' };
};

function parse(text: Json): Json {
  try {
    return JSON.parse(textOf(text) ?? 'null') as Json;
  } catch {
    return text;
  }
}

/** Of the types that services of this server have; what is stored is read where it is. */
export const READERS: ReadonlyMap<string, ReadActual> = new Map([
  ['AWS::AutoScaling::AutoScalingGroup', readGroup],
  [
    'AWS::AutoScaling::ScalingPolicy',
    readOwned('DescribePolicies', 'PolicyNames', 'ScalingPolicies'),
  ],
  [
    'AWS::AutoScaling::LifecycleHook',
    readOwned('DescribeLifecycleHooks', 'LifecycleHookNames', 'LifecycleHooks'),
  ],
  [
    'AWS::AutoScaling::ScheduledAction',
    readOwned('DescribeScheduledActions', 'ScheduledActionNames', 'ScheduledUpdateGroupActions'),
  ],
  ['AWS::AutoScaling::WarmPool', readWarmPool],
  ['AWS::EC2::LaunchTemplate', readLaunchTemplate],
  ['AWS::EC2::KeyPair', readKeyPair],
  ['AWS::SQS::Queue', readQueue],
  ['AWS::SQS::QueuePolicy', readQueuePolicy],
  ['AWS::Events::Rule', readRule],
  ['AWS::CloudWatch::Alarm', readAlarm],
  ['AWS::CloudWatch::Dashboard', readDashboard],
]);
