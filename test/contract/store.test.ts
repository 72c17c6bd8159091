// What every store must do, checked on both of them against the simplest model of each port.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';

import type {
  HistoryMinute,
  HistoryPoint,
  JournalEntry,
  JournalQuery,
  Store,
  StoreOutcome,
} from '../../src/controller/ports/store.ts';
import type { Override } from '../../src/core/observation.ts';
import { createMemoryStore } from '../../src/store/memory-store.ts';
import { openStore } from '../../src/store/open-store.ts';
import { baseMs, handMode, historyPoint, journalEntry, override } from './store-arbitraries.ts';

const folder = mkdtempSync(join(tmpdir(), 'foretide-store-'));
afterAll(() => rmSync(folder, { recursive: true }));

const adapters: readonly { readonly name: string; open(file: string): Store }[] = [
  { name: 'the store in memory', open: () => createMemoryStore() },
  {
    name: 'the embedded store',
    open: (file) => openStore({ path: join(folder, file), foretideVersion: '0.0.0-test' }),
  },
];

const runs = { numRuns: 40 };
/** Each run of a property works on groups of its own. */
let groupsMade = 0;
const newGroup = (): string => `group ${(groupsMade += 1)}`;

const query: fc.Arbitrary<Omit<JournalQuery, 'group'>> = fc.record(
  {
    from: fc.integer({ min: baseMs - 1000, max: baseMs + 3_600_000 }),
    to: fc.oneof(
      fc.integer({ min: baseMs, max: baseMs + 3_601_000 }),
      fc.constant(Number.POSITIVE_INFINITY),
    ),
    kinds: fc.subarray(['config', 'tick', 'actuation', 'snapshot'] as const),
    decisionKinds: fc.subarray(['scale-out', 'scale-in', 'hold'] as const),
    order: fc.constantFrom('oldest-first', 'newest-first'),
    limit: fc.nat({ max: 12 }),
  },
  { requiredKeys: ['from', 'to', 'order', 'limit'] },
);

describe.each(adapters)('$name', ({ open }) => {
  const store = open('contract.db');
  afterAll(() => store.close());

  it('answers every journal query as a filtered and sorted list does', async () => {
    const groups = ['a', 'b'];
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(journalEntry(groups), { maxLength: 8 }), { maxLength: 6 }),
        fc.array(query, { minLength: 1, maxLength: 6 }),
        async (batches, queries) => {
          const name = newGroup();
          const appended = batches.map((batch) => batch.map((entry) => rename(entry, name)));
          for (const batch of appended) expectDone(await store.journal.append(batch));
          for (const group of groups) {
            for (const each of queries) {
              const asked = { ...each, group: `${name} ${group}` };
              const answer = expectDone(await store.journal.read(asked));
              expect(answer).toStrictEqual(readModel(appended.flat(), asked));
            }
          }
        },
      ),
      runs,
    );
  });

  it('recovers the newest snapshot and all that came after it, in the order it came', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(journalEntry(['a', 'b']), { maxLength: 10 }), { maxLength: 5 }),
        async (batches) => {
          const name = newGroup();
          const appended = batches.map((batch) => batch.map((entry) => rename(entry, name)));
          for (const batch of appended) expectDone(await store.journal.append(batch));
          const group = `${name} a`;
          const answer = expectDone(await store.journal.recover(group));
          expect(answer).toStrictEqual(recoverModel(appended.flat(), group));
        },
      ),
      runs,
    );
  });

  it('keeps history as a map of points does, with the minutes that they make', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(historyPoint('g'), { maxLength: 20 }), { maxLength: 5 }),
        fc.tuple(fc.nat({ max: 620_000 }), fc.nat({ max: 620_000 })),
        async (batches, [one, other]) => {
          const group = newGroup();
          const recorded = batches.map((batch) => batch.map((point) => ({ ...point, group })));
          for (const batch of recorded) expectDone(await store.history.record(batch));
          const range = { from: baseMs + Math.min(one, other), to: baseMs + Math.max(one, other) };
          for (const signal of ['cpu', 'connections', 'unheard-of']) {
            const asked = { group, signal, ...range };
            const points = pointsModel(recorded.flat(), signal);
            const tenSeconds = expectDone(await store.history.readTenSeconds(asked));
            expect(tenSeconds).toEqual(points.filter(({ start }) => isWithin(start, range)));
            const minutes = expectDone(await store.history.readMinutes(asked));
            expect(minutes).toEqual(
              minutesModel(points).filter(({ start }) => isWithin(start, range)),
            );
          }
        },
      ),
      runs,
    );
  });

  it('refuses points that are not on the 10 s grid or not finite, and keeps none of theirs', async () => {
    const group = newGroup();
    const good = { group, signal: 'cpu', start: baseMs, mean: 0.5 };
    const bads = [{ start: baseMs + 1 }, { start: Number.NaN }, { mean: Number.NaN }];
    for (const bad of bads) {
      const outcome = await store.history.record([good, { ...good, ...bad }]);
      expect(outcome).toMatchObject({ ok: false });
    }
    const range = { group, signal: 'cpu', from: 0, to: Number.POSITIVE_INFINITY };
    expect(expectDone(await store.history.readTenSeconds(range))).toEqual([]);
  });

  it('drops 10 s means after 8 days and minutes after 60, and keeps those that are younger', async () => {
    const group = newGroup();
    const dayMs = 86_400_000;
    const point = (start: number): HistoryPoint => ({ group, signal: 'cpu', start, mean: 1 });
    expectDone(await store.history.record([point(baseMs)]));
    // A point each quarter of an hour for 70 days.
    for (let day = 0; day < 70; day += 1) {
      const starts = Array.from(
        { length: 96 },
        (_, quarter) => baseMs + day * dayMs + quarter * 900_000,
      );
      expectDone(await store.history.record(starts.map(point)));
    }
    const newest = baseMs + 70 * dayMs - 900_000;
    // Removing goes in steps that follow the writes.
    for (let step = 0; step < 300; step += 1) {
      expectDone(await store.history.record(Array.from({ length: 50 }, () => point(newest))));
    }
    const all = { group, signal: 'cpu', from: 0, to: Number.POSITIVE_INFINITY };
    const tenSeconds = expectDone(await store.history.readTenSeconds(all));
    expect(newest - (tenSeconds[0]?.start ?? 0)).toBe(8 * dayMs);
    expect(tenSeconds).toHaveLength(8 * 96 + 1);
    const minutes = expectDone(await store.history.readMinutes(all));
    expect(newest - (minutes[0]?.start ?? 0)).toBe(60 * dayMs);
    expect(minutes).toHaveLength(60 * 96 + 1);
  });

  it('leaves a minute as it was when its 10 s means are gone', async () => {
    const group = newGroup();
    const dayMs = 86_400_000;
    const point = (start: number, mean: number): HistoryPoint => ({
      group,
      signal: 'cpu',
      start,
      mean,
    });
    expectDone(await store.history.record([point(baseMs, 1), point(baseMs + 10_000, 3)]));
    const later = Array.from({ length: 20_000 }, () => point(baseMs + 9 * dayMs, 1));
    expectDone(await store.history.record(later));
    expectDone(await store.history.record(later));
    expectDone(await store.history.record([point(baseMs + 20_000, 100)]));
    const minute = { group, signal: 'cpu', from: baseMs, to: baseMs + 60_000 };
    expect(expectDone(await store.history.readTenSeconds(minute))).toEqual([]);
    expect(expectDone(await store.history.readMinutes(minute))).toEqual([
      { start: baseMs, sum: 4, mean: 2, highest: 3 },
    ]);
  });

  it('imports minutes where it has none of its own, and over its own only when told to', async () => {
    const group = newGroup();
    const start = Math.floor(baseMs / 60_000) * 60_000;
    const own = { group, signal: 'cpu', start, mean: 0.5 };
    expectDone(await store.history.record([own]));
    const minutes = [
      { start: start - 60_000, mean: 0.2 },
      { start, mean: 0.9 },
    ];
    const request = { group, signal: 'cpu', minutes, replaces: false, isTrial: true };
    const range = { group, signal: 'cpu', from: 0, to: Number.POSITIVE_INFINITY };
    const read = async () => expectDone(await store.history.readMinutes(range));
    const tell = async (more: object) =>
      expectDone(await store.history.importMinutes({ ...request, ...more }));
    expect(await tell({})).toEqual({ written: 1, kept: 1 });
    expect((await read()).map(({ mean }) => mean)).toEqual([0.5]);
    expect(await tell({ isTrial: false })).toEqual({ written: 1, kept: 1 });
    expect((await read()).map(({ mean }) => mean)).toEqual([expect.closeTo(0.2), 0.5]);
    expect(await tell({ isTrial: false, replaces: true })).toEqual({ written: 2, kept: 0 });
    expect((await read()).map(({ mean }) => mean)).toEqual([
      expect.closeTo(0.2),
      expect.closeTo(0.9),
    ]);
    expect(expectDone(await store.history.readTenSeconds(range))).toEqual([]);
    const bad = { ...request, minutes: [{ start: start + 1, mean: 1 }] };
    expect((await store.history.importMinutes(bad)).ok).toBe(false);
  });

  it('keeps the newest text of what a group has learnt', async () => {
    const group = newGroup();
    expect(expectDone(await store.forecasts.load(group))).toBe(null);
    const learnt = {
      text: 'größer',
      rings: [Float32Array.of(1, Number.NaN), Float64Array.of(0.1, -2)],
    };
    expectDone(await store.forecasts.save(group, 'one'));
    expectDone(await store.forecasts.save(group, learnt));
    learnt.rings[0]?.fill(0);
    expect(expectDone(await store.forecasts.load(group))).toEqual({
      text: 'größer',
      rings: [Float32Array.of(1, Number.NaN), Float64Array.of(0.1, -2)],
    });
    expectDone(await store.forecasts.save(group, null));
    expect(expectDone(await store.forecasts.load(group))).toBe(null);
  });

  it('drops journal entries after 7 days, and recovers nothing from a snapshot as old', async () => {
    const group = newGroup();
    const dayMs = 86_400_000;
    const [entry] = fc.sample(journalEntry([group]), { numRuns: 1, seed: 1 });
    if (entry === undefined) throw new Error('nothing generated');
    const snapshot = fc
      .sample(journalEntry([group]), { numRuns: 200, seed: 1 })
      .find(({ kind }) => kind === 'snapshot');
    if (snapshot === undefined) throw new Error('no snapshot generated');
    const at = (base: JournalEntry, time: number): JournalEntry => ({ ...base, at: time });
    expectDone(await store.journal.append([at(snapshot, baseMs)]));
    expectDone(await store.journal.append([at(entry, baseMs + dayMs)]));
    expect(expectDone(await store.journal.recover(group))).not.toBeNull();
    expectDone(await store.journal.append([at(entry, baseMs + 7 * dayMs + 1)]));
    const all = { group, from: 0, to: Number.POSITIVE_INFINITY, limit: 10 };
    const left = expectDone(await store.journal.read({ ...all, order: 'oldest-first' }));
    expect(left.map((each) => each.at - baseMs)).toEqual([dayMs, 7 * dayMs + 1]);
    expect(expectDone(await store.journal.recover(group))).toBeNull();
  });

  it('keeps the last learned model of each group, byte for byte', async () => {
    const [group, other] = [newGroup(), newGroup()];
    expect(expectDone(await store.models.get(group, 'demand'))).toBeNull();
    const large = Uint8Array.from({ length: 1_500_000 }, (_, index) => index * 7);
    for (const model of [large, new Uint8Array(), new Uint8Array([0, 255, 1])]) {
      expectDone(await store.models.put(group, 'demand', model));
      const kept = expectDone(await store.models.get(group, 'demand'));
      expect(kept === null ? null : Buffer.from(kept).equals(model)).toBe(true);
    }
    expect(expectDone(await store.models.get(other, 'demand'))).toBeNull();
    expect(expectDone(await store.models.get(group, 'queue'))).toBeNull();
    expectDone(await store.models.put(group, 'queue', new Uint8Array([7])));
    for (const [kind, first] of [
      ['queue', 7],
      ['demand', 0],
    ] as const) {
      expect(expectDone(await store.models.get(group, kind))?.[0]).toBe(first);
    }
  });

  it('holds at most one override of each kind, until it ends', async () => {
    const step = fc.record({
      do: fc.constantFrom('put' as const, 'remove' as const),
      override,
      now: fc.integer({ min: 0, max: 1_800_000 }).map((ms) => baseMs + ms),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const group = newGroup();
        let model: readonly Override[] = [];
        for (const { do: what, override: each, now } of steps.toSorted((a, b) => a.now - b.now)) {
          model = model.filter(({ until }) => until === null || until > now);
          const others = model.filter(({ kind }) => kind !== each.kind);
          if (what === 'put') {
            expectDone(await store.overrides.put(group, each, now));
            model = [...others, each].filter(({ until }) => until === null || until > now);
          } else {
            const removed = expectDone(await store.overrides.remove(group, each.kind, now));
            expect(removed).toBe(others.length < model.length);
            model = others;
          }
          const listed = expectDone(await store.overrides.list(group, now));
          expect(listed).toStrictEqual(
            model.toSorted((one, other) => (one.kind < other.kind ? -1 : 1)),
          );
        }
      }),
      runs,
    );
  });

  it('keeps the last mode that was set by hand for each group, until it is ended', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.option(handMode, { nil: null }), { maxLength: 6 }),
        async (all) => {
          const [group, other] = [newGroup(), newGroup()];
          expect(expectDone(await store.modes.get(group))).toBeNull();
          for (const mode of all) {
            expectDone(await store.modes.put(group, mode));
            expect(expectDone(await store.modes.get(group))).toStrictEqual(mode);
          }
          expect(expectDone(await store.modes.get(other))).toBeNull();
        },
      ),
      runs,
    );
  });

  it('lets one controller at a time hold a group', async () => {
    const step = fc.record({
      do: fc.constantFrom('hold' as const, 'hold' as const, 'release' as const),
      controller: fc.constantFrom('one', 'two', 'three'),
      passedMs: fc.nat({ max: 8000 }),
      durationMs: fc.integer({ min: 1, max: 15_000 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
        const group = newGroup();
        let now = baseMs;
        let lease = { controller: '', until: 0 };
        for (const { do: what, controller, passedMs, durationMs } of steps) {
          now += passedMs;
          if (what === 'release') {
            expectDone(await store.leases.release(group, controller));
            if (lease.controller === controller) lease = { controller: '', until: 0 };
            continue;
          }
          const isHeld = lease.until > now && lease.controller !== controller;
          const holder = expectDone(
            await store.leases.hold({ group, controller, now, durationMs }),
          );
          expect(holder).toBe(isHeld ? lease.controller : null);
          if (!isHeld) lease = { controller, until: now + durationMs };
        }
      }),
      runs,
    );
  });

  it('gives a contested group to exactly one of many who ask at once', async () => {
    const group = newGroup();
    const asked = Array.from({ length: 20 }, (_, number) => `controller ${number}`);
    const outcomes = await Promise.all(
      asked.map((controller) =>
        store.leases.hold({ group, controller, now: baseMs, durationMs: 1000 }),
      ),
    );
    expect(outcomes.map(expectDone)).toEqual([null, ...asked.slice(1).map(() => 'controller 0')]);
  });

  it('answers nothing any more when it is closed', async () => {
    const closed = open('closed.db');
    await closed.close();
    await closed.close();
    expect(await closed.journal.append([])).toMatchObject({ ok: false });
    expect(await closed.overrides.list('web', baseMs)).toMatchObject({ ok: false });
  });
});

function expectDone<T>(outcome: StoreOutcome<T>): T {
  if (!outcome.ok) throw new Error(outcome.message);
  return outcome.value;
}

function rename(entry: JournalEntry, name: string): JournalEntry {
  return { ...entry, group: `${name} ${entry.group}` };
}

function readModel(appended: readonly JournalEntry[], asked: JournalQuery): JournalEntry[] {
  const found = appended
    .filter(({ group, at }) => group === asked.group && at >= asked.from && at < asked.to)
    .filter(({ kind }) => asked.kinds?.includes(kind) ?? true)
    .filter((entry) => {
      if (asked.decisionKinds === undefined) return true;
      return entry.kind === 'tick' && asked.decisionKinds.includes(entry.decision.kind);
    })
    // Stable: entries of one time stay in the order they came in.
    .toSorted((one, other) => one.at - other.at);
  return (asked.order === 'oldest-first' ? found : found.toReversed()).slice(0, asked.limit);
}

function recoverModel(appended: readonly JournalEntry[], group: string): unknown {
  const ofGroup = appended.filter((entry) => entry.group === group);
  const position = ofGroup.findLastIndex(({ kind }) => kind === 'snapshot');
  const snapshot = ofGroup[position];
  if (snapshot?.kind !== 'snapshot') return null;
  const { state, fleet, at, controller } = snapshot;
  const since = ofGroup.slice(position + 1).filter((entry) => entry.controller === controller);
  return { snapshot: { state, fleet }, snapshotAt: at, since };
}

function pointsModel(recorded: readonly HistoryPoint[], signal: string): HistoryPoint[] {
  const byStart = new Map<number, HistoryPoint>();
  for (const point of recorded) if (point.signal === signal) byStart.set(point.start, point);
  return (
    [...byStart.values()]
      .toSorted((one, other) => one.start - other.start)
      // SQLite keeps no sign of zero.
      .map((point) => ({ ...point, mean: point.mean === 0 ? 0 : point.mean }))
  );
}

function minutesModel(points: readonly HistoryPoint[]): HistoryMinute[] {
  const byMinute = Map.groupBy(points, ({ start }) => start - (start % 60_000));
  return [...byMinute].map(([start, within]) => {
    let sum = 0;
    for (const { mean } of within) sum += mean;
    const highest = Math.max(...within.map(({ mean }) => mean));
    return { start, sum, mean: sum / within.length, highest };
  });
}

function isWithin(start: number, range: { readonly from: number; readonly to: number }): boolean {
  return start >= range.from && start < range.to;
}
