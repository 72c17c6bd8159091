// `GetMetricStatistics`: one metric, several statistics, at most 1,440 data points.

import { succeed } from '../fault.ts';
import type { Outcome } from '../fault.ts';
import type { EpochMs } from '../time.ts';
import { refuseCombination, refuseFound, refuseMissing, refuseValue } from './faults.ts';
import type { MetricId } from './metric.ts';
import { findSeries } from './metric-store.ts';
import type { MetricStore } from './metric-store.ts';
import { summarizeWindows } from './series.ts';
import type { Series } from './series.ts';
import { computeStatistic, parseStatistic } from './statistic.ts';
import type { Statistic } from './statistic.ts';
import type { Summary } from './summary.ts';
import { isReadPeriod, planWindows } from './windows.ts';
import type { TimeSpan } from './windows.ts';

export interface StatisticsQuery {
  readonly metric: MetricId;
  readonly span: TimeSpan;
  readonly periodS: number;
  readonly statistics: readonly string[];
  readonly extendedStatistics: readonly string[];
  readonly unit?: string | undefined;
}

export interface StatisticsPoint {
  readonly at: EpochMs;
  readonly unit: string;
  /** By name; a statistic that cannot be had is left out. */
  readonly statistics: Readonly<Record<string, number>>;
  readonly extendedStatistics: Readonly<Record<string, number>>;
}

export const STATISTICS_POINTS_MAX = 1440;

/** The data points in order of time, those of different units apart. */
export function getMetricStatistics(
  store: MetricStore,
  query: StatisticsQuery,
  now: EpochMs,
): Outcome<readonly StatisticsPoint[]> {
  const refusal = checkQuery(query);
  if (!refusal.ok) return refusal;
  const plain = parseAll(query.statistics, 'Statistics');
  if (!plain.ok) return plain;
  const extended = parseAll(query.extendedStatistics, 'ExtendedStatistics');
  if (!extended.ok) return extended;
  const series = findSeries(store, query.metric, query.unit, now);
  const points = series.flatMap((one) =>
    readPoints(one, query, now).map(({ at, summary }) => ({
      at,
      unit: one.unit,
      statistics: computeAll(summary, plain.value),
      extendedStatistics: computeAll(summary, extended.value),
    })),
  );
  const filled = points.filter(({ statistics, extendedStatistics }) => {
    return Object.keys(statistics).length + Object.keys(extendedStatistics).length > 0;
  });
  return succeed(filled.toSorted((a, b) => a.at - b.at));
}

function checkQuery({ span, periodS, ...query }: StatisticsQuery): Outcome<true> {
  const hasPlain = query.statistics.length > 0;
  const hasExtended = query.extendedStatistics.length > 0;
  if (!hasPlain && !hasExtended) return refuseMissing('Statistics');
  if (hasPlain && hasExtended) {
    const sentence = 'are mutually exclusive and you have specified both.';
    return refuseCombination(`The parameters Statistics and ExtendedStatistics ${sentence}`);
  }
  if (!isReadPeriod(periodS)) {
    return refuseValue('The parameter Period must be 1, 5, 10, 20, 30 or a multiple of 60.');
  }
  if (span.start >= span.end) {
    return refuseValue('The parameter StartTime must be less than the parameter EndTime.');
  }
  const asked = Math.ceil((span.end - span.start) / (periodS * 1000));
  if (asked > STATISTICS_POINTS_MAX) {
    return refuseCombination(
      `You have requested up to ${asked} datapoints, which exceeds the limit of ` +
        `${STATISTICS_POINTS_MAX}. You may reduce the datapoints requested by increasing Period, ` +
        'or decreasing the time range.',
    );
  }
  return succeed(true);
}

function parseAll(names: readonly string[], parameter: string): Outcome<readonly Statistic[]> {
  const statistics: Statistic[] = [];
  for (const [index, name] of names.entries()) {
    const statistic = parseStatistic(name);
    const isOfKind = (statistic?.kind === 'plain') === (parameter === 'Statistics');
    if (!statistic || !isOfKind) return refuseFound(name, `${parameter}.member.${index + 1}`);
    statistics.push(statistic);
  }
  return succeed(statistics);
}

interface ReadPoint {
  readonly at: EpochMs;
  readonly summary: Summary;
}

function readPoints(series: Series, query: StatisticsQuery, now: EpochMs): ReadPoint[] {
  const windows = planWindows(query.span, query.periodS * 1000, now);
  const summaries = summarizeWindows(series, windows, { end: query.span.end, now });
  return summaries.flatMap((summary, index) =>
    summary === undefined ? [] : [{ at: windows.from + index * windows.periodMs, summary }],
  );
}

function computeAll(summary: Summary, statistics: readonly Statistic[]): Record<string, number> {
  const figures: Record<string, number> = {};
  for (const statistic of statistics) {
    const value = computeStatistic(summary, statistic);
    if (value !== undefined) figures[statistic.name] = value;
  }
  return figures;
}
