// `foretide simulate`: a group of a config on recorded or generated traffic, on virtual time.

import { writeFileSync } from 'node:fs';
import { explain } from '../../core/explain.ts';
import type { GroupConfig } from '../../config/config.ts';
import type { Decision } from '../../core/decision.ts';
import type { BacklogPolicy } from '../../core/policies/policy.ts';
import type { Latency } from '../../simulation/latency/measure-latency.ts';
import { describeError } from '../describe-error.ts';
import { defaultConfigPath } from '../places.ts';
import { withProgressLine } from '../progress-line.ts';
import type { ArenaOptions, Engine } from '../simulation/options.ts';
import { describeMode, readAnyGroup } from '../simulation/read-group.ts';
import { readLoad } from '../simulation/read-load.ts';
import { readMessages, type QueueLoadOptions } from '../simulation/read-queue.ts';
import { runQueueSimulation, type QueueReport } from '../simulation/run-queue-simulation.ts';
import { runSimulation, type SimulationReport } from '../simulation/run-simulation.ts';
import * as say from '../simulation/say-figures.ts';
import { StartError } from '../start-error.ts';
import { formatTable } from '../table.ts';

/** `serviceTime` is also that of a unit of work on an instance, where no queue is simulated. */
export interface SimulateOptions extends QueueLoadOptions, ArenaOptions {
  readonly config?: readonly string[];
  readonly group?: string;
  readonly engine: Engine;
  readonly chart?: string;
  readonly json?: boolean;
}

export async function simulate(options: SimulateOptions): Promise<void> {
  const [path = defaultConfigPath, ...others] = options.config ?? [];
  if (others.length > 0) {
    throw new StartError(
      'more than one --config; allowed: one (foretide compare takes several)',
      2,
    );
  }
  const { config, backlog } = readAnyGroup(path, options.group);
  if (backlog === null && options.jobs !== undefined) {
    const line = `${path}: group ${config.group.name} has no backlog policy; allowed with --jobs: a group`;
    throw new StartError(`${line} that works off a queue`, 2);
  }
  if (backlog !== null && options.engine === 'event') {
    throw new StartError('--engine event is for load; a queue has one engine of its own', 2);
  }
  const { notes, outcome, table } =
    backlog === null
      ? await simulateLoad(config, options)
      : await simulateQueue(config, backlog, options);
  const { newest, report, svg, title } = outcome;
  if (options.chart !== undefined) writeChart(options.chart, svg());
  for (const note of [describeMode(config), ...notes]) {
    if (note !== null) process.stderr.write(`foretide: ${note}\n`);
  }
  process.stdout.write(
    options.json === true
      ? `${JSON.stringify(report)}\n`
      : `${title}\n\n${table}\n\n${explainNewest(newest)}\n`,
  );
}

interface Simulated {
  readonly outcome: {
    readonly title: string;
    readonly report: unknown;
    readonly newest: readonly Decision[];
    readonly svg: () => string;
  };
  readonly table: string;
  readonly notes: readonly string[];
}

async function simulateLoad(config: GroupConfig, options: SimulateOptions): Promise<Simulated> {
  const named = await readLoad(options);
  const outcome = runSimulation(config, named, options);
  const table = formatReport(outcome.report, options.price);
  return { outcome, table, notes: named.notes };
}

async function simulateQueue(
  config: GroupConfig,
  backlog: BacklogPolicy,
  options: SimulateOptions,
): Promise<Simulated> {
  const messages = await readMessages(options);
  const outcome = await withProgressLine(options, (onProgress) =>
    runQueueSimulation(config, backlog, messages, { ...options, onProgress }),
  );
  const { report, notes } = outcome;
  return { outcome, table: formatQueueReport(report, options.price), notes };
}

export function writeChart(path: string, svg: string): void {
  try {
    writeFileSync(path, svg);
  } catch (error) {
    throw new StartError(`${path} cannot be written: ${describeError(error)}`, 1);
  }
}

function formatQueueReport(report: QueueReport, price: number): string {
  const { keptShare, latency, messages, optimum, peakInstances } = report;
  const late = Math.round((1 - keptShare) * messages);
  const own = optimum.costAtOwnLateShare;
  const ratios = Object.entries(report.competitiveRatio).map(([key, ratio]) => {
    const isUnknown = optimum.costInstanceSeconds[key] === null;
    const missing = isUnknown ? '- (too large to compute)' : '- (more messages were late)';
    return [`cost / optimum at ${key}`, ratio === null ? missing : say.sayRatio(ratio)];
  });
  const cost = say.sayWhole(report.costInstanceSeconds);
  const counted = `${say.sayWhole(messages)} messages`;
  return formatTable([
    ['kept', `${say.sayShare(keptShare)} of ${counted} within the promise, ${late} late`],
    ['latency', sayLatencies(latency)],
    ['cost', `${cost} instance-seconds, ${say.sayUsd(report.costUsd)} at $${price} an hour`],
    ...ratios,
    [
      '  at its own late ones',
      own === null || own <= 0 ? '-' : say.sayRatio(report.costInstanceSeconds / own),
    ],
    ['instances', `${peakInstances} at most`],
    ['launches', `${report.launches}, ${report.launchesPerHour.toFixed(2)} an hour`],
    ['simulated', `${say.sayWhole(report.ticksPerSecond)} decisions a second`],
  ]);
}

function sayLatencies({ p50Ms, p95Ms, p99Ms, longestMs }: QueueReport['latency']): string {
  const sayOne = (ms: number | null): string =>
    ms === null ? 'not done' : say.sayMilliseconds(ms);
  const [p50, p95, p99, longest] = [p50Ms, p95Ms, p99Ms, longestMs].map(sayOne);
  return `p50 ${p50}, p95 ${p95}, p99 ${p99}, longest ${longest}, from sent to done`;
}

function formatReport(report: SimulationReport, price: number): string {
  const { elasticity, optimum } = report;
  const { underTimeShare, overTimeShare, underProvisionedShare, overProvisionedShare } = elasticity;
  const own = report.costInstanceSeconds / optimum.costAtOwnViolationShare;
  const ratios = Object.entries(report.competitiveRatio).map(([key, ratio]) => [
    `cost / optimum at ${key}`,
    ratio === null ? '- (more violations than that)' : say.sayRatio(ratio),
  ]);
  const cost = say.sayWhole(report.costInstanceSeconds);
  return formatTable([
    ['cost', `${cost} instance-seconds, ${say.sayUsd(report.costUsd)} at $${price} an hour`],
    ['violations', `${say.sayPercent(report.violationShare)} of the work found no capacity`],
    ...ratios,
    ['  at its own violations', say.sayRatio(own)],
    ['too few instances', sayShares(underTimeShare, underProvisionedShare, 'missing')],
    ['too many instances', sayShares(overTimeShare, overProvisionedShare, 'surplus')],
    ['instability', `${say.sayPercent(elasticity.instability)} of the seconds`],
    ['latency', sayLatency(report.latency)],
    ['launches', `${report.launchesPerHour.toFixed(2)} an hour`],
    ['simulated', `${say.sayWhole(report.ticksPerSecond)} decisions a second`],
  ]);
}

function sayShares(timeShare: number, share: number, what: string): string {
  return `${say.sayPercent(timeShare)} of the time, ${say.sayPercent(share)} ${what} in the mean`;
}

function sayLatency({ p50Ms, p95Ms, p99Ms, serviceMs }: Latency): string {
  const [p50, p95, p99] = [p50Ms, p95Ms, p99Ms].map(say.sayMilliseconds);
  return `p50 ${p50}, p95 ${p95}, p99 ${p99}, of work that takes ${say.sayMilliseconds(serviceMs)}`;
}

function explainNewest(newest: readonly Decision[]): string {
  if (newest.length === 0) return 'The size was never changed.';
  const lines = newest.toReversed().flatMap((decision) => {
    const { summary, details } = explain(decision);
    const time = new Date(decision.at).toISOString().replace('.000Z', 'Z');
    return [`  ${time}  ${summary}`, ...details.map((detail) => `    ${detail}`)];
  });
  return ['The newest changes:', ...lines].join('\n');
}
