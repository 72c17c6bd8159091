// A queue on a clock of its own, for the tests of single calls.

import type { Outcome } from '../../fault.ts';
import type { EpochMs } from '../../time.ts';
import type { Queue } from '../queue.ts';
import { createNamedQueue } from '../queue-lifecycle.ts';
import type { SentReceipt } from '../deduplication.ts';
import type { QueueMeasurement } from '../queue-metrics.ts';
import { readQueueAttributes } from '../read-attributes.ts';
import { receiveMessages } from '../receive.ts';
import type { ReceivedMessage, ReceiveRequest } from '../receive.ts';
import { sendMessage } from '../send.ts';
import type { SendRequest } from '../send.ts';
import { changeVisibility, deleteMessage } from '../settle.ts';
import { createSqs, openQueue } from '../sqs.ts';
import type { Sqs, SqsOptions } from '../sqs.ts';

/** 2026-01-15T10:00:00Z. */
export const START = 1_768_471_200_000;
export const MINUTE = 60_000;

export function unwrap<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(`${outcome.fault.code}: ${outcome.fault.message}`);
  return outcome.value;
}

export interface QueueForTest {
  readonly sqs: Sqs;
  readonly measurements: readonly QueueMeasurement[];
  open(): Queue;
  now(): EpochMs;
  wait(ms: number): void;
  send(request: Partial<SendRequest> & { readonly body: string }): Outcome<SentReceipt>;
  receive(request?: ReceiveRequest): readonly ReceivedMessage[];
  remove(handle: string): Outcome<true>;
  change(handle: string, timeoutS: number): Outcome<true>;
  /** Messages that are visible, in flight, delayed. */
  counts(): readonly number[];
}

/** A queue with a clock of its own. */
export function setUp(
  attributes: Readonly<Record<string, string>> = {},
  extra: Partial<SqsOptions> = {},
): QueueForTest {
  const measurements: QueueMeasurement[] = [];
  const sqs = createSqs(START, {
    region: 'us-east-1',
    accountId: '123456789012',
    random: () => 0.5,
    contentDigest: (body) => `digest-of-${body}`,
    settleMs: 0,
    onMeasurement: (measurement) => measurements.push(measurement),
    ...extra,
  });
  const name = attributes['FifoQueue'] === 'true' ? 'jobs.fifo' : 'jobs';
  const given = new Map(Object.entries(attributes));
  unwrap(createNamedQueue(sqs, { name, attributes: given, tags: new Map() }, START));
  let now = START;
  const open = (): Queue => unwrap(openQueue(sqs, name, now));
  return {
    sqs,
    measurements,
    open,
    now: () => now,
    wait: (ms) => {
      now += ms;
    },
    send: (request) => sendMessage(sqs, open(), { attributes: new Map(), ...request }, now),
    receive: (request = {}) => receiveMessages(sqs, open(), request, now),
    remove: (handle) => deleteMessage(open(), handle, now),
    change: (handle, timeoutS) => changeVisibility(open(), handle, timeoutS, now),
    counts: () => {
      const names = ['', 'NotVisible', 'Delayed'].map((s) => `ApproximateNumberOfMessages${s}`);
      const attributesNow = unwrap(readQueueAttributes(sqs, open(), names, now));
      return names.map((attribute) => Number(attributesNow.get(attribute)));
    },
  };
}

export function bodies(received: readonly ReceivedMessage[]): string[] {
  return received.map(({ content }) => content.body);
}

/** The receipt handle of the first message, empty without one. */
export function handleOf(received: readonly ReceivedMessage[]): string {
  return received[0]?.receiptHandle ?? '';
}
