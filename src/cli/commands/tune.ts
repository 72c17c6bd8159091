// `foretide tune`: the cheapest settings of a group's own policies that keep an objective on recorded
// traffic, found on its earlier part and judged on its later one.

import type { GroupConfig } from '../../config/config.ts';
import type { Arena } from '../../simulation/arena.ts';
import { drawFrontierChart, type FrontierPoint } from '../../simulation/chart/frontier-chart.ts';
import { describeSettings, listKnobs, type KnobSettings } from '../../simulation/knobs.ts';
import { boundCost } from '../../simulation/optimum/optimum.ts';
import { findOptimum } from '../../simulation/score/score.ts';
import {
  chooseTrial,
  findFrontier,
  searchKnobs,
  type KnobTrial,
} from '../../simulation/search-knobs.ts';
import { splitWorkload } from '../../simulation/split-workload.ts';
import { makeArena, priceOf } from '../simulation/make-arena.ts';
import { withProgressLine, type ShowProgress } from '../progress-line.ts';
import type { KnobGround, KnobTask } from '../simulation/knob-thread.ts';
import type { ArenaOptions, LoadOptions } from '../simulation/options.ts';
import { describeMode, readGroup } from '../simulation/read-group.ts';
import { readLoad } from '../simulation/read-load.ts';
import * as say from '../simulation/say-figures.ts';
import { openThreads, type ThreadPool } from '../simulation/thread-pool.ts';
import { StartError } from '../start-error.ts';
import { formatTable } from '../table.ts';
import { writeChart } from './simulate.ts';

/** As it runs from its sources, or compiled. */
const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';

export interface TuneOptions extends LoadOptions, ArenaOptions {
  readonly config: string;
  readonly group?: string;
  /** The share of the work that may find no capacity. */
  readonly objective: number;
  readonly chart?: string;
  readonly json?: boolean;
}

/** Settings on one part of the load, as `--json` prints them. */
interface Outcome {
  readonly settings: KnobSettings;
  /** In the words of the config. */
  readonly inWords: readonly string[];
  readonly violationShare: number;
  /** How far that is above the objective, 0–1; 0 where the objective is kept. */
  readonly missedBy: number;
  readonly costInstanceSeconds: number;
  readonly costUsd: number;
  /**
   * Cost over the least that keeps the objective on that part; null where the objective is missed,
   * because less service for less money is no better, and where that least cost is 0.
   */
  readonly ratio: number | null;
  readonly launchesPerHour: number;
}

/** What `--json` prints. */
interface TuningReport {
  readonly objective: { readonly violationShare: number };
  readonly tried: number;
  /** On the earlier part; the fewest violations first. */
  readonly frontier: readonly Outcome[];
  readonly own: Outcome;
  readonly found: Outcome;
  /** The same two on the later part. */
  readonly later: { readonly own: Outcome; readonly found: Outcome };
  readonly warnings: readonly string[];
}

/** On the later part this much more over the optimum than on the earlier is more than chance. */
const ratioGrowthMax = 1.15;

export async function tune(options: TuneOptions): Promise<void> {
  const config = readGroup(options.config, options.group);
  const { group } = config;
  const knobs = listKnobs(group);
  if (knobs.length === 0) {
    throw new StartError(
      `${options.config}: group ${group.name} has no policy that follows load, so there is nothing to tune`,
      2,
    );
  }
  const named = await readLoad(options);
  const arena = makeArena(named, options, group);
  const parts = splitWorkload(arena.workload);
  if (parts === null) {
    throw new StartError(
      `${named.name}: too short to be tuned on one part and judged on another`,
      2,
    );
  }
  const { objective: allowance } = options;
  const earlier = { ...arena, workload: parts.earlier };
  const later = { ...arena, workload: parts.later };
  const { price } = options;
  const trials = await withPool({ arena: earlier, config, price }, options, (runAll) =>
    searchKnobs({ knobs, allowance, runAll }),
  );
  const [own] = trials;
  const chosen = chooseTrial(trials, allowance);
  if (own === undefined || chosen === undefined) throw new Error('nothing was tried');
  const [ownLater, chosenLater] = await withPool(
    { arena: later, config, price },
    options,
    (runAll) => runAll([own.settings, chosen.settings]),
  );
  if (ownLater === undefined || chosenLater === undefined) throw new Error('nothing was judged');
  const bound = boundArena(earlier, allowance);
  const before = createJudge(bound, config, options);
  const after = createJudge(boundArena(later, allowance), config, options);
  const found = before(chosen);
  const foundLater = after(chosenLater);
  const report: TuningReport = {
    objective: { violationShare: allowance },
    tried: trials.length,
    frontier: findFrontier(trials).map(before),
    own: before(own),
    found,
    later: { own: after(ownLater), found: foundLater },
    warnings: findWarnings(found, foundLater, after(ownLater), allowance),
  };
  const title = `${group.name} on ${say.describeArena(named, arena)}`;
  if (options.chart !== undefined) {
    writeChart(options.chart, drawSearch(title, { trials, bound, own, chosen }, report));
  }
  for (const note of [describeMode(config), ...named.notes]) {
    if (note !== null) process.stderr.write(`foretide: ${note}\n`);
  }
  process.stdout.write(
    options.json === true ? `${JSON.stringify(report)}\n` : `${title}\n\n${formatReport(report)}\n`,
  );
}

type Pool = ThreadPool<KnobTask, KnobTrial>;

/** Each of the settings, in their order. */
type RunAll = (settings: readonly KnobSettings[]) => Promise<readonly KnobTrial[]>;

/** Does `work` with a thread for each core that knows this arena and group. */
async function withPool<T>(
  ground: KnobGround,
  options: TuneOptions,
  work: (runAll: RunAll) => Promise<T>,
): Promise<T> {
  const module = new URL(`../simulation/knob-thread.${extension}`, import.meta.url);
  const pool: Pool = openThreads({ module, ground });
  try {
    return await withProgressLine(options, (show) =>
      work((settings) => runInPool(pool, settings, { seed: options.seed, show })),
    );
  } finally {
    await pool.close();
  }
}

async function runInPool(
  pool: Pool,
  settings: readonly KnobSettings[],
  { seed, show }: { readonly seed: number; readonly show: ShowProgress },
): Promise<readonly KnobTrial[]> {
  const done = new Map<KnobSettings, KnobTrial>();
  await pool.run({
    tasks: settings.map((one) => ({ affinity: '', settings: one, seed })),
    onAnswer: (task, trial) => {
      done.set(task.settings, trial);
      show(`tried ${done.size} of ${settings.length}`);
    },
  });
  return settings.flatMap((one) => done.get(one) ?? []);
}

/** The least instance-seconds that keep the objective there. */
function boundArena(arena: Arena, objective: number): number {
  const { levels, costs, capacity } = findOptimum(arena.workload, arena, arena);
  return boundCost(levels, costs, capacity, objective).bound;
}

function createJudge(
  bound: number,
  { group }: GroupConfig,
  { objective, price }: TuneOptions,
): (trial: KnobTrial) => Outcome {
  return (trial) => {
    const missedBy = Math.max(0, trial.violationShare - objective);
    return {
      settings: trial.settings,
      inWords: describeSettings(group, trial.settings),
      violationShare: trial.violationShare,
      missedBy,
      costInstanceSeconds: trial.costInstanceSeconds,
      costUsd: priceOf(trial.costInstanceSeconds, price),
      ratio: missedBy === 0 && bound > 0 ? trial.costInstanceSeconds / bound : null,
      launchesPerHour: trial.launchesPerHour,
    };
  };
}

function findWarnings(
  found: Outcome,
  later: Outcome,
  ownLater: Outcome,
  allowance: number,
): readonly string[] {
  const warnings: string[] = [];
  const promised = say.sayPercent(allowance);
  if (found.missedBy > 0) {
    const [left, missed] = [say.sayPercent(found.violationShare), say.sayPoints(found.missedBy)];
    return [
      `the objective is missed by ${missed}: no settings that were tried keep ${promised}; these leave the least, ${left}`,
    ];
  }
  if (later.missedBy > 0) {
    const [left, missed] = [say.sayPercent(later.violationShare), say.sayPoints(later.missedBy)];
    warnings.push(
      `over-fitted: they keep ${promised} where they were found, and leave ${left} unserved on the later part, where they miss it by ${missed}; take a tighter objective or a longer trace`,
    );
  }
  if (found.ratio !== null && later.ratio !== null && later.ratio > found.ratio * ratioGrowthMax) {
    const [one, other] = [say.sayRatio(found.ratio), say.sayRatio(later.ratio)];
    warnings.push(`they cost ${one} of the optimum where they were found, and ${other} later`);
  }
  const isOwnBetter =
    ownLater.violationShare <= Math.max(allowance, later.violationShare) &&
    ownLater.costInstanceSeconds < later.costInstanceSeconds;
  if (isOwnBetter) warnings.push('the settings as configured are cheaper on the later part');
  return warnings;
}

function formatReport(report: TuningReport): string {
  const { frontier, own, found, later, warnings, tried } = report;
  const row = (name: string, one: Outcome): readonly string[] => [
    name,
    say.sayPercent(one.violationShare),
    one.missedBy > 0 ? `missed by ${say.sayPoints(one.missedBy)}` : say.sayRatio(one.ratio),
    say.sayUsd(one.costUsd),
    one.launchesPerHour.toFixed(2),
    one.inWords.join('  '),
  ];
  const head = ['', 'violations', 'cost / optimum', 'cost', 'launches an hour', 'settings'];
  return [
    `${tried} settings tried on the first 60% of what is scored; those that no other beats:`,
    formatTable([
      head,
      ...frontier.map((one) =>
        row(one.inWords.join() === found.inWords.join() ? 'found' : '', one),
      ),
      row('as configured', own),
    ]),
    '',
    'on the later 40%, which had no say:',
    formatTable([head, row('found', later.found), row('as configured', later.own)]),
    ...warnings.map((warning) => `\nwarning: ${warning}`),
  ].join('\n');
}

interface Search {
  readonly trials: readonly KnobTrial[];
  /** The least instance-seconds that keep the objective. */
  readonly bound: number;
  readonly own: KnobTrial;
  readonly chosen: KnobTrial;
}

function drawSearch(
  title: string,
  { trials, bound, own, chosen }: Search,
  { found, objective }: TuningReport,
): string {
  const frontier = new Set(findFrontier(trials));
  const place = (trial: KnobTrial, kind: FrontierPoint['kind']): readonly FrontierPoint[] => {
    const { violationShare, costInstanceSeconds } = trial;
    return bound > 0 ? [{ violationShare, ratio: costInstanceSeconds / bound, kind }] : [];
  };
  const points = [
    ...trials.flatMap((trial) => place(trial, frontier.has(trial) ? 'frontier' : 'tried')),
    ...place(own, 'own'),
    ...place(chosen, 'chosen'),
  ];
  const subtitle = `found: ${found.inWords.join(', ')}`;
  return drawFrontierChart(title, subtitle, { points, allowance: objective.violationShare });
}
