// Queues as such: creating and deleting them, their attributes, their dead-letter queues.

import { describe, expect, it } from 'vitest';
import {
  createNamedQueue,
  deleteQueue,
  listDeadLetterSources,
  setQueueAttributes,
} from './queue-lifecycle.ts';
import { receiveMessages } from './receive.ts';
import { openQueue } from './sqs.ts';
import { bodies, setUp, START, unwrap } from './testing/queue-fixture.ts';

describe('queues', () => {
  it('are given back when created again with the same attributes, and refused with others', () => {
    const { sqs } = setUp({ DelaySeconds: '5' });
    const create = (attributes: [string, string][]) =>
      createNamedQueue(
        sqs,
        { name: 'jobs', attributes: new Map(attributes), tags: new Map() },
        START,
      );
    expect(create([]).ok).toBe(true);
    expect(create([['DelaySeconds', '5']]).ok).toBe(true);
    expect(create([['DelaySeconds', '6']])).toMatchObject({
      fault: {
        code: 'QueueNameExists',
        queryCode: 'QueueAlreadyExists',
        message:
          'A queue already exists with the same name and a different value for attribute ' +
          'DelaySeconds',
      },
    });
  });

  it('cannot be created again for a minute after their deletion', () => {
    const queue = setUp();
    deleteQueue(queue.sqs, queue.open(), START);
    const create = (now: number) =>
      createNamedQueue(queue.sqs, { name: 'jobs', attributes: new Map(), tags: new Map() }, now);
    expect(create(START + 59_999)).toMatchObject({ fault: { code: 'QueueDeletedRecently' } });
    expect(create(START + 60_000).ok).toBe(true);
  });

  it.each<[string, [string, string][], string]>([
    ['white space', [], 'Can only include alphanumeric characters'],
    ['x'.repeat(81), [], 'Can only include alphanumeric characters'],
    ['jobs2.fifo', [], 'Can only include alphanumeric characters'],
    ['jobs2', [['FifoQueue', 'true']], 'must end with .fifo suffix'],
    [
      'jobs2',
      [['VisibilityTimeout', '43201']],
      'Invalid value for the parameter VisibilityTimeout.',
    ],
    ['jobs2', [['DelaySeconds', '1.5']], 'Invalid value for the parameter DelaySeconds.'],
    ['jobs2', [['Colour', 'red']], 'Unknown Attribute Colour.'],
    ['jobs2', [['constructor', '1']], 'Unknown Attribute constructor.'],
    [
      'jobs2',
      [['ContentBasedDeduplication', 'true']],
      'Unknown Attribute ContentBasedDeduplication.',
    ],
    ['jobs2', [['DeduplicationScope', 'queue']], 'only when FifoQueue is set to true.'],
  ])('named %j with %j are refused', (name, attributes, message) => {
    const { sqs } = setUp();
    const request = { name, attributes: new Map(attributes), tags: new Map() };
    const outcome = createNamedQueue(sqs, request, START);
    expect(outcome.ok ? '' : outcome.fault.message).toContain(message);
  });
});

describe('dead-letter queues', () => {
  function setUpDead() {
    const queue = setUp();
    const create = { name: 'dead', attributes: new Map(), tags: new Map() };
    unwrap(createNamedQueue(queue.sqs, create, START));
    const deadLetterTargetArn = 'arn:aws:sqs:us-east-1:123456789012:dead';
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount: '2' });
    const given = new Map([['RedrivePolicy', RedrivePolicy]]);
    unwrap(setQueueAttributes(queue.sqs, queue.open(), given, START));
    const dead = () => unwrap(openQueue(queue.sqs, 'dead', queue.now()));
    return { ...queue, dead };
  }

  it('get a message instead of its third receive, with what it had', () => {
    const queue = setUpDead();
    queue.send({ body: 'bad' });
    for (let i = 0; i < 2; i += 1) {
      expect(bodies(queue.receive())).toEqual(['bad']);
      queue.wait(30_000);
    }
    expect(queue.receive()).toEqual([]);
    const [moved] = receiveMessages(queue.sqs, queue.dead(), {}, queue.now());
    expect(moved).toMatchObject({
      receiveCount: 3,
      firstReceivedAt: START,
      content: { sentAt: START, sourceArn: 'arn:aws:sqs:us-east-1:123456789012:jobs' },
    });
    expect(listDeadLetterSources(queue.sqs, queue.dead())).toEqual(['jobs']);
  });

  it('leave the message where it is when they are gone', () => {
    const queue = setUpDead();
    queue.send({ body: 'bad' });
    deleteQueue(queue.sqs, queue.dead(), queue.now());
    for (let i = 0; i < 5; i += 1) {
      expect(bodies(queue.receive())).toEqual(['bad']);
      queue.wait(30_000);
    }
  });

  it.each([
    ['{}', "The required parameter 'deadLetterTargetArn' is missing"],
    ['{"deadLetterTargetArn":"arn:x:none"}', 'Dead letter target does not exist.'],
    [
      '{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:123456789012:dead","maxReceiveCount":0}',
      'Invalid value for maxReceiveCount: 0, valid values are from 1 to 1000 both inclusive.',
    ],
    ['nonsense', 'Redrive policy is not a valid JSON map.'],
  ])('are refused by a bad policy: %s', (RedrivePolicy, message) => {
    const queue = setUpDead();
    const given = new Map([['RedrivePolicy', RedrivePolicy]]);
    const outcome = setQueueAttributes(queue.sqs, queue.open(), given, START);
    expect(outcome.ok ? '' : outcome.fault.message).toContain(message);
    expect(queue.open().settings.redrivePolicy?.maxReceiveCount).toBe(2);
  });

  it('do not keep their sources from changing when they are gone', () => {
    const queue = setUpDead();
    deleteQueue(queue.sqs, queue.dead(), queue.now());
    const given = new Map([['VisibilityTimeout', '5']]);
    unwrap(setQueueAttributes(queue.sqs, queue.open(), given, queue.now()));
    expect(queue.open().settings.visibilityTimeoutMs).toBe(5000);
  });

  it('may forbid their sources', () => {
    const queue = setUpDead();
    const deny = new Map([['RedriveAllowPolicy', '{"redrivePermission":"denyAll"}']]);
    unwrap(setQueueAttributes(queue.sqs, queue.dead(), deny, START));
    const again = new Map([['RedrivePolicy', queue.open().attributes.get('RedrivePolicy') ?? '']]);
    expect(setQueueAttributes(queue.sqs, queue.open(), again, START).ok).toBe(false);
    const none = new Map([['RedrivePolicy', '']]);
    unwrap(setQueueAttributes(queue.sqs, queue.open(), none, START));
    expect(queue.open().settings.redrivePolicy).toBeUndefined();
  });
});
