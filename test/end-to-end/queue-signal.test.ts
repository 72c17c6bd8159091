// A group scaled by a queue: `foretide start` as a user starts it, the local cloud's SQS and Auto
// Scaling behind AWS's own clients, and not one agent.

import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterEach, expect, it } from 'vitest';
import { localCredentials } from '../../src/cli/demo/demo-cloud.ts';
import { Stage } from './stage.ts';

const groups = `
groups:
  - name: web
    autoScalingGroup: web-asg
    min: 1
    max: 4
    warmup: 1s
    cooldown: 1s
    stabilization: 2s
    minHealthy: 10%
    sources:
      - { name: queue, type: sqs, queue: jobs.fifo, attribute: unfinished, every: 1s, staleAfter: 1m }
    policies:
      - { type: target-tracking, signal: queue, target: 10 }
`;

const endings: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const end of endings.splice(0).toReversed()) await end();
});

/** Takes up to ten messages and finishes them. */
async function workOff(sqs: SQSClient, QueueUrl: string | undefined): Promise<void> {
  const command = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 });
  const messages = (await sqs.send(command)).Messages ?? [];
  if (messages.length === 0) return;
  const Entries = messages.map(({ ReceiptHandle }, index) => ({ Id: `${index}`, ReceiptHandle }));
  await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
}

it(
  'a queue that fills adds instances, and its end removes them',
  { timeout: 120_000 },
  async () => {
    const stage = await Stage.open({ groups, brokerUrl: null, min: 1, max: 4 });
    endings.push(() => stage.close());
    const endpoint = stage.cloud.url;
    const sqs = new SQSClient({ endpoint, region: 'us-east-1', credentials: localCredentials });
    endings.push(() => sqs.destroy());
    await stage.startController();
    // The queue comes after the controller, which finds it when it is there.
    await stage.until('the missing queue is spoken of', () =>
      stage.log.some((line) =>
        line.includes('the source queue has no value: GetQueueUrl jobs.fifo'),
      ),
    );
    // Counts of a FIFO queue are exact at once; a standard one's take up to a minute to settle.
    const Attributes = { FifoQueue: 'true', ContentBasedDeduplication: 'true' };
    const create = new CreateQueueCommand({ QueueName: 'jobs.fifo', Attributes });
    const { QueueUrl } = await sqs.send(create);
    for (let batch = 0; batch < 4; batch += 1) {
      const ids = Array.from({ length: 9 }, (_, index) => `${batch}-${index}`);
      const Entries = ids.map((Id) => ({ Id, MessageBody: Id, MessageGroupId: Id }));
      await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    }
    await stage.until('36 messages are four instances', () => stage.desired === 4);
    await stage.until('an empty queue is one instance', async () => {
      await workOff(sqs, QueueUrl);
      return stage.desired === 1;
    });
    const spoken = stage.log.filter((line) => line.includes('the source queue'));
    expect(spoken).toHaveLength(2);
  },
);
