// The forecast of one group's demand: quantiles of the mean or the maximum of a window ahead, learnt
// block by block. What learns is in `demand-learner.ts`; this answers, with known events in it.

import type { EpochMs } from '../time.ts';
import {
  createLearner,
  snapshotVersion,
  type ForecastSnapshot,
  type LearnerOptions,
} from './demand-learner.ts';
import type { FittedName } from './experts/fitted-expert.ts';
import { stepBlocks, readFitTask, type FitTask } from './fit-series.ts';
import { multiplierAt, multiplierOver, type KnownEvent } from './known-events.ts';
import { blockMs, forecastLevels } from './levels.ts';
import {
  reportFitted,
  reportForecaster,
  type FittedReport,
  type ForecastReport,
} from './report.ts';

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

export interface ForecastOptions extends LearnerOptions {
  /** Dated windows in which demand is known to be a multiple of the usual. At most 1000 count. */
  readonly events: readonly KnownEvent[];
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
  /** The dear expert that is to be fitted next, and since when, in blocks; null: none for now. */
  findFitDue(): { readonly name: FittedName; readonly since: number } | null;
  /** What a dear expert is fitted to, wherever that is done; null before there is a closed step. */
  readFitTask(): FitTask | null;
  /** Takes up a fitted model, packed: on trial, or for an older one of its own. */
  adopt(name: FittedName, packed: Float64Array): void;
  /** A fit came to nothing: it is due again later. `problem` is a code. */
  decline(name: FittedName, problem: string): void;
  /** What became of the dear experts; `describe` has it as well. */
  listFitted(): readonly FittedReport[];
  describe(): ForecastReport;
  snapshot(): ForecastSnapshot;
}

const eventsMax = 1000;
const defaults: ForecastOptions = { horizonsMax: 6, events: [], phase: 0 };
/** Greater demands are no measurements. */
const demandMax = 1e30;

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
    readFitTask: () => {
      const until = Math.floor((history.newest() + 1) / stepBlocks) - 1;
      if (history.oldest() < 0 || until * stepBlocks < history.oldest()) return null;
      return readFitTask(history, until);
    },
    findFitDue: () => learner.admissions.findDue(),
    adopt: (name, packed) => learner.admissions.adopt(name, packed),
    decline: (name, problem) => learner.admissions.decline(name, problem),
    listFitted: () => learner.admissions.all().map(reportFitted),
    describe: () => {
      const found = { ...learner.found(), admissions: learner.admissions.all() };
      return reportForecaster(learner.horizons(), experts, found);
    },
    snapshot: () => learner.snapshot(),
  };
}

function toBlocks(leadMs: number, spanMs: number): readonly [lead: number, count: number] {
  return [Math.max(0, Math.floor(leadMs / blockMs)), Math.max(1, Math.ceil(spanMs / blockMs))];
}

function abstain(code: string): MaxForecast {
  return { isUsable: false, code, levels: forecastLevels, quantiles: forecastLevels.map(() => 0) };
}
