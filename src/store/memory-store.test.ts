import { describe, expect, it } from 'vitest';

import { createMemoryStore } from './memory-store.ts';
import { baseMs, expectDone, snapshotEntry, tickEntry } from './store-fixture.ts';

const all = { group: 'web', from: 0, to: Infinity, order: 'oldest-first', limit: 100 } as const;

describe('the store in memory', () => {
  it('fails the calls that a fault is for, so many times, and is well afterwards', async () => {
    const store = createMemoryStore();
    const message = 'the store is full';
    store.inject({ method: 'journal.append', times: 2, message, effect: 'refused' });
    const entry = tickEntry('web', 0);
    expect(await store.journal.append([entry])).toEqual({ ok: false, message });
    expectDone(await store.overrides.list('web', baseMs));
    expect(await store.journal.append([entry])).toEqual({ ok: false, message });
    expect(expectDone(await store.journal.read(all))).toEqual([]);
    expectDone(await store.journal.append([entry]));
    expect(expectDone(await store.journal.read(all))).toEqual([entry]);
  });

  it('can do what it was asked and lose the answer', async () => {
    const store = createMemoryStore();
    store.inject({ times: 1, message: 'no answer', effect: 'answer-lost' });
    const entry = tickEntry('web', 0);
    expect(await store.journal.append([entry])).toEqual({ ok: false, message: 'no answer' });
    expect(expectDone(await store.journal.read(all))).toEqual([entry]);
  });

  it('fails every call until it is healed', async () => {
    const store = createMemoryStore();
    store.inject({ times: Infinity, message: 'gone', effect: 'refused' });
    for (let attempt = 0; attempt < 5; attempt += 1) {
      expect(await store.journal.recover('web')).toEqual({ ok: false, message: 'gone' });
    }
    store.heal();
    expect(await store.journal.recover('web')).toEqual({ ok: true, value: null });
  });

  it('keeps only the newest entries of a group when it is told to', async () => {
    const store = createMemoryStore({ entriesPerGroupMax: 10 });
    expectDone(await store.journal.append([snapshotEntry('web', 0)]));
    for (let second = 1; second < 5000; second += 1) {
      expectDone(await store.journal.append([tickEntry('web', second)]));
    }
    const entries = expectDone(await store.journal.read(all));
    expect(entries.map(({ at }) => (at - baseMs) / 1000)).toEqual(
      Array.from({ length: 10 }, (_, row) => 4990 + row),
    );
    expect(expectDone(await store.journal.recover('web'))).toBeNull();
  });
});
