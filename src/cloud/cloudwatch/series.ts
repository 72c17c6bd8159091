// The data of one metric in one unit, at ever coarser resolution as it ages. Every sample is in
// exactly one bucket of one tier.

import type { EpochMs } from '../time.ts';
import type { RetentionRule } from './retention.ts';
import { copySummary, mergeSummary } from './summary.ts';
import type { Summary } from './summary.ts';
import { addToTier, createTier, isTierEmpty, takeFromTier, visitTier } from './tier.ts';
import type { Tier } from './tier.ts';

export interface Series {
  readonly unit: string;
  /** One for each retention rule; `undefined` until data comes. */
  readonly tiers: (Tier | undefined)[];
}

/** A run of equal periods: `from`, `from + periodMs`, … */
export interface Windows {
  readonly from: EpochMs;
  readonly periodMs: number;
  readonly count: number;
}

/** A series without data. */
export function createSeries(unit: string): Series {
  return { unit, tiers: [] };
}

export interface Sample {
  readonly at: EpochMs;
  /** `true` for data stored at one second (`StorageResolution` 1). */
  readonly isHighResolution: boolean;
  readonly summary: Readonly<Summary>;
}

/** Adds a sample; one older than the last rule keeps is dropped. */
export function addToSeries(
  series: Series,
  sample: Sample,
  rules: readonly RetentionRule[],
  now: EpochMs,
): void {
  const firstRule = sample.isHighResolution ? 0 : 1;
  const index = rules.findIndex((rule, i) => i >= firstRule && now - sample.at < rule.keepMs);
  const rule = rules[index];
  if (rule === undefined) return;
  const tier = (series.tiers[index] ??= createTier(rule.resolutionMs));
  addToTier(tier, sample.at, sample.summary);
}

/** Moves what has aged into the next tier, whole coarse buckets at a time, and drops the oldest. */
export function ageSeries(series: Series, rules: readonly RetentionRule[], now: EpochMs): void {
  for (const [index, rule] of rules.entries()) {
    const tier = series.tiers[index];
    if (tier === undefined || isTierEmpty(tier)) continue;
    const nextRule = rules[index + 1];
    const wholeMs = nextRule?.resolutionMs ?? rule.resolutionMs;
    const before = Math.floor((now - rule.keepMs) / wholeMs) * wholeMs;
    takeFromTier(tier, before, (start, summary) => {
      if (nextRule === undefined) return;
      const next = (series.tiers[index + 1] ??= createTier(nextRule.resolutionMs));
      addToTier(next, start, summary);
    });
  }
}

/** Whether all data has aged out, or none has come. */
export function isSeriesEmpty(series: Series): boolean {
  return series.tiers.every((tier) => tier === undefined || isTierEmpty(tier));
}

/** What of the windows may be read: nothing at or after `end`; ages are counted back from `now`. */
export interface ReadRange {
  readonly end: EpochMs;
  readonly now: EpochMs;
}

/** Sub-minute periods reach back this far and no further, whatever the resolution of the data. */
const SHORT_PERIOD_REACH_MS = 3 * 60 * 60_000;
const MINUTE_MS = 60_000;

/**
 * One summary for each window, `undefined` where there is no data. A bucket counts where it starts.
 * Buckets that are coarser than the period do not count, but for one-minute data younger than three
 * hours, which a sub-minute period finds at each full minute ("Period" of `PutMetricAlarm` and
 * `GetMetricData`, CloudWatch API reference).
 */
export function summarizeWindows(
  series: Series,
  windows: Windows,
  range: ReadRange,
): (Summary | undefined)[] {
  const { from, periodMs, count } = windows;
  const results: (Summary | undefined)[] = Array.from({ length: count });
  const end = Math.min(range.end, from + count * periodMs);
  const isShort = periodMs < MINUTE_MS;
  const start = isShort ? Math.max(from, range.now - SHORT_PERIOD_REACH_MS) : from;
  for (const tier of series.tiers) {
    if (tier === undefined || !isReadable(tier, periodMs)) continue;
    visitTier(tier, start, end, (bucketStart, summary) => {
      const index = Math.floor((bucketStart - from) / periodMs);
      const result = results[index];
      if (result === undefined) results[index] = copySummary(summary);
      else mergeSummary(result, summary);
    });
  }
  return results;
}

function isReadable(tier: Tier, periodMs: number): boolean {
  return periodMs % tier.resolutionMs === 0 || tier.resolutionMs === MINUTE_MS;
}
