import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { JournalEntry, JournalQuery } from '../controller/ports/store.ts';
import { selectOf } from './journal-reader.ts';
import { rowKinds, rowKindsOf } from './journal-row.ts';
import { journalLimits, type JournalLimits } from './journal-limits.ts';
import { createSqliteEngine, type SqliteEngine } from './sqlite-engine.ts';
import type { StoreCall } from './store-call.ts';
import { baseMs, expectDone, makeFolder, snapshotEntry, tickEntry } from './store-fixture.ts';

let folder: string;
let remove: () => void;
let path: string;
let engines: SqliteEngine[] = [];

beforeEach(() => {
  ({ folder, remove } = makeFolder());
  path = join(folder, 'store.db');
});

afterEach(() => {
  for (const engine of engines) engine.close();
  engines = [];
  remove();
});

function open(journal: Partial<JournalLimits> = {}): SqliteEngine {
  const engine = createSqliteEngine({
    connection: {
      path,
      onDamaged: 'refuse',
      busyTimeoutMs: 1000,
      retryAfterMs: 0,
      fileBytesMax: null,
    },
    writer: { foretideVersion: '0.1.0', nodeVersion: process.version, stateVersion: 1 },
    journal: { ...journalLimits, ...journal },
  });
  engines.push(engine);
  return engine;
}

/** As the thread does it: what is too old goes after each answer. */
function append(engine: SqliteEngine, entries: readonly JournalEntry[]): void {
  for (const outcome of engine.run([{ kind: 'append', entries }])) expectDone(outcome);
  engine.tidy();
}

function inspect(sql: string): Record<string, unknown>[] {
  const database = new DatabaseSync(path, { readOnly: true });
  const rows = database.prepare(sql).all();
  database.close();
  return rows;
}

function ticks(group: string, from: number, count: number): JournalEntry[] {
  return Array.from({ length: count }, (_, row) => tickEntry(group, from + row));
}

describe('the journal in SQLite', () => {
  it('walks along an index for every set of kinds and either order', () => {
    append(open(), ticks('web', 0, 10));
    const kinds = ['config', 'actuation', 'snapshot', 'tick'] as const;
    const decided = ['scale-out', 'scale-in', 'hold'] as const;
    const orders = ['oldest-first', 'newest-first'] as const;
    const queries: Pick<JournalQuery, 'kinds' | 'decisionKinds'>[] = [
      {},
      ...kinds.map((kind) => ({ kinds: [kind] })),
      ...decided.map((kind) => ({ decisionKinds: [kind] })),
      { decisionKinds: ['scale-out', 'scale-in'] },
      { kinds: ['config', 'actuation', 'snapshot'] },
    ];
    const database = new DatabaseSync(path, { readOnly: true });
    for (const query of queries) {
      for (const order of orders) {
        const sql = selectOf(rowKindsOf(query), order);
        const plan = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(1, 0, 1, 10, 0, 99);
        const steps = plan.map((step) => String(step['detail']));
        const searches = steps.filter((step) => step.startsWith('SEARCH'));
        const wanted = rowKindsOf(query).includes(rowKinds.hold)
          ? 'SEARCH journal USING PRIMARY KEY (group_id=? AND at>? AND at<?)'
          : 'SEARCH journal USING INDEX journal_rare (group_id=? AND kind=? AND at>? AND at<?)';
        expect([...new Set(searches)]).toEqual([wanted]);
        expect(steps.filter((step) => /^SCAN|TEMP B-TREE/.test(step))).toEqual([]);
      }
    }
    database.close();
  });

  it('keeps a tick in about a hundred bytes, and each shape of a tick once', () => {
    const engine = open();
    const rows = 5000;
    for (let second = 0; second < rows; second += 500) append(engine, ticks('web', second, 500));
    append(engine, [tickEntry('web', rows, 'scale-out')]);
    engine.close();
    const json = JSON.stringify(tickEntry('web', 0)).length;
    expect(json).toBeGreaterThan(1000);
    expect(statSync(path).size / rows).toBeLessThan(json / 6);
    // That of `acts: true` is another one.
    expect(inspect('SELECT count(*) AS shapes FROM shapes')).toEqual([{ shapes: 2 }]);
  });

  it('removes what is older than it is kept for, group by group, and its shapes', () => {
    const engine = open({ keptMs: 1000 * 1000 });
    append(engine, [tickEntry('web', 0, 'scale-in'), ...ticks('web', 1, 99)]);
    append(engine, ticks('gone', 0, 100));
    // A group whose clock is behind keeps as much as any other.
    append(engine, ticks('slow', -1_000_000, 100));
    for (let second = 100; second < 2000; second += 100) {
      append(engine, ticks('web', second, 100));
      append(engine, ticks('slow', second - 1_000_000, 100));
    }
    for (let step = 0; step < 10; step += 1) append(engine, ticks('web', 1999, 1));
    const groups = inspect(
      `SELECT name, min(at) AS first, count(*) AS rows FROM journal JOIN groups ON group_id = id
       GROUP BY name ORDER BY name`,
    );
    expect(groups).toEqual([
      { name: 'gone', first: baseMs, rows: 100 },
      { name: 'slow', first: baseMs - 999_001_000, rows: 1001 },
      { name: 'web', first: baseMs + 999_000, rows: 1011 },
    ]);
    const uses = inspect('SELECT uses FROM shapes JOIN shape_uses ON shape = id ORDER BY uses');
    expect(uses).toEqual([{ uses: 100 }, { uses: 1001 }, { uses: 1011 }]);
    engine.close();
    // Nothing is appended to it since the store was opened: it ages with the others.
    const later = open({ keptMs: 1000 * 1000 });
    for (let step = 0; step < 10; step += 1) append(later, ticks('web', 2000 + step, 1));
    expect(inspect('SELECT count(*) AS shapes FROM shapes')).toEqual([{ shapes: 1 }]);
  });

  it('removes the oldest of all groups while they take too much room', () => {
    const bytesMax = 300_000;
    const engine = open({ bytesMax });
    for (let second = 0; second < 15_000; second += 500) {
      append(engine, ticks('web', second, 250));
      append(engine, ticks('api', second, 250));
    }
    const [counter] = inspect("SELECT value FROM counters WHERE name = 'journal-bytes'");
    expect(counter?.['value']).toBeLessThan(bytesMax + 50_000);
    const [measured] = inspect(
      `SELECT sum(length(numbers) + 32 + coalesce(octet_length(own_shape), 0)) AS bytes
       FROM journal`,
    );
    expect(counter?.['value']).toBe(measured?.['bytes']);
    const edges = inspect(
      'SELECT min(at) AS first, max(at) AS last FROM journal GROUP BY group_id',
    );
    for (const { first, last } of edges) {
      expect(last).toBeGreaterThanOrEqual(baseMs + 14_500_000);
      expect(first).toBeGreaterThan(baseMs + 10_000_000);
    }
  });

  it('writes a shape again that another process has removed', () => {
    const [one, other] = [open(), open({ keptMs: 1000 })];
    append(one, ticks('web', 0, 10));
    // Every row of the first shape goes, and the shape with them.
    append(other, [tickEntry('web', 5000, 'scale-out')]);
    expect(inspect('SELECT uses FROM shape_uses')).toEqual([{ uses: 1 }]);
    append(one, ticks('web', 6000, 1));
    const all = { group: 'web', from: 0, to: Infinity, order: 'oldest-first', limit: 10 } as const;
    const [outcome] = other.run([{ kind: 'read', query: all }]);
    const entries = [tickEntry('web', 5000, 'scale-out'), tickEntry('web', 6000)];
    expect(outcome).toEqual({ ok: true, value: entries });
  });

  it('gives room back that is not needed any more, down to 4 MiB', () => {
    const engine = open({ bytesMax: 100_000 });
    const ids = Array.from({ length: 200 }, (_, number) => `i-0123456789abcdef${number}`);
    const fleet = { inServiceSince: Object.fromEntries(ids.map((id) => [id, baseMs])) };
    const entries = Array.from({ length: 1500 }, (_, second) => ({
      ...snapshotEntry('web', second),
      fleet,
    }));
    append(engine, entries);
    for (let step = 0; step < 20; step += 1) append(engine, ticks('web', 1500 + step, 1));
    const [free] = inspect('PRAGMA freelist_count');
    expect(free?.['freelist_count']).toBeLessThanOrEqual(1024);
    expect(free?.['freelist_count']).toBeGreaterThan(0);
  });

  it('never removes much at once: a clock that runs ahead for a moment does little harm', () => {
    const engine = open({ keptMs: 20_000_000 });
    append(engine, ticks('web', 0, 10_000));
    const rows = (): unknown => inspect('SELECT count(*) AS rows FROM journal')[0]?.['rows'];
    append(engine, ticks('web', 90_000_000, 1));
    expect(rows()).toBe(10_001 - 500);
    append(engine, ticks('web', 10_000, 1));
    expect(rows()).toBe(10_002 - 500);
  });
});

describe('a damaged file', () => {
  it('answers outcomes alone, wherever random bytes hit it', () => {
    const before = open();
    for (let second = 0; second < 1000; second += 50) {
      append(before, [...ticks('web', second, 50), snapshotEntry('web', second)]);
    }
    before.close();
    const intact = readFileSync(path);
    const seed = 20_261_122;
    const random = seededRandom(seed);
    let failures = 0;
    for (let round = 0; round < 60; round += 1) {
      const bytes = Buffer.from(intact);
      const start = Math.floor(random() * bytes.length);
      for (let offset = 0; offset < 400 && start + offset < bytes.length; offset += 1) {
        bytes[start + offset] = Math.floor(random() * 256);
      }
      writeFileSync(path, bytes);
      const engine = open();
      for (const call of everyCall) {
        const [outcome] = engine.run([call]);
        engine.tidy();
        if (outcome?.ok === true) continue;
        failures += 1;
        expect(outcome?.message, `seed ${seed}, round ${round}`).toMatch(/^the store [^\n]+$/);
      }
      engine.close();
      expect(existsSync(path)).toBe(true);
    }
    expect(failures).toBeGreaterThan(0);
  });
});

const everyCall: readonly StoreCall[] = [
  { kind: 'append', entries: ticks('web', 5000, 3) },
  {
    kind: 'read',
    query: { group: 'web', from: 0, to: Infinity, order: 'newest-first', limit: 5000 },
  },
  { kind: 'recover', group: 'web' },
  { kind: 'headers', group: 'web' },
  { kind: 'record', points: [{ group: 'web', signal: 'cpu', start: baseMs, mean: 1 }] },
  { kind: 'read-ten-seconds', query: { group: 'web', signal: 'cpu', from: 0, to: Infinity } },
  { kind: 'read-minutes', query: { group: 'web', signal: 'cpu', from: 0, to: Infinity } },
  {
    kind: 'put-override',
    group: 'web',
    override: { kind: 'pause', until: null, by: 'ada', why: '' },
    now: baseMs,
  },
  { kind: 'list-overrides', group: 'web', now: baseMs },
  { kind: 'remove-override', group: 'web', overrideKind: 'pause', now: baseMs },
  {
    kind: 'hold',
    request: { group: 'web', controller: 'one', now: baseMs, durationMs: 1000 },
  },
  { kind: 'release', group: 'web', controller: 'one' },
];

/** Numerical Recipes' linear congruential generator. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

it('fails the appends behind one that fails, and nothing else that came with it', () => {
  const engine = open();
  const good = { kind: 'append', entries: ticks('web', 0, 1) } as const;
  const [entry] = ticks('web', 1, 1);
  // What no journal can hold, which no caller's types allow.
  const damaged = { ...entry, at: Number.NaN, observation: 1n } as unknown as JournalEntry;
  const request = { group: 'web', controller: 'one', now: 0, durationMs: 1000 };
  const outcomes = engine.run([
    good,
    { kind: 'append', entries: [damaged] },
    good,
    { kind: 'hold', request },
  ]);
  expect(outcomes.map(({ ok }) => ok)).toEqual([true, false, false, true]);
  engine.close();
});
