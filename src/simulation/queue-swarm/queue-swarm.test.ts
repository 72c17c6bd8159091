import { describe, expect, it } from 'vitest';
import { createMemoryStore } from '../../store/memory-store.ts';
import { runQueueSeed, type QueueSeedResult } from './queue-run.ts';
import { drawQueueScenario, workerFaults } from './queue-scenario.ts';
import { brokenWorkers, type BrokenWorker } from './testing/broken-workers.ts';

/** As many as a slow core runs in some seconds; `npm run swarm:queue` runs more. */
const seedsInTests = 36;
/** A broken worker that so many seeds do not catch is not caught. */
const seedsToCatchMax = 36;

const createStore = createMemoryStore;

function tell({ seed, violations }: QueueSeedResult): readonly string[] {
  return violations.map(
    ({ rule, atMs, detail }) =>
      `${rule} at ${atMs} ms: ${detail}; again: npm run swarm:queue -- --seed ${seed} --verbose`,
  );
}

async function findSeed({ rules, breaks }: BrokenWorker): Promise<number | null> {
  for (let seed = 1; seed <= seedsToCatchMax; seed += 1) {
    const { violations } = await runQueueSeed(seed, { createStore, rules });
    if (violations.some(({ rule }) => rule === breaks)) return seed;
  }
  return null;
}

describe('the queue swarm', () => {
  it(`sees no message lost in ${seedsInTests} seeds`, async () => {
    const told: string[] = [];
    const sums = { orphaned: 0, returned: 0, endedDrained: 0, endedIdle: 0, dead: 0 };
    for (let seed = 1; seed <= seedsInTests; seed += 1) {
      const result = await runQueueSeed(seed, { createStore });
      told.push(...tell(result));
      sums.orphaned += result.counts.orphaned;
      sums.returned += result.counts.returned;
      sums.endedDrained += result.endedDrained;
      sums.endedIdle += result.endedIdle;
      sums.dead += result.dead;
    }
    expect(told).toEqual([]);
    // Each of what the rules are about has happened, and often.
    for (const sum of Object.values(sums)) expect(sum).toBeGreaterThan(seedsInTests);
  }, 120_000);

  it('gives the same run for the same seed', async () => {
    const options = { createStore, isTraced: true };
    const one = await runQueueSeed(7, options);
    expect(one.trace.length).toBeGreaterThan(20);
    expect(await runQueueSeed(7, options)).toEqual(one);
  }, 60_000);

  it('injects every kind of fault within the seeds of this test', () => {
    const kinds = new Set<string>();
    for (let seed = 1; seed <= seedsInTests; seed += 1) {
      for (const { kind } of drawQueueScenario(seed).faults) kinds.add(kind);
    }
    expect([...kinds].toSorted()).toEqual(workerFaults.toSorted());
  });

  it.each(brokenWorkers)(
    'catches a worker that $fault',
    async (broken) => {
      expect(await findSeed(broken)).not.toBeNull();
    },
    120_000,
  );
});
