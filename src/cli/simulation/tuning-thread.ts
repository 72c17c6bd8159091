// One thread of `foretide compare`: tunes a rival on the arena that every thread was started with.

import { workerData } from 'node:worker_threads';
import type { Arena } from '../../simulation/arena.ts';
import { rivals } from '../../simulation/rivals/index.ts';
import { cheapestWithin, tuneInHindsight } from '../../simulation/tune-in-hindsight.ts';
import type { Trial } from '../../simulation/tune-in-hindsight.ts';
import { serveTasks } from './thread-pool.ts';
import type { PooledTask } from './thread-pool.ts';

export interface TuningTask extends PooledTask {
  readonly rival: string;
  readonly seed: number;
  /** The share of work that may find no capacity. */
  readonly epsilon: number;
}

// `compare.ts` gives nothing else.
const arena = workerData as Arena;

/** The cheapest target that keeps the allowance; where none does, the one that comes nearest. */
serveTasks(({ rival: name, seed, epsilon }: TuningTask): Trial => {
  const rival = rivals.find((one) => one.name === name);
  if (rival === undefined) throw new Error(`no rival ${name}`);
  const trials = tuneInHindsight(rival, arena, { seeds: [seed], tightestAllowance: epsilon });
  const nearest = trials.toSorted((one, other) => one.violationShare - other.violationShare)[0];
  const best = cheapestWithin(trials, epsilon) ?? nearest;
  if (best === undefined) throw new Error(`${name} was tried with no target at all`);
  return best;
});
