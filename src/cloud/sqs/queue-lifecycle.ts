// Queues coming, changing and going: CreateQueue, SetQueueAttributes, PurgeQueue, DeleteQueue.

import { succeed } from '../fault.ts';
import type { Outcome } from '../fault.ts';
import type { EpochMs } from '../time.ts';
import {
  refuseDeletedRecently,
  refuseExistingQueue,
  refuseMissing,
  refuseOverLimit,
  refuseParameter,
  refusePurge,
} from './faults.ts';
import { createIdPrefix } from './message-id.ts';
import { createQueue } from './queue.ts';
import type { Queue } from './queue.ts';
import { applyAttributes, initialAttributes, settingsOf } from './queue-attributes.ts';
import type { AttributeTexts } from './queue-attributes.ts';
import { parseRedrivePolicy } from './redrive-policy.ts';
import type { RedriveTarget } from './redrive-policy.ts';
import { advanceSqs, findQueueByArn, queueArn, SETTLE_MS } from './sqs.ts';
import type { Sqs } from './sqs.ts';
import { purgeMessages } from './transitions.ts';

const NAME = /^[A-Za-z0-9_-]{1,80}$/;
const FIFO_NAME = /^[A-Za-z0-9_-]{1,75}\.fifo$/;
/** "You must wait 60 seconds after deleting a queue" (`DeleteQueue`); purges likewise. */
const PAUSE_MS = 60_000;
/** Bounds that AWS does not have, or has elsewhere: of queues in the model, of tags on one. */
export const QUEUES_MAX = 100_000;
export const TAGS_MAX = 50;

export interface CreateRequest {
  readonly name?: string | undefined;
  readonly attributes: AttributeTexts;
  readonly tags: ReadonlyMap<string, string>;
}

/** A new queue, or the one of that name if none of the given attributes differs. */
export function createNamedQueue(
  sqs: Sqs,
  { name, attributes, tags }: CreateRequest,
  now: EpochMs,
): Outcome<Queue> {
  advanceSqs(sqs, now);
  if (name === undefined) return refuseMissing('QueueName');
  const isFifo = attributes.get('FifoQueue') === 'true';
  const named = checkName(name, isFifo);
  if (!named.ok) return named;
  const known = sqs.queues.get(name);
  if (known !== undefined) return compareAttributes(known, attributes);
  const deletedAt = sqs.deletedAt.get(name);
  if (deletedAt !== undefined && now - deletedAt < PAUSE_MS) return refuseDeletedRecently();
  if (sqs.queues.size >= QUEUES_MAX) {
    return refuseOverLimit(`No more than ${QUEUES_MAX} queues can be created.`);
  }
  const applied = applyAttributes(initialAttributes(isFifo), attributes, isFifo);
  if (!applied.ok) return applied;
  const { random, settleMs = SETTLE_MS } = sqs.options;
  const setup = {
    name,
    serial: sqs.nextSerial,
    attributes: applied.value,
    idPrefix: createIdPrefix(random),
    settling: { settleMs, random },
  };
  const queue = createQueue(setup, now);
  const settled = settleRedrive(sqs, queue, applied.value);
  if (!settled.ok) return settled;
  const tagged = tagQueue(queue, tags);
  if (!tagged.ok) return tagged;
  sqs.nextSerial += 1;
  sqs.queues.set(name, queue);
  return succeed(queue);
}

function checkName(name: string, isFifo: boolean): Outcome<true> {
  if (isFifo && !FIFO_NAME.test(name)) {
    return refuseParameter(
      'The name of a FIFO queue can only include alphanumeric characters, hyphens, or ' +
        'underscores, must end with .fifo suffix and be 1 to 80 in length',
    );
  }
  if (!isFifo && !NAME.test(name)) {
    return refuseParameter(
      'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length',
    );
  }
  return succeed(true);
}

function compareAttributes(queue: Queue, given: AttributeTexts): Outcome<Queue> {
  for (const [name, value] of given) {
    if (queue.attributes.get(name) !== value) return refuseExistingQueue(name);
  }
  return succeed(queue);
}

/** Sets some attributes anew: all of them or, when one is refused, none. */
export function setQueueAttributes(
  sqs: Sqs,
  queue: Queue,
  given: AttributeTexts,
  now: EpochMs,
): Outcome<true> {
  const applied = applyAttributes(queue.attributes, given, queue.isFifo);
  if (!applied.ok) return applied;
  // A policy that was put into force stays so, even if its target has gone since.
  if (given.has('RedrivePolicy')) {
    const settled = settleRedrive(sqs, queue, applied.value);
    if (!settled.ok) return settled;
  } else {
    queue.attributes = applied.value;
    queue.settings = settingsOf(applied.value, queue.settings.redrivePolicy);
  }
  queue.modifiedAt = now;
  return succeed(true);
}

/** Puts attributes into force if their redrive policy holds. */
function settleRedrive(sqs: Sqs, queue: Queue, attributes: AttributeTexts): Outcome<true> {
  const arn = queueArn(sqs, queue.name);
  const policy = parseRedrivePolicy(
    attributes.get('RedrivePolicy'),
    { arn, isFifo: queue.isFifo },
    (targetArn) => describeTarget(findQueueByArn(sqs, targetArn)),
  );
  if (!policy.ok) return policy;
  queue.attributes = attributes;
  queue.settings = settingsOf(attributes, policy.value);
  return succeed(true);
}

function describeTarget(queue: Queue | undefined): RedriveTarget | undefined {
  if (queue === undefined) return undefined;
  return { isFifo: queue.isFifo, allowPolicy: queue.attributes.get('RedriveAllowPolicy') };
}

/** Adds tags, or changes those of the same keys. */
export function tagQueue(queue: Queue, added: ReadonlyMap<string, string>): Outcome<true> {
  const tags = new Map([...queue.tags, ...added]);
  if (tags.size > TAGS_MAX) return refuseParameter(`Too many tags added for queue ${queue.name}.`);
  queue.tags = tags;
  return succeed(true);
}

/** Deletes all messages at once, where AWS takes up to a minute. */
export function purgeQueue(queue: Queue, now: EpochMs): Outcome<true> {
  if (queue.purgedAt !== undefined && now - queue.purgedAt < PAUSE_MS) {
    return refusePurge(queue.name);
  }
  queue.purgedAt = now;
  purgeMessages(queue, now);
  return succeed(true);
}

/** Deletes the queue at once, where AWS takes up to a minute. */
export function deleteQueue(sqs: Sqs, queue: Queue, now: EpochMs): void {
  for (const [name, deletedAt] of sqs.deletedAt) {
    if (now - deletedAt >= PAUSE_MS) sqs.deletedAt.delete(name);
  }
  sqs.queues.delete(queue.name);
  sqs.deletedAt.set(queue.name, now);
}

/** The names that start so, in alphabetical order. */
export function listQueueNames(sqs: Sqs, prefix: string): string[] {
  return [...sqs.queues.keys()].filter((name) => name.startsWith(prefix)).toSorted();
}

/** The queues whose dead-letter queue this one is, in alphabetical order. */
export function listDeadLetterSources(sqs: Sqs, queue: Queue): string[] {
  const arn = queueArn(sqs, queue.name);
  const sources = [...sqs.queues.values()].filter(
    ({ settings }) => settings.redrivePolicy?.targetArn === arn,
  );
  return sources.map(({ name }) => name).toSorted();
}
