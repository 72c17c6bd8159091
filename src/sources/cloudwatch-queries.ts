// Many sources in one call to CloudWatch: their queries under ids that cannot meet, and the answer
// taken apart again. Pure.

import type { MetricDataQuery, MetricDataResult } from '@aws-sdk/client-cloudwatch';

import type { SourceOutcome } from '../controller/ports/signal-source.ts';
import type { EpochMs } from '../core/time.ts';

export interface CloudWatchOrigin {
  readonly type: 'cloudwatch';
  readonly region: string | null;
  readonly roleArn: string | null;
  /** At least one, with different ids. */
  readonly metrics: readonly CloudWatchMetric[];
  /** Metric math over the ids; null for a single metric. */
  readonly expression: string | null;
}

export interface CloudWatchMetric {
  /** A small letter, then letters, digits and `_`, as in AWS's own. */
  readonly id: string;
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** `Average`, `Sum`, `p99`, … */
  readonly statistic: string;
  readonly periodMs: number;
}

/** Periods looked back: a metric that comes late is found, one that stopped long ago is not. */
const periodsBack = 5;
const lookBackMsMin = 600_000;

/** How far back the newest value of a source is looked for. */
export function findLookBack(origin: CloudWatchOrigin): number {
  return Math.max(lookBackMsMin, periodsBack * longestPeriod(origin));
}

export function countQueries({ metrics, expression }: CloudWatchOrigin): number {
  return metrics.length + Number(expression !== null);
}

/** `index` tells the source from the others in the call. */
export function createQueries(origin: CloudWatchOrigin, index: number): MetricDataQuery[] {
  const { metrics, expression } = origin;
  const queries: MetricDataQuery[] = metrics.map(({ id, ...metric }) => ({
    Id: uniqueId(index, id),
    ReturnData: expression === null,
    MetricStat: {
      Metric: {
        Namespace: metric.namespace,
        MetricName: metric.metric,
        Dimensions: Object.entries(metric.dimensions).map(([Name, Value]) => ({ Name, Value })),
      },
      Period: metric.periodMs / 1000,
      Stat: metric.statistic,
    },
  }));
  if (expression !== null) {
    queries.push({
      Id: resultId(origin, index),
      ReturnData: true,
      Expression: renameIds(origin, expression, index),
    });
  }
  return queries;
}

/** What the call's results come to for that source. */
export function readResults(
  origin: CloudWatchOrigin,
  index: number,
  results: readonly MetricDataResult[],
  now: EpochMs,
): SourceOutcome {
  const id = resultId(origin, index);
  const [result, ...others] = results.filter((one) => one.Id === id);
  if (result === undefined) return { kind: 'nothing', message: 'no time series' };
  if (others.length > 0) {
    const message = `${others.length + 1} time series, allowed: one, as in SUM(…) or MAX(…)`;
    return { kind: 'failed', message };
  }
  if (result.StatusCode === 'InternalError' || result.StatusCode === 'Forbidden') {
    const said = result.Messages?.[0]?.Value;
    return {
      kind: 'failed',
      message: `${result.StatusCode}${said === undefined ? '' : `: ${said}`}`,
    };
  }
  return findNewest(result, longestPeriod(origin), now);
}

/**
 * The newest value whose period is over: one that is still running counts too little. It is about
 * the end of its period.
 */
function findNewest(result: MetricDataResult, periodMs: number, now: EpochMs): SourceOutcome {
  let newest: { value: number; measuredAt: EpochMs } | null = null;
  for (const [index, timestamp] of (result.Timestamps ?? []).entries()) {
    const value = result.Values?.[index];
    const measuredAt = timestamp.getTime() + periodMs;
    if (value === undefined || measuredAt > now) continue;
    if (newest === null || measuredAt > newest.measuredAt) newest = { value, measuredAt };
  }
  return newest === null
    ? { kind: 'nothing', message: 'no value yet' }
    : { kind: 'value', ...newest };
}

function longestPeriod({ metrics }: CloudWatchOrigin): number {
  return Math.max(...metrics.map(({ periodMs }) => periodMs));
}

function resultId({ metrics, expression }: CloudWatchOrigin, index: number): string {
  const [only] = metrics;
  return expression === null && only !== undefined ? uniqueId(index, only.id) : `r${index}`;
}

function uniqueId(index: number, id: string): string {
  return `s${index}_${id}`;
}

/** Ids are words with a small first letter, which no function of metric math has. */
function renameIds({ metrics }: CloudWatchOrigin, expression: string, index: number): string {
  const ids = new Set(metrics.map(({ id }) => id));
  return expression.replaceAll(/'[^']*'|"[^"]*"|\b[a-z]\w*/g, (word) =>
    ids.has(word) ? uniqueId(index, word) : word,
  );
}
