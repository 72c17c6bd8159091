// Tunes a rival as no user can: on the trace that it is scored on, over a grid of targets.
import { costContender, runContender } from './arena.ts';
import type { Arena, Contender } from './arena.ts';
import type { FluidResult } from './fluid/run-fluid.ts';
import type { RunCost } from './fluid/run-stretches.ts';
import { averageSamples } from './fluid/telemetry.ts';
import type { Telemetry } from './fluid/telemetry.ts';
import { targetRatios } from './rivals/index.ts';
import type { Rival } from './rivals/rival.ts';
import { violationShareOf } from './score/score.ts';
import { peakInstances } from './workload.ts';

export interface RivalOptions {
  /** The target as a share of what an instance can do at the start. */
  readonly targetRatio: number;
  readonly seed: number;
  /** Instead of the rival's own monitoring. */
  readonly telemetry?: Telemetry;
}

/** What a target came to, as the mean over the seeds. */
export interface Trial {
  readonly targetRatio: number;
  readonly violationShare: number;
  readonly costInstanceSeconds: number;
  readonly launchesPerHour: number;
}

export interface TuningOptions {
  readonly seeds: readonly number[];
  readonly telemetry?: Telemetry;
  /** The grid, rising; default `targetRatios`. */
  readonly ratios?: readonly number[];
  /** Default 3: a coarse grid is settled sooner. */
  readonly settledTargets?: number;
  /** The smallest allowance that a trial will be chosen for. Default 0.001. */
  readonly tightestAllowance?: number;
}

/**
 * After so many targets in a row that keep the tightest allowance, each dearer than the one before,
 * lower targets are not tried: they would only cost more.
 */
const settledTargetsDefault = 3;

/** One run of a rival that serves load. */
export function runRival(rival: Rival, arena: Arena, options: RivalOptions): FluidResult {
  return runContender(arena, prepareRival(rival, arena, options), options.seed);
}

/** What the same run costs, in a fraction of the time. */
export function costRival(rival: Rival, arena: Arena, options: RivalOptions): RunCost {
  const { averagesSeconds } = rival;
  const contender = prepareRival(rival, arena, options);
  const { telemetry } = contender;
  // A rule that may go to no instance at all has clocks of its own there; and by the second there is
  // nothing to leave out.
  const isBySecond = averagesSeconds === undefined && telemetry.periodSeconds === 1;
  if (arena.minInstances < 1 || isBySecond) return runContender(arena, contender, options.seed);
  const averaged =
    averagesSeconds === undefined ? telemetry : averageSamples(telemetry, averagesSeconds);
  return costContender(arena, { ...contender, telemetry: averaged }, options.seed);
}

function prepareRival(
  rival: Rival,
  arena: Arena,
  { targetRatio, telemetry = rival.telemetry }: RivalOptions,
): Contender & Pick<Rival, 'wakeSeconds' | 'watchesCounts'> {
  const { workload, minInstances } = arena;
  const scaler = rival.create({
    target: targetRatio * workload.capacity.perInstance,
    peakInstances: Math.max(minInstances, peakInstances(workload)),
  });
  return { ...rival, scaler, telemetry };
}

/**
 * Runs a rival over the grid from the highest target down, until lower ones have nothing to offer.
 * A rule without a target runs once.
 */
export function tuneInHindsight(
  rival: Rival,
  arena: Arena,
  options: TuningOptions,
): readonly Trial[] {
  const ratios = rival.hasTarget ? (options.ratios ?? targetRatios) : [1];
  const allowance = options.tightestAllowance ?? 0.001;
  const settledTargets = options.settledTargets ?? settledTargetsDefault;
  const trials: Trial[] = [];
  let settled = 0;
  for (const targetRatio of ratios.toReversed()) {
    if (settled >= settledTargets) break;
    const trial = tryTarget(rival, arena, options, targetRatio);
    const cheaper = trials.at(-1)?.costInstanceSeconds ?? 0;
    const isSettled = trial.violationShare <= allowance && trial.costInstanceSeconds >= cheaper;
    settled = isSettled ? settled + 1 : 0;
    trials.push(trial);
  }
  return trials;
}

/** One target of a rival, as the mean over the seeds. */
export function tryTarget(
  rival: Rival,
  arena: Arena,
  options: TuningOptions,
  targetRatio: number,
): Trial {
  const telemetry = options.telemetry ?? rival.telemetry;
  const results = options.seeds.map((seed) =>
    costRival(rival, arena, { targetRatio, seed, telemetry }),
  );
  return averageTrials(targetRatio, results);
}

/** The mean of several runs. There must be one. */
export function averageTrials(targetRatio: number, results: readonly RunCost[]): Trial {
  return {
    targetRatio,
    violationShare: mean(results.map(violationShareOf)),
    costInstanceSeconds: mean(results.map((one) => one.costInstanceSeconds)),
    launchesPerHour: mean(results.map((one) => (one.launches * 3600) / one.scoredSeconds)),
  };
}

/** The cheapest trial that keeps the allowance; undefined if none does. */
export function cheapestWithin(
  trials: readonly Trial[],
  violationAllowance: number,
): Trial | undefined {
  return trials
    .filter((trial) => trial.violationShare <= violationAllowance)
    .toSorted((one, other) => one.costInstanceSeconds - other.costInstanceSeconds)[0];
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
