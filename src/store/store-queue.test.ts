import { join } from 'node:path';

import { afterAll, describe, expect, it } from 'vitest';

import { journalLimits } from './journal-limits.ts';
import type { EngineOptions } from './store-call.ts';
import { makeFolder } from './store-fixture.ts';
import { startStoreThread, type StoreThread } from './store-queue.ts';

const { folder, remove } = makeFolder();
afterAll(remove);

const path = join(folder, 'store.db');
const engine: EngineOptions = {
  connection: {
    path,
    onDamaged: 'refuse',
    busyTimeoutMs: 1000,
    retryAfterMs: 0,
    fileBytesMax: null,
  },
  writer: { foretideVersion: '0.1.0', nodeVersion: process.version, stateVersion: 1 },
  journal: journalLimits,
};

/** A thread that runs `code` instead of the store's. */
function startCode(code: string): StoreThread {
  const thread = new URL(`data:text/javascript,${encodeURIComponent(code)}`);
  return startStoreThread({ thread, engine, answerWithinMs: 5000, onSetAside: () => {} });
}

/** Answers each call with the size of its batch. */
const countingThread = `
  import { parentPort } from 'node:worker_threads';
  parentPort.on('message', ({ kind, calls }) => {
    if (kind === 'close') return parentPort.close();
    const outcomes = calls.map(() => ({ ok: true, value: calls.length }));
    parentPort.postMessage({ kind: 'answers', outcomes, setAside: [] });
  });
`;

const list = { kind: 'list-overrides', group: 'web', now: 0 } as const;

/** Refuses the first call it is ever given, and takes all that come in later batches. */
const failingThread = `
  import { parentPort } from 'node:worker_threads';
  let batches = 0;
  parentPort.on('message', ({ kind, calls }) => {
    if (kind === 'close') return parentPort.close();
    batches += 1;
    const ok = { ok: true, value: null };
    const outcomes = calls.map(() => (batches === 1 ? { ok: false, message: 'full' } : ok));
    setTimeout(() => parentPort.postMessage({ kind: 'answers', outcomes, setAside: [] }), 50);
  });
`;

const append = { kind: 'append', entries: [] } as const;

describe("the queue to the store's thread", () => {
  it('fails the appends that wait behind one that failed, and nothing else', async () => {
    const thread = startCode(failingThread);
    const first = thread.ask(append);
    // The first is on its way by then.
    await new Promise((resolve) => setImmediate(resolve));
    const behind = [thread.ask(append), thread.ask(list), thread.ask(append)];
    const full = { ok: false, message: 'full' };
    const taken = { ok: true, value: null };
    expect(await first).toEqual(full);
    expect(await Promise.all(behind)).toEqual([full, taken, full]);
    expect(await thread.ask(append)).toEqual(taken);
    await thread.close();
  });

  it('answers failures when the thread ends, and starts another one for the next call', async () => {
    const thread = startCode('process.exit()');
    for (let attempt = 0; attempt < 2; attempt += 1) {
      expect(await thread.ask(list)).toEqual({
        ok: false,
        message: `the store ${path} failed: it ended`,
      });
    }
    await thread.close();
  });

  it('sends a call once when the thread ended while nothing was asked', async () => {
    const thread = startCode(`${countingThread}
      parentPort.on('message', () => setTimeout(() => process.exit(), 5));
    `);
    expect(await thread.ask(list)).toEqual({ ok: true, value: 1 });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await thread.ask(list)).toEqual({ ok: true, value: 1 });
    await thread.close();
  });

  it('answers what the thread failed with', async () => {
    const thread = startCode("throw new Error('no memory left')");
    expect(await thread.ask(list)).toEqual({
      ok: false,
      message: `the store ${path} failed: no memory left`,
    });
    await thread.close();
  });

  it('sends what is asked in one turn together, and the rest as one batch after it', async () => {
    const thread = startCode(countingThread);
    const first = Array.from({ length: 3 }, () => thread.ask(list));
    await new Promise((resolve) => setImmediate(resolve));
    const later = [thread.ask(list)];
    await new Promise((resolve) => setImmediate(resolve));
    later.push(thread.ask(list));
    const sizes = await Promise.all([...first, ...later]);
    expect(sizes.map((outcome) => outcome.ok && outcome.value)).toEqual([3, 3, 3, 2, 2]);
    await thread.close();
  });

  it('refuses what is too much to wait, and carries out the rest', async () => {
    const thread = startCode(countingThread);
    const asked = Array.from({ length: 10_001 }, () => thread.ask(list));
    const outcomes = await Promise.all(asked);
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(10_000);
    expect(outcomes.at(-1)).toEqual({
      ok: false,
      message: `the store ${path} is 10000 calls behind`,
    });
    await thread.close();
  });

  it('tells a caller whose call is no plain data, and goes on', async () => {
    const thread = startCode(countingThread);
    // What no type allows.
    const broken = { ...list, now: (() => 0) as unknown as number };
    expect(await thread.ask(broken)).toEqual({
      ok: false,
      message: expect.stringContaining('was given what it cannot keep'),
    });
    expect(await thread.ask(list)).toMatchObject({ ok: true });
    await thread.close();
  });

  it('carries out what was asked before it is closed, and nothing later', async () => {
    const thread = startCode(countingThread);
    const before = Array.from({ length: 2500 }, () => thread.ask(list));
    const closed = thread.close();
    const after = await thread.ask(list);
    await closed;
    expect((await Promise.all(before)).every(({ ok }) => ok)).toBe(true);
    expect(after).toEqual({ ok: false, message: `the store ${path} is closed` });
  });
});
