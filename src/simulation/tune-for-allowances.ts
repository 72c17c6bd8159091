// Tunes a rival in hindsight for several allowances at once, for little: a wide grid on one seed, the
// targets beside the best, and only what was chosen on every seed.
import type { Arena } from './arena.ts';
import { rememberBoots } from './fluid/boot-time.ts';
import type { Telemetry } from './fluid/telemetry.ts';
import { targetRatios } from './rivals/index.ts';
import type { Rival } from './rivals/rival.ts';
import { cheapestWithin, tryTarget, tuneInHindsight } from './tune-in-hindsight.ts';
import type { Trial } from './tune-in-hindsight.ts';

export interface AllowanceTuning {
  /** The first finds the targets, all of them judge what was found. */
  readonly seeds: readonly number[];
  readonly telemetry: Telemetry;
  /** Shares of the work that may find no capacity. */
  readonly allowances: readonly number[];
  /** The grid, rising; default `targetRatios`. */
  readonly ratios?: readonly number[];
}

/** Every third target at first: they are 5 to 10 % apart, and cost changes slowly with them. */
const coarseStride = 3;
const settledTargets = 1;
/** On all seeds a target may miss an allowance that it kept on the first: lower ones are tried. */
const retriesMax = 6;

/** The best trial for each allowance, in their order; undefined where no target keeps it. */
export function tuneForAllowances(
  rival: Rival,
  of: Arena,
  { seeds, telemetry, allowances, ratios = targetRatios }: AllowanceTuning,
): readonly (Trial | undefined)[] {
  const [seed = 1] = seeds;
  const arena = { draws: rememberBoots(of.boot, of.launchFailureRatio), ...of };
  if (!rival.hasTarget) {
    const trial = tryTarget(rival, arena, { seeds, telemetry }, 1);
    return allowances.map((allowance) => cheapestWithin([trial], allowance));
  }
  const tightestAllowance = Math.min(...allowances);
  const coarse = ratios.filter((_, index) => (ratios.length - 1 - index) % coarseStride === 0);
  const first = { seeds: [seed], telemetry, tightestAllowance };
  const trials = [...tuneInHindsight(rival, arena, { ...first, ratios: coarse, settledTargets })];
  for (const ratio of besideBest(trials, ratios, allowances)) {
    trials.push(tryTarget(rival, arena, first, ratio));
  }
  if (seeds.length === 1) return allowances.map((allowance) => cheapestWithin(trials, allowance));
  const onAll = new Map<number, Trial>();
  const rest = { seeds: seeds.slice(1), telemetry };
  const judge = (trial: Trial): Trial => {
    const { targetRatio } = trial;
    const known =
      onAll.get(targetRatio) ??
      join(trial, tryTarget(rival, arena, rest, targetRatio), seeds.length);
    onAll.set(targetRatio, known);
    return known;
  };
  return allowances.map((allowance) => findOnAllSeeds(trials, allowance, judge));
}

/** Targets between the coarse ones beside each allowance's best that were not tried. */
function besideBest(
  trials: readonly Trial[],
  ratios: readonly number[],
  allowances: readonly number[],
): readonly number[] {
  const beside = new Set<number>();
  for (const allowance of allowances) {
    const best = cheapestWithin(trials, allowance);
    if (best === undefined) continue;
    const at = ratios.indexOf(best.targetRatio);
    for (let step = 1 - coarseStride; step < coarseStride; step += 1) {
      const ratio = ratios[at + step];
      if (step !== 0 && ratio !== undefined) beside.add(ratio);
    }
  }
  return [...beside].toSorted((one, other) => one - other);
}

/** The cheapest of the first seed's that keeps the allowance on every seed's mean too. */
function findOnAllSeeds(
  trials: readonly Trial[],
  allowance: number,
  judge: (trial: Trial) => Trial,
): Trial | undefined {
  const cheapestFirst = trials
    .filter(({ violationShare }) => violationShare <= allowance)
    .toSorted((one, other) => one.costInstanceSeconds - other.costInstanceSeconds);
  for (const trial of cheapestFirst.slice(0, retriesMax)) {
    const judged = judge(trial);
    if (judged.violationShare <= allowance) return judged;
  }
  return undefined;
}

/** The mean over all seeds of the first one's trial and the mean of the others. */
function join(first: Trial, rest: Trial, seeds: number): Trial {
  const mix = (one: number, others: number): number => (one + others * (seeds - 1)) / seeds;
  return {
    targetRatio: first.targetRatio,
    violationShare: mix(first.violationShare, rest.violationShare),
    costInstanceSeconds: mix(first.costInstanceSeconds, rest.costInstanceSeconds),
    launchesPerHour: mix(first.launchesPerHour, rest.launchesPerHour),
  };
}
