import { describe, expect, it } from 'vitest';
import { createMemoryStore } from '../../store/memory-store.ts';
import { runSeed } from './swarm-run.ts';
import { brokenControllers, type BrokenController } from './testing/broken-controllers.ts';

/** A broken controller that so many seeds do not catch is not caught. */
const seedsToCatchMax = 200;

/** A seed in which the rule is broken, from the likely one on and round; null if there is none. */
async function findSeed({ create, breaks, likelySeed }: BrokenController): Promise<number | null> {
  for (let tried = 0; tried < seedsToCatchMax; tried += 1) {
    const seed = 1 + ((likelySeed - 1 + tried) % seedsToCatchMax);
    const { violations } = await runSeed(seed, {
      createStore: createMemoryStore,
      createController: create,
    });
    if (violations.some(({ rule }) => rule === breaks)) return seed;
  }
  return null;
}

describe('the swarm', () => {
  it.each(brokenControllers)(
    'catches a controller that $fault',
    async (broken) => {
      expect(await findSeed(broken)).not.toBeNull();
    },
    60_000,
  );
});
