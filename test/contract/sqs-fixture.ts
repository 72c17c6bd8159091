// SQS and CloudWatch on a clock that stands still, behind a port of their own, with an SDK client
// and the calls that the SQS suites make all the time.

import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type {
  Message,
  QueueAttributeName,
  ReceiveMessageRequest,
  SendMessageResult,
} from '@aws-sdk/client-sqs';
import { serveAccount, type ServedAccount } from './served-account.ts';
import { createVirtualClock, type VirtualClock } from './virtual-clock.ts';

/** 2026-01-15T10:00:00Z, the time of every test's beginning. */
export const START = 1_768_471_200_000;

export interface SqsFixture {
  readonly clock: VirtualClock;
  readonly client: SQSClient;
  readonly harness: ServedAccount;
  /** Makes a queue of a name of its own; resolves with its URL. */
  createQueue(attributes?: Record<string, string>): Promise<string>;
  receive(queueUrl: string, extra?: Partial<ReceiveMessageRequest>): Promise<Message[]>;
  /** The first message received; fails without one. */
  receiveOne(
    queueUrl: string,
    extra?: Partial<ReceiveMessageRequest>,
  ): Promise<Message & { readonly ReceiptHandle: string }>;
  attributesOf(
    queueUrl: string,
    ...names: QueueAttributeName[]
  ): Promise<Partial<Record<string, string>> | undefined>;
  send(queueUrl: string, body: string, extra?: object): Promise<SendMessageResult>;
  counts(queueUrl: string): Promise<Partial<Record<string, string>> | undefined>;
  close(): Promise<void>;
}

export async function startSqs({
  settleMs = 0,
}: { readonly settleMs?: number } = {}): Promise<SqsFixture> {
  const clock = createVirtualClock(START);
  const harness = await serveAccount(clock, { settleMs });
  let queueCount = 0;
  const client = new SQSClient(harness.clientConfig);

  async function createQueue(Attributes: Record<string, string> = {}): Promise<string> {
    const suffix = Attributes['FifoQueue'] === 'true' ? '.fifo' : '';
    const QueueName = `queue-${queueCount}${suffix}`;
    queueCount += 1;
    const { QueueUrl = '' } = await client.send(new CreateQueueCommand({ QueueName, Attributes }));
    return QueueUrl;
  }

  async function receive(
    QueueUrl: string,
    extra: Partial<ReceiveMessageRequest> = {},
  ): Promise<Message[]> {
    const command = new ReceiveMessageCommand({ QueueUrl, ...extra });
    return (await client.send(command)).Messages ?? [];
  }

  async function receiveOne(
    QueueUrl: string,
    extra: Partial<ReceiveMessageRequest> = {},
  ): Promise<Message & { readonly ReceiptHandle: string }> {
    const [message] = await receive(QueueUrl, extra);
    if (message === undefined) throw new Error('no message');
    return { ...message, ReceiptHandle: message.ReceiptHandle ?? '' };
  }

  async function attributesOf(QueueUrl: string, ...names: QueueAttributeName[]) {
    const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: names });
    return (await client.send(command)).Attributes;
  }

  return {
    clock,
    client,
    harness,
    createQueue,
    receive,
    receiveOne,
    attributesOf,
    send: (QueueUrl, MessageBody, extra = {}) =>
      client.send(new SendMessageCommand({ QueueUrl, MessageBody, ...extra })),
    counts: (QueueUrl) =>
      attributesOf(
        QueueUrl,
        'ApproximateNumberOfMessages',
        'ApproximateNumberOfMessagesNotVisible',
        'ApproximateNumberOfMessagesDelayed',
      ),
    async close() {
      client.destroy();
      await harness.close();
    },
  };
}

/** What a promise is rejected with. */
export function catchError(promise: Promise<unknown>): Promise<unknown> {
  return promise.catch((error: unknown) => error);
}
