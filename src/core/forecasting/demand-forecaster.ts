// The forecast of one group's demand: quantiles of the mean or the maximum of a window ahead, learnt
// block by block. It puts together what the other files of this folder own; it decides nothing.

import type { EpochMs } from '../time.ts';
import { createBlockHistory, type BlockHistorySnapshot } from './block-history.ts';
import type { Issue } from './channel.ts';
import { createExperts } from './experts/index.ts';
import { decodeDoubles, encodeFloats } from './float-text.ts';
import { createHorizon, roundKey, type Horizon, type HorizonSnapshot } from './horizon.ts';
import { blockMs, blocksPerDay, blocksPerMinute, forecastLevels } from './levels.ts';
import { findSeasons, type Seasons } from './seasons.ts';
import { reportHorizon, type ForecastReport } from './report.ts';

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
  /** Horizons that are learnt at once; the one that was not asked for longest goes first. */
  readonly horizonsMax: number;
}

export interface ForecastSnapshot {
  readonly version: number;
  readonly history: BlockHistorySnapshot;
  readonly horizons: readonly HorizonSnapshot[];
  readonly scalars: string;
  /** Of each expert's own state; empty where it has none. */
  readonly experts: readonly string[];
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

const version = 1;
/** Minutes of a gap that experts are told of. */
const gapMinutesMax = 120;
/** Seasons are looked for once in six hours. */
const refitMinutes = 360;
const refitAtMinute = 180;
const defaults: ForecastOptions = { horizonsMax: 24 };
/** Less than so many known blocks of the last ten minutes is no ground for a forecast. */
const knownBlocksMin = 3;
const recentBlocks = 60;
/** A horizon that is not asked for any more is learnt for so long. */
const askedWithin = blocksPerDay;

export function createDemandForecaster(
  options: Partial<ForecastOptions> = {},
  from?: ForecastSnapshot,
): DemandForecaster {
  const { horizonsMax } = { ...defaults, ...options };
  const history = createBlockHistory(from?.history);
  const seasons: Seasons = { shortBlocks: 0, shortContrast: 0, ...from?.seasons };
  const experts = createExperts(seasons);
  for (const [index, { state }] of experts.entries()) {
    const text = from?.experts[index];
    if (text !== undefined) state?.set(decodeDoubles(text));
  }
  const horizons = new Map<string, Horizon>();
  for (const one of from?.horizons ?? []) {
    horizons.set(nameKey(one.key), createHorizon(one.key, experts.length, one));
  }
  const scalars = from === undefined ? new Float64Array(2) : decodeDoubles(from.scalars);
  const censored = new Set<number>();
  const centers = new Float64Array(experts.length);

  /** The minutes that ended between two blocks; of long gaps the newest. */
  const learnMinutes = (before: number, block: number): void => {
    if (before < 0) return;
    const end = Math.floor(block / blocksPerMinute);
    const first = Math.max(Math.floor(before / blocksPerMinute), end - gapMinutesMax);
    for (let minute = first; minute < end; minute += 1) {
      const mean = history.minuteMean(minute);
      for (const expert of experts) expert.learnMinute?.(minute, mean, history);
      if (minute % refitMinutes === refitAtMinute) findSeasons(seasons, history, minute);
    }
  };

  const makeIssue = (kind: 'mean' | 'max', first: number, count: number, of: Horizon): Issue => {
    const origin = history.newest();
    const target = { kind, origin, from: first, count };
    for (const [index, expert] of experts.entries()) {
      centers[index] = expert.forecast(target, history);
    }
    return of.channel.issue(centers, 0.1 * (scalars[0] ?? 0) + 1e-9);
  };

  const findHorizon = (kind: 'mean' | 'max', lead: number, count: number): Horizon => {
    const key = roundKey(kind, lead, count);
    const name = nameKey(key);
    const known = horizons.get(name);
    if (known !== undefined) return known;
    if (horizons.size >= horizonsMax) {
      const [oldest] = [...horizons].toSorted(([, a], [, b]) => a.askedAt - b.askedAt);
      if (oldest !== undefined) horizons.delete(oldest[0]);
    }
    const made = createHorizon(key, experts.length, findNearest(horizons, kind, lead + count));
    horizons.set(name, made);
    return made;
  };

  const forecast = (kind: 'mean' | 'max', leadMs: number, spanMs: number): MaxForecast => {
    const newest = history.newest();
    const known = history.mean(newest - recentBlocks + 1, recentBlocks);
    if (newest < 0 || (scalars[1] ?? 0) < knownBlocksMin) return abstain('too-little-history');
    if (!(known >= 0) && !(history.mean(newest - 5, 6) >= 0)) return abstain('no-recent-demand');
    const [lead, count] = toBlocks(leadMs, spanMs);
    const horizon = findHorizon(kind, lead, count);
    horizon.askedAt = newest;
    const issue = makeIssue(kind, newest + 1 + lead, count, horizon);
    const quantiles = [...issue.ensemble];
    if (!quantiles.every((value) => Number.isFinite(value))) return abstain('not-finite');
    return { isUsable: true, code: 'ok', levels: forecastLevels, quantiles };
  };

  return {
    observe: ({ startsAt, demand }) => {
      const block = Math.floor(startsAt / blockMs);
      if (!(block > history.newest())) return;
      const value = demand !== null && demand >= 0 && demand < 1e30 ? demand : Number.NaN;
      const before = history.newest();
      learnMinutes(before, block);
      history.push(block, value);
      if (value >= 0) {
        const seen = (scalars[1] ?? 0) + 1;
        scalars[1] = seen;
        const rate = Math.max(1 / seen, 1 / (7 * blocksPerDay));
        scalars[0] = (scalars[0] ?? 0) + rate * (value - (scalars[0] ?? 0));
      }
      for (const horizon of horizons.values()) {
        horizon.settle(block, history, (one) => censored.has(one));
        if (block - horizon.askedAt > askedWithin || !horizon.isDue(block)) continue;
        if (!(history.mean(block - blocksPerMinute + 1, blocksPerMinute) >= 0)) continue;
        const { kind, lead, count } = horizon.key;
        const target = { kind, origin: block, from: block + 1 + lead, count };
        horizon.keep(target, makeIssue(kind, target.from, count, horizon));
      }
    },
    forecastMax: (leadMs, spanMs) => forecast('max', leadMs, spanMs),
    forecastMean: (leadMs, stepMs) => forecast('mean', leadMs, stepMs),
    compareExperts: (leadMs, stepMs) => {
      const [lead, count] = toBlocks(leadMs, stepMs);
      const issue = makeIssue(
        'mean',
        history.newest() + 1 + lead,
        count,
        findHorizon('mean', lead, count),
      );
      return new Map(
        experts.flatMap(({ name }, index) =>
          (issue.centers[index] ?? Number.NaN) >= 0
            ? [
                [
                  name,
                  [
                    ...issue.quantiles.subarray(
                      index * forecastLevels.length,
                      (index + 1) * forecastLevels.length,
                    ),
                  ],
                ],
              ]
            : [],
        ),
      );
    },
    describe: () => ({
      horizons: [...horizons.values()].map((one) => reportHorizon(one, experts)),
    }),
    snapshot: () => ({
      version,
      history: history.snapshot(),
      horizons: [...horizons.values()].map((one) => one.snapshot()),
      scalars: encodeFloats(scalars),
      experts: experts.map(({ state }) => (state === undefined ? '' : encodeFloats(state))),
      seasons: { ...seasons },
    }),
  };
}

function toBlocks(leadMs: number, spanMs: number): readonly [lead: number, count: number] {
  return [Math.max(0, Math.floor(leadMs / blockMs)), Math.max(1, Math.ceil(spanMs / blockMs))];
}

function abstain(code: string): MaxForecast {
  return { isUsable: false, code, levels: forecastLevels, quantiles: forecastLevels.map(() => 0) };
}

function nameKey({ kind, lead, count }: Horizon['key']): string {
  return `${kind} ${lead} ${count}`;
}

/** What a new horizon begins with: what the nearest one of its kind has learnt. */
function findNearest(
  horizons: ReadonlyMap<string, Horizon>,
  kind: 'mean' | 'max',
  total: number,
): Horizon | undefined {
  let best: Horizon | undefined;
  let least = Math.log(4);
  for (const horizon of horizons.values()) {
    if (horizon.key.kind !== kind) continue;
    const distance = Math.abs(Math.log(total / (horizon.key.lead + horizon.key.count)));
    if (distance < least) [best, least] = [horizon, distance];
  }
  return best;
}
