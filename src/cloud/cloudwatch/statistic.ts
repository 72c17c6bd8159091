// The statistics of the CloudWatch API by their names: `Average`, `p99.9` and their kin.

import { quantileOf } from './distribution.ts';
import type { Summary } from './summary.ts';

export const PLAIN_STATISTICS = ['SampleCount', 'Average', 'Sum', 'Minimum', 'Maximum'] as const;

export type PlainStatistic = (typeof PLAIN_STATISTICS)[number];

export type Statistic =
  | { readonly kind: 'plain'; readonly name: PlainStatistic }
  | { readonly kind: 'percentile'; readonly name: string; readonly ratio: number };

const PERCENTILE = /^p(\d{1,2}(?:\.\d{1,10})?|100)$/;

/**
 * The statistic of that name; `undefined` for a name that is none or is not modelled: trimmed and
 * winsorized means, trimmed counts and sums, percentile ranks.
 */
export function parseStatistic(name: string): Statistic | undefined {
  const plain = PLAIN_STATISTICS.find((known) => known === name);
  if (plain !== undefined) return { kind: 'plain', name: plain };
  const percent = PERCENTILE.exec(name)?.[1];
  if (percent === undefined) return undefined;
  return { kind: 'percentile', name, ratio: Number(percent) / 100 };
}

/** `undefined` when the samples do not support the statistic (percentiles of statistic sets). */
export function computeStatistic(summary: Summary, statistic: Statistic): number | undefined {
  if (statistic.kind === 'percentile') return percentileOf(summary, statistic.ratio);
  switch (statistic.name) {
    case 'SampleCount':
      return summary.count;
    case 'Average':
      return summary.sum / summary.count;
    case 'Sum':
      return summary.sum;
    case 'Minimum':
      return summary.minimum;
    case 'Maximum':
      return summary.maximum;
  }
}

function percentileOf(summary: Summary, ratio: number): number | undefined {
  const { spread, minimum, maximum } = summary;
  if (spread === 'unknown') return undefined;
  if (spread === 'uniform' || ratio === 0) return minimum;
  if (ratio === 1) return maximum;
  return Math.min(maximum, Math.max(minimum, quantileOf(spread, ratio)));
}
