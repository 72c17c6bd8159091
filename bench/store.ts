// What the embedded store costs: `npm run bench:store [folder]`. The folder's disk is what is
// measured; by default the system's one for temporary files.

import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';

import type { HistoryPoint, JournalEntry } from '../src/controller/ports/store.ts';
import { openStore, type EmbeddedStore } from '../src/store/open-store.ts';
import { baseMs, expectDone, snapshotEntry, tickEntry } from '../src/store/store-fixture.ts';

const groupsPerTick = 100;
const batchRows = 1000;
const dayTicks = 86_400;
const ticksPerSnapshot = 600;

const folder = mkdtempSync(join(process.argv[2] ?? tmpdir(), 'foretide-bench-store-'));
const rows: { readonly what: string; readonly figure: string }[] = [];

function report(what: string, figure: string): void {
  rows.push({ what, figure });
}

function open(name: string): EmbeddedStore {
  return openStore({ path: join(folder, name), foretideVersion: 'bench' });
}

function sizeOf(name: string): number {
  return statSync(join(folder, name)).size;
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** One group's journal of a day at one tick a second, and the speed of writing it in batches. */
async function measureDay(): Promise<void> {
  const store = open('day.db');
  let entries: JournalEntry[] = [];
  let jsonBytes = 0;
  let waitedMs = 0;
  for (let second = 0; second < dayTicks; second += 1) {
    if (second % ticksPerSnapshot === 0) entries.push(snapshotEntry('web', second));
    const entry = tickEntry('web', second);
    entries.push(entry);
    jsonBytes += JSON.stringify(entry).length;
    if (entries.length < batchRows && second < dayTicks - 1) continue;
    const start = performance.now();
    expectDone(await store.journal.append(entries));
    waitedMs += performance.now() - start;
    entries = [];
  }
  report(`journal, batches of ${batchRows}`, `${perSecond(dayTicks, waitedMs)} rows/s`);
  await measureReading(store);
  await store.close();
  report('journal of a group and day at 1 Hz', megabytes(sizeOf('day.db')));
  report('  the same as JSON text', megabytes(jsonBytes));
}

async function measureReading(store: EmbeddedStore): Promise<void> {
  const all = { group: 'web', from: 0, to: Infinity };
  const newest = await timed(() =>
    store.journal.read({ ...all, order: 'newest-first', limit: 20 }),
  );
  report('reading the newest 20 entries', `${newest.toFixed(1)} ms`);
  const rare = await timed(() =>
    store.journal.read({ ...all, decisionKinds: ['scale-out'], order: 'newest-first', limit: 20 }),
  );
  report('  the newest 20 scale-outs of a day', `${rare.toFixed(1)} ms`);
  const recovery = await timed(() => store.journal.recover('web'));
  report('recovery of a group (10 min of ticks)', `${recovery.toFixed(1)} ms`);
}

/** The middle one of several runs. */
async function timed(run: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let repeat = 0; repeat < 5; repeat += 1) {
    const start = performance.now();
    await run();
    times.push(performance.now() - start);
  }
  return quantile(
    times.toSorted((one, other) => one - other),
    0.5,
  );
}

/** As a controller does it: each group appends by itself, all in the same tick. */
async function measureTicks(): Promise<void> {
  const store = open('ticks.db');
  const waits: number[] = [];
  const delay = monitorEventLoopDelay({ resolution: 1 });
  for (let second = 0; second < 400; second += 1) {
    const entries = Array.from({ length: groupsPerTick }, (_, group) =>
      tickEntry(`group-${group}`, second),
    );
    if (second === 100) delay.enable();
    const start = performance.now();
    const outcomes = await Promise.all(entries.map((entry) => store.journal.append([entry])));
    if (second >= 100) waits.push(performance.now() - start);
    outcomes.forEach(expectDone);
  }
  delay.disable();
  await store.close();
  const sorted = waits.toSorted((one, other) => one - other);
  const figures = [0.5, 0.99, 1].map((share) => quantile(sorted, share).toFixed(1));
  report(
    `a tick of ${groupsPerTick} groups, until durable`,
    `p50 ${figures[0]} ms, p99 ${figures[1]} ms, max ${figures[2]} ms`,
  );
  const delayMs = [delay.percentile(50), delay.percentile(99)].map((ns) => (ns / 1e6).toFixed(1));
  report("  the caller's event loop late by", `p50 ${delayMs[0]} ms, p99 ${delayMs[1]} ms`);
}

/** Eight days of 10 s means of ten signals, as they come in: one point each at a time. */
async function measureHistory(): Promise<void> {
  const store = open('history.db');
  const signals = 10;
  const steps = (8 * dayTicks) / 10;
  let points: HistoryPoint[] = [];
  let waitedMs = 0;
  for (let step = 0; step < steps; step += 1) {
    for (let signal = 0; signal < signals; signal += 1) {
      const mean = 0.4 + ((step * 7919 + signal) % 1000) / 6000;
      points.push({ group: 'web', signal: `s${signal}`, start: baseMs + step * 10_000, mean });
    }
    if (points.length < batchRows && step < steps - 1) continue;
    const start = performance.now();
    expectDone(await store.history.record(points));
    waitedMs += performance.now() - start;
    points = [];
  }
  report(`history, batches of ${batchRows}`, `${perSecond(steps * signals, waitedMs)} points/s`);
  const all = { group: 'web', signal: 's1', from: 0, to: Infinity };
  const read = await timed(() => store.history.readTenSeconds(all));
  report('  reading 8 days of one signal', `${read.toFixed(0)} ms`);
  await store.close();
  const perSignal = sizeOf('history.db') / signals;
  report('history of a group and signal, 8 days', megabytes(perSignal));
}

function perSecond(count: number, ms: number): string {
  return Math.round((count / ms) * 1000).toLocaleString('en');
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

try {
  await measureTicks();
  await measureDay();
  await measureHistory();
} finally {
  rmSync(folder, { recursive: true });
}
const width = Math.max(...rows.map(({ what }) => what.length));
for (const { what, figure } of rows) console.log(`${what.padEnd(width)}  ${figure}`);
