// SQS as an SDK client sees it. Every expectation names the public AWS document it is from:
//   [API]   Amazon SQS API Reference, as shipped with @aws-sdk/client-sqs
//   [SQS]   Amazon SQS Developer Guide
//   [model] the service model inside @aws-sdk/client-sqs (error codes, HTTP status)
// The SDK itself checks every MD5OfMessageBody and MD5OfBody.

import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import {
  ChangeMessageVisibilityBatchCommand,
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  ListQueueTagsCommand,
  PurgeQueueCommand,
  QueueDoesNotExist,
  SendMessageBatchCommand,
  SetQueueAttributesCommand,
  StartMessageMoveTaskCommand,
  TagQueueCommand,
  UntagQueueCommand,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ACCOUNT_ID, REGION } from './served-account.ts';
import { catchError, START, startSqs } from './sqs-fixture.ts';
import type { SqsFixture } from './sqs-fixture.ts';

const MINUTE = 60_000;

let sqs: SqsFixture;

beforeEach(async () => {
  sqs = await startSqs();
});

afterEach(() => sqs.close());

describe('queues', () => {
  // [SQS] Queue and message identifiers: the URL has the account and the name.
  it('have a URL of account and name, by which they are found again', async () => {
    const QueueUrl = await sqs.createQueue();
    const QueueName = QueueUrl.split('/').at(-1);
    expect(QueueUrl).toBe(`${sqs.harness.endpoint}/${ACCOUNT_ID}/${QueueName}`);
    const found = await sqs.client.send(new GetQueueUrlCommand({ QueueName }));
    expect(found.QueueUrl).toBe(QueueUrl);
  });

  // [API] CreateQueue and GetQueueAttributes: names and defaults.
  it('have the defaults of CreateQueue', async () => {
    const QueueUrl = await sqs.createQueue();
    expect(await sqs.attributesOf(QueueUrl, 'All')).toEqual({
      QueueArn: `arn:aws:sqs:${REGION}:${ACCOUNT_ID}:${QueueUrl.split('/').at(-1)}`,
      ApproximateNumberOfMessages: '0',
      ApproximateNumberOfMessagesNotVisible: '0',
      ApproximateNumberOfMessagesDelayed: '0',
      CreatedTimestamp: String(START / 1000),
      LastModifiedTimestamp: String(START / 1000),
      VisibilityTimeout: '30',
      MaximumMessageSize: '1048576',
      MessageRetentionPeriod: '345600',
      DelaySeconds: '0',
      ReceiveMessageWaitTimeSeconds: '0',
      SqsManagedSseEnabled: 'true',
    });
  });

  // [API] SetQueueAttributes.
  it('take new attributes', async () => {
    const QueueUrl = await sqs.createQueue();
    sqs.clock.advance(5000);
    const Attributes = { VisibilityTimeout: '60' };
    await sqs.client.send(new SetQueueAttributesCommand({ QueueUrl, Attributes }));
    expect(await sqs.attributesOf(QueueUrl, 'VisibilityTimeout', 'LastModifiedTimestamp')).toEqual({
      VisibilityTimeout: '60',
      LastModifiedTimestamp: String(START / 1000 + 5),
    });
  });

  // [API] ListQueues: "You must set MaxResults to receive a value for NextToken".
  it('are listed by prefix, in pages', async () => {
    for (const name of ['b', 'a', 'c', 'other']) {
      const QueueName = name === 'other' ? 'other' : `list-${name}`;
      await sqs.client.send(new CreateQueueCommand({ QueueName }));
    }
    const names: string[] = [];
    let NextToken: string | undefined;
    do {
      const page = await sqs.client.send(
        new ListQueuesCommand({ QueueNamePrefix: 'list-', MaxResults: 2, NextToken }),
      );
      names.push(...(page.QueueUrls ?? []).map((url) => url.split('/').at(-1) ?? ''));
      ({ NextToken } = page);
    } while (NextToken !== undefined);
    expect(names).toEqual(['list-a', 'list-b', 'list-c']);
  });

  // [API] DeleteQueue: "you must wait at least 60 seconds before creating a queue with the same
  // name"; [model] QueueDeletedRecently, QueueDoesNotExist with their Query codes.
  it('are gone when deleted, and their name for a minute', async () => {
    const QueueUrl = await sqs.createQueue();
    await sqs.client.send(new DeleteQueueCommand({ QueueUrl }));
    const error = await catchError(sqs.send(QueueUrl, 'x'));
    expect(error).toBeInstanceOf(QueueDoesNotExist);
    expect(error).toMatchObject({
      message: 'The specified queue does not exist.',
      Code: 'AWS.SimpleQueueService.NonExistentQueue',
      $metadata: { httpStatusCode: 400 },
    });
    const QueueName = QueueUrl.split('/').at(-1);
    const again = await catchError(sqs.client.send(new CreateQueueCommand({ QueueName })));
    expect(again).toMatchObject({ name: 'QueueDeletedRecently' });
    sqs.clock.advance(MINUTE);
    await sqs.client.send(new CreateQueueCommand({ QueueName }));
  });

  // [API] CreateQueue: "with different attribute names or values … will return an error".
  it('are not created twice with different attributes', async () => {
    const QueueUrl = await sqs.createQueue({ DelaySeconds: '1' });
    const QueueName = QueueUrl.split('/').at(-1);
    const create = (DelaySeconds: string) =>
      sqs.client.send(new CreateQueueCommand({ QueueName, Attributes: { DelaySeconds } }));
    expect((await create('1')).QueueUrl).toBe(QueueUrl);
    expect(await catchError(create('2'))).toMatchObject({
      name: 'QueueNameExists',
      Code: 'QueueAlreadyExists',
    });
  });

  // [API] PurgeQueue: PurgeQueueInProgress within 60 seconds, HTTP 403 by the model.
  it('are emptied once a minute', async () => {
    const QueueUrl = await sqs.createQueue();
    await sqs.send(QueueUrl, 'a');
    await sqs.client.send(new PurgeQueueCommand({ QueueUrl }));
    expect(await sqs.receive(QueueUrl)).toEqual([]);
    const error = await catchError(sqs.client.send(new PurgeQueueCommand({ QueueUrl })));
    expect(error).toMatchObject({
      name: 'PurgeQueueInProgress',
      $metadata: { httpStatusCode: 403 },
    });
  });

  // [API] TagQueue, UntagQueue, ListQueueTags.
  it('carry tags', async () => {
    const QueueUrl = await sqs.createQueue();
    await sqs.client.send(new TagQueueCommand({ QueueUrl, Tags: { team: 'a', stage: 'test' } }));
    await sqs.client.send(new UntagQueueCommand({ QueueUrl, TagKeys: ['stage'] }));
    const { Tags } = await sqs.client.send(new ListQueueTagsCommand({ QueueUrl }));
    expect(Tags).toEqual({ team: 'a' });
  });

  // [API] CreateQueue: ranges of the attributes.
  it.each([
    [{ VisibilityTimeout: '43201' }, 'InvalidAttributeValue'],
    [{ Colour: 'red' }, 'InvalidAttributeName'],
    [{ RedrivePolicy: '{"deadLetterTargetArn":"arn:aws:sqs:x"}' }, 'InvalidParameterValue'],
  ])('with the attributes %j are refused: %s', async (attributes, code) => {
    expect(await catchError(sqs.createQueue(attributes as Record<string, string>))).toMatchObject({
      Code: code,
    });
  });
});

describe('messages', () => {
  // [API] Message: Body, Attributes, MessageAttributes and the digests of all of them.
  it('come back as they were sent, with their digests', async () => {
    const QueueUrl = await sqs.createQueue();
    const BinaryValue = new Uint8Array([1, 2, 3, 250]);
    const MessageAttributes = {
      kind: { DataType: 'String', StringValue: 'ünï' },
      size: { DataType: 'Number.int', StringValue: '42' },
      blob: { DataType: 'Binary', BinaryValue },
    };
    const sent = await sqs.send(QueueUrl, 'hello wörld', { MessageAttributes });
    expect(sent.MD5OfMessageAttributes).toMatch(/^[0-9a-f]{32}$/);
    const message = await sqs.receiveOne(QueueUrl, {
      MessageAttributeNames: ['All'],
      MessageSystemAttributeNames: ['All'],
    });
    expect(message).toMatchObject({
      MessageId: sent.MessageId,
      Body: 'hello wörld',
      MD5OfBody: sent.MD5OfMessageBody,
      MD5OfMessageAttributes: sent.MD5OfMessageAttributes,
      MessageAttributes,
      Attributes: {
        SenderId: ACCOUNT_ID,
        SentTimestamp: String(START),
        ApproximateReceiveCount: '1',
        ApproximateFirstReceiveTimestamp: String(START),
      },
    });
  });

  // [SQS] Calculating the MD5 message digest for message attributes; made by
  // printf '\0\0\0\5attr1\0\0\0\6Binary\2\0\0\0\4test' | md5sum
  it('have the digest of their attributes that the description gives', async () => {
    const QueueUrl = await sqs.createQueue();
    const BinaryValue = new TextEncoder().encode('test');
    const MessageAttributes = { attr1: { DataType: 'Binary', BinaryValue } };
    const sent = await sqs.send(QueueUrl, 'x', { MessageAttributes });
    expect(sent.MD5OfMessageAttributes).toBe('d4b1dff4e1da288dabdfabf08345a63e');
  });

  // [API] ReceiveMessage.MessageAttributeNames: names, All, and prefixes such as bar.*
  it('come with the attributes that are asked for', async () => {
    const QueueUrl = await sqs.createQueue({ VisibilityTimeout: '0' });
    const text = { DataType: 'String', StringValue: 'v' };
    await sqs.send(QueueUrl, 'x', {
      MessageAttributes: { 'bar.a': text, 'bar.b': text, foo: text },
    });
    const names = async (MessageAttributeNames: string[]) => {
      const { MessageAttributes } = await sqs.receiveOne(QueueUrl, { MessageAttributeNames });
      return Object.keys(MessageAttributes ?? {});
    };
    expect(await names(['bar.*'])).toEqual(['bar.a', 'bar.b']);
    expect(await names(['foo'])).toEqual(['foo']);
    expect(await names([])).toEqual([]);
  });

  // [API] SendMessage: sizes and characters; [model] InvalidMessageContents.
  it.each([
    ['', 'MissingParameter'],
    ['x'.repeat(1_048_577), 'InvalidParameterValue'],
    ['a\u0000b', 'InvalidMessageContents'],
  ])('that are bad are refused', async (body, code) => {
    const QueueUrl = await sqs.createQueue();
    expect(await catchError(sqs.send(QueueUrl, body))).toMatchObject({
      Code: code,
      $metadata: { httpStatusCode: 400 },
    });
  });

  // [API] SendMessage: "The maximum size is 1 MiB or 1,048,576 bytes".
  it('may be one mebibyte large', async () => {
    const QueueUrl = await sqs.createQueue();
    await sqs.send(QueueUrl, 'ü'.repeat(524_288));
    expect((await sqs.receiveOne(QueueUrl)).Body).toHaveLength(524_288);
  });

  // [API] SendMessage.DelaySeconds.
  it('are delayed', async () => {
    const QueueUrl = await sqs.createQueue();
    await sqs.send(QueueUrl, 'later', { DelaySeconds: 10 });
    expect(await sqs.receive(QueueUrl)).toEqual([]);
    expect(await sqs.counts(QueueUrl)).toMatchObject({ ApproximateNumberOfMessagesDelayed: '1' });
    sqs.clock.advance(10_000);
    expect((await sqs.receiveOne(QueueUrl)).Body).toBe('later');
  });
});

describe('visibility', () => {
  // [SQS] Amazon SQS visibility timeout; [API] ApproximateReceiveCount.
  it('ends after the timeout', async () => {
    const QueueUrl = await sqs.createQueue();
    await sqs.send(QueueUrl, 'a');
    await sqs.receiveOne(QueueUrl);
    expect(await sqs.counts(QueueUrl)).toMatchObject({
      ApproximateNumberOfMessages: '0',
      ApproximateNumberOfMessagesNotVisible: '1',
    });
    sqs.clock.advance(29_999);
    expect(await sqs.receive(QueueUrl)).toEqual([]);
    sqs.clock.advance(1);
    const again = await sqs.receiveOne(QueueUrl, { MessageSystemAttributeNames: ['All'] });
    expect(again.Attributes?.ApproximateReceiveCount).toBe('2');
    expect(again.Attributes?.ApproximateFirstReceiveTimestamp).toBe(String(START));
  });

  // [API] ChangeMessageVisibility: from the time of the call; 0 makes it visible.
  it('is changed for one message or several', async () => {
    const QueueUrl = await sqs.createQueue();
    await sqs.send(QueueUrl, 'a');
    const { ReceiptHandle } = await sqs.receiveOne(QueueUrl);
    const change = (VisibilityTimeout: number) =>
      sqs.client.send(
        new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout }),
      );
    await change(100);
    sqs.clock.advance(60_000);
    expect(await sqs.receive(QueueUrl)).toEqual([]);
    await change(0);
    const second = await sqs.receiveOne(QueueUrl);
    const Entries = [
      { Id: 'good', ReceiptHandle: second.ReceiptHandle, VisibilityTimeout: 0 },
      { Id: 'bad', ReceiptHandle: 'made up', VisibilityTimeout: 0 },
    ];
    const result = await sqs.client.send(
      new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries }),
    );
    expect(result.Successful).toEqual([{ Id: 'good' }]);
    expect(result.Failed).toMatchObject([
      { Id: 'bad', SenderFault: true, Code: 'ReceiptHandleIsInvalid' },
    ]);
  });

  // [API] DeleteMessage: by the handle of the latest receive.
  it('ends for good by deletion', async () => {
    const QueueUrl = await sqs.createQueue();
    await sqs.send(QueueUrl, 'a');
    const { ReceiptHandle } = await sqs.receiveOne(QueueUrl);
    await sqs.client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    sqs.clock.advance(MINUTE);
    expect(await sqs.receive(QueueUrl)).toEqual([]);
    await sqs.client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
  });

  // [model] ReceiptHandleIsInvalid is HTTP 404.
  it('cannot be ended by a made-up handle', async () => {
    const QueueUrl = await sqs.createQueue();
    const command = new DeleteMessageCommand({ QueueUrl, ReceiptHandle: 'made up' });
    expect(await catchError(sqs.client.send(command))).toMatchObject({
      name: 'ReceiptHandleIsInvalid',
      $metadata: { httpStatusCode: 404 },
    });
  });
});

describe('batches', () => {
  // [API] SendMessageBatch, DeleteMessageBatch: an outcome for each entry.
  it('send and delete up to ten, each with an outcome of its own', async () => {
    const QueueUrl = await sqs.createQueue();
    const Entries = Array.from({ length: 9 }, (_, i) => ({
      Id: `e${i}`,
      MessageBody: `body ${i}`,
    }));
    const sent = await sqs.client.send(
      new SendMessageBatchCommand({
        QueueUrl,
        Entries: [...Entries, { Id: 'bad', MessageBody: 'x', DelaySeconds: 901 }],
      }),
    );
    expect(sent.Successful).toHaveLength(9);
    expect(sent.Failed).toMatchObject([{ Id: 'bad', Code: 'InvalidParameterValue' }]);
    const messages = await sqs.receive(QueueUrl, { MaxNumberOfMessages: 10 });
    expect(messages.map(({ Body }) => Body)).toEqual(Entries.map(({ MessageBody }) => MessageBody));
    const deleted = await sqs.client.send(
      new DeleteMessageBatchCommand({
        QueueUrl,
        Entries: messages.map(({ ReceiptHandle }, i) => ({ Id: `d${i}`, ReceiptHandle })),
      }),
    );
    expect(deleted.Successful).toHaveLength(9);
    expect(await sqs.counts(QueueUrl)).toMatchObject({
      ApproximateNumberOfMessagesNotVisible: '0',
    });
  });

  // [model] the errors of a batch as a whole.
  it.each([
    [[], 'AWS.SimpleQueueService.EmptyBatchRequest'],
    [
      Array.from({ length: 11 }, (_, i) => ({ Id: `${i}`, MessageBody: 'x' })),
      'AWS.SimpleQueueService.TooManyEntriesInBatchRequest',
    ],
    [
      [
        { Id: 'a', MessageBody: 'x' },
        { Id: 'a', MessageBody: 'y' },
      ],
      'AWS.SimpleQueueService.BatchEntryIdsNotDistinct',
    ],
    [[{ Id: 'a b', MessageBody: 'x' }], 'AWS.SimpleQueueService.InvalidBatchEntryId'],
    [
      [
        { Id: 'a', MessageBody: 'x'.repeat(1_000_000) },
        { Id: 'b', MessageBody: 'x'.repeat(1_000_000) },
      ],
      'AWS.SimpleQueueService.BatchRequestTooLong',
    ],
  ])('that are bad are refused', async (Entries, code) => {
    const QueueUrl = await sqs.createQueue();
    const command = new SendMessageBatchCommand({ QueueUrl, Entries });
    expect(await catchError(sqs.client.send(command))).toMatchObject({ Code: code });
  });
});

describe('figures', () => {
  // [API] GetQueueAttributes: counts are approximate; [SQS] they settle within about a minute.
  it('settle late when told so', async () => {
    await sqs.close();
    sqs = await startSqs({ settleMs: MINUTE });
    const QueueUrl = await sqs.createQueue();
    await sqs.send(QueueUrl, 'a');
    expect(await sqs.counts(QueueUrl)).toMatchObject({ ApproximateNumberOfMessages: '0' });
    sqs.clock.advance(MINUTE);
    expect(await sqs.counts(QueueUrl)).toMatchObject({ ApproximateNumberOfMessages: '1' });
  });

  // [SQS] Available CloudWatch metrics for Amazon SQS; they are seen about a minute later.
  it('reach CloudWatch', async () => {
    const QueueUrl = await sqs.createQueue();
    for (const body of ['a', 'b', 'c']) await sqs.send(QueueUrl, body);
    await sqs.receiveOne(QueueUrl);
    sqs.clock.advance(2 * MINUTE);
    await sqs.counts(QueueUrl);
    const metrics = new CloudWatchClient(sqs.harness.clientConfig);
    const read = async (MetricName: string) => {
      const found = await metrics.send(
        new GetMetricStatisticsCommand({
          Namespace: 'AWS/SQS',
          MetricName,
          Dimensions: [{ Name: 'QueueName', Value: QueueUrl.split('/').at(-1) }],
          StartTime: new Date(START),
          EndTime: new Date(START + MINUTE),
          Period: 60,
          Statistics: ['Sum'],
        }),
      );
      return found.Datapoints?.map(({ Sum }) => Sum);
    };
    expect(await read('NumberOfMessagesSent')).toEqual([3]);
    expect(await read('NumberOfMessagesReceived')).toEqual([1]);
    expect(await read('ApproximateNumberOfMessagesVisible')).toEqual([3]);
    expect(await read('ApproximateAgeOfOldestMessage')).toEqual([60]);
    metrics.destroy();
  });
});

describe('what is not there', () => {
  // [model] SQS has the operation, this endpoint does not.
  it('is refused by name and not with a server error', async () => {
    const command = new StartMessageMoveTaskCommand({ SourceArn: 'arn:aws:sqs:x' });
    expect(await catchError(sqs.client.send(command))).toMatchObject({
      name: 'UnknownOperationException',
      $metadata: { httpStatusCode: 400 },
    });
  });

  it('is a queue of another account, or a URL that is none', async () => {
    const QueueUrl = `${sqs.harness.endpoint}/999999999999/x`;
    expect(await catchError(sqs.receive(QueueUrl))).toBeInstanceOf(QueueDoesNotExist);
    const nonsense = await catchError(sqs.receive(`${sqs.harness.endpoint}/nonsense`));
    expect(nonsense).toMatchObject({ name: 'InvalidAddress', $metadata: { httpStatusCode: 404 } });
  });
});
