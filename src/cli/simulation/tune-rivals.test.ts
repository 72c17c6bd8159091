import { describe, expect, it } from 'vitest';
import { makeArena } from './make-arena.ts';
import { readLoad } from './read-load.ts';
import { chooseRivals } from './run-comparison.ts';
import { tuneHere, tuneInThreads, type TuneRivals } from './tune-rivals.ts';

const hourMs = 3_600_000;
const chosen = chooseRivals('aws-target-tracking-60s,keda');

async function tune(rivals: TuneRivals): Promise<unknown> {
  const named = await readLoad({
    generator: 'diurnal',
    within: 'mean',
    value: 'rate',
    gaps: 'hold',
    duration: 3 * hourMs,
    level: 100,
    noise: 'none',
    seed: 1,
  });
  const arena = makeArena(named, { boot: 60_000, price: 1 }, { min: 1, max: 20 });
  const told: { readonly name: string; readonly progress: string }[] = [];
  const trials = await rivals(arena, chosen, {
    seed: 1,
    epsilon: 0.01,
    onTuned: (name, done, count) => told.push({ name, progress: `${done}/${count}` }),
  });
  // Threads end in any order: who was told of, and how far it was, but not of whom when.
  const names = told.map(({ name }) => name).toSorted();
  const progress = told.map((one) => one.progress);
  return { names, progress, trials: [...trials].toSorted() };
}

describe('tuning rivals', () => {
  it('comes to the same here and on threads', { timeout: 20_000 }, async () => {
    const here = await tune(tuneHere);
    expect(here).toMatchObject({ trials: chosen.map(({ name }) => [name, expect.anything()]) });
    expect(await tune(tuneInThreads)).toEqual(here);
  });
});
