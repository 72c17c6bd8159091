// The samples of one bucket in five figures: what CloudWatch keeps instead of the samples.

import { addToDistribution, mergeDistribution } from './distribution.ts';
import type { Distribution } from './distribution.ts';

/**
 * What is known of the values between minimum and maximum. `uniform`: all samples are equal.
 * `unknown`: percentiles cannot be had, because a statistic set or a negative value came in
 * ("Requirements to use percentiles", CloudWatch User Guide).
 */
export type Spread = 'uniform' | 'unknown' | Distribution;

export interface Summary {
  count: number;
  sum: number;
  minimum: number;
  maximum: number;
  spread: Spread;
}

/** A statistic set as `PutMetricData` takes it. */
export interface StatisticSet {
  readonly sampleCount: number;
  readonly sum: number;
  readonly minimum: number;
  readonly maximum: number;
}

/** `count` samples of one value. */
export function summarizeValue(value: number, count = 1): Summary {
  const spread = value < 0 ? 'unknown' : 'uniform';
  return { count, sum: value * count, minimum: value, maximum: value, spread };
}

/** A statistic set; percentiles can be had of it only if its samples are all equal. */
export function summarizeSet(set: StatisticSet): Summary {
  const { sampleCount: count, sum, minimum, maximum } = set;
  const isUniform = minimum === maximum && sum === minimum * count && minimum >= 0;
  return { count, sum, minimum, maximum, spread: isUniform ? 'uniform' : 'unknown' };
}

/** Adds the samples of `added` to `summary`, which is changed; `added` is not. */
export function mergeSummary(summary: Summary, added: Readonly<Summary>): void {
  summary.spread = mergeSpread(summary, added);
  summary.count += added.count;
  summary.sum += added.sum;
  summary.minimum = Math.min(summary.minimum, added.minimum);
  summary.maximum = Math.max(summary.maximum, added.maximum);
}

function mergeSpread(summary: Readonly<Summary>, added: Readonly<Summary>): Spread {
  if (summary.spread === 'unknown' || added.spread === 'unknown') return 'unknown';
  const areEqual = summary.minimum === added.minimum;
  if (summary.spread === 'uniform' && added.spread === 'uniform' && areEqual) return 'uniform';
  const merged = asDistribution(summary);
  if (added.spread === 'uniform') addToDistribution(merged, added.minimum, added.count);
  else mergeDistribution(merged, added.spread);
  return merged;
}

/** The summary's own distribution where it has one: merging grows it in place. */
function asDistribution(summary: Readonly<Summary>): Distribution {
  if (typeof summary.spread !== 'string') return summary.spread;
  const distribution: Distribution = new Map();
  addToDistribution(distribution, summary.minimum, summary.count);
  return distribution;
}

/** A copy that can be merged into without changing the original. */
export function copySummary(summary: Readonly<Summary>): Summary {
  const { spread } = summary;
  if (typeof spread === 'string') return { ...summary };
  return { ...summary, spread: new Map([...spread].map(([key, bin]) => [key, { ...bin }])) };
}
