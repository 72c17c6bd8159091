// What receivers see of a queue: visibility, receipt handles, the bound on messages in flight.

import { describe, expect, it } from 'vitest';
import { createNamedQueue } from './queue-lifecycle.ts';
import { answerEmpty, checkReceive, IN_FLIGHT_MAX } from './receive.ts';
import type { ReceiveRequest } from './receive.ts';
import { deleteMessage } from './settle.ts';
import { openQueue } from './sqs.ts';
import { bodies, handleOf, setUp, START, unwrap } from './testing/queue-fixture.ts';

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
