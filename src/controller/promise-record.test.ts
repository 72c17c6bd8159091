import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FinishedWork } from '../wire/work.ts';
import { PromiseRecord } from './promise-record.ts';

const minute = 60_000;
const start = Date.UTC(2026, 0, 15, 10);
const promiseMs = 300_000;

function done(ageMs?: number): FinishedWork {
  const work = { class: 'default', durationMs: 1000, outcome: 'done' } as const;
  return ageMs === undefined ? work : { ...work, ageMs };
}

describe('the promise kept', () => {
  it('counts messages done within it, late ones, and those that nobody knows the age of', () => {
    const record = new PromiseRecord(promiseMs);
    const finished = [done(promiseMs), done(promiseMs + 1), done(0), done()];
    record.note({ finished, omitted: 2 }, start);
    const expected = { kept: 2, late: 1, unknown: 3 };
    expect(record.read(start)).toEqual({ hour: expected, day: expected });
    expect(record.total).toEqual(expected);
  });

  it('leaves out what is in the queue still', () => {
    const record = new PromiseRecord(promiseMs);
    const finished = (['failed', 'returned'] as const).map((outcome) => ({ ...done(1), outcome }));
    record.note({ finished, omitted: 0 }, start);
    expect(record.total).toEqual({ kept: 0, late: 0, unknown: 0 });
  });

  it('forgets what is older than an hour, and than a day, and never counts the future', () => {
    const record = new PromiseRecord(promiseMs);
    record.note({ finished: [done(1)], omitted: 0 }, start);
    expect(record.read(start - minute).hour.kept).toBe(0);
    expect(record.read(start + 59 * minute).hour.kept).toBe(1);
    expect(record.read(start + 60 * minute)).toMatchObject({ hour: { kept: 0 }, day: { kept: 1 } });
    expect(record.read(start + 24 * 60 * minute).day.kept).toBe(0);
  });

  it('agrees with a count of all that was noted, whenever it came', () => {
    const notes = fc.array(
      fc.record({
        minutes: fc.nat({ max: 3000 }),
        isKept: fc.boolean(),
        times: fc.nat({ max: 9 }),
      }),
    );
    fc.assert(
      fc.property(notes, (unordered) => {
        const record = new PromiseRecord(promiseMs);
        const ordered = unordered.toSorted((one, other) => one.minutes - other.minutes);
        for (const { isKept, minutes, times } of ordered) {
          const finished = Array.from({ length: times }, () => done(isKept ? 0 : promiseMs + 1));
          record.note({ finished, omitted: 0 }, start + minutes * minute);
        }
        const last = ordered.at(-1)?.minutes ?? 0;
        const within = ordered.filter(({ minutes }) => minutes > last - 60);
        const count = (wanted: boolean): number =>
          within.reduce((sum, { isKept, times }) => sum + (isKept === wanted ? times : 0), 0);
        expect(record.read(start + last * minute).hour).toEqual({
          kept: count(true),
          late: count(false),
          unknown: 0,
        });
      }),
    );
  });
});
