// Series and summaries as plain JSON, and back.

import type { EpochMs } from '../time.ts';
import type { Distribution } from './distribution.ts';
import type { RetentionRule } from './retention.ts';
import type { Series } from './series.ts';
import type { Spread, Summary } from './summary.ts';
import { addToTier, createTier, visitTier } from './tier.ts';
import type { Tier } from './tier.ts';

/** Count, sum, minimum, maximum, and the spread where it is not uniform. */
export type SummaryState = readonly [number, number, number, number, SpreadState?];
/** `unknown`, or the bins: key, count, sum. */
type SpreadState = 'unknown' | readonly (readonly [number, number, number])[];
export type BucketState = readonly [EpochMs, SummaryState];

export interface SeriesState {
  readonly unit: string;
  /** One for each retention rule; `null` where nothing was stored. */
  readonly tiers: readonly (readonly BucketState[] | null)[];
}

/** The summary as a short list; a uniform one has four figures. */
export function writeSummary(summary: Readonly<Summary>): SummaryState {
  const { count, sum, minimum, maximum, spread } = summary;
  if (spread === 'uniform') return [count, sum, minimum, maximum];
  return [count, sum, minimum, maximum, writeSpread(spread)];
}

function writeSpread(spread: 'unknown' | Distribution): SpreadState {
  if (spread === 'unknown') return spread;
  return [...spread].map(([key, bin]) => [key, bin.count, bin.sum] as const);
}

/** The summary that `writeSummary` has written. */
export function readSummary(state: SummaryState): Summary {
  const [count, sum, minimum, maximum, spread] = state;
  return { count, sum, minimum, maximum, spread: readSpread(spread) };
}

function readSpread(state: SpreadState | undefined): Spread {
  if (state === undefined) return 'uniform';
  if (state === 'unknown') return state;
  return new Map(state.map(([key, count, sum]) => [key, { count, sum }]));
}

/** All buckets of a series. */
export function writeSeries(series: Series): SeriesState {
  return { unit: series.unit, tiers: Array.from(series.tiers, writeTier) };
}

function writeTier(tier: Tier | undefined): readonly BucketState[] | null {
  if (tier === undefined) return null;
  const buckets: BucketState[] = [];
  visitTier(tier, -Infinity, Infinity, (start, summary) => {
    buckets.push([start, writeSummary(summary)]);
  });
  return buckets;
}

/** The series that `writeSeries` has written under the same rules. */
export function readSeries(state: SeriesState, rules: readonly RetentionRule[]): Series {
  const tiers = state.tiers.map((buckets, index) => {
    const rule = rules[index];
    if (buckets === null || rule === undefined) return undefined;
    const tier = createTier(rule.resolutionMs);
    for (const [start, summary] of buckets) addToTier(tier, start, readSummary(summary));
    return tier;
  });
  return { unit: state.unit, tiers };
}
