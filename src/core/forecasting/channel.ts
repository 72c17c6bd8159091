// One horizon's ensemble: each expert's residuals, the weights per level (fixed-share Hedge:
// M. Herbster, M. Warmuth, "Tracking the Best Expert", 1998) and the conformal offsets (I. Gibbs,
// E. Candès, "Adaptive Conformal Inference Under Distribution Shift", 2021). It does not know time.
// size: one state whose parts are learnt from one outcome; each of them would drag the others along.

import { compareWithNaive, demotedTo, demotionLength, judgeDemotion } from './demotion.ts';
import {
  fadeLosses,
  lastJoined,
  learnStages,
  mixStages,
  noStages,
  openStages,
  readLosses,
  resetStage,
  stagesLength,
  type StagedIssue,
  type StageLosses,
  type StageRows,
  type StageTerms,
} from './fitted-stages.ts';
import { devalueWeights, moveWeights, type HedgePace } from './hedge-weights.ts';
import { forecastLevels, medianIndex } from './levels.ts';
import { crpsOf } from './pinball.ts';
import {
  addResidual,
  countSeen,
  histogramBins,
  createResidualHistogram,
  histogramLength,
  type ResidualHistogram,
} from './residual-histogram.ts';
import { addToScorecard, naiveRows, scorecardLength } from './scorecard.ts';

const levelCount = forecastLevels.length;

/** What is set once for everyone. */
export const learning = {
  /** Hedge's rate, per loss of the usual size, where windows do not overlap. */
  hedgeRate: 0.2,
  /** Share of all weight dealt out anew at each update, where windows do not overlap. */
  sharedRatio: 0.004,
  /** A loss counts at most as so many usual ones. */
  lossMax: 8,
  /** Residuals of an expert before it counts. */
  seenMin: 20,
  /** Residuals remembered, in updates. */
  memory: 1500,
  /** Conformal step, in residual sizes. */
  conformalRate: 0.03,
  /** The offset's bound, in residual sizes. */
  offsetMax: 4,
};

/** A forecast as it was made, until its outcome is known. */
export interface Issue extends StagedIssue {
  /** Added to demands before logarithms are taken. */
  readonly floor: number;
  /** Per expert; NaN: it had nothing to say. */
  readonly centers: Float64Array;
  /** Experts × levels. */
  readonly quantiles: Float64Array;
  /** Of the experts that learn here, per level, ascending: what is learnt from. */
  readonly own: Float64Array;
  /** The same with the fitted experts that are admitted: scored. */
  readonly ensemble: Float64Array;
  /** What is answered: the ensemble's, or the naive forecast's that it was demoted to. */
  readonly answer: Float64Array;
  /** 1 where the forecast is among its highest tenth, else 0: bands are kept apart by it. */
  readonly regime: 0 | 1;
}

export interface Channel {
  /** Everything learnt. */
  readonly state: Float64Array;
  /** `centers` is read, not kept. */
  issue(centers: Float64Array, floor: number): Issue;
  /** `outcome` ≥ 0; of a censored one, the demand was at least that. */
  learn(issue: Issue, outcome: number, isCensored: boolean): void;
  /** In what is answered: 0 for a fitted expert that is not admitted. The sum over experts is 1. */
  weightOf(expert: number, level: number): number;
  /** Of the fitted experts, counted from 0: the losses with each and without it. */
  lossesOf(stage: number): StageLosses;
  /** Its trial begins. */
  resetStage(stage: number): void;
  /** Keeps so much, 0–1, of the losses. */
  fadeLosses(stage: number, kept: number): void;
  scorecard(): Float64Array;
  updates(): number;
  /** True while the ensemble loses to seasonal naive. */
  isDemoted(): boolean;
  /** After a change point: weight goes to the experts that do not lean on the past. */
  forget(leansOnPast: readonly boolean[]): void;
}

const scalarCount = 3;
const sizeAt = 0;
const highAt = 1;
const updatesAt = 2;
const naiveExperts = naiveRows.map((row) => row - 1);
/** Logs that the bound of the highest tenth moves at an outcome: a day must not carry it along. */
const highPace = 0.002;
/** Judged every so many updates, from the second time on. */
const judgedEvery = 10;
/** After a change point: what is left of the residuals' weight. */
const residualsKept = 0.5;

export function channelLength(expertCount: number, stages = 0): number {
  return (
    scalarCount +
    demotionLength +
    levelCount * 3 +
    expertCount * histogramLength +
    (expertCount - stages) * levelCount +
    scorecardLength(expertCount) +
    stagesLength(stages)
  );
}

interface Parts {
  readonly scalars: Float64Array;
  readonly demotion: Float64Array;
  readonly usualLoss: Float64Array;
  /** Two regimes × levels. */
  readonly offsets: Float64Array;
  /** Levels × the experts that are no stages. */
  readonly weights: Float64Array;
  readonly scores: Float64Array;
  readonly histograms: readonly ResidualHistogram[];
  readonly stages: StageRows;
  readonly terms: StageTerms;
  readonly experts: number;
  /** Those that are no stages. */
  readonly plain: number;
  readonly pace: number;
}

/**
 * `state` is zeros for a new channel, or a copy of another's. `pace`: 1 / how many forecasts overlap a
 * window, since overlapping outcomes tell nearly the same. 0–1.
 */
export function createChannel(
  experts: number,
  state: Float64Array,
  pace: number,
  terms: StageTerms = noStages,
): Channel {
  const parts = divide(experts, state, { pace, terms });
  const { plain, stages, weights } = parts;
  if (weights[0] === 0) weights.fill(1 / plain);
  return {
    state,
    issue: (centers, floor) => makeIssue(parts, centers, floor),
    learn: (issue, outcome, isCensored) => {
      if (isCensored) learnCensored(parts, issue, outcome);
      else learnOutcome(parts, issue, outcome);
    },
    weightOf: (expert, level) => weightOf(parts, expert, level),
    lossesOf: (stage) => readLosses(stages, stage),
    resetStage: (stage) => resetStage(stages, stage),
    fadeLosses: (stage, kept) => fadeLosses(stages, stage, kept),
    scorecard: () => parts.scores,
    updates: () => parts.scalars[updatesAt] ?? 0,
    isDemoted: () => demotedTo(parts.demotion) > 0,
    forget: (leansOnPast) => forget(parts, leansOnPast),
  };
}

function divide(
  experts: number,
  state: Float64Array,
  { pace, terms }: Pick<Parts, 'pace' | 'terms'>,
): Parts {
  const plain = experts - terms.count;
  let at = 0;
  const take = (length: number): Float64Array => state.subarray(at, (at += length));
  return {
    scalars: take(scalarCount),
    demotion: take(demotionLength),
    usualLoss: take(levelCount),
    offsets: take(2 * levelCount),
    weights: take(levelCount * plain),
    scores: take(scorecardLength(experts)),
    histograms: Array.from({ length: experts }, () =>
      createResidualHistogram(take(histogramLength)),
    ),
    stages: openStages(take(stagesLength(terms.count)), terms.count),
    terms,
    experts,
    plain,
    pace,
  };
}

function makeIssue(parts: Parts, given: Float64Array, floor: number): Issue {
  const { experts, plain, weights, histograms, offsets, scalars } = parts;
  const centers = given.slice();
  const quantiles = new Float64Array(experts * levelCount);
  const own = new Float64Array(levelCount);
  for (let expert = 0; expert < experts; expert += 1) {
    const center = centers[expert] ?? Number.NaN;
    const histogram = histograms[expert];
    if (!(center >= 0) || histogram === undefined) continue;
    const spread = histogram.quantiles;
    for (let level = 0; level < levelCount; level += 1) {
      const value = (center + floor) * Math.exp(spread[level] ?? 0) - floor;
      quantiles[expert * levelCount + level] = value > 0 ? value : 0;
    }
  }
  for (let level = 0; level < levelCount; level += 1) {
    let total = 0;
    let sum = 0;
    for (let expert = 0; expert < plain; expert += 1) {
      if (!isHeard(parts, centers, expert)) continue;
      const weight = weights[level * plain + expert] ?? 0;
      total += weight;
      sum += weight * (quantiles[expert * levelCount + level] ?? 0);
    }
    own[level] = total > 0 ? sum / total : 0;
  }
  const middle = Math.log((own[medianIndex] ?? 0) + floor);
  const regime = middle > (scalars[highAt] ?? 0) && (scalars[updatesAt] ?? 0) > 0 ? 1 : 0;
  let least = 0;
  for (let level = 0; level < levelCount; level += 1) {
    const offset = offsets[regime * levelCount + level] ?? 0;
    least = Math.max(least, ((own[level] ?? 0) + floor) * Math.exp(offset) - floor);
    own[level] = least;
  }
  const staged = mixStages(
    parts.stages,
    { own, quantiles: quantiles.subarray(plain * levelCount) },
    (stage) => isHeard(parts, centers, plain + stage),
    parts.terms,
  );
  const ensemble = lastJoined(own, staged);
  return {
    ...staged,
    floor,
    centers,
    quantiles,
    own,
    ensemble,
    regime,
    answer: choose(parts, { centers, quantiles, ensemble }),
  };
}

/** What stands before the stages has what each admitted one leaves of it. */
function weightOf(parts: Parts, expert: number, level: number): number {
  const { plain, stages, terms, weights } = parts;
  const shareOf = (stage: number): number => {
    return terms.isAdmitted(stage) ? (stages[stage]?.shares[level] ?? 0) : 0;
  };
  let weight = expert < plain ? (weights[level * plain + expert] ?? 0) : shareOf(expert - plain);
  for (let stage = Math.max(0, expert - plain + 1); stage < stages.length; stage += 1) {
    weight *= 1 - shareOf(stage);
  }
  return weight;
}

function choose(
  { demotion }: Parts,
  made: Pick<Issue, 'centers' | 'quantiles' | 'ensemble'>,
): Float64Array {
  const expert = demotedTo(demotion) - 1;
  if (expert < 0 || !((made.centers[expert] ?? Number.NaN) >= 0)) return made.ensemble;
  return quantilesOf(made, expert);
}

function quantilesOf({ quantiles }: Pick<Issue, 'quantiles'>, expert: number): Float64Array {
  return quantiles.subarray(expert * levelCount, (expert + 1) * levelCount);
}

/** An expert's spread is to be known, as well as any can be by now, before it counts. */
function isHeard({ histograms, scalars }: Parts, centers: Float64Array, expert: number): boolean {
  const histogram = histograms[expert];
  if (!((centers[expert] ?? Number.NaN) >= 0) || histogram === undefined) return false;
  return countSeen(histogram) >= Math.min(learning.seenMin, (scalars[updatesAt] ?? 0) / 2);
}

function learnOutcome(parts: Parts, issue: Issue, outcome: number): void {
  const { scalars, histograms, scores, plain } = parts;
  const { floor, centers, own, ensemble } = issue;
  const updates = (scalars[updatesAt] ?? 0) + 1;
  scalars[updatesAt] = updates;
  addToScorecard(scores, issue, outcome);
  compareWithNaive(
    parts.demotion,
    crpsOf(outcome, ensemble),
    naiveExperts.map((expert) => {
      // Its band is a guess until then, and would lose for that alone.
      if (!isHeard(parts, centers, expert)) return Number.NaN;
      return crpsOf(outcome, quantilesOf(issue, expert));
    }),
  );
  if (updates % judgedEvery === 0 && updates > judgedEvery) judgeDemotion(parts.demotion);
  const hears = (expert: number): boolean => isHeard(parts, centers, expert);
  moveWeights(parts, issue, outcome, { ...paceOf(parts), hears });
  const logOutcome = Math.log(outcome + floor);
  const middle = Math.log((own[medianIndex] ?? 0) + floor);
  const rate = Math.max(1 / updates, 0.02);
  const size = scalars[sizeAt] ?? 0;
  const residual = Math.abs(logOutcome - middle);
  const bounded = updates < 10 ? residual : Math.min(residual, 8 * size + 1e-9);
  scalars[sizeAt] = size + rate * (bounded - size);
  adapt(parts, issue, outcome);
  const staged = { ...issue, quantiles: issue.quantiles.subarray(plain * levelCount) };
  const pace = { ...paceOf(parts), usualLoss: parts.usualLoss };
  learnStages(parts.stages, staged, outcome, pace);
  const high = scalars[highAt] ?? 0;
  const moved = Math.max(highPace, 1 / updates);
  const step = updates === 1 ? middle - high : (middle > high ? 0.9 : -0.1) * moved;
  scalars[highAt] = high + step;
  for (const [expert, histogram] of histograms.entries()) {
    const center = centers[expert] ?? Number.NaN;
    if (!(center >= 0)) continue;
    addResidual(histogram, logOutcome - Math.log(center + floor), learning.memory);
  }
}

/** Only that it was above a quantile is known of a censored outcome, and that is a miss. */
function learnCensored(parts: Parts, issue: Issue, bound: number): void {
  const { own, regime } = issue;
  for (const [level, probability] of forecastLevels.entries()) {
    if (bound > (own[level] ?? 0)) shift(parts, regime * levelCount + level, probability);
  }
}

/** q ← q + η (1{miss} − α), apart for high and other forecasts. */
function adapt(parts: Parts, { own, regime }: Issue, outcome: number): void {
  for (const [level, probability] of forecastLevels.entries()) {
    const isMissed = outcome > (own[level] ?? 0);
    shift(parts, regime * levelCount + level, isMissed ? probability : probability - 1);
  }
}

function shift({ offsets, scalars }: Parts, at: number, by: number): void {
  const size = scalars[sizeAt] ?? 0;
  const bound = learning.offsetMax * size;
  const moved = (offsets[at] ?? 0) + learning.conformalRate * size * by;
  offsets[at] = Math.max(-bound, Math.min(bound, moved));
}

function paceOf({ pace }: Parts): HedgePace {
  // Overlapping outcomes tell less, but not nothing: dividing by their number forgot a change of experts
  // for days. The root of it was the better choice on the tuning loads, and is a choice, not a theorem.
  const told = Math.sqrt(pace);
  const { hedgeRate, sharedRatio, lossMax } = learning;
  return { hedgeRate: hedgeRate * told, shared: sharedRatio * told, lossMax };
}

function forget(parts: Parts, leansOnPast: readonly boolean[]): void {
  const { weights, histograms } = parts;
  devalueWeights(weights, leansOnPast.slice(0, parts.plain));
  for (const { values } of histograms) {
    for (let bin = 0; bin < histogramBins; bin += 1) {
      values[bin] = (values[bin] ?? 0) * residualsKept;
    }
  }
}
