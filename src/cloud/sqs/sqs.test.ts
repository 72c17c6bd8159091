// What single calls on queues do: visibility, deduplication, counts, metrics, rules and refusals.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../fault.ts';
import { checkBatch, checkBatchSize } from './batch.ts';
import { measureMessage, utf8Length } from './message-attributes.ts';
import type { Queue } from './queue.ts';
import {
  createNamedQueue,
  deleteQueue,
  listDeadLetterSources,
  setQueueAttributes,
} from './queue-lifecycle.ts';
import type { QueueMeasurement } from './queue-metrics.ts';
import { readQueueAttributes } from './read-attributes.ts';
import { answerEmpty, checkReceive, IN_FLIGHT_MAX, receiveMessages } from './receive.ts';
import type { ReceivedMessage, ReceiveRequest } from './receive.ts';
import { sendMessage } from './send.ts';
import type { SendRequest } from './send.ts';
import { changeVisibility, deleteMessage } from './settle.ts';
import { advanceSqs, createSqs, nextSqsWakeAt, openQueue } from './sqs.ts';
import type { SqsOptions } from './sqs.ts';

/** 2026-01-15T10:00:00Z. */
const START = 1_768_471_200_000;
const MINUTE = 60_000;

function unwrap<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(`${outcome.fault.code}: ${outcome.fault.message}`);
  return outcome.value;
}

/** A queue with a clock of its own. */
function setUp(attributes: Record<string, string> = {}, extra: Partial<SqsOptions> = {}) {
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
    wait(ms: number) {
      now += ms;
    },
    send: (request: Partial<SendRequest> & { body: string }) =>
      sendMessage(sqs, open(), { attributes: new Map(), ...request }, now),
    receive: (request: ReceiveRequest = {}): readonly ReceivedMessage[] =>
      receiveMessages(sqs, open(), request, now),
    remove: (handle: string) => deleteMessage(open(), handle, now),
    change: (handle: string, timeoutS: number) => changeVisibility(open(), handle, timeoutS, now),
    counts: () => {
      const names = ['', 'NotVisible', 'Delayed'].map((s) => `ApproximateNumberOfMessages${s}`);
      const attributesNow = unwrap(readQueueAttributes(sqs, open(), names, now));
      return names.map((attribute) => Number(attributesNow.get(attribute)));
    },
  };
}

const bodies = (received: readonly ReceivedMessage[]) =>
  received.map(({ content }) => content.body);
const handleOf = (received: readonly ReceivedMessage[]) => received[0]?.receiptHandle ?? '';

describe('visibility', () => {
  it('hides a received message for the timeout and not longer', () => {
    const queue = setUp();
    queue.send({ body: 'a' });
    expect(bodies(queue.receive())).toEqual(['a']);
    queue.wait(29_999);
    expect(queue.receive()).toEqual([]);
    queue.wait(1);
    expect(queue.receive()).toMatchObject([{ receiveCount: 2, firstReceivedAt: START }]);
  });

  it('is extended from the time of the call, and ended at once by 0', () => {
    const queue = setUp();
    queue.send({ body: 'a' });
    const handle = handleOf(queue.receive());
    queue.wait(15_000);
    unwrap(queue.change(handle, 60));
    queue.wait(59_999);
    expect(queue.receive()).toEqual([]);
    unwrap(queue.change(handle, 0));
    expect(bodies(queue.receive())).toEqual(['a']);
  });

  it('lasts twelve hours in all at most', () => {
    const queue = setUp();
    queue.send({ body: 'a' });
    const handle = handleOf(queue.receive({ visibilityTimeoutS: 43_200 }));
    queue.wait(1000);
    expect(queue.change(handle, 43_200)).toMatchObject({
      fault: {
        message:
          'Value 43200 for parameter VisibilityTimeout is invalid. Reason: Total ' +
          'VisibilityTimeout for the message is beyond the limit [43200 seconds]',
      },
    });
  });

  it('delays messages by the queue or by the message', () => {
    const queue = setUp({ DelaySeconds: '10' });
    queue.send({ body: 'by queue' });
    queue.send({ body: 'by itself', delayS: 0 });
    expect(queue.counts()).toEqual([1, 0, 1]);
    expect(bodies(queue.receive({ countMax: 10 }))).toEqual(['by itself']);
    queue.wait(10_000);
    expect(bodies(queue.receive({ countMax: 10 }))).toEqual(['by queue']);
  });
});

describe('receipt handles', () => {
  it('delete only by the latest receive, and succeed again on what is gone', () => {
    const queue = setUp();
    queue.send({ body: 'a' });
    const old = handleOf(queue.receive());
    queue.wait(30_000);
    const latest = handleOf(queue.receive());
    expect(latest).not.toBe(old);
    expect(queue.remove(old).ok).toBe(true);
    expect(queue.counts()).toEqual([0, 1, 0]);
    expect(queue.remove(latest).ok).toBe(true);
    expect(queue.counts()).toEqual([0, 0, 0]);
    expect(queue.remove(latest).ok).toBe(true);
  });

  it('delete a message that has become visible again', () => {
    const queue = setUp();
    queue.send({ body: 'a' });
    const handle = handleOf(queue.receive());
    queue.wait(31_000);
    expect(queue.counts()).toEqual([1, 0, 0]);
    expect(queue.remove(handle).ok).toBe(true);
    expect(queue.receive()).toEqual([]);
  });

  it('of a FIFO queue expire with the timeout', () => {
    const queue = setUp({ FifoQueue: 'true' });
    queue.send({ body: 'a', groupId: 'g', deduplicationId: 'd' });
    const handle = handleOf(queue.receive());
    queue.wait(30_000);
    const reason = 'Reason: The receipt handle has expired.';
    const message = `Value ${handle} for parameter ReceiptHandle is invalid. ${reason}`;
    expect(queue.remove(handle)).toMatchObject({ fault: { message } });
    expect(queue.change(handle, 10)).toMatchObject({ fault: { message } });
  });

  it('of another queue, or made up, are refused', () => {
    const [one, other] = [setUp(), setUp()];
    one.send({ body: 'a' });
    // Both queues are the first of their account: the second gets a queue more.
    unwrap(
      createNamedQueue(other.sqs, { name: 'x', attributes: new Map(), tags: new Map() }, START),
    );
    const foreign = unwrap(openQueue(other.sqs, 'x', START));
    const handle = handleOf(one.receive());
    for (const bad of [handle, 'made up', '']) {
      expect(deleteMessage(foreign, bad, START)).toMatchObject({
        fault: { code: 'ReceiptHandleIsInvalid', status: 404 },
      });
    }
  });

  it('of a message that is gone change nothing', () => {
    const queue = setUp();
    queue.send({ body: 'a' });
    const handle = handleOf(queue.receive());
    unwrap(queue.remove(handle));
    const outcome = queue.change(handle, 10);
    expect(outcome.ok ? '' : outcome.fault.message).toContain(
      'Message does not exist or is not available for visibility timeout change.',
    );
  });
});

describe('in flight', () => {
  it('there are 120,000 at most: then OverLimit, but not to a call that waits', () => {
    const queue = setUp();
    const open = queue.open();
    for (let i = 0; i <= IN_FLIGHT_MAX; i += 1) queue.send({ body: 'x' });
    for (let i = 0; i < IN_FLIGHT_MAX; i += 10) queue.receive({ countMax: 10 });
    expect(open.counts).toEqual({ visible: 1, inFlight: IN_FLIGHT_MAX, delayed: 0 });
    expect(queue.receive({ countMax: 10 })).toEqual([]);
    expect(answerEmpty(open, 0)).toMatchObject({ fault: { code: 'OverLimit', status: 403 } });
    expect(answerEmpty(open, 1000)).toMatchObject({ ok: true, value: [] });
  });
});

describe('deduplication', () => {
  const fifo = { FifoQueue: 'true', ContentBasedDeduplication: 'true' };

  it('accepts a message of the same id for five minutes without delivering it', () => {
    const queue = setUp({ FifoQueue: 'true' });
    const send = () => unwrap(queue.send({ body: 'a', groupId: 'g', deduplicationId: 'd' }));
    const first = send();
    unwrap(queue.remove(handleOf(queue.receive())));
    queue.wait(5 * MINUTE - 1);
    expect(send()).toEqual(first);
    expect(queue.receive()).toEqual([]);
    queue.wait(1);
    expect(send().messageId).not.toBe(first.messageId);
    expect(bodies(queue.receive())).toEqual(['a']);
  });

  it('goes by the content where the queue says so', () => {
    const queue = setUp(fifo);
    queue.send({ body: 'a', groupId: 'g' });
    queue.send({ body: 'a', groupId: 'h' });
    queue.send({ body: 'b', groupId: 'g' });
    expect(bodies(queue.receive({ countMax: 10 }))).toEqual(['a', 'b']);
  });

  it('holds within a group where the queue says so', () => {
    const queue = setUp({ ...fifo, DeduplicationScope: 'messageGroup' });
    queue.send({ body: 'a', groupId: 'g' });
    queue.send({ body: 'a', groupId: 'h' });
    queue.send({ body: 'a', groupId: 'g' });
    expect(bodies(queue.receive({ countMax: 10 }))).toEqual(['a', 'a']);
  });

  it('remembers exactly what was sent in the last five minutes', () => {
    const sends = fc.array(
      fc.record({ id: fc.nat(5), waitMs: fc.integer({ min: 0, max: 150_000 }) }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(sends, (steps) => {
        const queue = setUp({ FifoQueue: 'true' });
        const acceptedAt = new Map<number, number>();
        for (const { id, waitMs } of steps) {
          queue.wait(waitMs);
          const before = queue.open().nextSequence;
          unwrap(queue.send({ body: 'x', groupId: 'g', deduplicationId: `d${id}` }));
          const isNew = queue.open().nextSequence > before;
          const since = queue.now() - (acceptedAt.get(id) ?? Number.NEGATIVE_INFINITY);
          expect(isNew).toBe(since >= 5 * MINUTE);
          if (isNew) acceptedAt.set(id, queue.now());
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe('approximate counts', () => {
  it('are right at once when they settle at once', () => {
    const queue = setUp();
    queue.send({ body: 'a' });
    expect(queue.counts()).toEqual([1, 0, 0]);
    queue.receive();
    expect(queue.counts()).toEqual([0, 1, 0]);
  });

  it('lag behind by no more than the time to settle, and are then right', () => {
    const changes = fc.array(
      fc.record({
        waitMs: fc.integer({ min: 0, max: 30_000 }),
        draw: fc.double({ min: 0, max: 0.999, noNaN: true }),
      }),
      { minLength: 1, maxLength: 60 },
    );
    fc.assert(
      fc.property(changes, (steps) => {
        let draw = 0;
        const queue = setUp({}, { settleMs: MINUTE, random: () => draw });
        const history: { at: number; count: number }[] = [{ at: START, count: 0 }];
        for (const [index, step] of steps.entries()) {
          draw = step.draw;
          queue.wait(step.waitMs);
          queue.send({ body: 'a' });
          history.push({ at: queue.now(), count: index + 1 });
          const [reported = 0] = queue.counts();
          const recent = history.filter(({ at }, i) => {
            const until = history[i + 1]?.at ?? Infinity;
            return until >= queue.now() - MINUTE && at <= queue.now();
          });
          expect(recent.map(({ count }) => count)).toContain(reported);
        }
        queue.wait(MINUTE);
        expect(queue.counts()).toEqual([steps.length, 0, 0]);
      }),
      { numRuns: 100 },
    );
  });

  it('do not depend on how often they are read', () => {
    const build = () => {
      let seed = 7;
      const random = () => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647;
      return setUp({}, { settleMs: MINUTE, random });
    };
    const [once, often] = [build(), build()];
    for (let i = 0; i < 50; i += 1) {
      for (const queue of [once, often]) {
        queue.wait(1000);
        queue.send({ body: 'a' });
      }
      often.counts();
    }
    expect(once.counts()).toEqual(often.counts());
  });
});

describe('metrics', () => {
  const figuresOf = (measurements: readonly QueueMeasurement[]) =>
    Object.fromEntries(measurements.map(({ metricName, value }) => [metricName, value]));

  it('are the figures of each minute, under its start', () => {
    const queue = setUp();
    queue.send({ body: 'four' });
    queue.send({ body: 'sixsix', delayS: 120 });
    queue.wait(10_000);
    const handle = handleOf(queue.receive());
    queue.send({ body: 'x' });
    unwrap(queue.remove(handle));
    advanceSqs(queue.sqs, START + MINUTE);
    expect(queue.measurements.every(({ at }) => at === START)).toBe(true);
    expect(figuresOf(queue.measurements)).toEqual({
      ApproximateNumberOfMessagesVisible: 1,
      ApproximateNumberOfMessagesNotVisible: 0,
      ApproximateNumberOfMessagesDelayed: 1,
      ApproximateAgeOfOldestMessage: 60,
      NumberOfMessagesSent: 3,
      NumberOfMessagesReceived: 1,
      NumberOfMessagesDeleted: 1,
      NumberOfEmptyReceives: 0,
      SentMessageSize: { sampleCount: 3, sum: 11, minimum: 1, maximum: 6 },
    });
  });

  it('show the age of the oldest message that was not received over and over', () => {
    const queue = setUp();
    queue.send({ body: 'poison' });
    queue.wait(30_000);
    queue.send({ body: 'good' });
    for (let i = 0; i < 3; i += 1) {
      expect(bodies(queue.receive({ visibilityTimeoutS: 0 }))).toEqual(['poison']);
    }
    expect(bodies(queue.receive({ countMax: 10 }))).toEqual(['good', 'poison']);
    advanceSqs(queue.sqs, START + MINUTE);
    expect(figuresOf(queue.measurements)['ApproximateAgeOfOldestMessage']).toBe(30);
  });

  it('stop six hours after the last call on an empty queue', () => {
    const queue = setUp();
    queue.send({ body: 'a' });
    unwrap(queue.remove(handleOf(queue.receive())));
    advanceSqs(queue.sqs, START + 24 * 60 * MINUTE);
    const last = queue.measurements.at(-1);
    expect(last?.at).toBe(START + 6 * 60 * MINUTE - 2 * MINUTE);
    expect(nextSqsWakeAt(queue.sqs)).toBeUndefined();
    queue.send({ body: 'b' });
    expect(nextSqsWakeAt(queue.sqs)).toBe(START + MINUTE + 24 * 60 * MINUTE);
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

describe('messages', () => {
  const fifo = { FifoQueue: 'true' };
  it.each<[Record<string, string>, Partial<SendRequest> & { body: string }, string]>([
    [{}, { body: '' }, 'The request must contain the parameter MessageBody.'],
    [{}, { body: 'a\u0001b' }, 'Invalid characters found.'],
    [{}, { body: 'a\ud800b' }, 'Invalid characters found.'],
    [
      { MaximumMessageSize: '1024' },
      { body: 'ü'.repeat(513) },
      'Message must be shorter than 1024 bytes.',
    ],
    [{}, { body: 'a', delayS: 901 }, 'DelaySeconds must be >= 0 and <= 900.'],
    [{}, { body: 'a', deduplicationId: 'd' }, 'not valid for this queue type.'],
    [fifo, { body: 'a' }, 'The request must contain the parameter MessageGroupId.'],
    [fifo, { body: 'a', groupId: 'g' }, 'The queue should either have ContentBasedDeduplication'],
    [fifo, { body: 'a', groupId: 'g', deduplicationId: 'a b' }, 'can only include alphanumeric'],
    [fifo, { body: 'a', groupId: '', deduplicationId: 'd' }, 'MessageGroupId can only include'],
    [
      fifo,
      { body: 'a', groupId: 'g', deduplicationId: 'd', delayS: 2 },
      'not valid for this queue',
    ],
  ])('to a queue with %j: %j is refused', (attributes, request, message) => {
    const outcome = setUp(attributes).send(request);
    expect(outcome.ok ? '' : outcome.fault.message).toContain(message);
  });

  it('are measured in bytes of UTF-8, attributes included', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
        expect(utf8Length(text)).toBe(Buffer.byteLength(text));
      }),
    );
    const attributes = new Map([
      ['name', { dataType: 'String', stringValue: 'ü' }],
      ['blob', { dataType: 'Binary.png', binaryValue: Buffer.from('12345').toString('base64') }],
    ]);
    expect(unwrap(measureMessage('body', attributes))).toBe(4 + 4 + 6 + 2 + 4 + 10 + 5);
  });

  it.each([
    ['AWS.x', { dataType: 'String', stringValue: 'v' }],
    ['.x', { dataType: 'String', stringValue: 'v' }],
    ['a..b', { dataType: 'String', stringValue: 'v' }],
    ['sp ace', { dataType: 'String', stringValue: 'v' }],
    ['x', { dataType: 'Colour', stringValue: 'v' }],
    ['x', { dataType: 'String', stringValue: '' }],
    ['x', { dataType: 'Number', stringValue: 'one' }],
    ['x', { dataType: 'Binary', stringValue: 'v' }],
  ])('with the attribute %j %j are refused', (name, attribute) => {
    expect(measureMessage('body', new Map([[name, attribute]])).ok).toBe(false);
  });

  it('have ids of their own, of the form of a UUID', () => {
    const queue = setUp();
    const ids = Array.from({ length: 300 }, () => unwrap(queue.send({ body: 'a' })).messageId);
    expect(new Set(ids).size).toBe(300);
    for (const id of ids) {
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    }
  });
});

describe('requests to receive', () => {
  it.each<[ReceiveRequest, string]>([
    [
      { countMax: 11 },
      'Value 11 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and ' +
        '10, if provided.',
    ],
    [
      { waitS: 21 },
      'Value 21 for parameter WaitTimeSeconds is invalid. Reason: Must be >= 0 and <= 20, if ' +
        'provided.',
    ],
    [{ visibilityTimeoutS: -1 }, 'Value -1 for parameter VisibilityTimeout is invalid.'],
  ])('%j is refused', (request, message) => {
    const outcome = checkReceive(setUp().open(), request);
    expect(outcome.ok ? '' : outcome.fault.message).toContain(message);
  });

  it('wait as long as the request says, or else the queue', () => {
    const open = setUp({ ReceiveMessageWaitTimeSeconds: '7' }).open();
    expect(unwrap(checkReceive(open, {}))).toBe(7000);
    expect(unwrap(checkReceive(open, { waitS: 0 }))).toBe(0);
  });
});

describe('batches', () => {
  it.each<[string[], string]>([
    [[], 'EmptyBatchRequest'],
    [Array.from({ length: 11 }, (_, i) => `${i}`), 'TooManyEntriesInBatchRequest'],
    [['a b'], 'InvalidBatchEntryId'],
    [['a', 'b', 'a'], 'BatchEntryIdsNotDistinct'],
  ])('of %j are refused', (ids, code) => {
    expect(checkBatch(ids, 'SendMessageBatchRequestEntry')).toMatchObject({ fault: { code } });
  });

  it('of more than 1 MiB are refused', () => {
    expect(checkBatchSize(1_048_576).ok).toBe(true);
    expect(checkBatchSize(1_048_577)).toMatchObject({
      fault: {
        queryCode: 'AWS.SimpleQueueService.BatchRequestTooLong',
        message: 'Batch requests cannot be longer than 1048576 bytes. You have sent 1048577 bytes.',
      },
    });
  });
});
