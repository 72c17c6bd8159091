// What the SQS operations share: the model, where its queues are reached, and who waits at them.

import type { Outcome } from '../../cloud/fault.ts';
import type { Queue } from '../../cloud/sqs/queue.ts';
import { openQueue } from '../../cloud/sqs/sqs.ts';
import type { Sqs } from '../../cloud/sqs/sqs.ts';
import type { Reader } from '../json-shape.ts';
import type { CallContext, Operation } from '../service.ts';
import type { Arrivals } from './arrivals.ts';
import { readQueueUrl } from './queue-url.ts';

export interface SqsContext {
  readonly sqs: Sqs;
  /** What queue URLs start with: scheme, host and port. */
  readonly endpoint: string;
  readonly arrivals: Arrivals;
}

export type Output = Readonly<Record<string, unknown>>;

/** An operation that concerns no queue that there already is. */
export function defineOperation<T>(
  readInput: Reader<T>,
  run: (input: T, call: CallContext) => Outcome<Output>,
): Operation {
  return (given, call) => {
    const input = readInput(given, '');
    return input.ok ? run(input.value, call) : input;
  };
}

/** An operation on the queue of its `QueueUrl`; whoever waits there is woken afterwards. */
export function defineQueueOperation<T extends { readonly QueueUrl: string | undefined }>(
  { sqs, arrivals }: SqsContext,
  readInput: Reader<T>,
  run: (queue: Queue, input: T, call: CallContext) => Outcome<Output>,
): Operation {
  return defineOperation(readInput, (input, call) => {
    const name = readQueueUrl(input.QueueUrl, call.accountId);
    if (!name.ok) return name;
    const queue = openQueue(sqs, name.value, call.now);
    if (!queue.ok) return queue;
    const outcome = run(queue.value, input, call);
    arrivals.announce(name.value, queue.value.counts.visible);
    return outcome;
  });
}
