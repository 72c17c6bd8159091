// `foretide compare`: configs as they are beside every rival at its best on this very traffic, and
// both beside the optimum.

import { compareQueue } from '../simulation/compare-queue.ts';
import type { ArenaOptions, LoadOptions } from '../simulation/options.ts';
import { describeMode, readGroup } from '../simulation/read-group.ts';
import { readLoad } from '../simulation/read-load.ts';
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
  const { candidates, head, optimum, svg } = await runComparison({ entrants, chosen }, named, {
    ...options,
    tune: tuneInThreads,
    onTuned: (name, done, count) => showProgress(`tuned ${name}, ${done} of ${count}`),
  });
  showProgress('');
  if (options.chart !== undefined) writeChart(options.chart, svg());
  for (const note of [...entrants.map(({ config }) => describeMode(config)), ...named.notes]) {
    if (note !== null) process.stderr.write(`foretide: ${note}\n`);
  }
  process.stdout.write(
    options.json === true
      ? `${JSON.stringify({ epsilon: options.epsilon, optimum, candidates })}\n`
      : `${head}\n\n${formatCandidates(candidates, optimum)}\n`,
  );
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

/** One line that is written over again, for a person who waits; nothing where nobody looks. */
function showProgress(line: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001B[K${line}`);
}
