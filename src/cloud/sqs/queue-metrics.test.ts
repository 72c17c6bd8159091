// What a queue tells about itself: approximate counts and the figures of each minute.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { QueueMeasurement } from './queue-metrics.ts';
import { advanceSqs, nextSqsWakeAt } from './sqs.ts';
import { bodies, handleOf, MINUTE, setUp, START, unwrap } from './testing/queue-fixture.ts';

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
