import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { StoreOutcome } from '../controller/ports/store.ts';
import { stateVersion } from '../core/state.ts';
import { openStore, type EmbeddedStore, type StoreOptions } from './open-store.ts';
import { baseMs, expectDone, makeFolder, tickEntry } from './store-fixture.ts';

let folder: string;
let remove: () => void;
let path: string;
let opened: EmbeddedStore[] = [];

beforeEach(() => {
  ({ folder, remove } = makeFolder());
  path = join(folder, 'store.db');
});

afterEach(async () => {
  await Promise.all(opened.map((store) => store.close()));
  opened = [];
  remove();
});

/** Waits that make no test slow: a call never sleeps for long, and every call may open anew. */
const waits = { busyTimeoutMs: 20, retryAfterMs: 0, answerWithinMs: 5000 };

function open(options: Partial<StoreOptions> = {}): EmbeddedStore {
  const store = openStore({ path, foretideVersion: '0.1.0', waits, ...options });
  opened.push(store);
  return store;
}

const append = (store: EmbeddedStore, second: number): Promise<StoreOutcome<null>> =>
  store.journal.append([tickEntry('web', second)]);

async function readSeconds(store: EmbeddedStore): Promise<number[]> {
  const all = { group: 'web', from: 0, to: Infinity, limit: 100_000 };
  const entries = expectDone(await store.journal.read({ ...all, order: 'oldest-first' }));
  return entries.map(({ at }) => (at - baseMs) / 1000);
}

describe('the file', () => {
  it('is made for its owner alone, with its folder, and holds what was appended', async () => {
    path = join(folder, 'new', 'folder', 'store.db');
    const store = open();
    expectDone(await append(store, 1));
    expect(statSync(join(folder, 'new')).mode & 0o777).toBe(0o700);
    for (const suffix of ['', '-wal', '-shm']) {
      expect(statSync(path + suffix).mode & 0o777).toBe(0o600);
    }
    await store.close();
    expect(existsSync(`${path}-wal`)).toBe(false);
    const again = open();
    expect(await readSeconds(again)).toEqual([1]);
  });

  it('says under which versions a journal was written', async () => {
    const first = open({ foretideVersion: '0.1.0' });
    expectDone(await append(first, 1));
    expectDone(await append(first, 2));
    await first.close();
    const second = open({ foretideVersion: '0.2.0' });
    expectDone(await append(second, 3));
    const common = { nodeVersion: process.version, stateVersion };
    expect(expectDone(await second.readHeaders('web'))).toEqual([
      { ...common, foretideVersion: '0.1.0', from: baseMs + 1000, to: baseMs + 2000, entries: 2 },
      { ...common, foretideVersion: '0.2.0', from: baseMs + 3000, to: baseMs + 3000, entries: 1 },
    ]);
    expect(expectDone(await second.readHeaders('unheard-of'))).toEqual([]);
  });

  it('is shared by two controllers: each sees what the other wrote, one holds the group', async () => {
    // The other's wait for the disk may take long on a busy machine; a lock here is no answer.
    const patient = { waits: { busyTimeoutMs: 10_000, retryAfterMs: 0, answerWithinMs: 15_000 } };
    const [one, other] = [open(patient), open(patient)];
    await Promise.all([append(one, 0), append(other, 0)]);
    for (let second = 1; second < 20; second += 1) {
      const outcomes = await Promise.all([append(one, second), append(other, second)]);
      outcomes.forEach(expectDone);
    }
    const seconds = Array.from({ length: 40 }, (_, row) => Math.floor(row / 2));
    expect(await readSeconds(one)).toEqual(seconds);
    expect(await readSeconds(other)).toEqual(seconds);
    const lease = { group: 'web', now: baseMs, durationMs: 1000 };
    const holders = await Promise.all([
      one.leases.hold({ ...lease, controller: 'one' }),
      other.leases.hold({ ...lease, controller: 'other' }),
    ]);
    const [first, second] = holders.map(expectDone);
    expect([
      [null, 'one'],
      ['other', null],
    ]).toContainEqual([first, second]);
  });
});

describe('a store that cannot be written', () => {
  it('is full: refuses what finds no room, keeps what it has, and goes on when there is room', async () => {
    const store = open({ fileBytesMax: 200 * 1024 });
    let refused: string | null = null;
    let seconds = 0;
    while (refused === null && seconds < 10_000) {
      const entries = Array.from({ length: 100 }, (_, row) => tickEntry('web', seconds + row));
      const outcome = await store.journal.append(entries);
      if (outcome.ok) seconds += 100;
      else refused = outcome.message;
    }
    expect(refused).toBe(
      `the store ${path} is full: its disk, or its size limit, has no room left`,
    );
    expect(await readSeconds(store)).toHaveLength(seconds);
    const other = new DatabaseSync(path);
    other.exec('DELETE FROM journal');
    other.close();
    expectDone(await append(store, seconds));
    expect(await readSeconds(store)).toEqual([seconds]);
  });

  it('keeps the small calls going when only a large one finds no room', async () => {
    const store = open({ fileBytesMax: 200 * 1024 });
    expectDone(await append(store, 0));
    const large = Array.from({ length: 5000 }, (_, row) => tickEntry('web', row));
    const [lease, journal, override] = await Promise.all([
      store.leases.hold({ group: 'web', controller: 'one', now: baseMs, durationMs: 1000 }),
      store.journal.append(large),
      store.overrides.put('web', { kind: 'pause', until: null, by: 'ada', why: '' }, baseMs),
    ]);
    expect([lease.ok, journal.ok, override.ok]).toEqual([true, false, true]);
    expect(await readSeconds(store)).toEqual([0]);
  });

  it('is locked by another process: says so after a bounded wait, and goes on afterwards', async () => {
    const store = open();
    expectDone(await append(store, 1));
    const other = new DatabaseSync(path);
    // The store may still be tidying up after the append.
    other.exec('PRAGMA busy_timeout = 1000; BEGIN IMMEDIATE');
    expect(await append(store, 2)).toEqual({
      ok: false,
      message: `the store ${path} is locked by another process`,
    });
    // Reading needs no lock.
    expect(await readSeconds(store)).toEqual([1]);
    other.exec('ROLLBACK');
    other.close();
    expectDone(await append(store, 3));
    expect(await readSeconds(store)).toEqual([1, 3]);
  });

  it('is read-only: says so, and writes when it may again', async () => {
    const before = open();
    expectDone(await append(before, 1));
    await before.close();
    // The file's own mark for "written by a later SQLite: only read it", which also binds root.
    const writeVersion = { position: 18, normal: 2, readOnly: 3 };
    scribble(writeVersion.position, [writeVersion.readOnly]);
    const store = open();
    expect(await append(store, 2)).toEqual({
      ok: false,
      message: `the store ${path} is read-only: its file or folder may not be written`,
    });
    scribble(writeVersion.position, [writeVersion.normal]);
    expectDone(await append(store, 3));
    expect(await readSeconds(store)).toEqual([1, 3]);
  });

  it('is deleted underneath: says so once, and starts anew', async () => {
    const store = open();
    expectDone(await append(store, 1));
    for (const file of readdirSync(folder)) rmSync(join(folder, file));
    expect(await append(store, 2)).toEqual({
      ok: false,
      message: `the store ${path} was deleted or replaced while in use; what it held since is lost`,
    });
    expectDone(await append(store, 3));
    expect(await readSeconds(store)).toEqual([3]);
  });

  it('has lost its log, which holds what was just appended: says so', async () => {
    const store = open();
    expectDone(await append(store, 1));
    rmSync(`${path}-wal`);
    expect(await append(store, 2)).toMatchObject({ ok: false });
    expectDone(await append(store, 3));
  });

  it("has a folder in its place, or a file in its folder's: says so in one line", async () => {
    path = folder;
    expect(await append(open(), 1)).toEqual({
      ok: false,
      message: expect.stringMatching(/^the store .* cannot be opened: EISDIR[^\n]*$/),
    });
    writeFileSync(join(folder, 'file'), '');
    path = join(folder, 'file', 'store.db');
    expect(await append(open(), 1)).toEqual({
      ok: false,
      message: expect.stringMatching(/^the store .* cannot be opened: (ENOTDIR|EEXIST)[^\n]*$/),
    });
  });

  it('does not answer in time: is not waited for, and is used again when it answers', async () => {
    const store = open({ waits: { busyTimeoutMs: 400, retryAfterMs: 0, answerWithinMs: 100 } });
    // The thread's start may take longer than that.
    while (!(await append(store, 1)).ok) await new Promise((resolve) => setTimeout(resolve, 20));
    const other = new DatabaseSync(path);
    other.exec('PRAGMA busy_timeout = 1000; BEGIN IMMEDIATE');
    expect(await append(store, 2)).toEqual({
      ok: false,
      message: `the store ${path} has not answered for 0.1 s`,
    });
    expect(await append(store, 3)).toEqual({
      ok: false,
      message: `the store ${path} does not answer; its disk may hang`,
    });
    other.exec('ROLLBACK');
    other.close();
    while (!(await append(store, 4)).ok) await new Promise((resolve) => setTimeout(resolve, 20));
    const seconds = await readSeconds(store);
    // What was late may have been done all the same.
    expect([...new Set(seconds)].filter((second) => second !== 2)).toEqual([1, 4]);
  });

  it('is tried again no sooner than it may be', async () => {
    writeFileSync(path, 'no database at all, but long enough to look at'.repeat(100));
    const store = open({ waits: { ...waits, retryAfterMs: 3_600_000 } });
    expect(await append(store, 1)).toMatchObject({ ok: false });
    rmSync(path);
    expect(await append(store, 2)).toMatchObject({ ok: false });
    expect(existsSync(path)).toBe(false);
  });
});

describe('a damaged file', () => {
  const garbage = 'no database at all, but long enough to look at'.repeat(100);

  it('is left as it is, and each call says what to do; it heals with the file', async () => {
    writeFileSync(path, garbage);
    const store = open();
    const refusal = {
      ok: false,
      message:
        `the store ${path} is damaged (file is not a database); ` +
        'put a backup in its place, or start with it set aside',
    };
    expect(await append(store, 1)).toEqual(refusal);
    expect(await store.journal.recover('web')).toEqual(refusal);
    expect(readFileSync(path, 'utf8')).toBe(garbage);
    rmSync(path);
    expectDone(await append(store, 2));
  });

  it('is set aside when that is asked for, and nothing of it is lost', async () => {
    writeFileSync(path, garbage);
    const setAside: string[] = [];
    const store = open({ onSetAside: (file) => setAside.push(file) });
    expectDone(await append(store, 1));
    expect(setAside).toEqual([expect.stringContaining(`${path}.damaged-`)]);
    expect(readFileSync(setAside[0] ?? '', 'utf8')).toBe(garbage);
    expect(await readSeconds(store)).toEqual([1]);
  });

  it('of a newer Foretide is refused, never set aside', async () => {
    const database = new DatabaseSync(path);
    database.exec('PRAGMA application_id = 0x34655464; PRAGMA user_version = 99');
    database.close();
    const store = open({ onSetAside: () => {} });
    expect(await append(store, 1)).toEqual({
      ok: false,
      message: expect.stringContaining('was written by a newer Foretide (schema 99;'),
    });
    expect(readdirSync(folder).filter((file) => file.includes('damaged'))).toEqual([]);
  });
});

function scribble(position: number, bytes: readonly number[]): void {
  const content = readFileSync(path);
  content.set(bytes, position);
  writeFileSync(path, content);
}
