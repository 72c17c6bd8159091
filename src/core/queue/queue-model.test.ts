import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  addDuration,
  createDurationSketch,
  meanDuration,
  quantileDuration,
} from './duration-sketch.ts';
import { classesMax } from './duration-model.ts';
import {
  createQueueModel,
  noteLead,
  noteQueue,
  noteWork,
  readQueue,
  type QueueModel,
  type WorkerCounts,
} from './queue-model.ts';
import { minutesMax, waitingMax } from './queue-reading.ts';

const options = { firstDurationMs: 25_000, firstLeadMs: 120_000 };
const workers: WorkerCounts = { now: 0, inService: 1, pendingForMs: [] };

function done(durationMs: number, name = 'default') {
  return { class: name, durationMs, outcome: 'done' } as const;
}

function read(model: QueueModel, changes: Partial<WorkerCounts> = {}) {
  const reading = readQueue(model, { ...workers, ...changes });
  if (reading === null) throw new Error('the queue has not been counted');
  return reading;
}

describe('durations of messages', () => {
  it('keep quantiles within three percent of those of the newest messages', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 1, max: 1e7, noNaN: true }), { minLength: 1, maxLength: 40 }),
        (all) => {
          const sketch = createDurationSketch();
          for (const ms of all) addDuration(sketch, ms);
          const sorted = all.toSorted((one, other) => one - other);
          const least = sorted[0] ?? 0;
          const most = sorted.at(-1) ?? 0;
          for (const share of [0.01, 0.5, 0.99]) {
            const quantile = quantileDuration(sketch, share) ?? 0;
            expect(quantile).toBeGreaterThanOrEqual(least * 0.999);
            expect(quantile).toBeLessThanOrEqual(most * 1.001);
            const near = all.some((ms) => Math.abs(quantile - ms) <= 0.06 * ms);
            expect(near).toBe(true);
          }
          expect(meanDuration(sketch)).toBeGreaterThanOrEqual(least * 0.999);
          expect(meanDuration(sketch)).toBeLessThanOrEqual(most * 1.001);
        },
      ),
    );
  });

  it('are exact where all are alike', () => {
    const sketch = createDurationSketch();
    for (let message = 0; message < 1000; message += 1) addDuration(sketch, 26_000);
    expect(quantileDuration(sketch, 0.95)).toBeCloseTo(26_000, 3);
    expect(meanDuration(sketch)).toBeCloseTo(26_000, 3);
  });

  it('follow a change, and unlearn what was believed with the first message', () => {
    const model = createQueueModel(options);
    noteQueue(model, { at: 0, visible: 1, inFlight: 0 }, { inService: 1 });
    expect(read(model).durations.meanMs).toBe(25_000);
    noteWork(model, [done(50_000)]);
    expect(read(model).durations.meanMs).toBeGreaterThan(44_000);
    for (let message = 0; message < 1000; message += 1) noteWork(model, [done(10_000)]);
    expect(read(model).durations.meanMs).toBeLessThan(11_000);
  });

  it('take no notice of messages that failed or were given back, and count them', () => {
    const model = createQueueModel(options);
    noteQueue(model, { at: 0, visible: 1, inFlight: 0 }, { inService: 1 });
    for (const outcome of ['failed', 'returned'] as const) {
      noteWork(model, [{ class: 'default', durationMs: 1, outcome }]);
    }
    const { durations } = read(model);
    expect(durations).toMatchObject({ meanMs: 25_000, failed: 1, done: 0 });
  });

  it('keep so many classes at most', () => {
    const model = createQueueModel(options);
    for (let kind = 0; kind < 3 * classesMax; kind += 1) {
      noteWork(model, [done(1000, `kind${kind}`)]);
    }
    expect(model.durations.classes.size).toBe(classesMax);
  });
});

describe('a queue as it is counted', () => {
  it('is unknown until the first count', () => {
    expect(readQueue(createQueueModel(options), workers)).toBeNull();
  });

  it('tells how long the visible messages have waited, for the newest wait', () => {
    const model = createQueueModel(options);
    noteQueue(model, { at: 0, visible: 0, inFlight: 0 }, { inService: 1 });
    noteQueue(model, { at: 10_000, visible: 20, inFlight: 0 }, { inService: 1 });
    noteQueue(model, { at: 200_000, visible: 20, inFlight: 0 }, { inService: 1 });
    noteWork(
      model,
      Array.from({ length: 15 }, () => done(1000)),
    );
    noteQueue(model, { at: 205_000, visible: 10, inFlight: 0 }, { inService: 1 });
    const { waiting } = read(model, { now: 205_000 });
    expect(waiting).toEqual([
      { ageMs: 205_000, messages: 5 },
      { ageMs: 5000, messages: 5 },
    ]);
  });

  it('takes what appears within a minute of a sudden rise for sent at its beginning', () => {
    const model = createQueueModel(options);
    for (let at = 0; at <= 60_000; at += 5000) {
      noteQueue(model, { at, visible: at / 1200, inFlight: 0 }, { inService: 0 });
    }
    expect(read(model, { now: 60_000 }).waiting[0]?.ageMs).toBe(60_000);
  });

  it('learns steady arrivals and leaves a burst out of them', () => {
    const model = createQueueModel(options);
    for (let at = 0; at <= 3_600_000; at += 5000) {
      noteQueue(model, { at, visible: 2, inFlight: 0 }, { inService: 1 });
      noteWork(model, [done(1000), done(1000)]);
    }
    expect(read(model).arrivalsPerSecond).toBeCloseTo(0.4, 1);
    noteQueue(model, { at: 3_605_000, visible: 500, inFlight: 0 }, { inService: 1 });
    expect(read(model).arrivalsPerSecond).toBeLessThan(0.45);
  });

  it('never tells more than its bounds, and always all that is visible', () => {
    const count = fc.record({
      visible: fc.nat({ max: 1000 }),
      inFlight: fc.nat({ max: 50 }),
      finished: fc.nat({ max: 50 }),
      inService: fc.nat({ max: 50 }),
    });
    fc.assert(
      fc.property(fc.array(count, { minLength: 1, maxLength: 100 }), (counts) => {
        const model = createQueueModel(options);
        let at = 0;
        for (const { visible, inFlight, finished, inService } of counts) {
          at += 5000;
          noteWork(
            model,
            Array.from({ length: finished }, () => done(1000)),
          );
          noteQueue(model, { at, visible, inFlight }, { inService });
          const reading = read(model, { now: at });
          const waiting = reading.waiting.reduce((sum, { messages }) => sum + messages, 0);
          expect(waiting).toBeCloseTo(visible, 6);
          expect(reading.waiting.length).toBeLessThanOrEqual(waitingMax);
          expect(reading.minutes.length).toBeLessThanOrEqual(minutesMax);
          for (const { ageMs } of reading.waiting) expect(ageMs).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });

  it('expects launches within the time that nine in ten took', () => {
    const model = createQueueModel(options);
    noteQueue(model, { at: 0, visible: 0, inFlight: 0 }, { inService: 1 });
    for (let launch = 0; launch < 50; launch += 1) noteLead(model, 40_000);
    const reading = read(model, { pendingForMs: [10_000, 10_000, 90_000] });
    expect(reading.leadMs).toBeCloseTo(40_000, 0);
    expect(reading.launching).toEqual([
      { readyInMs: 10_000, instances: 1 },
      { readyInMs: 30_000, instances: 2 },
    ]);
  });
});
