// Reads the metrics of a set of queries and works their expressions out, each once.

import { succeed } from '../fault.ts';
import type { Outcome } from '../fault.ts';
import type { EpochMs } from '../time.ts';
import { evaluate } from './math/evaluate.ts';
import { found, problem } from './math/value.ts';
import type { Result, TimeSeries } from './math/value.ts';
import { refuseExpression } from './metric-query.ts';
import type { ExpressionQuery, MetricQuery, MetricStatQuery } from './metric-query.ts';
import { findSeries } from './metric-store.ts';
import type { MetricStore } from './metric-store.ts';
import { summarizeWindows } from './series.ts';
import type { Windows } from './series.ts';
import { computeStatistic } from './statistic.ts';

/** What a query came to: several series where an expression makes an array of them. */
export interface QueryResult {
  readonly query: MetricQuery;
  readonly series: readonly TimeSeries[];
  /** The units data was found in where the query names none and there are several. */
  readonly mixedUnits: readonly string[];
}

export interface QueryRun {
  readonly queries: readonly MetricQuery[];
  /** The windows to read at a period. */
  planWindows(periodMs: number): Windows;
  /** Exclusive. */
  readonly end: EpochMs;
  readonly now: EpochMs;
}

/** How many expressions may refer to each other in a row: bounds the recursion. */
const CHAIN_LENGTH_MAX = 20;

type Solved =
  | { readonly state: 'running' }
  | { readonly state: 'done'; readonly result: Result<QueryResult> };

/** The results in the order of the queries, or the first expression's problem. */
export function runQueries(store: MetricStore, run: QueryRun): Outcome<readonly QueryResult[]> {
  const byId = new Map(run.queries.map((query) => [query.id, query]));
  const solved = new Map<string, Solved>();
  let chainLength = 0;

  function solve(query: MetricQuery): Result<QueryResult> {
    const known = solved.get(query.id);
    if (known?.state === 'done') return known.result;
    if (known?.state === 'running') return problem(`'${query.id}' refers to itself`);
    solved.set(query.id, { state: 'running' });
    const result =
      query.kind === 'metric' ? found(readMetric(store, query, run)) : solveInChain(query);
    solved.set(query.id, { state: 'done', result });
    return result;
  }

  function solveInChain(query: ExpressionQuery): Result<QueryResult> {
    if (chainLength === CHAIN_LENGTH_MAX) {
      return problem(`More than ${CHAIN_LENGTH_MAX} expressions refer to each other in a row`);
    }
    chainLength += 1;
    const result = solveExpression(query);
    chainLength -= 1;
    return result;
  }

  function solveExpression(query: ExpressionQuery): Result<QueryResult> {
    const metrics = run.queries.filter((candidate) => candidate.kind === 'metric');
    const periodMs = query.periodMs ?? metrics[0]?.periodMs;
    const value = evaluate(query.expression, {
      resolve(id) {
        const target = byId.get(id);
        if (target === undefined) return problem(`Unrecognized metric id '${id}'`);
        const result = solve(target);
        return result.ok ? found(asValue(result.value)) : result;
      },
      metrics: () =>
        metrics.flatMap((metric) => {
          const [series] = readSolved(solve(metric));
          return series === undefined ? [] : [{ id: metric.id, series }];
        }),
      grid: periodMs === undefined ? undefined : run.planWindows(periodMs),
    });
    if (!value.ok) return value;
    const { kind } = value.value;
    if (kind === 'number' || kind === 'text') return problem('The result is not a time series');
    const series = kind === 'series' ? [value.value] : value.value.items;
    return found({ query, series, mixedUnits: [] });
  }

  const results: QueryResult[] = [];
  for (const query of run.queries) {
    const result = solve(query);
    if (!result.ok) return refuseExpression(query.id, result.problem);
    results.push(result.value);
  }
  return succeed(results);
}

function asValue({ series }: QueryResult): TimeSeries | { kind: 'list'; items: typeof series } {
  const [only] = series;
  return only !== undefined && series.length === 1 ? only : { kind: 'list', items: series };
}

function readSolved(result: Result<QueryResult>): readonly TimeSeries[] {
  return result.ok ? result.value.series : [];
}

/** Of several units the first by name is read, as `GetMetricData` does. */
function readMetric(store: MetricStore, query: MetricStatQuery, run: QueryRun): QueryResult {
  const candidates = findSeries(store, query.metric, query.unit, run.now);
  const grid = run.planWindows(query.periodMs);
  const range = { end: run.end, now: run.now };
  const byUnit = candidates
    .map((series) => ({ unit: series.unit, summaries: summarizeWindows(series, grid, range) }))
    .filter(({ summaries }) => summaries.some((summary) => summary !== undefined));
  const summaries = byUnit[0]?.summaries ?? Array.from({ length: grid.count }, () => undefined);
  const values = summaries.map((summary) => summary && computeStatistic(summary, query.statistic));
  const label = query.label ?? query.metric.metricName;
  const mixedUnits = byUnit.length > 1 ? byUnit.map(({ unit }) => unit) : [];
  return { query, series: [{ kind: 'series', grid, values, label }], mixedUnits };
}
