// `GetMetricData`: many metrics and expressions at once, page by page.

import { succeed } from '../fault.ts';
import type { Outcome } from '../fault.ts';
import type { EpochMs } from '../time.ts';
import { refuseMissing, refuseToken, refuseValidation } from './faults.ts';
import type { TimeSeries } from './math/value.ts';
import { parseMetricQueries } from './metric-query.ts';
import type { MetricQuery, MetricQueryInput } from './metric-query.ts';
import type { MetricStore } from './metric-store.ts';
import { runQueries } from './run-queries.ts';
import type { QueryResult } from './run-queries.ts';
import { planWindows } from './windows.ts';
import type { TimeSpan } from './windows.ts';

export interface DataRequest {
  readonly queries: readonly MetricQueryInput[];
  readonly span: TimeSpan;
  /** Newest first is the default of the API. */
  readonly isAscending: boolean;
  readonly pointsMax?: number | undefined;
  readonly nextToken?: string | undefined;
}

export interface DataResult {
  readonly id: string;
  readonly label: string;
  readonly points: readonly DataPoint[];
  readonly isComplete: boolean;
  readonly mixedUnits: readonly string[];
}

export interface DataPoint {
  readonly at: EpochMs;
  readonly value: number;
}

export interface DataPage {
  readonly results: readonly DataResult[];
  readonly nextToken: string | undefined;
}

export const QUERIES_MAX = 500;
export const POINTS_MAX = 100_800;

/** One page of results; `nextToken` is `undefined` on the last. */
export function getMetricData(
  store: MetricStore,
  request: DataRequest,
  now: EpochMs,
): Outcome<DataPage> {
  const { queries: inputs, span, pointsMax = POINTS_MAX } = request;
  if (inputs.length === 0) return refuseMissing('MetricDataQueries');
  if (inputs.length > QUERIES_MAX) {
    return refuseValidation(
      `The collection MetricDataQueries must not have a size greater than ${QUERIES_MAX}.`,
    );
  }
  if (span.start >= span.end) {
    return refuseValidation('The parameter StartTime must be less than the parameter EndTime.');
  }
  if (pointsMax < 1 || pointsMax > POINTS_MAX) {
    return refuseValidation(`The parameter MaxDatapoints must be between 1 and ${POINTS_MAX}.`);
  }
  const place = readToken(request.nextToken);
  if (place === undefined) return refuseToken();
  const queries = parseMetricQueries(inputs, 'MetricDataQueries');
  if (!queries.ok) return queries;
  const ran = runQueries(store, {
    queries: queries.value,
    planWindows: (periodMs) => planWindows(span, periodMs, now),
    end: span.end,
    now,
  });
  if (!ran.ok) return ran;
  const full = listResults(ran.value, queries.value, request.isAscending);
  return succeed(cutPage(full, place, pointsMax));
}

/** The returned series with all their points in the order asked for. */
function listResults(
  ran: readonly QueryResult[],
  queries: readonly MetricQuery[],
  isAscending: boolean,
): DataResult[] {
  const returned = ran.filter(({ query }) => query.returnsData);
  return returned.flatMap(({ query, series, mixedUnits }) =>
    series.map((one) => {
      const points = pointsOf(one);
      if (!isAscending) points.reverse();
      const label = labelOf(query, one, series.length, queries);
      return { id: query.id, label, points, isComplete: true, mixedUnits };
    }),
  );
}

function pointsOf({ grid, values }: TimeSeries): DataPoint[] {
  return values.flatMap((value, index) =>
    value === undefined ? [] : [{ at: grid.from + index * grid.periodMs, value }],
  );
}

/**
 * The label asked for; else the metric's name with whatever else tells the request's metrics apart
 * (statistic, period in seconds), or the id of an expression.
 */
function labelOf(
  query: MetricQuery,
  series: TimeSeries,
  seriesCount: number,
  queries: readonly MetricQuery[],
): string {
  if (query.kind === 'expression') {
    const label = query.label ?? query.id;
    return seriesCount > 1 ? `${label} ${series.label}`.trim() : label;
  }
  if (query.label !== undefined) return query.label;
  const metrics = queries.filter((candidate) => candidate.kind === 'metric');
  const statistics = new Set(metrics.map(({ statistic }) => statistic.name));
  const periods = new Set(metrics.map(({ periodMs }) => periodMs));
  const parts = [query.metric.metricName];
  if (statistics.size > 1) parts.push(query.statistic.name);
  if (periods.size > 1) parts.push(String(query.periodMs / 1000));
  return parts.join(' ');
}

/** Where a page starts: a result, and the time of its first point that is still to come. */
interface Place {
  readonly index: number;
  readonly at: EpochMs | undefined;
}

/** By time and not by number of points, so that data coming in between shifts nothing. */
function readToken(token: string | undefined): Place | undefined {
  if (token === undefined) return { index: 0, at: undefined };
  const parts = /^(\d{1,4})@(\d{1,15})$/.exec(token);
  return parts ? { index: Number(parts[1]), at: Number(parts[2]) } : undefined;
}

function cutPage(full: readonly DataResult[], place: Place, pointsMax: number): DataPage {
  const results: DataResult[] = [];
  let room = pointsMax;
  for (const [index, result] of full.entries()) {
    if (index < place.index) continue;
    const skipped = index === place.index ? findPlace(result, place.at) : 0;
    const points = result.points.slice(skipped, skipped + room);
    room -= points.length;
    const next = result.points[skipped + points.length];
    results.push({ ...result, points, isComplete: next === undefined });
    if (next !== undefined) return { results, nextToken: `${index}@${next.at}` };
  }
  return { results, nextToken: undefined };
}

function findPlace({ points }: DataResult, at: EpochMs | undefined): number {
  if (at === undefined) return 0;
  const isAscending = (points[0]?.at ?? 0) <= (points.at(-1)?.at ?? 0);
  const index = points.findIndex((point) => (isAscending ? point.at >= at : point.at <= at));
  return index < 0 ? points.length : index;
}
