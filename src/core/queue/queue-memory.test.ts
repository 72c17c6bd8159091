import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { queueMemoryBytesMax, recallQueue, rememberQueue } from './queue-memory.ts';
import {
  createQueueModel,
  noteLead,
  noteQueue,
  noteWork,
  readQueue,
  type QueueModel,
} from './queue-model.ts';

const start = 1_767_225_600_000;
const options = { firstDurationMs: 25_000, firstLeadMs: 60_000 };
const here = { queueKey: '["jobs"]', at: start };

interface Seen {
  readonly class: string;
  readonly durationMs: number;
}

function learn(seen: readonly Seen[], leads: readonly number[] = []): QueueModel {
  const model = createQueueModel(options);
  noteWork(
    model,
    seen.map((one) => ({ ...one, outcome: 'done' as const })),
  );
  for (const lead of leads) noteLead(model, lead);
  return model;
}

function remember(model: QueueModel, moment = here): Uint8Array {
  const bytes = rememberQueue(model, moment);
  if (bytes === null) throw new Error('nothing was remembered');
  return bytes;
}

function recall(bytes: Uint8Array, moment = here, first = options): QueueModel {
  const recalled = recallQueue(bytes, moment, first);
  if (!recalled.ok) throw new Error(recalled.problem);
  return recalled.model;
}

const work = fc.record({
  class: fc.constantFrom('default', 'resize', 'a.b:c-d'),
  durationMs: fc.double({ min: 0.5, max: 43_200_000, noNaN: true }),
});

describe('what was learned of a queue', () => {
  it('goes on as if nothing had happened', () => {
    fc.assert(
      fc.property(
        fc.array(work, { minLength: 1, maxLength: 300 }),
        fc.array(fc.integer({ min: 1, max: 600_000 }), { maxLength: 20 }),
        work,
        (seen, leads, next) => {
          const model = learn(seen, leads);
          const recalled = recall(remember(model));
          for (const one of [model, recalled]) {
            noteWork(one, [{ ...next, outcome: 'done' }]);
            noteQueue(one, { at: start + 5000, visible: 3, inFlight: 1 }, { inService: 1 });
          }
          const workers = { now: start + 5000, inService: 1, pendingForMs: [1000] };
          const [was, is] = [model, recalled].map((one) => readQueue(one, workers));
          // Counted since the controller began.
          expect({ ...is?.durations, done: 0 }).toEqual({ ...was?.durations, done: 0 });
          expect(is?.leadMs).toBe(was?.leadMs);
          expect([...recalled.durations.classes]).toEqual([...model.durations.classes]);
        },
      ),
    );
  });

  it('is nothing before anything was learned, so that another first duration counts', () => {
    expect(rememberQueue(createQueueModel(options), here)).toBeNull();
    const onlyLeads = recall(remember(learn([], [90_000, 95_000])), here, {
      firstDurationMs: 7000,
      firstLeadMs: 1000,
    });
    noteQueue(onlyLeads, { at: start, visible: 0, inFlight: 0 }, { inService: 0 });
    const reading = readQueue(onlyLeads, { now: start, inService: 0, pendingForMs: [] });
    expect(reading?.durations.meanMs).toBe(7000);
    expect(reading?.leadMs).toBeGreaterThan(60_000);
  });

  it('keeps how messages arrive, and how old those are that wait, for a quarter of an hour', () => {
    const model = learn([{ class: 'a', durationMs: 1000 }]);
    for (let second = 0; second <= 300; second += 5) {
      noteQueue(
        model,
        { at: start + second * 1000, visible: second, inFlight: 0 },
        { inService: 1 },
      );
    }
    const bytes = remember(model, { ...here, at: start + 300_000 });
    const read = (at: number) => {
      const recalled = recall(bytes, { ...here, at });
      noteQueue(recalled, { at, visible: 300, inFlight: 0 }, { inService: 1 });
      return readQueue(recalled, { now: at, inService: 1, pendingForMs: [] });
    };
    const soon = read(start + 330_000);
    expect(soon?.arrivalsPerSecond).toBe(model.arrivals.perSecond);
    expect(soon?.arrivalsPerSecond).toBeGreaterThan(0.2);
    expect(soon?.waiting[0]?.ageMs).toBeGreaterThan(300_000);
    const late = read(start + 3_600_000);
    expect(late?.arrivalsPerSecond).toBe(0);
    expect(late?.waiting).toEqual([{ ageMs: 0, messages: 300 }]);
    // A clock that was set back tells no age.
    expect(read(start - 60_000)?.arrivalsPerSecond).toBe(0);
  });

  it('stays within its bound, however many classes and durations there are', () => {
    const seen = Array.from({ length: 40 * 361 }, (_, at) => ({
      class: `class-${at % 40}-${'x'.repeat(20)}`,
      durationMs: Math.exp((Math.floor(at / 40) + 0.5) * Math.log(1.05)),
    }));
    const model = learn(seen, seen.map(({ durationMs }) => durationMs).slice(0, 400));
    for (let count = 1; count <= 800; count += 1) {
      noteQueue(
        model,
        { at: start + count * 5000, visible: count * 2, inFlight: 0 },
        { inService: 1 },
      );
    }
    const bytes = remember(model, { queueKey: 'q'.repeat(3000), at: start });
    expect(bytes.length).toBeGreaterThan(200_000);
    expect(bytes.length).toBeLessThan(queueMemoryBytesMax);
  });

  it('is refused in a few words where it does not fit', () => {
    const bytes = remember(learn([{ class: 'a', durationMs: 1000 }]));
    const problemOf = (kept: Uint8Array, moment = here): string => {
      const recalled = recallQueue(kept, moment, options);
      return recalled.ok ? 'none' : recalled.problem;
    };
    expect(problemOf(bytes, { ...here, queueKey: '["others"]' })).toBe('it is of another queue');
    expect(problemOf(bytes.slice(0, -3))).toBe('it is damaged');
    const other = bytes.slice();
    new DataView(other.buffer).setFloat64(0, 99, true);
    expect(problemOf(other)).toBe('another version wrote it');
    expect(problemOf(new Uint8Array())).toBe('another version wrote it');
    expect(problemOf(new Uint8Array(queueMemoryBytesMax + 1))).toMatch(/^it has \d+ bytes$/u);
  });

  it('never comes to numbers that no queue has, whatever the bytes are', () => {
    const bytes = remember(learn([{ class: 'a', durationMs: 1000 }], [5000]));
    const change = fc.record({
      at: fc.integer({ min: 0, max: bytes.length - 1 }),
      to: fc.integer({ min: 0, max: 255 }),
    });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const damaged = bytes.slice();
        for (const { at, to } of changes) damaged[at] = to;
        const recalled = recallQueue(damaged, here, options);
        if (!recalled.ok) return;
        noteQueue(recalled.model, { at: start, visible: 1, inFlight: 0 }, { inService: 1 });
        const reading = readQueue(recalled.model, { now: start, inService: 1, pendingForMs: [] });
        expect(reading?.durations.meanMs).toBeGreaterThanOrEqual(0);
        expect(reading?.leadMs).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
