// SQS's state as plain JSON, and back.

import { refuse, succeed } from '../fault.ts';
import type { Outcome } from '../fault.ts';
import type { EpochMs } from '../time.ts';
import { readQueue, writeQueue } from './queue-state.ts';
import type { QueueState } from './queue-state.ts';
import { createSqs, SETTLE_MS } from './sqs.ts';
import type { Sqs, SqsOptions } from './sqs.ts';

export const SQS_STATE_VERSION = 1;

export interface SqsState {
  readonly version: typeof SQS_STATE_VERSION;
  readonly now: EpochMs;
  readonly nextSerial: number;
  readonly deletedAt: readonly (readonly [string, EpochMs])[];
  readonly queues: readonly QueueState[];
}

/** Everything but the options. It shares nothing that changes with the model. */
export function snapshotSqs(sqs: Sqs): SqsState {
  return {
    version: SQS_STATE_VERSION,
    now: sqs.now,
    nextSerial: sqs.nextSerial,
    deletedAt: [...sqs.deletedAt],
    queues: [...sqs.queues.values()].map(writeQueue),
  };
}

/** The options, and with them the state of the random numbers, are the caller's to carry over. */
export function restoreSqs(state: SqsState, options: SqsOptions): Outcome<Sqs> {
  if (state.version !== SQS_STATE_VERSION) {
    return refuse(
      'IncompatibleState',
      `SQS state of version ${String(state.version)} was found; version ${SQS_STATE_VERSION} is ` +
        'allowed.',
    );
  }
  const sqs = createSqs(state.now, options);
  sqs.nextSerial = state.nextSerial;
  for (const [name, at] of state.deletedAt) sqs.deletedAt.set(name, at);
  const { random, settleMs = SETTLE_MS } = options;
  for (const queue of state.queues) {
    sqs.queues.set(queue.name, readQueue(queue, { settleMs, random }));
  }
  return succeed(sqs);
}
