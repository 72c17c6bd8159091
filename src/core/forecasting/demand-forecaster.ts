// The forecast of one group's demand: quantiles of the mean or the maximum of a window ahead, learnt
// block by block. It puts together what the other files of this folder own; it decides nothing.

import type { EpochMs } from '../time.ts';
import {
  createBlockHistory,
  type BlockHistory,
  type BlockHistorySnapshot,
} from './block-history.ts';
import { createCensoredBlocks, guessHidden } from './censored-blocks.ts';
import { createChangePoints } from './change-points.ts';
import type { Issue } from './channel.ts';
import type { Expert } from './experts/expert.ts';
import { createExperts } from './experts/index.ts';
import type { Horizon, HorizonSnapshot } from './horizon.ts';
import { createHorizonTable, type HorizonTable } from './horizon-table.ts';
import { multiplierAt, multiplierOver, type KnownEvent } from './known-events.ts';
import {
  blockMs,
  blocksPerDay,
  blocksPerMinute,
  forecastLevels,
  type ForecastTarget,
} from './levels.ts';
import { reportForecaster, type ForecastReport } from './report.ts';
import { findSeasons, type Seasons } from './seasons.ts';

export interface DemandBlock {
  readonly startsAt: EpochMs;
  /** Mean offered demand over the 10 s block in work units/s; null = missing. */
  readonly demand: number | null;
  /** True where a saturated fleet hides demand: the value is a lower bound. */
  readonly isCensored: boolean;
}

export interface MaxForecast {
  /** false: abstains, with code below. */
  readonly isUsable: boolean;
  readonly code: string;
  /** Ascending probability levels, e.g. 0.05…0.999. */
  readonly levels: readonly number[];
  /** Quantile of the MAXIMUM of 10 s means within the window, per level, ascending, finite, ≥ 0. */
  readonly quantiles: readonly number[];
}

export interface ForecastOptions {
  /** Horizons of each kind that are learnt at once; the one that was not asked for longest goes first. */
  readonly horizonsMax: number;
  /** Dated windows in which demand is known to be a multiple of the usual. At most 1000 count. */
  readonly events: readonly KnownEvent[];
  /** A whole number ≥ 0 that shifts its work in time: of many forecasters not all work at once. */
  readonly phase: number;
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
  readonly seasons: Seasons;
}

export interface DemandForecaster {
  /** Blocks ascending, aligned to 10 s; gaps allowed. */
  observe(block: DemandBlock): void;
  /** Window [lead, lead+span] after the newest block. */
  forecastMax(leadMs: number, spanMs: number): MaxForecast;
  /** Mean demand of one later step, up to 48 h ahead. */
  forecastMean(leadMs: number, stepMs: number): MaxForecast;
  /** What each expert alone says of the mean of a step, by name; those that abstain are left out. */
  compareExperts(leadMs: number, stepMs: number): ReadonlyMap<string, readonly number[]>;
  describe(): ForecastReport;
  snapshot(): ForecastSnapshot;
}

/** A snapshot of another one is not gone on from. */
export const snapshotVersion = 2;
/** Minutes of a gap that experts are told of. */
const gapMinutesMax = 120;
/** Seasons are looked for once in six hours. */
const refitMinutes = 360;
const refitAtMinute = 180;
const eventsMax = 1000;
const defaults: ForecastOptions = { horizonsMax: 6, events: [], phase: 0 };
/** Less than so many known blocks is no ground for a forecast. */
const knownBlocksMin = 3;
/** None of them known: what is forecast from would be too old. Ten minutes. */
const recentBlocks = 60;
/** A horizon that is not asked for any more is learnt for so long. */
const askedWithin = blocksPerDay;
/** Greater demands are no measurements. */
const demandMax = 1e30;
/** Share of the mean demand that is added before logarithms: below it errors count by size. */
const floorRatio = 0.1;
const meanMemoryBlocks = 7 * blocksPerDay;

/** A forecaster; `from` goes on exactly where its snapshot was taken, with the same options. */
export function createDemandForecaster(
  options: Partial<ForecastOptions> = {},
  from?: ForecastSnapshot,
): DemandForecaster {
  const { events: given, ...limits } = { ...defaults, ...options };
  const events = given.slice(0, eventsMax);
  const learner = createLearner(limits, from?.version === snapshotVersion ? from : undefined);
  const { history, experts } = learner;

  const answer = (kind: 'mean' | 'max', leadMs: number, spanMs: number): MaxForecast => {
    const refusal = learner.refuse(leadMs, spanMs);
    if (refusal !== null) return abstain(refusal);
    const [lead, count] = toBlocks(leadMs, spanMs);
    const horizon = learner.findHorizon(kind, lead, count);
    const newest = history.newest();
    horizon.askedAt = newest;
    const window = { kind, from: newest + 1 + lead, count };
    const issue = learner.makeIssue(horizon, window);
    const multiplier = multiplierOver(events, window);
    const quantiles = Array.from(issue.answer, (value) => value * multiplier);
    if (!quantiles.every((value) => Number.isFinite(value))) return abstain('not-finite');
    const code = horizon.channel.isDemoted() ? 'demoted-to-naive' : 'ok';
    return { isUsable: true, code, levels: forecastLevels, quantiles };
  };

  return {
    observe: ({ startsAt, demand, isCensored }) => {
      const block = Math.floor(startsAt / blockMs);
      // A clock that went back: what was learnt stays, and time that comes again is not learnt twice.
      if (!(block > history.newest()) || !Number.isFinite(block)) return;
      const isKnown = demand !== null && demand >= 0 && demand < demandMax;
      const value = isKnown ? demand / multiplierAt(events, block) : Number.NaN;
      learner.learn(block, value, isCensored);
    },
    forecastMax: (leadMs, spanMs) => answer('max', leadMs, spanMs),
    forecastMean: (leadMs, stepMs) => answer('mean', leadMs, stepMs),
    compareExperts: (leadMs, stepMs) => {
      if (learner.refuse(leadMs, stepMs) !== null) return new Map();
      const [lead, count] = toBlocks(leadMs, stepMs);
      const window = { kind: 'mean' as const, from: history.newest() + 1 + lead, count };
      const issue = learner.makeIssue(learner.findHorizon('mean', lead, count), window);
      const multiplier = multiplierOver(events, window);
      const named = new Map<string, readonly number[]>();
      for (const [index, { name }] of experts.entries()) {
        if (!((issue.centers[index] ?? Number.NaN) >= 0)) continue;
        const row = issue.quantiles.subarray(
          index * forecastLevels.length,
          (index + 1) * forecastLevels.length,
        );
        named.set(
          name,
          Array.from(row, (value) => value * multiplier),
        );
      }
      return named;
    },
    describe: () => reportForecaster(learner.horizons(), experts, learner.found()),
    snapshot: () => learner.snapshot(),
  };
}

/** What learns, in demand freed of known events. */
function createLearner(
  { horizonsMax, phase }: Pick<ForecastOptions, 'horizonsMax' | 'phase'>,
  from?: ForecastSnapshot,
): Learner {
  const history = createBlockHistory(from?.history);
  const seasons: Seasons = { shortBlocks: 0, shortContrast: 0, ...from?.seasons };
  const changePoints = createChangePoints(from?.changePoints.slice());
  const censored = createCensoredBlocks(from?.censored);
  const experts = createExperts(seasons);
  for (const [index, { state }] of experts.entries()) {
    const learnt = from?.experts[index];
    if (learnt !== undefined) state?.set(learnt);
  }
  const horizons = createHorizonTable(experts.length, { horizonsMax, phase }, from?.horizons);
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
      seasons: { ...seasons },
    }),
  };
}

type Window = Omit<ForecastTarget, 'origin'>;

interface Learner {
  readonly history: BlockHistory;
  readonly experts: readonly Expert[];
  horizons(): readonly Horizon[];
  /** Made when first asked for. */
  findHorizon: HorizonTable['find'];
  makeIssue(horizon: Horizon, window: Window): Issue;
  /** Why there is no forecast; null: there is one. */
  refuse(leadMs: number, spanMs: number): string | null;
  /** NaN: missing. */
  learn(block: number, value: number, isCensored: boolean): void;
  found(): { readonly seasons: Seasons; readonly changePoints: readonly number[] };
  snapshot(): ForecastSnapshot;
}

/** Two days and what rounding adds. */
const aheadMsMax = 49 * 3_600_000;

function isAnyKnown(at: (block: number) => number, newest: number): boolean {
  for (let block = newest; block > newest - recentBlocks; block -= 1) {
    if (at(block) >= 0) return true;
  }
  return false;
}

function toBlocks(leadMs: number, spanMs: number): readonly [lead: number, count: number] {
  return [Math.max(0, Math.floor(leadMs / blockMs)), Math.max(1, Math.ceil(spanMs / blockMs))];
}

function abstain(code: string): MaxForecast {
  return { isUsable: false, code, levels: forecastLevels, quantiles: forecastLevels.map(() => 0) };
}
