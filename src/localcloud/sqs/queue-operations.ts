// The operations on queues as such, with AWS's member names.

import { succeed } from '../../cloud/fault.ts';
import { refuseFound, refuseMissing, refuseUnknownQueue } from '../../cloud/sqs/faults.ts';
import {
  createNamedQueue,
  deleteQueue,
  listDeadLetterSources,
  listQueueNames,
  purgeQueue,
  setQueueAttributes,
  tagQueue,
} from '../../cloud/sqs/queue-lifecycle.ts';
import { readQueueAttributes } from '../../cloud/sqs/read-attributes.ts';
import { advanceSqs } from '../../cloud/sqs/sqs.ts';
import { listOf, mapOf, readInteger, readText, structureOf } from '../json-shape.ts';
import type { Operation } from '../service.ts';
import { writeQueueUrl } from './queue-url.ts';
import { defineOperation, defineQueueOperation } from './sqs-context.ts';
import type { Output, SqsContext } from './sqs-context.ts';

const readMap = mapOf(readText);
const readQueueOnly = structureOf({ QueueUrl: readText });

export function createQueueOperation({ sqs, endpoint }: SqsContext): Operation {
  const readInput = structureOf({ QueueName: readText, Attributes: readMap, tags: readMap });
  return defineOperation(readInput, ({ QueueName, Attributes, tags }, { now, accountId }) => {
    const request = {
      name: QueueName,
      attributes: Attributes ?? new Map<string, string>(),
      tags: tags ?? new Map<string, string>(),
    };
    const queue = createNamedQueue(sqs, request, now);
    if (!queue.ok) return queue;
    return succeed({ QueueUrl: writeQueueUrl(endpoint, accountId, queue.value.name) });
  });
}

export function getQueueUrlOperation({ sqs, endpoint }: SqsContext): Operation {
  const readInput = structureOf({ QueueName: readText, QueueOwnerAWSAccountId: readText });
  return defineOperation(readInput, (input, { accountId, now }) => {
    const { QueueName: name, QueueOwnerAWSAccountId: owner = accountId } = input;
    advanceSqs(sqs, now);
    if (name === undefined) return refuseMissing('QueueName');
    if (owner !== accountId || !sqs.queues.has(name)) return refuseUnknownQueue();
    return succeed({ QueueUrl: writeQueueUrl(endpoint, accountId, name) });
  });
}

const RESULTS_MAX = 1000;

/** "You must set MaxResults to receive a value for NextToken in the response" (`ListQueues`). */
function cutPage(
  names: readonly string[],
  resultsMax: number | undefined,
  nextToken: string | undefined,
): { readonly names: readonly string[]; readonly nextToken: string | undefined } {
  const rest = names.filter((name) => nextToken === undefined || name > nextToken);
  const page = rest.slice(0, resultsMax ?? RESULTS_MAX);
  const hasMore = resultsMax !== undefined && rest.length > page.length;
  return { names: page, nextToken: hasMore ? page.at(-1) : undefined };
}

function refuseResultsMax(resultsMax: number | undefined) {
  if (resultsMax === undefined || (resultsMax >= 1 && resultsMax <= RESULTS_MAX)) return undefined;
  const reason = `MaxResults must be an integer between 1 and ${RESULTS_MAX}.`;
  return refuseFound(resultsMax, 'MaxResults', reason);
}

export function listQueuesOperation({ sqs, endpoint }: SqsContext): Operation {
  const readInput = structureOf({
    QueueNamePrefix: readText,
    NextToken: readText,
    MaxResults: readInteger,
  });
  return defineOperation(readInput, (input, { accountId, now }) => {
    advanceSqs(sqs, now);
    const { QueueNamePrefix = '', MaxResults, NextToken } = input;
    const refusal = refuseResultsMax(MaxResults);
    if (refusal !== undefined) return refusal;
    const page = cutPage(listQueueNames(sqs, QueueNamePrefix), MaxResults, NextToken);
    const QueueUrls = page.names.map((name) => writeQueueUrl(endpoint, accountId, name));
    return succeed({
      QueueUrls: QueueUrls.length > 0 ? QueueUrls : undefined,
      NextToken: page.nextToken,
    });
  });
}

export function listSourcesOperation(context: SqsContext): Operation {
  const { sqs, endpoint } = context;
  const readInput = structureOf({
    QueueUrl: readText,
    NextToken: readText,
    MaxResults: readInteger,
  });
  return defineQueueOperation(context, readInput, (queue, input, { accountId }) => {
    const { MaxResults, NextToken } = input;
    const refusal = refuseResultsMax(MaxResults);
    if (refusal !== undefined) return refusal;
    const page = cutPage(listDeadLetterSources(sqs, queue), MaxResults, NextToken);
    const queueUrls = page.names.map((name) => writeQueueUrl(endpoint, accountId, name));
    return succeed({ queueUrls, NextToken: page.nextToken });
  });
}

export function deleteQueueOperation(context: SqsContext): Operation {
  return defineQueueOperation(context, readQueueOnly, (queue, _input, { now }) => {
    deleteQueue(context.sqs, queue, now);
    // All who wait there are told, so that they get to know that it is gone.
    context.arrivals.announce(queue.name, Infinity);
    return succeed({});
  });
}

export function purgeQueueOperation(context: SqsContext): Operation {
  return defineQueueOperation(context, readQueueOnly, (queue, _input, { now }) => {
    const outcome = purgeQueue(queue, now);
    return outcome.ok ? succeed({}) : outcome;
  });
}

export function getQueueAttributesOperation(context: SqsContext): Operation {
  const readInput = structureOf({ QueueUrl: readText, AttributeNames: listOf(readText) });
  return defineQueueOperation(context, readInput, (queue, { AttributeNames = [] }, { now }) => {
    const attributes = readQueueAttributes(context.sqs, queue, AttributeNames, now);
    if (!attributes.ok) return attributes;
    return succeed(attributes.value.size === 0 ? {} : { Attributes: toRecord(attributes.value) });
  });
}

export function setQueueAttributesOperation(context: SqsContext): Operation {
  const readInput = structureOf({ QueueUrl: readText, Attributes: readMap });
  return defineQueueOperation(context, readInput, (queue, { Attributes }, { now }) => {
    if (Attributes === undefined) return refuseMissing('Attributes');
    const outcome = setQueueAttributes(context.sqs, queue, Attributes, now);
    return outcome.ok ? succeed({}) : outcome;
  });
}

export function tagQueueOperation(context: SqsContext): Operation {
  const readInput = structureOf({ QueueUrl: readText, Tags: readMap });
  return defineQueueOperation(context, readInput, (queue, { Tags }) => {
    if (Tags === undefined) return refuseMissing('Tags');
    const outcome = tagQueue(queue, Tags);
    return outcome.ok ? succeed({}) : outcome;
  });
}

export function untagQueueOperation(context: SqsContext): Operation {
  const readInput = structureOf({ QueueUrl: readText, TagKeys: listOf(readText) });
  return defineQueueOperation(context, readInput, (queue, { TagKeys }) => {
    if (TagKeys === undefined) return refuseMissing('TagKeys');
    queue.tags = new Map([...queue.tags].filter(([key]) => !TagKeys.includes(key)));
    return succeed({});
  });
}

export function listQueueTagsOperation(context: SqsContext): Operation {
  return defineQueueOperation(context, readQueueOnly, (queue) =>
    succeed(queue.tags.size === 0 ? {} : { Tags: toRecord(queue.tags) }),
  );
}

function toRecord(map: ReadonlyMap<string, string>): Output {
  return Object.fromEntries(map);
}
