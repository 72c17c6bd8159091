// SQS's long polling, FIFO queues and dead-letter queues as an SDK client sees them. The documents
// are those of sqs.test.ts: [API], [SQS].

import {
  DeleteMessageCommand,
  DeleteQueueCommand,
  ListDeadLetterSourceQueuesCommand,
  QueueDoesNotExist,
  ReceiveMessageCommand,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { catchError, START, startSqs } from './sqs-fixture.ts';
import type { SqsFixture } from './sqs-fixture.ts';

let sqs: SqsFixture;

beforeEach(async () => {
  sqs = await startSqs();
});

afterEach(() => sqs.close());

describe('long polling', () => {
  // [API] ReceiveMessage.WaitTimeSeconds: "If a message is available, the call returns sooner".
  it('ends when a message arrives', async () => {
    const QueueUrl = await sqs.createQueue();
    const waiting = sqs.receive(QueueUrl, { WaitTimeSeconds: 20 });
    await sqs.clock.untilWaiting(1);
    sqs.clock.advance(3000);
    await sqs.send(QueueUrl, 'at last');
    expect((await waiting).map(({ Body }) => Body)).toEqual(['at last']);
  });

  // [API] "If no messages are available and the wait time expires, the call does not return a
  // message list."
  it('ends without a message when its time is over', async () => {
    const QueueUrl = await sqs.createQueue({ ReceiveMessageWaitTimeSeconds: '5' });
    let isOver = false;
    const waiting = sqs.receive(QueueUrl).finally(() => (isOver = true));
    await sqs.clock.untilWaiting(1);
    sqs.clock.advance(4999);
    await sqs.counts(QueueUrl);
    expect(isOver).toBe(false);
    sqs.clock.advance(1);
    expect(await waiting).toEqual([]);
  });

  // [SQS] Amazon SQS visibility timeout: a message appears again by itself.
  it('ends when a hidden message appears again', async () => {
    const QueueUrl = await sqs.createQueue({ VisibilityTimeout: '10' });
    await sqs.send(QueueUrl, 'a');
    await sqs.receiveOne(QueueUrl);
    const waiting = sqs.receive(QueueUrl, { WaitTimeSeconds: 20 });
    await sqs.clock.untilWaiting(1);
    sqs.clock.advance(10_000);
    expect(await waiting).toHaveLength(1);
  });

  it('gives one message to one of several who wait', async () => {
    const QueueUrl = await sqs.createQueue();
    const waiting = Array.from({ length: 5 }, () => sqs.receive(QueueUrl, { WaitTimeSeconds: 20 }));
    await sqs.clock.untilWaiting(5);
    await sqs.send(QueueUrl, 'only one');
    await sqs.send(QueueUrl, 'and another');
    sqs.clock.advance(20_000);
    const received = (await Promise.all(waiting)).flat();
    expect(new Set(received.map(({ Body }) => Body))).toEqual(new Set(['only one', 'and another']));
    expect(received).toHaveLength(2);
  });

  it('of a client that has gone takes no message', async () => {
    const QueueUrl = await sqs.createQueue();
    const gone = new AbortController();
    const command = new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 });
    const waiting = catchError(sqs.client.send(command, { abortSignal: gone.signal }));
    await sqs.clock.untilWaiting(1);
    gone.abort();
    expect(await waiting).toMatchObject({ name: 'AbortError' });
    await sqs.clock.untilWaiting(0);
    await sqs.send(QueueUrl, 'a');
    expect(await sqs.counts(QueueUrl)).toMatchObject({ ApproximateNumberOfMessages: '1' });
  });

  it('ends when the queue is deleted', async () => {
    const QueueUrl = await sqs.createQueue();
    const waiting = catchError(sqs.receive(QueueUrl, { WaitTimeSeconds: 20 }));
    await sqs.clock.untilWaiting(1);
    await sqs.client.send(new DeleteQueueCommand({ QueueUrl }));
    expect(await waiting).toBeInstanceOf(QueueDoesNotExist);
  });
});

describe('FIFO queues', () => {
  const fifo = { FifoQueue: 'true' };
  const sendTo = (QueueUrl: string, body: string, MessageGroupId: string) =>
    sqs.send(QueueUrl, body, {
      MessageGroupId,
      MessageDeduplicationId: `${MessageGroupId}-${body}`,
    });

  // [SQS] FIFO delivery logic.
  it('keep the order of each group, and hold a group back while it is in flight', async () => {
    const QueueUrl = await sqs.createQueue(fifo);
    for (const body of ['1', '2', '3']) {
      await sendTo(QueueUrl, body, 'a');
      await sendTo(QueueUrl, body, 'b');
    }
    const first = await sqs.receive(QueueUrl, {
      MaxNumberOfMessages: 2,
      MessageSystemAttributeNames: ['MessageGroupId', 'SequenceNumber', 'MessageDeduplicationId'],
    });
    expect(first.map(({ Body, Attributes }) => [Attributes?.MessageGroupId, Body])).toEqual([
      ['a', '1'],
      ['a', '2'],
    ]);
    const [one, two] = first.map(({ Attributes }) => BigInt(Attributes?.SequenceNumber ?? 0));
    expect(one).toBeLessThan(two ?? 0n);
    const second = await sqs.receive(QueueUrl, { MaxNumberOfMessages: 10 });
    expect(second.map(({ Body }) => Body)).toEqual(['1', '2', '3']);
    for (const { ReceiptHandle } of first) {
      expect(await sqs.receive(QueueUrl)).toEqual([]);
      await sqs.client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    }
    expect((await sqs.receiveOne(QueueUrl)).Body).toBe('3');
  });

  // [SQS] Exactly-once processing: five minutes; the same message id is given back.
  it('accept a message once in five minutes', async () => {
    const QueueUrl = await sqs.createQueue({ ...fifo, ContentBasedDeduplication: 'true' });
    const first = await sqs.send(QueueUrl, 'x', { MessageGroupId: 'g' });
    const copy = await sqs.send(QueueUrl, 'x', { MessageGroupId: 'g' });
    expect(copy.MessageId).toBe(first.MessageId);
    expect(copy.SequenceNumber).toBe(first.SequenceNumber);
    expect(await sqs.receive(QueueUrl, { MaxNumberOfMessages: 10 })).toHaveLength(1);
  });

  // [API] SendMessage: "If you do not provide a MessageGroupId … the action fails".
  it('need a group and a deduplication id', async () => {
    const QueueUrl = await sqs.createQueue(fifo);
    expect(await catchError(sqs.send(QueueUrl, 'x'))).toMatchObject({
      Code: 'MissingParameter',
      message: 'The request must contain the parameter MessageGroupId.',
    });
    expect(await catchError(sqs.send(QueueUrl, 'x', { MessageGroupId: 'g' }))).toMatchObject({
      Code: 'InvalidParameterValue',
    });
  });
});

describe('dead-letter queues', () => {
  // [SQS] Using dead-letter queues: maxReceiveCount; [API] DeadLetterQueueSourceArn.
  it('get what was received too often', async () => {
    const dead = await sqs.createQueue();
    const deadArn = (await sqs.attributesOf(dead, 'QueueArn'))?.['QueueArn'];
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: deadArn, maxReceiveCount: 1 });
    const QueueUrl = await sqs.createQueue({ RedrivePolicy, VisibilityTimeout: '1' });
    await sqs.send(QueueUrl, 'poison');
    await sqs.receiveOne(QueueUrl);
    sqs.clock.advance(1000);
    const waiting = sqs.receive(dead, {
      WaitTimeSeconds: 20,
      MessageSystemAttributeNames: ['All'],
    });
    await sqs.clock.untilWaiting(1);
    expect(await sqs.receive(QueueUrl)).toEqual([]);
    expect(await waiting).toMatchObject([
      {
        Body: 'poison',
        Attributes: {
          ApproximateReceiveCount: '2',
          SentTimestamp: String(START),
          DeadLetterQueueSourceArn: (await sqs.attributesOf(QueueUrl, 'QueueArn'))?.['QueueArn'],
        },
      },
    ]);
    const sources = await sqs.client.send(
      new ListDeadLetterSourceQueuesCommand({ QueueUrl: dead }),
    );
    expect(sources.queueUrls).toEqual([QueueUrl]);
  });
});
