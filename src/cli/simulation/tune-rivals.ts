// Every rival at its best on one arena: here, one after the other, or on a thread for each core.

import type { Arena } from '../../simulation/arena.ts';
import { rivals } from '../../simulation/rivals/index.ts';
import type { Rival } from '../../simulation/rivals/rival.ts';
import { cheapestWithin, tuneInHindsight } from '../../simulation/tune-in-hindsight.ts';
import type { Trial } from '../../simulation/tune-in-hindsight.ts';
import { runInThreads, type PooledTask } from './thread-pool.ts';

export interface TuningTask extends PooledTask {
  readonly rival: string;
  readonly seed: number;
  /** The share of work that may find no capacity. */
  readonly epsilon: number;
}

export interface TuningOptions {
  readonly seed: number;
  /** The share of work that may find no capacity. */
  readonly epsilon: number;
  /** Called when a rival is tuned: how many are, and of how many. */
  readonly onTuned?: (name: string, done: number, count: number) => void;
}

/** Resolves to the best trial of each, by name. */
export type TuneRivals = (
  arena: Arena,
  chosen: readonly Rival[],
  options: TuningOptions,
) => Promise<ReadonlyMap<string, Trial>>;

/** As it runs from its sources, or compiled. */
const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';

/** On a thread for each core. */
export const tuneInThreads: TuneRivals = async (arena, chosen, { seed, epsilon, onTuned }) => {
  const trials = new Map<string, Trial>();
  await runInThreads<TuningTask, Trial>({
    module: new URL(`./tuning-thread.${extension}`, import.meta.url),
    ground: arena,
    tasks: chosen.map(({ name }) => ({ affinity: name, rival: name, seed, epsilon })),
    onAnswer: ({ rival }, trial) => {
      trials.set(rival, trial);
      onTuned?.(rival, trials.size, chosen.length);
    },
  });
  return trials;
};

/** In the thread that asks: for one that leaves the other cores alone. */
export const tuneHere: TuneRivals = (arena, chosen, { seed, epsilon, onTuned }) => {
  const trials = new Map<string, Trial>();
  for (const { name } of chosen) {
    trials.set(name, tuneRival(arena, { affinity: name, rival: name, seed, epsilon }));
    onTuned?.(name, trials.size, chosen.length);
  }
  return Promise.resolve(trials);
};

/** The cheapest target that keeps the allowance; where none does, the one that comes nearest. */
export function tuneRival(arena: Arena, { rival: name, seed, epsilon }: TuningTask): Trial {
  const rival = rivals.find((one) => one.name === name);
  if (rival === undefined) throw new Error(`no rival ${name}`);
  const trials = tuneInHindsight(rival, arena, { seeds: [seed], tightestAllowance: epsilon });
  const nearest = trials.toSorted((one, other) => one.violationShare - other.violationShare)[0];
  const best = cheapestWithin(trials, epsilon) ?? nearest;
  if (best === undefined) throw new Error(`${name} was tried with no target at all`);
  return best;
}
