// SQS, and EventBridge's way into it.

import assert from 'node:assert/strict';
import {
  DeleteRuleCommand,
  DescribeRuleCommand,
  ListTargetsByRuleCommand,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueueTagsCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  TagQueueCommand,
} from '@aws-sdk/client-sqs';
import type { Message } from '@aws-sdk/client-sqs';
import type { ContractCloud, Scenario } from '../scenario.ts';
import { eventually, expectRefusal, given } from '../scenario.ts';

interface Queue {
  readonly url: string;
  readonly arn: string;
}

async function createQueue(
  cloud: ContractCloud,
  attributes: Readonly<Record<string, string>> = {},
): Promise<Queue> {
  const suffix = attributes['FifoQueue'] === 'true' ? '.fifo' : '';
  const name = `${cloud.newName('queue')}${suffix}`;
  const created = await cloud.sqs.send(
    new CreateQueueCommand({ QueueName: name, Attributes: attributes }),
  );
  const url = given(created.QueueUrl, 'the URL of the queue');
  cloud.undoLater(() => cloud.sqs.send(new DeleteQueueCommand({ QueueUrl: url })));
  const answer = await cloud.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['QueueArn'] }),
  );
  return { url, arn: given(answer.Attributes?.['QueueArn'], 'the ARN of the queue') };
}

/** Receives until there is a message: short polling may miss one. */
function receive(cloud: ContractCloud, queue: Queue): Promise<Message> {
  return eventually(cloud, 'a message', async () => {
    const answer = await cloud.sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: queue.url,
        MessageAttributeNames: ['All'],
        MessageSystemAttributeNames: ['All'],
      }),
    );
    return answer.Messages?.[0];
  });
}

const queueOnly: readonly Scenario[] = [
  {
    name: 'SQS: a message is received with its attributes, and not again once deleted',
    source: 'SQS API reference, ReceiveMessage, DeleteMessage',
    async run(cloud) {
      const queue = await createQueue(cloud, { VisibilityTimeout: '5' });
      const QueueUrl = queue.url;
      const MessageAttributes = { kind: { DataType: 'String', StringValue: 'order' } };
      const sent = await cloud.sqs.send(
        new SendMessageCommand({ QueueUrl, MessageBody: 'one', MessageAttributes }),
      );
      const message = await receive(cloud, queue);
      assert.equal(message.MessageId, sent.MessageId);
      assert.equal(message.Body, 'one');
      assert.equal(message.MessageAttributes?.['kind']?.StringValue, 'order');
      assert.equal(message.Attributes?.ApproximateReceiveCount, '1');
      const { ReceiptHandle } = message;
      await cloud.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      await cloud.pass(6000);
      const after = await cloud.sqs.send(new ReceiveMessageCommand({ QueueUrl }));
      assert.equal(after.Messages?.length ?? 0, 0);
    },
  },
  {
    name: 'SQS: a message given back is received again, and counted',
    source: 'SQS API reference, ChangeMessageVisibility',
    async run(cloud) {
      const queue = await createQueue(cloud);
      const QueueUrl = queue.url;
      await cloud.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'one' }));
      const { ReceiptHandle } = await receive(cloud, queue);
      await cloud.sqs.send(
        new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }),
      );
      const again = await receive(cloud, queue);
      assert.equal(again.Attributes?.ApproximateReceiveCount, '2');
    },
  },
  {
    name: 'SQS: a FIFO queue keeps the order of a group and takes a message once',
    source: 'SQS developer guide, "FIFO delivery logic", "Exactly-once processing"',
    async run(cloud) {
      const queue = await createQueue(cloud, { FifoQueue: 'true' });
      const QueueUrl = queue.url;
      for (const id of ['a', 'b', 'a']) {
        const message = { MessageBody: id, MessageGroupId: 'g', MessageDeduplicationId: id };
        await cloud.sqs.send(new SendMessageCommand({ QueueUrl, ...message }));
      }
      for (const body of ['a', 'b']) {
        const message = await receive(cloud, queue);
        assert.equal(message.Body, body);
        const { ReceiptHandle } = message;
        await cloud.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      }
      const after = await cloud.sqs.send(new ReceiveMessageCommand({ QueueUrl }));
      assert.equal(after.Messages?.length ?? 0, 0);
    },
  },
  {
    name: 'SQS: what is received too often goes to the dead-letter queue',
    source: 'SQS developer guide, "Using dead-letter queues": maxReceiveCount',
    async run(cloud) {
      const dead = await createQueue(cloud);
      const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 1 });
      const queue = await createQueue(cloud, { RedrivePolicy, VisibilityTimeout: '1' });
      const QueueUrl = queue.url;
      await cloud.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'poison' }));
      await receive(cloud, queue);
      await cloud.pass(2000);
      const moved = await eventually(cloud, 'the message among the dead letters', async () => {
        await cloud.sqs.send(new ReceiveMessageCommand({ QueueUrl }));
        const answer = await cloud.sqs.send(new ReceiveMessageCommand({ QueueUrl: dead.url }));
        return answer.Messages?.[0];
      });
      assert.equal(moved.Body, 'poison');
    },
  },
  {
    name: 'SQS: a batch tells which of its entries were refused',
    source: 'SQS API reference, SendMessageBatch: BatchResultErrorEntry',
    async run(cloud) {
      const { url: QueueUrl } = await createQueue(cloud);
      const answer = await cloud.sqs.send(
        new SendMessageBatchCommand({
          QueueUrl,
          Entries: [
            { Id: 'good', MessageBody: 'x' },
            { Id: 'late', MessageBody: 'x', DelaySeconds: 901 },
          ],
        }),
      );
      assert.deepEqual(
        answer.Successful?.map(({ Id }) => Id),
        ['good'],
      );
      assert.deepEqual(
        answer.Failed?.map(({ Id, SenderFault }) => [Id, SenderFault]),
        [['late', true]],
      );
    },
  },
  {
    name: 'SQS: attributes and tags are what was set',
    source: 'SQS API reference, SetQueueAttributes, TagQueue',
    async run(cloud) {
      const { url: QueueUrl } = await createQueue(cloud);
      const Attributes = { VisibilityTimeout: '77' };
      await cloud.sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes }));
      await cloud.sqs.send(new TagQueueCommand({ QueueUrl, Tags: { team: 'a' } }));
      await eventually(cloud, 'the new attribute', async () => {
        const answer = await cloud.sqs.send(
          new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
        );
        return answer.Attributes?.['VisibilityTimeout'] === '77' ? true : undefined;
      });
      const { Tags } = await cloud.sqs.send(new ListQueueTagsCommand({ QueueUrl }));
      assert.deepEqual({ ...Tags }, { team: 'a' });
    },
  },
  {
    name: 'SQS: a queue that there is not is named by no URL',
    source: 'SQS API reference, GetQueueUrl: QueueDoesNotExist',
    async run(cloud) {
      const QueueName = cloud.newName('nowhere');
      await expectRefusal(cloud.sqs.send(new GetQueueUrlCommand({ QueueName })), {
        name: 'QueueDoesNotExist',
        status: 400,
      });
    },
  },
];

const eventScenarios: readonly Scenario[] = [
  {
    name: 'EventBridge: a rule puts what its pattern wants into a queue, and nothing else',
    source: 'EventBridge user guide, "Event patterns", "Amazon SQS permissions"',
    async run(cloud) {
      const queue = await createQueue(cloud);
      await letEventsIn(cloud, queue);
      const source = cloud.newName('source');
      await putRule(cloud, { source: [source], detail: { state: ['paid'] } }, queue);
      const entryOf = (state: string) => ({
        Source: source,
        DetailType: 'order',
        Detail: JSON.stringify({ state }),
      });
      // A new rule takes its time at AWS; events that came too early are not made up for.
      const message = await eventually(cloud, 'the event', async () => {
        const Entries = [entryOf('open'), entryOf('paid')];
        const sent = await cloud.events.send(new PutEventsCommand({ Entries }));
        assert.equal(sent.FailedEntryCount, 0);
        const answer = await cloud.sqs.send(new ReceiveMessageCommand({ QueueUrl: queue.url }));
        return answer.Messages?.[0];
      });
      const event: unknown = JSON.parse(message.Body ?? '{}');
      assert.ok(typeof event === 'object' && event !== null && 'detail' in event);
      assert.deepEqual(event.detail, { state: 'paid' });
    },
  },
  {
    name: 'EventBridge: a rule is what was put, and goes only after its targets',
    source: 'EventBridge API reference, DescribeRule, DeleteRule: "you must first remove"',
    async run(cloud) {
      const queue = await createQueue(cloud);
      const name = await putRule(cloud, { source: ['nobody'] }, queue);
      const rule = await cloud.events.send(new DescribeRuleCommand({ Name: name }));
      assert.equal(rule.State, 'ENABLED');
      const { Targets } = await cloud.events.send(new ListTargetsByRuleCommand({ Rule: name }));
      assert.deepEqual(
        Targets?.map(({ Id, Arn }) => [Id, Arn]),
        [['queue', queue.arn]],
      );
      const removal = new DeleteRuleCommand({ Name: name });
      await expectRefusal(cloud.events.send(removal), {
        name: 'ValidationException',
        message: "Rule can't be deleted since it has targets.",
      });
    },
  },
  {
    name: 'EventBridge: a pattern that is none is refused',
    source: 'EventBridge API reference, PutRule: InvalidEventPatternException',
    async run(cloud) {
      const rule = { Name: cloud.newName('rule'), EventPattern: '{"source": "text"}' };
      await expectRefusal(cloud.events.send(new PutRuleCommand(rule)), {
        name: 'InvalidEventPatternException',
        status: 400,
      });
    },
  },
];

async function letEventsIn(cloud: ContractCloud, queue: Queue): Promise<void> {
  const Policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: queue.arn,
      },
    ],
  });
  const Attributes = { Policy };
  await cloud.sqs.send(new SetQueueAttributesCommand({ QueueUrl: queue.url, Attributes }));
}

/** Returns the name of a rule whose only target, `queue`, is that queue. */
async function putRule(cloud: ContractCloud, pattern: unknown, queue: Queue): Promise<string> {
  const name = cloud.newName('rule');
  await cloud.events.send(
    new PutRuleCommand({ Name: name, EventPattern: JSON.stringify(pattern) }),
  );
  cloud.undoLater(() => cloud.events.send(new DeleteRuleCommand({ Name: name })));
  const Targets = [{ Id: 'queue', Arn: queue.arn }];
  await cloud.events.send(new PutTargetsCommand({ Rule: name, Targets }));
  cloud.undoLater(() =>
    cloud.events.send(new RemoveTargetsCommand({ Rule: name, Ids: ['queue'] })),
  );
  return name;
}

export const queueScenarios: readonly Scenario[] = [...queueOnly, ...eventScenarios];
