import { describe, expect, it } from 'vitest';
import type { JournalEntry } from '../../controller/ports/store.ts';
import { beginReplay, replayEntry } from '../../core/replay.ts';
import { createMemoryStore } from '../../store/memory-store.ts';
import { faultKinds } from './fault-plan.ts';
import { drawScenario } from './scenario.ts';
import { runSeed, type SeedResult } from './swarm-run.ts';

/** As many as two slow cores run in some seconds; `npm run swarm` runs more. */
const seedsInTests = 200;

const createStore = createMemoryStore;

function tell({ seed, violations }: SeedResult): readonly string[] {
  return violations.map(
    ({ rule, atMs, detail }) =>
      `${rule} at ${atMs} ms: ${detail}; again: npm run swarm -- --seed ${seed} --verbose`,
  );
}

async function readJournal(seed: number): Promise<readonly JournalEntry[]> {
  const store = createMemoryStore();
  await runSeed(seed, { createStore: () => store });
  const everything = { from: 0, to: Number.POSITIVE_INFINITY, limit: 100_000 } as const;
  const read = await store.journal.read({ ...everything, group: 'web', order: 'oldest-first' });
  return read.ok ? read.value : [];
}

/** What the first change was decided on becomes a tenth less. */
function alterOne(entries: readonly JournalEntry[]): readonly JournalEntry[] {
  const index = entries.findIndex((entry) => entry.kind === 'tick' && entry.decision.acts);
  return entries.map((entry, position) => {
    if (position !== index || entry.kind !== 'tick') return entry;
    const { observation } = entry;
    const signals = Object.fromEntries(
      Object.entries(observation.signals).map(([key, reading]) => [
        key,
        { ...reading, value: reading.value * 0.9 },
      ]),
    );
    return { ...entry, observation: { ...observation, signals } };
  });
}

describe('the swarm', () => {
  it(`finds nothing in the controller in ${seedsInTests} seeds`, async () => {
    const told: string[] = [];
    let acts = 0;
    let crashes = 0;
    for (let seed = 1; seed <= seedsInTests; seed += 1) {
      const result = await runSeed(seed, { createStore });
      told.push(...tell(result));
      acts += result.acts;
      crashes += result.crashes;
    }
    expect(told).toEqual([]);
    expect(acts).toBeGreaterThan(2 * seedsInTests);
    expect(crashes).toBeGreaterThan(seedsInTests / 4);
  }, 120_000);

  it('gives the same run for the same seed', async () => {
    const options = { createStore, isTraced: true };
    const one = await runSeed(17, options);
    expect(one.trace.length).toBeGreaterThan(100);
    expect(await runSeed(17, options)).toEqual(one);
  });

  it('injects every kind of fault within the seeds of this test', () => {
    const injected = new Set<string>();
    for (let seed = 1; seed <= seedsInTests; seed += 1) {
      for (const { effect } of drawScenario(seed).faults) injected.add(effect.kind);
    }
    expect([...injected].toSorted()).toEqual(faultKinds.toSorted());
  });

  it('sees that one observation of a journal was altered', async () => {
    const entries = await readJournal(1);
    const replayed = entries.reduce(replayEntry, beginReplay(null));
    expect(replayed.report).toMatchObject({ differences: 0 });
    const altered = alterOne(entries).reduce(replayEntry, beginReplay(null));
    expect(altered.report.differences).toBeGreaterThan(0);
  });
});
