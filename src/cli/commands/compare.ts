// `foretide compare`: configs as they are beside every rival at its best on this very traffic, and
// both beside the optimum.

import { withProgressLine } from '../progress-line.ts';
import {
  chooseQueueRivals,
  compareQueue,
  type QueueCandidate,
  type QueueComparison,
} from '../simulation/compare-queue.ts';
import type { ArenaOptions } from '../simulation/options.ts';
import { describeMode, readAnyGroup } from '../simulation/read-group.ts';
import { readLoad } from '../simulation/read-load.ts';
import { readMessages, type QueueLoadOptions } from '../simulation/read-queue.ts';
import {
  chooseRivals,
  runComparison,
  type Candidate,
  type OptimumCost,
} from '../simulation/run-comparison.ts';
import * as say from '../simulation/say-figures.ts';
import { tuneInThreads } from '../simulation/tune-rivals.ts';
import { StartError } from '../start-error.ts';
import { formatTable } from '../table.ts';
import { writeChart } from './simulate.ts';

/** With `jobs` or `serviceTime`, or a config that works off a queue, queues are compared. */
export interface CompareOptions extends QueueLoadOptions, ArenaOptions {
  readonly against: string;
  readonly config?: readonly string[];
  readonly group?: string;
  /** The share of work that may find no capacity, or of messages that may be late. */
  readonly epsilon: number;
  /** From a message's sending to its deletion, in milliseconds; left out, that of the configs. */
  readonly promise?: number;
  readonly chart?: string;
  readonly json?: boolean;
}

interface ReadGroup extends ReturnType<typeof readAnyGroup> {
  readonly path: string;
}

export async function compare(options: CompareOptions): Promise<void> {
  const groups = (options.config ?? []).map(
    (path): ReadGroup => ({
      path,
      ...readAnyGroup(path, options.group),
    }),
  );
  const isOnQueue =
    options.jobs !== undefined ||
    options.serviceTime !== undefined ||
    groups.some(({ backlog }) => backlog !== null);
  const comparison = isOnQueue
    ? await compareOnQueue(groups, options)
    : await compareOnLoad(groups, options);
  if (options.chart !== undefined) writeChart(options.chart, comparison.svg());
  for (const note of [...groups.map(({ config }) => describeMode(config)), ...comparison.notes]) {
    if (note !== null) process.stderr.write(`foretide: ${note}\n`);
  }
  const { candidates, head, optimum, table } = comparison;
  process.stdout.write(
    options.json === true
      ? `${JSON.stringify({ epsilon: options.epsilon, optimum, candidates })}\n`
      : `${head}\n\n${table}\n`,
  );
}

interface Compared extends Pick<QueueComparison, 'head' | 'notes' | 'svg'> {
  readonly optimum: unknown;
  readonly candidates: unknown;
  readonly table: string;
}

async function compareOnLoad(
  groups: readonly ReadGroup[],
  options: CompareOptions,
): Promise<Compared> {
  const chosen = chooseRivals(options.against);
  const named = await readLoad(options);
  const comparison = await withProgressLine(options, (show) =>
    runComparison({ entrants: groups, chosen }, named, {
      ...options,
      tune: tuneInThreads,
      onTuned: (name, done, count) => show(`tuned ${name}, ${done} of ${count}`),
    }),
  );
  const table = formatCandidates(comparison.candidates, comparison.optimum);
  return { ...comparison, notes: named.notes, table };
}

async function compareOnQueue(
  groups: readonly ReadGroup[],
  options: CompareOptions,
): Promise<Compared> {
  const chosen = chooseQueueRivals(options.against);
  const entrants = groups.map(({ backlog, config, path }) => {
    if (backlog !== null) return { backlog, config, path };
    const line = `${path}: group ${config.group.name} has no backlog policy; allowed beside others`;
    throw new StartError(`${line} that work off a queue: one that does, too`, 2);
  });
  const messages = await readMessages(options);
  const comparison = await withProgressLine(options, (onProgress) =>
    compareQueue(entrants, chosen, messages, { ...options, onProgress }),
  );
  return { ...comparison, table: formatQueueCandidates(comparison) };
}

function formatQueueCandidates({ candidates, optimum }: QueueComparison): string {
  const isKnown = optimum.costUsd !== null;
  const least = optimum.costUsd === null ? '-' : say.sayUsd(optimum.costUsd);
  return formatTable([
    ['', 'cost / optimum', 'late', 'cost', 'launches an hour', 'target'],
    ['optimum', isKnown ? '1' : '-', '', least, '', 'knows the future'],
    ...candidates.map((one) => [
      one.name,
      say.sayRatio(one.ratio),
      say.sayPercent(one.lateShare),
      say.sayUsd(one.costUsd),
      one.launchesPerHour.toFixed(2),
      describeQueueTarget(one),
    ]),
  ]);
}

function describeQueueTarget({ targetRatio }: QueueCandidate): string {
  if (targetRatio === null) return 'as configured';
  return `${say.sayPercent(targetRatio)} of the promise, in hindsight`;
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
