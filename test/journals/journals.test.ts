// Recorded journals decided about once more by this build: nothing may differ, and what differs is
// found. `npm run replay:day` does the same for a whole day; `npm run replay:record` records anew.

import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import type { JournalEntry } from '../../src/controller/ports/store.ts';
import { beginReplay, replayEntry, type ReplayReport } from '../../src/core/replay.ts';
import { readJournal } from './journal-file.ts';
import { demoGroup, recordRun } from './record-run.ts';

const folder = import.meta.dirname;
const files = readdirSync(folder).filter((name) => name.endsWith('.jsonl.gz'));
const fileBytesMax = 200_000;

function replayAll(
  entries: readonly JournalEntry[],
  step: typeof replayEntry = replayEntry,
): ReplayReport {
  let replay = beginReplay(null);
  for (const entry of entries) replay = step(replay, entry);
  return replay.report;
}

/** The replay of a build in which one constant of the core has another value. */
async function buildWith(constant: string, other: string): Promise<typeof replayEntry> {
  let replaced = 0;
  const built = await build({
    entryPoints: [join(folder, '../../src/core/replay.ts')],
    bundle: true,
    format: 'esm',
    write: false,
    plugins: [
      {
        name: 'other-constant',
        setup: (plugin) => {
          plugin.onLoad({ filter: /core\/conclude\.ts$/ }, async ({ path }) => {
            const { readFile } = await import('node:fs/promises');
            const source = await readFile(path, 'utf8');
            replaced += source.split(constant).length - 1;
            return { contents: source.replace(constant, other), loader: 'ts' };
          });
        },
      },
    ],
  });
  expect(replaced).toBe(1);
  const text = Buffer.from(built.outputFiles[0]?.text ?? '').toString('base64');
  const module: { readonly replayEntry: typeof replayEntry } = await import(
    /* @vite-ignore */ `data:text/javascript;base64,${text}`
  );
  return module.replayEntry;
}

describe.each(files)('the recorded journal %s', (name) => {
  const { entries } = readJournal(join(folder, name));

  it('is small, eventful, and replays without a difference', () => {
    expect(statSync(join(folder, name)).size).toBeLessThan(fileBytesMax);
    const ticks = entries.filter(({ kind }) => kind === 'tick');
    const kinds = new Set(ticks.map((entry) => entry.kind === 'tick' && entry.decision.kind));
    expect(kinds).toEqual(new Set(['hold', 'scale-out', 'scale-in']));
    const report = replayAll(entries);
    expect(report.first).toBeNull();
    expect(report.differences).toBe(0);
    expect(report.ticks + report.ticksSkipped).toBe(ticks.length);
    expect(report.ticks).toBeGreaterThan(0.9 * ticks.length);
  });

  it('with one altered observation is reported at that very tick', () => {
    const tick = entries.find((entry) => entry.kind === 'tick' && entry.decision.kind !== 'hold');
    if (tick?.kind !== 'tick' || tick.observation.capacity === null) throw new Error('no change');
    const { capacity } = tick.observation;
    const observation = {
      ...tick.observation,
      capacity: { ...capacity, desired: capacity.desired + 1 },
    };
    const altered = entries.map((entry) => (entry === tick ? { ...tick, observation } : entry));
    expect(replayAll(altered).first).toMatchObject({ at: tick.at, of: 'decision', path: 'from' });
  });
});

it('finds a build with one changed constant by the journals', async () => {
  const changed = await buildWith('refusalWaitMs = 1000;', 'refusalWaitMs = 3000;');
  const reports = files.map((name) => replayAll(readJournal(join(folder, name)).entries, changed));
  expect(reports.some(({ differences }) => differences > 0)).toBe(true);
});

it('comes to the same decisions after an hour of faults, overrides and restarts', async () => {
  const entries = await recordRun({ seconds: 3600, group: demoGroup, eventEverySeconds: 90 });
  const report = replayAll(entries);
  expect(report).toMatchObject({ differences: 0, first: null });
  expect(report.ticks).toBeGreaterThan(3000);
});
