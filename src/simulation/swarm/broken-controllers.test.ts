import { describe, expect, it } from 'vitest';
import { createMemoryStore } from '../../store/memory-store.ts';
import { runSeed } from './swarm-run.ts';
import { brokenControllers, type BrokenController } from './testing/broken-controllers.ts';
import type { Rule } from './violation.ts';

/** A broken controller that so many seeds do not catch is not caught. */
const seedsToCatchMax = 200;

/** The first seed in which the rule is broken; null if there is none. */
async function findSeed(create: BrokenController['create'], rule: Rule): Promise<number | null> {
  for (let seed = 1; seed <= seedsToCatchMax; seed += 1) {
    const { violations } = await runSeed(seed, {
      createStore: createMemoryStore,
      createController: create,
    });
    if (violations.some((violation) => violation.rule === rule)) return seed;
  }
  return null;
}

describe('the swarm', () => {
  it.each(brokenControllers)(
    'catches a controller that $fault',
    async ({ create, breaks }) => {
      expect(await findSeed(create, breaks)).not.toBeNull();
    },
    60_000,
  );
});
