// `foretide compare`: configs as they are beside every rival at its best on this very traffic, and
// both beside the optimum.

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
import { makeArena, priceOf } from '../simulation/make-arena.ts';
import type { Bounds } from '../simulation/make-arena.ts';
import type { ArenaOptions, LoadOptions } from '../simulation/options.ts';
import { describeMode, readGroup } from '../simulation/read-group.ts';
import { readLoad } from '../simulation/read-load.ts';
import { compareQueue } from '../simulation/compare-queue.ts';
import * as say from '../simulation/say-figures.ts';
import { runInThreads } from '../simulation/thread-pool.ts';
import type { TuningTask } from '../simulation/tuning-thread.ts';
import { StartError } from '../start-error.ts';
import { formatTable } from '../table.ts';
import { writeChart } from './simulate.ts';

/** As it runs from its sources, or compiled. */
const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';

export interface CompareOptions extends LoadOptions, ArenaOptions {
  readonly against: string;
  readonly config?: readonly string[];
  readonly group?: string;
  /** The share of work that may find no capacity. */
  readonly epsilon: number;
  /** Path of a CSV of jobs, instead of a trace: queues are compared then. */
  readonly jobs?: string;
  /** From a job's sending to its deletion, in milliseconds. */
  readonly promise: number;
  readonly chart?: string;
  readonly json?: boolean;
}

/** One row of the comparison, as `--json` prints it. */
interface Candidate {
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

interface Entrant {
  readonly path: string;
  readonly config: GroupConfig;
}

export async function compare(options: CompareOptions): Promise<void> {
  if (options.jobs !== undefined) {
    if (options.trace !== undefined || options.generator !== undefined) {
      throw new StartError('--jobs and a load were both given; allowed: one of them', 2);
    }
    return compareQueue(options.jobs, options);
  }
  const chosen = chooseRivals(options.against);
  const entrants = (options.config ?? []).map((path) => ({
    path,
    config: readGroup(path, options.group),
  }));
  const named = await readLoad(options);
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
  const tuning = tuneRivals(arena, chosen, options);
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
  if (options.chart !== undefined) writeChart(options.chart, drawComparison(sorted, head));
  for (const note of [...entrants.map(({ config }) => describeMode(config)), ...named.notes]) {
    if (note !== null) process.stderr.write(`foretide: ${note}\n`);
  }
  const optimum = {
    costInstanceSeconds: bound,
    costUsd: priceOf(bound, options.price),
    zeroViolationCostInstanceSeconds: Number.isFinite(zeroViolationCost) ? zeroViolationCost : null,
  };
  process.stdout.write(
    options.json === true
      ? `${JSON.stringify({ epsilon: options.epsilon, optimum, candidates: sorted })}\n`
      : `${head}\n\n${formatCandidates(sorted, optimum)}\n`,
  );
}

function chooseRivals(against: string): readonly Rival[] {
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
  { seed, price }: Pick<CompareOptions, 'seed' | 'price'>,
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

/** Every rival at its best, a thread for each core. */
async function tuneRivals(
  arena: Arena,
  chosen: readonly Rival[],
  { seed, epsilon }: CompareOptions,
): Promise<ReadonlyMap<string, Trial>> {
  const trials = new Map<string, Trial>();
  await runInThreads<TuningTask, Trial>({
    module: new URL(`../simulation/tuning-thread.${extension}`, import.meta.url),
    ground: arena,
    tasks: chosen.map(({ name }) => ({ affinity: name, rival: name, seed, epsilon })),
    onAnswer: (task, trial) => {
      trials.set(task.rival, trial);
      showProgress(`tuned ${task.rival}, ${trials.size} of ${chosen.length}`);
    },
  });
  showProgress('');
  return trials;
}

function nameOf({ path, config }: Entrant): string {
  return `${config.group.name} (${basename(path)})`;
}

function byRatio(one: Candidate, other: Candidate): number {
  if (one.ratio !== null && other.ratio !== null) return one.ratio - other.ratio;
  if (one.ratio === null && other.ratio === null) return one.violationShare - other.violationShare;
  return one.ratio === null ? 1 : -1;
}

interface OptimumCost {
  readonly costInstanceSeconds: number;
  readonly costUsd: number;
}

function formatCandidates(sorted: readonly Candidate[], optimum: OptimumCost): string {
  return formatTable([
    ['', 'cost / optimum', 'violations', 'cost', 'launches an hour', 'target'],
    ['optimum', '1', '', say.sayUsd(optimum.costUsd), '', 'knows the future'],
    ...sorted.map((one) => [
      one.name,
      say.sayRatio(one.ratio),
      say.sayPercent(one.violationShare),
      say.sayUsd(one.costUsd),
      one.launchesPerHour.toFixed(2),
      describeTuning(one),
    ]),
  ]);
}

function describeTuning({ kind, targetRatio }: Candidate): string {
  if (kind === 'config') return 'as configured';
  return targetRatio === null ? 'in hindsight' : `${say.sayPercent(targetRatio)} in hindsight`;
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

/** One line that is written over again, for a person who waits; nothing where nobody looks. */
function showProgress(line: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001B[K${line}`);
}
