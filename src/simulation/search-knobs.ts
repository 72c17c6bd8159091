// Looks for the cheapest settings that keep an allowance: one knob after the other, each through all
// its values from the best so far. Not every combination: with three knobs that is a tenth of them.

import type { Knob, KnobName, KnobSettings } from './knobs.ts';

export interface KnobTrial {
  readonly settings: KnobSettings;
  readonly violationShare: number;
  readonly costInstanceSeconds: number;
  readonly launchesPerHour: number;
}

/** Times that every knob is gone through; less when a round finds nothing better. */
const roundsMax = 2;

export interface KnobSearch {
  readonly knobs: readonly Knob[];
  /** The share of the work that may find no capacity. */
  readonly allowance: number;
  /** Runs each of them; in their order. */
  readonly runAll: (settings: readonly KnobSettings[]) => Promise<readonly KnobTrial[]>;
}

/** All that was tried, the group's own settings first. */
export async function searchKnobs(search: KnobSearch): Promise<readonly KnobTrial[]> {
  const { knobs, allowance, runAll } = search;
  const tried = new Map<string, KnobTrial>();
  const run = async (wanted: readonly KnobSettings[]): Promise<void> => {
    const fresh = wanted.filter((settings) => !tried.has(keyOf(settings, knobs)));
    for (const trial of await runAll(fresh)) tried.set(keyOf(trial.settings, knobs), trial);
  };
  const own: KnobSettings = Object.fromEntries(knobs.map(({ name, own: value }) => [name, value]));
  await run([own]);
  let best = own;
  for (let round = 0; round < roundsMax; round += 1) {
    const before = best;
    for (const { name, values } of knobs) {
      await run(values.map((value) => ({ ...best, [name]: value })));
      best = chooseTrial([...tried.values()], allowance)?.settings ?? best;
    }
    if (keyOf(best, knobs) === keyOf(before, knobs)) break;
  }
  return [...tried.values()];
}

/** The cheapest that keeps the allowance; where none does, that with the least violations. */
export function chooseTrial(
  trials: readonly KnobTrial[],
  allowance: number,
): KnobTrial | undefined {
  const keeping = trials.filter(({ violationShare }) => violationShare <= allowance);
  if (keeping.length === 0) return trials.toSorted(byViolations)[0];
  return keeping.toSorted(
    (one, other) => one.costInstanceSeconds - other.costInstanceSeconds || byViolations(one, other),
  )[0];
}

/** Those that no other beats in cost and violations both; the fewest violations first. */
export function findFrontier(trials: readonly KnobTrial[]): readonly KnobTrial[] {
  const frontier: KnobTrial[] = [];
  let cheapest = Number.POSITIVE_INFINITY;
  for (const trial of trials.toSorted(byViolations)) {
    if (trial.costInstanceSeconds >= cheapest) continue;
    cheapest = trial.costInstanceSeconds;
    frontier.push(trial);
  }
  return frontier;
}

function byViolations(one: KnobTrial, other: KnobTrial): number {
  return (
    one.violationShare - other.violationShare || one.costInstanceSeconds - other.costInstanceSeconds
  );
}

function keyOf(settings: KnobSettings, knobs: readonly { readonly name: KnobName }[]): string {
  return knobs.map(({ name }) => settings[name]).join();
}
