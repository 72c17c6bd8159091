// `foretide simulate`: a group of a config on recorded or generated traffic, on virtual time.

import { writeFileSync } from 'node:fs';
import { readCalendar } from '../../config/read-calendar.ts';
import { explain } from '../../core/explain.ts';
import type { Decision } from '../../core/decision.ts';
import { createRunRecorder } from '../../simulation/chart/run-recorder.ts';
import { drawRunChart } from '../../simulation/chart/run-chart.ts';
import { measureLatency } from '../../simulation/latency/measure-latency.ts';
import type { Latency } from '../../simulation/latency/measure-latency.ts';
import type { Elasticity } from '../../simulation/score/elasticity.ts';
import { findOptimum, scoreRun } from '../../simulation/score/score.ts';
import type { Optimum, Score } from '../../simulation/score/score.ts';
import { simulateGroupInWorld } from '../../simulation/event/simulate-event.ts';
import { simulateGroup } from '../../simulation/simulate-group.ts';
import { describeError } from '../config-file.ts';
import { defaultConfigPath } from '../places.ts';
import { makeArena, priceOf } from '../simulation/make-arena.ts';
import type { ArenaOptions, engines, LoadOptions } from '../simulation/options.ts';
import { describeMode, readGroup } from '../simulation/read-group.ts';
import { readLoad } from '../simulation/read-load.ts';
import * as say from '../simulation/say-figures.ts';
import { StartError } from '../start-error.ts';
import { formatTable } from '../table.ts';

export interface SimulateOptions extends LoadOptions, ArenaOptions {
  readonly config?: readonly string[];
  readonly group?: string;
  readonly engine: (typeof engines)[number];
  /** Mean time of a unit of work on an instance, in milliseconds. */
  readonly serviceTime?: number;
  readonly chart?: string;
  readonly json?: boolean;
}

/** What `--json` prints: names and meanings stay. */
interface SimulationReport {
  readonly violationShare: number;
  readonly costInstanceSeconds: number;
  readonly costUsd: number;
  readonly optimum: {
    /** Null where the largest group cannot serve everything. */
    readonly zeroViolationCostInstanceSeconds: number | null;
    readonly costInstanceSeconds: Readonly<Record<string, number>>;
    readonly costAtOwnViolationShare: number;
  };
  readonly competitiveRatio: Readonly<Record<string, number | null>>;
  readonly elasticity: Elasticity;
  readonly latency: Latency;
  readonly launchesPerHour: number;
  readonly ticksPerSecond: number;
}

/** How many of the newest changes are explained. */
const explainedMax = 5;

export async function simulate(options: SimulateOptions): Promise<void> {
  const [path = defaultConfigPath, ...others] = options.config ?? [];
  if (others.length > 0) {
    throw new StartError(
      'more than one --config; allowed: one (foretide compare takes several)',
      2,
    );
  }
  const chosen = readGroup(path, options.group);
  const { group, staleAfterMs, calendar } = chosen;
  const named = await readLoad(options);
  const arena = makeArena(named, options, group);
  const recorder = createRunRecorder(arena.workload);
  const newest: Decision[] = [];
  const sizes = new Int32Array(arena.workload.scored.toSecond);
  const before = performance.now();
  const run = options.engine === 'event' ? simulateGroupInWorld : simulateGroup;
  const result = run(arena, {
    group,
    staleAfterMs,
    pricePerInstanceHour: chosen.pricePerInstanceHour ?? options.price,
    readCalendar: (now) => readCalendar(calendar, now),
    seed: options.seed,
    record: (second, inService) => {
      sizes[second] = inService;
      recorder.record(second, inService);
    },
    onChange: (decision) => {
      recorder.noteChange(decision);
      newest.push(decision);
      if (newest.length > explainedMax) newest.shift();
    },
  });
  const elapsedMs = performance.now() - before;
  const optimum = findOptimum(arena.workload, arena, arena);
  const score = scoreRun(result, optimum);
  const report = makeReport(score, optimum, {
    costUsd: priceOf(score.costInstanceSeconds, options.price),
    latency: measureLatency({
      workload: arena.workload,
      inService: sizes,
      ...(options.serviceTime === undefined ? {} : { serviceSeconds: options.serviceTime / 1000 }),
    }),
    ticksPerSecond: Math.round((result.ticks * 1000) / elapsedMs),
  });
  const title = `${group.name} on ${say.describeArena(named, arena)}`;
  const subtitle = `cost ${say.sayUsd(report.costUsd)}, violations ${say.sayPercent(report.violationShare)}`;
  if (options.chart !== undefined) {
    const { scoredSeconds } = result;
    const chart = { title, subtitle, columns: recorder.columns(), scoredSeconds };
    writeChart(options.chart, drawRunChart(chart));
  }
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

function makeReport(
  score: Score,
  optimum: Optimum,
  measured: Pick<SimulationReport, 'costUsd' | 'latency' | 'ticksPerSecond'>,
): SimulationReport {
  const { violationShare, costInstanceSeconds, competitiveRatios, ownRatio } = score;
  const { zeroViolationCost, bounds } = optimum;
  const keys = competitiveRatios.map(({ allowance }) => say.percentKey(allowance));
  return {
    violationShare,
    costInstanceSeconds,
    costUsd: measured.costUsd,
    optimum: {
      zeroViolationCostInstanceSeconds: Number.isFinite(zeroViolationCost)
        ? zeroViolationCost
        : null,
      costInstanceSeconds: Object.fromEntries(keys.map((key, index) => [key, bounds[index] ?? 0])),
      costAtOwnViolationShare: costInstanceSeconds / ownRatio,
    },
    competitiveRatio: Object.fromEntries(
      competitiveRatios.map(({ allowance, ratio }) => [say.percentKey(allowance), ratio]),
    ),
    elasticity: score.elasticity,
    latency: measured.latency,
    launchesPerHour: score.launchesPerHour,
    ticksPerSecond: measured.ticksPerSecond,
  };
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
