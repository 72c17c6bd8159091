import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Outbox, outboxSamplesMax, type Sample } from './outbox.ts';

function sampleAt(sampledAtMs: number, sequence = sampledAtMs): Sample {
  return { sequence, sampledAtMs, signalsJson: '{}', workJson: null };
}

test('samples are taken oldest first, each once', () => {
  const outbox = new Outbox(1_000);
  for (const atMs of [1, 2, 3]) outbox.add(sampleAt(atMs), atMs);
  expect([3, 3, 3, 3].map((nowMs) => outbox.take(nowMs)?.sequence)).toEqual([1, 2, 3, undefined]);
  expect(outbox.size).toBe(3);
});

test('a sample that was not delivered is taken again before younger ones', () => {
  const outbox = new Outbox(1_000);
  const [first, second] = [sampleAt(1), sampleAt(2)];
  outbox.add(first, 1);
  outbox.add(second, 2);
  outbox.take(2);
  outbox.take(2);
  outbox.settle(second, true);
  outbox.settle(first, false);
  expect(outbox.size).toBe(1);
  expect(outbox.take(3)).toBe(first);
});

test('what is too old goes first, sent or not, and is counted', () => {
  const outbox = new Outbox(1_000);
  const oldest = sampleAt(0);
  outbox.add(oldest, 0);
  outbox.add(sampleAt(600), 600);
  outbox.take(600);
  outbox.add(sampleAt(1_001), 1_001);
  expect(outbox.droppedCount).toBe(1);
  outbox.settle(oldest, false);
  expect(outbox.take(1_001)?.sequence).toBe(600);
  expect(outbox.take(3_000)).toBeNull();
  expect(outbox.droppedCount).toBe(3);
});

test('it never holds more than its bound', () => {
  const outbox = new Outbox(Number.MAX_SAFE_INTEGER);
  for (let index = 0; index < outboxSamplesMax + 10; index += 1) outbox.add(sampleAt(index), index);
  expect(outbox.size).toBe(outboxSamplesMax);
  expect(outbox.droppedCount).toBe(10);
  expect(outbox.take(outboxSamplesMax)?.sequence).toBe(10);
});

test('whatever happens, each sample is delivered once, dropped once or still held, in order', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('add' as const), afterMs: fc.integer({ min: 0, max: 400 }) }),
    fc.record({ kind: fc.constant('take' as const) }),
    fc.record({ kind: fc.constant('settle' as const), isDelivered: fc.boolean() }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const ageMsMax = 1_000;
      const outbox = new Outbox(ageMsMax);
      const taken: Sample[] = [];
      let nowMs = 0;
      let added = 0;
      const delivered: number[] = [];
      const droppedSettled = new Set<Sample>();
      for (const each of steps) {
        if (each.kind === 'add') {
          nowMs += each.afterMs;
          added += 1;
          outbox.add(sampleAt(nowMs, added), nowMs);
        } else if (each.kind === 'take') {
          const sample = outbox.take(nowMs);
          if (sample === null) continue;
          expect(nowMs - sample.sampledAtMs).toBeLessThanOrEqual(ageMsMax);
          expect(taken).not.toContain(sample);
          taken.push(sample);
        } else {
          const sample = taken.shift();
          if (sample === undefined) continue;
          const sizeBefore = outbox.size;
          outbox.settle(sample, each.isDelivered);
          if (outbox.size < sizeBefore) delivered.push(sample.sequence);
          else if (each.isDelivered) droppedSettled.add(sample);
        }
      }
      expect(delivered.length + outbox.droppedCount + outbox.size).toBe(added);
      expect(new Set(delivered).size).toBe(delivered.length);
      expect(outbox.droppedCount).toBeGreaterThanOrEqual(droppedSettled.size);
    }),
  );
});
