// Experts that are fitted elsewhere, in one horizon's ensemble. Each is a stage: its quantiles are mixed
// into what stands before it, so that the losses with it and without it are both known, on trial and after.
// The ensemble before the stages learns as if there were none: a trial changes no forecast.
//
// Both parts have a band of their own that keeps its coverage, and so nearly has their mixture: conformal
// offsets of its own on top of theirs swung with them, and cost up to a quarter of the loss.
//
//     own ensemble ──▶ with ARIMA ──▶ with the network     answered: the last that is admitted

import type { HedgePace } from './hedge-weights.ts';
import { forecastLevels } from './levels.ts';
import { pinball } from './pinball.ts';

const levelCount = forecastLevels.length;

/** Of an ensemble without such experts. */
export const noStages: StageTerms = { count: 0, isAdmitted: () => false };

export interface StageTerms {
  /** The last so many experts are stages. */
  readonly count: number;
  /** Whether what is answered has it in it. */
  isAdmitted(stage: number): boolean;
}

/** What stages made of one forecast. */
export interface StagedIssue {
  /** Stages × levels, ascending in a row; NaN where the expert had nothing to say. */
  readonly mixes: Float64Array;
  /** Bit n: stage n was admitted and had something to say. */
  readonly joined: number;
}

/** Losses of a stage's outcomes so far: sums over levels. */
export interface StageLosses {
  readonly outcomes: number;
  readonly without: number;
  readonly with: number;
}

/** What is learnt from, or mixed with. */
interface Given {
  /** The own ensemble's, ascending. */
  readonly own: Float64Array;
  /** The stages' experts × levels. */
  readonly quantiles: Float64Array;
}

interface StagePace extends HedgePace {
  /** Of each level; ≤ 0: not known yet. */
  readonly usualLoss: Float64Array;
}

/** Weight of a stage's expert when its trial begins. */
const shareFirst = 0.2;
const outcomesAt = 0;
const withoutAt = 1;
const withAt = 2;
const sumsLength = 3;
/** The expert's share per level, and sums. */
const rowLength = levelCount + sumsLength;

export function stagesLength(count: number): number {
  return count * rowLength;
}

interface Row {
  readonly shares: Float64Array;
  readonly sums: Float64Array;
}

/** `state` is zeros for new stages, or a copy of others'. */
export function openStages(state: Float64Array, count: number): readonly Row[] {
  return Array.from({ length: count }, (_, stage) => {
    const at = stage * rowLength;
    const row = {
      shares: state.subarray(at, at + levelCount),
      sums: state.subarray(at + levelCount, at + rowLength),
    };
    if (row.shares[0] === 0) row.shares.fill(shareFirst);
    return row;
  });
}

export type StageRows = readonly Row[];

/** As before anything was learnt: a trial begins. */
export function resetStage(rows: StageRows, stage: number): void {
  rows[stage]?.shares.fill(shareFirst);
  rows[stage]?.sums.fill(0);
}

/** `kept` 0–1 of what was summed up. */
export function fadeLosses(rows: StageRows, stage: number, kept: number): void {
  const sums = rows[stage]?.sums;
  if (sums === undefined) return;
  for (const [index, sum] of sums.entries()) sums[index] = sum * kept;
}

export function readLosses(rows: StageRows, stage: number): StageLosses {
  const sums = rows[stage]?.sums;
  return {
    outcomes: sums?.[outcomesAt] ?? 0,
    without: sums?.[withoutAt] ?? 0,
    with: sums?.[withAt] ?? 0,
  };
}

/** The quantiles after each stage; `speaks` says of which experts there are any. */
export function mixStages(
  rows: StageRows,
  { own, quantiles }: Given,
  speaks: (stage: number) => boolean,
  terms: StageTerms,
): StagedIssue {
  const mixes = new Float64Array(rows.length * levelCount).fill(Number.NaN);
  let joined = 0;
  let before = own;
  for (const [stage, { shares }] of rows.entries()) {
    if (!speaks(stage)) continue;
    const at = stage * levelCount;
    let least = 0;
    for (let level = 0; level < levelCount; level += 1) {
      const share = shares[level] ?? 0;
      const mixed = (1 - share) * (before[level] ?? 0) + share * (quantiles[at + level] ?? 0);
      least = Math.max(least, mixed);
      mixes[at + level] = least;
    }
    if (!terms.isAdmitted(stage)) continue;
    joined += 1 << stage;
    before = mixes.subarray(at, at + levelCount);
  }
  return { mixes, joined };
}

/** What is answered: the last admitted stage's, or the own ensemble's. Shares their memory. */
export function lastJoined(own: Float64Array, issue: StagedIssue, until = 32): Float64Array {
  for (let stage = Math.min(until, issue.mixes.length / levelCount) - 1; stage >= 0; stage -= 1) {
    if ((issue.joined & (1 << stage)) === 0) continue;
    return issue.mixes.subarray(stage * levelCount, (stage + 1) * levelCount);
  }
  return own;
}

export function learnStages(
  rows: StageRows,
  issue: StagedIssue & Given,
  outcome: number,
  pace: StagePace,
): void {
  for (const [stage, row] of rows.entries()) {
    const at = stage * levelCount;
    if (Number.isNaN(issue.mixes[at] ?? Number.NaN)) continue;
    const before = lastJoined(issue.own, issue, stage);
    row.sums[outcomesAt] = (row.sums[outcomesAt] ?? 0) + 1;
    for (const [level, probability] of forecastLevels.entries()) {
      const base = before[level] ?? 0;
      const mixed = issue.mixes[at + level] ?? 0;
      row.sums[withoutAt] = (row.sums[withoutAt] ?? 0) + pinball(outcome, base, probability);
      row.sums[withAt] = (row.sums[withAt] ?? 0) + pinball(outcome, mixed, probability);
      const slope = outcome > mixed ? -probability : 1 - probability;
      const difference = slope * ((issue.quantiles[at + level] ?? 0) - base);
      moveShare(row.shares, level, difference, pace);
    }
  }
}

/**
 * Fixed-share Hedge between what stands before a stage and its expert, by the slope of the mixture's loss:
 * it comes near the best mixture, where plain losses come near the better of the two (the gradient trick:
 * N. Cesa-Bianchi, G. Lugosi, "Prediction, Learning, and Games", 2006, 2.5).
 */
function moveShare(
  shares: Float64Array,
  level: number,
  difference: number,
  { hedgeRate, shared, lossMax, usualLoss }: StagePace,
): void {
  const usual = usualLoss[level] ?? 0;
  if (usual <= 0) return;
  const bounded = Math.max(-lossMax, Math.min(lossMax, difference / usual));
  const share = shares[level] ?? 0;
  const kept = share * Math.exp(-hedgeRate * bounded);
  shares[level] = (kept / (kept + 1 - share)) * (1 - shared) + shared / 2;
}
