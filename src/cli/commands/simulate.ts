// `foretide simulate`: a group of a config on recorded or generated traffic, on virtual time.

import { writeFileSync } from 'node:fs';
import { explain } from '../../core/explain.ts';
import type { Decision } from '../../core/decision.ts';
import type { Latency } from '../../simulation/latency/measure-latency.ts';
import { describeError } from '../describe-error.ts';
import { defaultConfigPath } from '../places.ts';
import type { ArenaOptions, Engine, LoadOptions } from '../simulation/options.ts';
import { describeMode, readGroup } from '../simulation/read-group.ts';
import { readLoad } from '../simulation/read-load.ts';
import { runSimulation, type SimulationReport } from '../simulation/run-simulation.ts';
import * as say from '../simulation/say-figures.ts';
import { StartError } from '../start-error.ts';
import { formatTable } from '../table.ts';

export interface SimulateOptions extends LoadOptions, ArenaOptions {
  readonly config?: readonly string[];
  readonly group?: string;
  readonly engine: Engine;
  /** Mean time of a unit of work on an instance, in milliseconds. */
  readonly serviceTime?: number;
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
  const chosen = readGroup(path, options.group);
  const named = await readLoad(options);
  const { newest, report, svg, title } = runSimulation(chosen, named, options);
  if (options.chart !== undefined) writeChart(options.chart, svg());
  for (const note of [describeMode(chosen), ...named.notes]) {
    if (note !== null) process.stderr.write(`foretide: ${note}\n`);
  }
  process.stdout.write(
    options.json === true
      ? `${JSON.stringify(report)}\n`
      : `${title}\n\n${formatReport(report, options.price)}\n\n${explainNewest(newest)}\n`,
  );
}

export function writeChart(path: string, svg: string): void {
  try {
    writeFileSync(path, svg);
  } catch (error) {
    throw new StartError(`${path} cannot be written: ${describeError(error)}`, 1);
  }
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
