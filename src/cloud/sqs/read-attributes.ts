// `GetQueueAttributes`: what a queue was set up with, and its approximate counts.

import { succeed } from '../fault.ts';
import type { Outcome } from '../fault.ts';
import type { EpochMs } from '../time.ts';
import { settleCounts } from './approximate-counts.ts';
import type { Queue } from './queue.ts';
import { refuseUnknown } from './queue-attributes.ts';
import { queueArn } from './sqs.ts';
import type { Sqs } from './sqs.ts';

/** Names a client may ask for although the queue has no such attribute. */
const OPTIONAL: readonly string[] = [
  'Policy',
  'RedrivePolicy',
  'RedriveAllowPolicy',
  'KmsMasterKeyId',
  'KmsDataKeyReusePeriodSeconds',
  'FifoQueue',
  'ContentBasedDeduplication',
  'DeduplicationScope',
  'FifoThroughputLimit',
];

/** The attributes of those names, or all of them for the name `All`. */
export function readQueueAttributes(
  sqs: Sqs,
  queue: Queue,
  names: readonly string[],
  now: EpochMs,
): Outcome<ReadonlyMap<string, string>> {
  const all = allAttributes(sqs, queue, now);
  if (names.includes('All')) return succeed(all);
  const chosen = new Map<string, string>();
  for (const name of names) {
    const value = all.get(name);
    if (value !== undefined) chosen.set(name, value);
    else if (!OPTIONAL.includes(name)) return refuseUnknown(name);
  }
  return succeed(chosen);
}

function allAttributes(sqs: Sqs, queue: Queue, now: EpochMs): Map<string, string> {
  settleCounts(queue.approximate, queue.counts, queue.settling, now);
  const { visible, inFlight, delayed } = queue.approximate.reported;
  const seconds = (at: EpochMs): string => String(Math.floor(at / 1000));
  return new Map([
    ...queue.attributes,
    ['QueueArn', queueArn(sqs, queue.name)],
    ['ApproximateNumberOfMessages', String(visible)],
    ['ApproximateNumberOfMessagesNotVisible', String(inFlight)],
    ['ApproximateNumberOfMessagesDelayed', String(delayed)],
    ['CreatedTimestamp', seconds(queue.createdAt)],
    ['LastModifiedTimestamp', seconds(queue.modifiedAt)],
  ]);
}
