// AWS::SQS::* and AWS::Events::Rule.

import type { JsonRecord } from '../../../cloud/cloudformation/json.ts';
import { isList, isRecord, memberOf, textOf } from '../../../cloud/cloudformation/json.ts';
import type { Outcome } from '../../../cloud/fault.ts';
import { succeed } from '../../../cloud/fault.ts';
import type { Output, ResourceContext, ResourceHandler } from './handler.ts';
import { goneIf, nameOf, provisioned } from './handler.ts';

const NO_QUEUE = /NonExistentQueue|QueueDoesNotExist/u;

/** SQS's attributes are texts, whatever a template writes; names and tags are none. */
function queueAttributes({ QueueName: _name, Tags: _tags, ...rest }: JsonRecord): Output {
  const entries = Object.entries(rest).filter(([name]) => name !== 'RedriveAllowPolicy');
  return Object.fromEntries(
    entries.map(([name, value]) => [name, textOf(value) ?? JSON.stringify(value)]),
  );
}

const queue: ResourceHandler = {
  replacing: ['QueueName', 'FifoQueue'],
  create({ call, world }, request) {
    const { properties } = request;
    const isFifo = textOf(properties['FifoQueue']) === 'true';
    const plain = nameOf(request, 'QueueName', isFifo ? 75 : 80);
    const name = isFifo && !plain.endsWith('.fifo') ? `${plain}.fifo` : plain;
    const created = call('sqs', 'CreateQueue', {
      QueueName: name,
      Attributes: queueAttributes(properties),
      tags: tagRecord(properties['Tags']),
    });
    if (!created.ok) return created;
    const url = textOf(created.value['QueueUrl']) ?? '';
    const { region, accountId } = world.options;
    const arn = `arn:aws:sqs:${region}:${accountId}:${name}`;
    return provisioned(url, { Arn: arn, QueueName: name, QueueUrl: url });
  },
  update({ call }, { properties }, { physicalId, attributes }) {
    const { FifoQueue: _fixed, ...changeable } = queueAttributes(properties);
    const set = call('sqs', 'SetQueueAttributes', {
      QueueUrl: physicalId,
      Attributes: changeable,
    });
    return set.ok ? provisioned(physicalId, attributes) : set;
  },
  remove: ({ call }, { physicalId }) =>
    goneIf(call('sqs', 'DeleteQueue', { QueueUrl: physicalId }), NO_QUEUE),
};

const queuePolicy: ResourceHandler = {
  replacing: [],
  create(context, request) {
    const set = setPolicies(
      context,
      request.properties,
      JSON.stringify(request.properties['PolicyDocument']),
    );
    return set.ok ? provisioned(nameOf({ ...request, properties: {} }, '')) : set;
  },
  update(context, { properties }, { physicalId }) {
    const set = setPolicies(context, properties, JSON.stringify(properties['PolicyDocument']));
    return set.ok ? provisioned(physicalId) : set;
  },
  remove(context, { properties }) {
    const set = setPolicies(context, properties, '');
    return set.ok ? set : goneIf(set, NO_QUEUE);
  },
};

function setPolicies(
  { call }: ResourceContext,
  properties: JsonRecord,
  policy: string,
): Outcome<null> {
  const { Queues: urls } = properties;
  for (const url of isList(urls) ? urls : []) {
    const set = call('sqs', 'SetQueueAttributes', {
      QueueUrl: url,
      Attributes: { Policy: policy },
    });
    if (!set.ok) return set;
  }
  return succeed(null);
}

/** The record of a template's list of tags. */
export function tagRecord(tags: unknown): Readonly<Record<string, string>> {
  if (!Array.isArray(tags)) return {};
  const items: readonly unknown[] = tags;
  return Object.fromEntries(
    items.filter(isRecord).map((tag) => [textOf(tag['Key']) ?? '', textOf(tag['Value']) ?? '']),
  );
}

const rule: ResourceHandler = {
  replacing: ['Name', 'EventBusName'],
  create: (context, request) => putRule(context, request.properties, nameOf(request, 'Name', 64)),
  update(context, { properties }, made) {
    const removed = removeTargets(context, made.physicalId, made.properties);
    return removed.ok ? putRule(context, properties, made.physicalId) : removed;
  },
  remove(context, { physicalId, properties }) {
    const removed = removeTargets(context, physicalId, properties);
    if (!removed.ok) return goneIf(removed, /NotFound/u);
    return goneIf(context.call('events', 'DeleteRule', { Name: physicalId }), /NotFound/u);
  },
};

function putRule({ call }: ResourceContext, properties: JsonRecord, name: string) {
  const { EventPattern: pattern, Targets: targets, ...rest } = properties;
  const put = call('events', 'PutRule', {
    ...rest,
    Name: name,
    ...(pattern === undefined ? {} : { EventPattern: JSON.stringify(pattern) }),
  });
  if (!put.ok) return put;
  if (isList(targets) && targets.length > 0) {
    const added = call('events', 'PutTargets', { Rule: name, Targets: targets });
    if (!added.ok) return added;
  }
  return provisioned(name, { Arn: textOf(put.value['RuleArn']) ?? '' });
}

function removeTargets(
  { call }: ResourceContext,
  name: string,
  { Targets: targets }: JsonRecord,
): Outcome<null> {
  const ids = (isList(targets) ? targets : []).flatMap((one) => textOf(memberOf(one, 'Id')) ?? []);
  if (ids.length === 0) return succeed(null);
  const removed = call('events', 'RemoveTargets', { Rule: name, Ids: ids });
  return removed.ok ? succeed(null) : goneIf(removed, /NotFound/u);
}

export const MESSAGING_RESOURCES: Readonly<Record<string, ResourceHandler>> = {
  'AWS::SQS::Queue': queue,
  'AWS::SQS::QueuePolicy': queuePolicy,
  'AWS::Events::Rule': rule,
};
