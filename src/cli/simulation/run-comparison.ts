// Configs beside rivals at their best on one load, and both beside the optimum: the figures and the
// chart. Prints nothing.

import { basename } from 'node:path';
import type { GroupConfig } from '../../config/config.ts';
import { readCalendar } from '../../config/read-calendar.ts';
import { standardArena } from '../../simulation/arena.ts';
import type { Arena } from '../../simulation/arena.ts';
import { drawRatioChart } from '../../simulation/chart/ratio-chart.ts';
import { boundCost } from '../../simulation/optimum/optimum.ts';
import { rivals } from '../../simulation/rivals/index.ts';
import type { Rival } from '../../simulation/rivals/rival.ts';
import { findOptimum, violationShareOf } from '../../simulation/score/score.ts';
import { simulateGroup } from '../../simulation/simulate-group.ts';
import type { Trial } from '../../simulation/tune-in-hindsight.ts';
import { StartError } from '../start-error.ts';
import { makeArena, priceOf } from './make-arena.ts';
import type { Bounds } from './make-arena.ts';
import type { ArenaOptions } from './options.ts';
import type { NamedLoad } from './read-load.ts';
import * as say from './say-figures.ts';
import type { TuneRivals, TuningOptions } from './tune-rivals.ts';

/** One row of the comparison, as `--json` prints it. */
export interface Candidate {
  readonly name: string;
  readonly kind: 'config' | 'rival';
  /** The target found in hindsight, as a share of what an instance does; null where there is none. */
  readonly targetRatio: number | null;
  readonly violationShare: number;
  readonly costInstanceSeconds: number;
  readonly costUsd: number;
  /** Cost over the optimum's; null where the violations are above the allowance. */
  readonly ratio: number | null;
  readonly launchesPerHour: number;
}

export interface Entrant {
  readonly path: string;
  readonly config: GroupConfig;
}

export interface ComparisonOptions extends ArenaOptions, TuningOptions {
  /** Where the rivals are tuned. */
  readonly tune: TuneRivals;
}

export interface Comparison {
  readonly head: string;
  readonly optimum: OptimumCost;
  /** By ratio. */
  readonly candidates: readonly Candidate[];
  /** Drawn when it is asked for. */
  readonly svg: () => string;
}

export interface OptimumCost {
  readonly costInstanceSeconds: number;
  readonly costUsd: number;
  /** Null where the largest group cannot serve everything. */
  readonly zeroViolationCostInstanceSeconds: number | null;
}

export async function runComparison(
  {
    entrants,
    chosen,
  }: { readonly entrants: readonly Entrant[]; readonly chosen: readonly Rival[] },
  named: NamedLoad,
  options: ComparisonOptions,
): Promise<Comparison> {
  const arena = makeArena(named, options, loosestBounds(entrants));
  const { levels, costs, capacity, zeroViolationCost } = findOptimum(arena.workload, arena, arena);
  const { bound } = boundCost(levels, costs, capacity, options.epsilon);
  const judge = (trial: Trial): Pick<Candidate, 'costUsd' | 'ratio'> => ({
    costUsd: priceOf(trial.costInstanceSeconds, options.price),
    ratio:
      trial.violationShare <= options.epsilon && bound > 0
        ? trial.costInstanceSeconds / bound
        : null,
  });
  const tuning = options.tune(arena, chosen, options);
  const candidates: Candidate[] = entrants.map((entrant) => {
    const trial = runEntrant(arena, entrant, options);
    return { ...trial, ...judge(trial), name: nameOf(entrant), kind: 'config', targetRatio: null };
  });
  const trials = await tuning;
  for (const rival of chosen) {
    const trial = trials.get(rival.name);
    if (trial === undefined) throw new Error(`${rival.name} was not tuned`);
    const targetRatio = rival.hasTarget ? trial.targetRatio : null;
    candidates.push({ ...trial, ...judge(trial), name: rival.name, kind: 'rival', targetRatio });
  }
  const sorted = candidates.toSorted(byRatio);
  const head = `${say.describeArena(named, arena)}; at most ${say.percentKey(options.epsilon)} unserved`;
  const optimum = {
    costInstanceSeconds: bound,
    costUsd: priceOf(bound, options.price),
    zeroViolationCostInstanceSeconds: Number.isFinite(zeroViolationCost) ? zeroViolationCost : null,
  };
  return { head, optimum, candidates: sorted, svg: () => drawComparison(sorted, head) };
}

export function chooseRivals(against: string): readonly Rival[] {
  const known = rivals.filter(({ serves }) => serves === 'load');
  if (against === 'all') return known;
  return against.split(',').map((written) => {
    const name = written.trim();
    const rival = known.find((one) => one.name === name);
    if (rival !== undefined) return rival;
    const names = known.map((one) => one.name).join(', ');
    throw new StartError(`--against: no rival '${name}'; allowed: all, or some of ${names}`, 2);
  });
}

/**
 * Rivals and the optimum get the widest of all ranges, so that the optimum bounds every config. With
 * no config they get that of the protocol.
 */
function loosestBounds(entrants: readonly Entrant[]): Bounds {
  if (entrants.length === 0) {
    return { min: standardArena.minInstances, max: standardArena.maxInstances };
  }
  return {
    min: Math.min(...entrants.map(({ config }) => config.group.min)),
    max: Math.max(...entrants.map(({ config }) => config.group.max)),
  };
}

function runEntrant(
  arena: Arena,
  { config }: Entrant,
  { seed, price }: { readonly seed: number; readonly price: number },
): Trial {
  const { group, staleAfterMs, calendar } = config;
  const result = simulateGroup(arena, {
    group,
    staleAfterMs,
    pricePerInstanceHour: config.pricePerInstanceHour ?? price,
    readCalendar: (now) => readCalendar(calendar, now),
    seed,
  });
  return {
    targetRatio: Number.NaN,
    violationShare: violationShareOf(result),
    costInstanceSeconds: result.costInstanceSeconds,
    launchesPerHour: (result.launches * 3600) / result.scoredSeconds,
  };
}

function nameOf({ path, config }: Entrant): string {
  return `${config.group.name} (${basename(path)})`;
}

function byRatio(one: Candidate, other: Candidate): number {
  if (one.ratio !== null && other.ratio !== null) return one.ratio - other.ratio;
  if (one.ratio === null && other.ratio === null) return one.violationShare - other.violationShare;
  return one.ratio === null ? 1 : -1;
}

function drawComparison(sorted: readonly Candidate[], subtitle: string): string {
  const bars = sorted.map(({ name, kind, ratio, violationShare }) => ({
    name,
    isOwn: kind === 'config',
    ratio,
    note:
      ratio === null
        ? `${say.sayPercent(violationShare)} unserved: above the allowance`
        : say.sayRatio(ratio),
  }));
  return drawRatioChart('Cost over the optimum’s; rivals tuned in hindsight', subtitle, bars);
}
