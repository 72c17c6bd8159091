// One group on one load: the figures, the chart and the newest decisions. Prints nothing.

import type { GroupConfig } from '../../config/config.ts';
import { readCalendar } from '../../config/read-calendar.ts';
import type { Decision } from '../../core/decision.ts';
import { drawRunChart } from '../../simulation/chart/run-chart.ts';
import { createRunRecorder } from '../../simulation/chart/run-recorder.ts';
import { simulateGroupInWorld } from '../../simulation/event/simulate-event.ts';
import { measureLatency } from '../../simulation/latency/measure-latency.ts';
import type { Latency } from '../../simulation/latency/measure-latency.ts';
import type { Elasticity } from '../../simulation/score/elasticity.ts';
import { findOptimum, scoreRun } from '../../simulation/score/score.ts';
import type { Optimum, Score } from '../../simulation/score/score.ts';
import { simulateGroup } from '../../simulation/simulate-group.ts';
import { makeArena, priceOf } from './make-arena.ts';
import type { ArenaOptions, Engine } from './options.ts';
import type { NamedLoad } from './read-load.ts';
import * as say from './say-figures.ts';

/** What `--json` prints: names and meanings stay. */
export interface SimulationReport {
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

/** How many of the newest changes are kept. */
export const newestMax = 5;

export interface SimulationOptions extends ArenaOptions {
  readonly seed: number;
  readonly engine: Engine;
  /** Mean time of a unit of work on an instance, in milliseconds; left out, that of the latency's own. */
  readonly serviceTime?: number;
  /** Called now and then with the share that is done, 0–1. */
  readonly onProgress?: (share: number) => void;
}

export interface SimulationOutcome {
  readonly title: string;
  readonly report: SimulationReport;
  /** The newest changes, oldest first. */
  readonly newest: readonly Decision[];
  /** Drawn when it is asked for. */
  readonly svg: () => string;
}

export function runSimulation(
  { group, staleAfterMs, calendar, pricePerInstanceHour }: GroupConfig,
  named: NamedLoad,
  options: SimulationOptions,
): SimulationOutcome {
  const arena = makeArena(named, options, group);
  const recorder = createRunRecorder(arena.workload);
  const newest: Decision[] = [];
  const sizes = new Int32Array(arena.workload.scored.toSecond);
  const total = named.load.workPerSecond.length;
  let seconds = 0;
  const before = performance.now();
  const run = options.engine === 'event' ? simulateGroupInWorld : simulateGroup;
  const result = run(arena, {
    group,
    staleAfterMs,
    pricePerInstanceHour: pricePerInstanceHour ?? options.price,
    readCalendar: (now) => readCalendar(calendar, now),
    seed: options.seed,
    record: (second, inService) => {
      sizes[second] = inService;
      recorder.record(second, inService);
      seconds += 1;
      if (seconds % progressSeconds === 0) options.onProgress?.(Math.min(1, seconds / total));
    },
    onChange: (decision) => {
      recorder.noteChange(decision);
      newest.push(decision);
      if (newest.length > newestMax) newest.shift();
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
  const { scoredSeconds } = result;
  const svg = (): string =>
    drawRunChart({ title, subtitle, columns: recorder.columns(), scoredSeconds });
  return { title, report, newest, svg };
}

const progressSeconds = 20_000;

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
