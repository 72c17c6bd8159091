// The protocol of docs/quality.md as a list of tasks: every scored load, every column, every entrant.
import { rivals } from '../src/simulation/rivals/index.ts';
import { contenders } from './quality-contenders.ts';
import { listScoredLoads } from './scored-loads.ts';

/** The conditions of one table. */
export interface Column {
  readonly name: string;
  /** Instances that the scored mean keeps busy: C is the mean divided by it. */
  readonly meanInstances: number;
  /** What of C is left from the middle of the scored span on. */
  readonly capacityLeftRatio: number;
  readonly isCensored: boolean;
  /** Rivals with Foretide's telemetry of 1 s instead of their own. */
  readonly hasAgents: boolean;
}

const plain = {
  meanInstances: 10,
  capacityLeftRatio: 1,
  isCensored: false,
  hasAgents: false,
};

/** The first is the main one, and the only one of `--quick`. */
export const columns: readonly Column[] = [
  { ...plain, name: 'C = mean / 10' },
  { ...plain, name: 'C = mean / 3', meanInstances: 3 },
  { ...plain, name: 'C = mean / 40', meanInstances: 40 },
  { ...plain, name: 'C falls by 30 %', capacityLeftRatio: 0.7 },
  { ...plain, name: 'censored load', isCensored: true },
  { ...plain, name: '1 s telemetry', hasAgents: true },
];

/** Tuned on by whoever tunes: reported apart from what is held out. */
export const tuningLoads: ReadonlySet<string> = new Set([
  'ms_mongo_app_rps_01_1min',
  'ms_mongo_app_rps_03_1min',
  'nasa95_jul_web_1min',
]);

export interface Settings {
  readonly traces: string;
  readonly seeds: number;
  readonly bootSeconds: number;
  /** σ of a lognormal boot with that median; 0: fixed. */
  readonly bootSigma: number;
  readonly isQuick: boolean;
}

export interface QualityTask {
  readonly affinity: string;
  /** What its result is known by. */
  readonly key: string;
  readonly load: string;
  readonly column: Column;
  readonly entrant: string;
  readonly settings: Settings;
}

/** What an entrant came to on a load, at one allowance. */
export interface Cell {
  /** Cost over the optimum's; the static peak's where no target, or not the config, keeps it. */
  readonly ratio: number;
  readonly isFallback: boolean;
  readonly violationShare: number;
  /** Cost over the optimum's at the run's own violations. */
  readonly ownRatio: number;
  readonly targetRatio: number | null;
}

export interface QualityResult {
  readonly key: string;
  readonly load: string;
  readonly column: string;
  readonly entrant: string;
  /** In the order of the allowances. */
  readonly cells: readonly Cell[];
}

/** One or two of each kind, so that `--quick` takes minutes. */
const quickLoads = ['social 101', 'ms_mongo_app_rps_02', 'nasa95_launchday', 'nasa95_jul'];
const shortLoads = ['autothrottle', 'azurellm2023'];

/** The loads that cost most come first, so that no thread is left with one at the end. */
const costOrder = ['nasa95_aug', 'nasa95_jul', 'social', 'ms_mongo'];

export function planTasks(settings: Settings, only: string): readonly QualityTask[] {
  const loads = listScoredLoads(settings.traces)
    .map(({ name }) => name)
    .filter((name) => name.includes(only))
    .filter((name) => !settings.isQuick || isQuick(name))
    .toSorted((one, other) => rankOf(one) - rankOf(other));
  const chosen = settings.isQuick ? columns.slice(0, 1) : columns;
  const rules = rivals.filter(({ serves }) => serves === 'load').map(({ name }) => name);
  const [main, ...others] = chosen;
  // The main column of all loads comes first: a run that is cut short has that.
  const grounds = [
    ...loads.flatMap((load) => (main === undefined ? [] : [{ load, column: main }])),
    ...loads.flatMap((load) => others.map((column) => ({ load, column }))),
  ];
  const reference = contenders.filter(({ isReference }) => isReference === true);
  const entrants = [...contenders.map(({ name }) => name), ...rules];
  const isLast = (entrant: string): boolean => reference.some(({ name }) => name === entrant);
  const tasks = grounds.flatMap(({ load, column }) => {
    // Foretide has 1 s telemetry in every column.
    const own = column.hasAgents ? rules : entrants;
    const entering = own.filter((entrant) => column === main || !isLast(entrant));
    return entering.map((entrant) => ({
      affinity: `${load}, ${column.name}`,
      key: keyOf({ load, column, entrant }),
      load,
      column,
      entrant,
      settings,
    }));
  });
  // They tell least.
  return [
    ...tasks.filter(({ entrant }) => !isLast(entrant)),
    ...tasks.filter(({ entrant }) => isLast(entrant)),
  ];
}

/** The policy is part of it: a changed one is another entrant. */
function keyOf({
  load,
  column,
  entrant,
}: Pick<QualityTask, 'load' | 'column' | 'entrant'>): string {
  const policy = contenders.find(({ name }) => name === entrant)?.policy;
  return [load, column.name, entrant, ...(policy === undefined ? [] : [policy])].join(' | ');
}

function isQuick(name: string): boolean {
  return [...quickLoads, ...shortLoads].some((prefix) => name.startsWith(prefix));
}

function rankOf(load: string): number {
  const rank = costOrder.findIndex((prefix) => load.startsWith(prefix));
  return rank < 0 ? costOrder.length : rank;
}
