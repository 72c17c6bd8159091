// What of a forecaster learns: history, experts, horizons, level changes, seasons, block by block, in
// demand freed of known events. It puts together what the other files of this folder own.

import type { Admission } from './admission.ts';
import { createAdmissions, type Admissions } from './admissions.ts';
import {
  createBlockHistory,
  type BlockHistory,
  type BlockHistorySnapshot,
} from './block-history.ts';
import { createCensoredBlocks, guessHidden } from './censored-blocks.ts';
import { createChangePoints } from './change-points.ts';
import type { Issue } from './channel.ts';
import type { Expert } from './experts/expert.ts';
import type { FittedExpert } from './experts/fitted-expert.ts';
import { createExperts } from './experts/index.ts';
import type { Horizon, HorizonSnapshot } from './horizon.ts';
import { createHorizonTable, type HorizonTable } from './horizon-table.ts';
import { blocksPerDay, blocksPerMinute, type ForecastTarget } from './levels.ts';
import { findSeasons, type Seasons } from './seasons.ts';

export interface LearnerOptions {
  /** Horizons of each kind that are learnt at once; the one that was not asked for longest goes first. */
  readonly horizonsMax: number;
  /** A whole number ≥ 0 that shifts its work in time: of many forecasters not all work at once. */
  readonly phase: number;
  /** Default: fitted experts have a part only where they are worth it. For backtests of what that is. */
  readonly admitsAtOnce?: boolean;
}

type Window = Omit<ForecastTarget, 'origin'>;

export interface Learner {
  readonly history: BlockHistory;
  readonly experts: readonly (Expert | FittedExpert)[];
  horizons(): readonly Horizon[];
  /** Made when first asked for. */
  findHorizon: HorizonTable['find'];
  makeIssue(horizon: Horizon, window: Window): Issue;
  /** Why there is no forecast; null: there is one. */
  refuse(leadMs: number, spanMs: number): string | null;
  /** NaN: missing. */
  learn(block: number, value: number, isCensored: boolean): void;
  readonly admissions: Admissions;
  found(): { readonly seasons: Seasons; readonly changePoints: readonly number[] };
  snapshot(): ForecastSnapshot;
}

/** Copies of all that was learnt: structured clones of it are the same. */
export interface ForecastSnapshot {
  readonly version: number;
  readonly history: BlockHistorySnapshot;
  readonly horizons: readonly HorizonSnapshot[];
  readonly scalars: Float64Array;
  readonly changePoints: Float64Array;
  readonly censored: readonly (readonly [block: number, bound: number])[];
  /** Of each expert's own state; empty where it has none. */
  readonly experts: readonly Float64Array[];
  readonly admissions: readonly Admission[];
  readonly seasons: Seasons;
}

/** A snapshot of another one is not gone on from. */
export const snapshotVersion = 4;
/** Minutes of a gap that experts are told of. */
const gapMinutesMax = 120;
/** Seasons are looked for once in six hours. */
const refitMinutes = 360;
const refitAtMinute = 180;
/** Less than so many known blocks is no ground for a forecast. */
const knownBlocksMin = 3;
/** None of them known: what is forecast from would be too old. Ten minutes. */
const recentBlocks = 60;
/** A horizon that is not asked for any more is learnt for so long. */
const askedWithin = blocksPerDay;
/** Share of the mean demand that is added before logarithms: below it errors count by size. */
const floorRatio = 0.1;
const meanMemoryBlocks = 7 * blocksPerDay;

/** What learns, in demand freed of known events. */
export function createLearner(
  { horizonsMax, phase, admitsAtOnce = false }: LearnerOptions,
  from?: ForecastSnapshot,
): Learner {
  const history = createBlockHistory(from?.history);
  const seasons: Seasons = { shortBlocks: 0, shortContrast: 0, ...from?.seasons };
  const changePoints = createChangePoints(from?.changePoints.slice());
  const censored = createCensoredBlocks(from?.censored);
  const experts = createExperts(seasons);
  if (from !== undefined) restoreExperts(experts, from.experts);
  const admissions = createAdmissions(experts, {
    admitsAtOnce,
    from: from?.admissions,
    horizons: () => horizons.all(),
    history,
  });
  const terms = { experts: experts.length, stages: admissions.stages, phase };
  const horizons: HorizonTable = createHorizonTable(terms, horizonsMax, from?.horizons);
  /** The mean demand, and the number of known blocks. */
  const scalars = from?.scalars.slice() ?? new Float64Array(2);
  const centers = new Float64Array(experts.length);
  const leaning = experts.map(({ leansOnPast }) => leansOnPast);

  const makeIssue = (horizon: Horizon, window: Window): Issue => {
    const target = { ...window, origin: history.newest() };
    for (const [index, expert] of experts.entries()) {
      centers[index] = expert.forecast(target, history);
    }
    return horizon.channel.issue(centers, floorRatio * (scalars[0] ?? 0) + 1e-9);
  };

  /** The minutes that ended between two blocks; of long gaps the newest. */
  const learnMinutes = (before: number, block: number): void => {
    const end = Math.floor(block / blocksPerMinute);
    const first = Math.max(Math.floor(before / blocksPerMinute), end - gapMinutesMax);
    for (let minute = first; minute < end; minute += 1) {
      const mean = history.minuteMean(minute);
      for (const expert of experts) expert.learnMinute?.(minute, mean, history);
      // Nobody asks yet: periods are looked for at the first question.
      const isAsked = horizons.all().length > 0;
      const isDue = (minute + phase) % refitMinutes === refitAtMinute;
      if (isAsked && isDue) findSeasons(seasons, history, minute);
      if (!changePoints.test(minute, history, scalars[0] ?? 0)) continue;
      for (const { channel } of horizons.all()) channel.forget(leaning);
    }
  };

  const countIn = (value: number): void => {
    const seen = (scalars[1] ?? 0) + 1;
    scalars[1] = seen;
    const mean = scalars[0] ?? 0;
    // A spike of a thousand times the usual must not become the usual.
    const bounded = seen < 60 ? value : Math.min(value, 20 * mean + 1e-9);
    scalars[0] = mean + Math.max(1 / seen, 1 / meanMemoryBlocks) * (bounded - mean);
  };

  return {
    history,
    experts,
    admissions,
    horizons: horizons.all,
    findHorizon: (kind, lead, count) => {
      const isFirst = horizons.all().length === 0;
      const newest = Math.floor(history.newest() / blocksPerMinute);
      if (isFirst) findSeasons(seasons, history, newest - 1);
      return horizons.find(kind, lead, count);
    },
    makeIssue,
    refuse: (leadMs, spanMs) => {
      if (!(leadMs <= aheadMsMax && spanMs <= aheadMsMax)) return 'too-far-ahead';
      if ((scalars[1] ?? 0) < knownBlocksMin) return 'too-little-history';
      return isAnyKnown(history.at, history.newest()) ? null : 'no-recent-demand';
    },
    learn: (block, value, isCensored) => {
      if (history.newest() >= 0) learnMinutes(history.newest(), block);
      if (isCensored && value >= 0) {
        censored.add(block, value);
        const next = { kind: 'mean' as const, origin: block - 1, from: block, count: 1 };
        const trend = experts.find(({ name }) => name === 'holt')?.forecast(next, history);
        history.push(block, guessHidden(value, trend ?? 0));
      } else {
        history.push(block, value);
      }
      if (value >= 0) countIn(value);
      for (const horizon of horizons.all()) {
        horizon.settle(block, history, censored);
        if (block - horizon.askedAt > askedWithin || !horizon.isDue(block)) continue;
        if (!isAnyKnown(history.at, block)) continue;
        const { kind, lead, count } = horizon.key;
        const window = { kind, from: block + 1 + lead, count };
        horizon.keep({ ...window, origin: block }, makeIssue(horizon, window));
      }
      admissions.judge(block);
    },
    found: () => ({ seasons, changePoints: changePoints.found() }),
    snapshot: () => ({
      version: snapshotVersion,
      history: history.snapshot(),
      horizons: horizons.all().map((one) => one.snapshot()),
      scalars: scalars.slice(),
      changePoints: changePoints.state.slice(),
      censored: censored.snapshot(),
      experts: experts.map(({ state }) => state?.slice() ?? new Float64Array(0)),
      admissions: admissions.all(),
      seasons: { ...seasons },
    }),
  };
}

function restoreExperts(experts: Learner['experts'], states: ForecastSnapshot['experts']): void {
  for (const [index, expert] of experts.entries()) {
    const learnt = states[index];
    if (learnt === undefined) continue;
    if ('adopt' in expert) expert.adopt(learnt);
    else expert.state?.set(learnt);
  }
}

/** Two days and what rounding adds. */
const aheadMsMax = 49 * 3_600_000;

function isAnyKnown(at: (block: number) => number, newest: number): boolean {
  for (let block = newest; block > newest - recentBlocks; block -= 1) {
    if (at(block) >= 0) return true;
  }
  return false;
}
