// A controller that is killed at any moment comes back with all that it was told is recorded.

import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { afterAll, describe, expect, it } from 'vitest';

import { openStore } from '../../src/store/open-store.ts';
import { baseMs, expectDone, makeFolder } from '../../src/store/store-fixture.ts';

const { folder, remove } = makeFolder();
afterAll(remove);

const child = join(import.meta.dirname, 'store-crash-child.ts');

/** Lets a process append, kills it when it has told of `appends`, and returns what it told. */
async function appendUntilKilled(
  path: string,
  first: number,
  appends: number,
): Promise<readonly string[]> {
  const appending = spawn(process.execPath, [child, path, String(first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const told: string[] = [];
  for await (const line of createInterface({ input: appending.stdout })) {
    told.push(line);
    if (told.length === appends) appending.kill('SIGKILL');
  }
  return told;
}

describe('a store whose process is killed', () => {
  it('has every append that had resolved, each of them whole, and recovers', async () => {
    const path = join(folder, 'store.db');
    let first = 0;
    for (const appends of [1, 7, 60]) {
      const told = await appendUntilKilled(path, first, appends);
      // A busy machine delivers the kill late: more may be told than was waited for, in order.
      expect(told.length).toBeGreaterThanOrEqual(appends);
      expect(told).toEqual(told.map((_, row) => String(first + row)));
      const last = Number(told.at(-1));
      const store = openStore({ path, foretideVersion: '0.0.0-test' });
      const all = { from: 0, to: Infinity, order: 'oldest-first', limit: 100_000 } as const;
      const web = expectDone(await store.journal.read({ ...all, group: 'web' }));
      const api = expectDone(await store.journal.read({ ...all, group: 'api' }));
      const seconds = api.map(({ at }) => (at - baseMs) / 1000);
      // More may be there than was told: what was on its way to the telling.
      expect(seconds).toEqual(seconds.map((_, second) => second));
      expect(seconds.length).toBeGreaterThan(last);
      expect(web).toHaveLength(2 * api.length);
      const recovery = expectDone(await store.journal.recover('web'));
      const snapshotSecond = seconds.length - 1 - ((seconds.length - 1) % 10);
      expect(recovery?.snapshotAt).toBe(baseMs + snapshotSecond * 1000);
      expect(recovery?.since).toHaveLength(2 * (seconds.length - snapshotSecond) - 1);
      await store.close();
      first = seconds.length;
    }
  });
});
