// What becomes of messages that are sent: refusals, deduplication, batches.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkBatch, checkBatchSize } from './batch.ts';
import { measureMessage, utf8Length } from './message-attributes.ts';
import type { SendRequest } from './send.ts';
import { bodies, handleOf, MINUTE, setUp, unwrap } from './testing/queue-fixture.ts';

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
