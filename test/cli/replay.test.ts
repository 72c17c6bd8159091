// `foretide replay` on a store file as a controller leaves it, and as one has it open.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readVersion } from '../../src/cli/version.ts';
import type { JournalEntry } from '../../src/controller/ports/store.ts';
import { createMemoryStore } from '../../src/store/memory-store.ts';
import { openStore, type EmbeddedStore } from '../../src/store/open-store.ts';
import { SimulatedController, startMs } from '../controller/simulated-controller.ts';

const program = new URL('../../src/cli/main.ts', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'foretide-replay-'));
const path = join(folder, 'store.db');
let entries: readonly JournalEntry[];
let store: EmbeddedStore;

function run(...words: readonly string[]) {
  const done = spawnSync(process.execPath, [program, 'replay', ...words], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] },
  });
  return { exitCode: done.status, output: done.stdout, errors: done.stderr };
}

async function write(at: string, written: readonly JournalEntry[], foretideVersion: string) {
  const opened = openStore({ path: at, foretideVersion });
  expect(await opened.journal.append(written)).toMatchObject({ ok: true });
  return opened;
}

beforeAll(async () => {
  const stand = new SimulatedController();
  await stand.start();
  stand.load = 3.6;
  // More than a page of the journal.
  await stand.run(2400);
  const everything = { group: 'web', from: 0, to: Infinity, limit: 10_000 } as const;
  const read = await stand.store.journal.read({ ...everything, order: 'oldest-first' });
  entries = read.ok ? read.value : [];
  store = await write(path, entries, readVersion());
});

afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('foretide replay', () => {
  it('needs no config entry beside a snapshot: that one may be gone', async () => {
    const later = join(folder, 'no-config.db');
    const kept = entries.filter(({ kind }) => kind !== 'config');
    const opened = await write(later, kept, readVersion());
    const { exitCode, output } = run('--store', later);
    await opened.close();
    expect(output).toMatch(/ replayed, no differences\n$/);
    expect(exitCode).toBe(0);
  });

  it('keeps two controllers apart that write one journal', async () => {
    const stand = new SimulatedController();
    await stand.start();
    const second = stand.createController('b');
    await second.start();
    stand.load = 3.6;
    await stand.run(60);
    const stopped = stand.controller.stop();
    await stand.clock.advance(5000);
    await stopped;
    await stand.run(60);
    const everything = { group: 'web', from: 0, to: Infinity, limit: 10_000 } as const;
    const read = await stand.store.journal.read({ ...everything, order: 'oldest-first' });
    const both = read.ok ? read.value : [];
    expect(new Set(both.map(({ controller }) => controller))).toEqual(new Set(['a', 'b']));
    const shared = join(folder, 'shared.db');
    const opened = await write(shared, both, readVersion());
    const { exitCode, output } = run('--store', shared);
    await opened.close();
    const ticks = both.filter(({ kind }) => kind === 'tick').length;
    expect(output).toBe(`web: ${ticks} ticks and 1 snapshot replayed, no differences\n`);
    expect(exitCode).toBe(0);
  });

  it('replays two lives one after the other, though the clock was set back between them', async () => {
    const memory = createMemoryStore();
    const written: JournalEntry[] = [];
    const { journal } = memory;
    const append: typeof journal.append = (batch) => {
      written.push(...batch);
      return journal.append(batch);
    };
    // The same controller twice, the second time from the same moment on.
    for (const load of [3.6, 1.2]) {
      const stand = new SimulatedController({
        store: { ...memory, journal: { ...journal, append } },
      });
      await stand.start();
      stand.load = load;
      await stand.run(150);
    }
    const times = written.map(({ at }) => at);
    expect(times).not.toEqual(times.toSorted((one, other) => one - other));
    const twice = join(folder, 'twice.db');
    const opened = await write(twice, written, readVersion());
    const whole = run('--store', twice);
    const part = run('--store', twice, '--from', String(startMs + 120_000));
    await opened.close();
    const ticks = written.filter(({ kind }) => kind === 'tick').length;
    expect(whole.output).toMatch(
      new RegExp(`^web: ${ticks} ticks and .* replayed, no differences\n$`),
    );
    expect(part.output).toMatch(/ replayed, no differences\n$/);
  });

  it('finds no differences in what a controller wrote that still has the file open', () => {
    const ticks = entries.filter(({ kind }) => kind === 'tick').length;
    // The first one is where the replay begins.
    const snapshots = entries.filter(({ kind }) => kind === 'snapshot').length - 1;
    const { exitCode, output, errors } = run('--store', path);
    expect(errors).toBe('');
    expect(output).toBe(
      `web: ${ticks} ticks and ${snapshots} snapshots replayed, no differences\n`,
    );
    expect(exitCode).toBe(0);
  });

  it('counts only the stretch that is asked for, with the state from before it', () => {
    const from = startMs + 1_500_000;
    const to = from + 60_000;
    const words = ['--from', String(from), '--to', String(to), '--group', 'web', '--json'];
    const { exitCode, output } = run('--store', path, ...words);
    expect(exitCode).toBe(0);
    const answer: unknown = JSON.parse(output);
    expect(answer).toMatchObject({
      groups: [{ group: 'web', ticks: 60, ticksSkipped: 0, differences: 0, first: null }],
    });
  });

  it('fails for an altered journal, and says where and under which version', async () => {
    const other = join(folder, 'altered.db');
    const tick = entries.find((entry) => entry.kind === 'tick' && entry.decision.acts);
    if (tick?.kind !== 'tick') throw new Error('nothing was changed');
    const decision = { ...tick.decision, wanted: 11 };
    const altered = entries.map((entry) => (entry === tick ? { ...tick, decision } : entry));
    const opened = await write(other, altered, '0.0.9');
    await opened.close();
    const { exitCode, output, errors } = run('--store', other);
    expect(exitCode).toBe(1);
    expect(errors).toBe('foretide: the replay differs from the journal: web\n');
    const time = new Date(tick.at).toISOString();
    expect(output).toContain(`first, ${time}, decision: wanted: recorded 11, replayed 6\n`);
    expect(output).toContain('recorded: scale out from 4 to 6');
    expect(output).toContain('was written by Foretide 0.0.9');
  });

  it.each([
    [['--store', 'missing.db'], /no store at missing\.db; --store says where it is$/mu],
    [['--store', path, '--group', 'wep'], /has no group wep; it has: web$/mu],
    [['--store', path, '--from', 'then'], /allowed: an ISO 8601 time/u],
    [['--store', path, '--from', '-5m', '--to', '-10m'], /--from must lie before --to$/mu],
  ])('answers %j with one clear line and exit code 2', (words, line) => {
    const { exitCode, output, errors } = run(...words);
    expect({ exitCode, output }).toEqual({ exitCode: 2, output: '' });
    expect(errors).toMatch(line);
    expect(readdirSync(folder)).not.toContain('missing.db');
  });

  it.each([
    ['groups:\n'.repeat(200), /^foretide: the store .*other\.db is damaged/u],
    ['', /^foretide: the store .*other\.db is empty: no controller has written to it$/mu],
  ])('refuses a file that is no store, and leaves it as it is', (content, line) => {
    const other = join(folder, 'other.db');
    writeFileSync(other, content);
    const { exitCode, errors } = run('--store', other);
    expect(exitCode).toBe(1);
    expect(errors).toMatch(line);
    expect(errors.trim().split('\n')).toHaveLength(1);
    expect(readFileSync(other, 'utf8')).toBe(content);
  });
});
