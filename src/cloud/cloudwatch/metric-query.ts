// `MetricDataQuery`, the unit of both `GetMetricData` and alarms on metric math: its rules and its
// form once they hold.

import { succeed } from '../fault.ts';
import type { Outcome } from '../fault.ts';
import { refuseMissing, refuseValidation } from './faults.ts';
import { parseExpression } from './math/parse.ts';
import type { Expression } from './math/parse.ts';
import { parseDimensions } from './put-metric-data.ts';
import type { Dimension, MetricId } from './metric.ts';
import { parseStatistic } from './statistic.ts';
import type { Statistic } from './statistic.ts';
import { isReadPeriod } from './windows.ts';

/** A query as it is given. */
export interface MetricQueryInput {
  readonly id?: string | undefined;
  readonly expression?: string | undefined;
  readonly metricStat?: MetricStatInput | undefined;
  readonly label?: string | undefined;
  readonly returnData?: boolean | undefined;
  /** Seconds. */
  readonly periodS?: number | undefined;
}

export interface MetricStatInput {
  readonly namespace?: string | undefined;
  readonly metricName?: string | undefined;
  readonly dimensions: readonly Partial<Dimension>[];
  readonly periodS?: number | undefined;
  readonly stat?: string | undefined;
  readonly unit?: string | undefined;
}

/** A query whose rules hold. */
export type MetricQuery = MetricStatQuery | ExpressionQuery;

interface QueryBase {
  readonly id: string;
  readonly label: string | undefined;
  readonly returnsData: boolean;
}

export interface MetricStatQuery extends QueryBase {
  readonly kind: 'metric';
  readonly metric: MetricId;
  readonly periodMs: number;
  readonly statistic: Statistic;
  readonly unit: string | undefined;
}

export interface ExpressionQuery extends QueryBase {
  readonly kind: 'expression';
  readonly expression: Expression;
  /** The period of constant series in the expression; the metrics' own when left out. */
  readonly periodMs: number | undefined;
}

const ID = /^[a-z][A-Za-z0-9_]{0,254}$/;
const EXPRESSION_LENGTH_MAX = 2048;

/** All queries of one request; `path` as `MetricDataQueries`. */
export function parseMetricQueries(
  inputs: readonly MetricQueryInput[],
  path: string,
): Outcome<readonly MetricQuery[]> {
  const queries: MetricQuery[] = [];
  const ids = new Set<string>();
  for (const [index, input] of inputs.entries()) {
    const query = parseQuery(input, `${path}.member.${index + 1}`);
    if (!query.ok) return query;
    if (ids.has(query.value.id)) {
      return refuseValidation(`The values for parameter id in the queries are not unique.`);
    }
    ids.add(query.value.id);
    queries.push(query.value);
  }
  return succeed(queries);
}

function parseQuery(input: MetricQueryInput, path: string): Outcome<MetricQuery> {
  const { id, label, expression, metricStat, returnData: returnsData = true } = input;
  if (id === undefined) return refuseMissing(`${path}.Id`);
  if (!ID.test(id)) {
    return refuseValidation(
      `The value ${id} for parameter ${path}.Id is not matching the expected pattern ` +
        '^[a-z][a-zA-Z0-9_]*$.',
    );
  }
  const isExactlyOne = (expression === undefined) !== (metricStat === undefined);
  if (!isExactlyOne) {
    return refuseValidation(
      `The parameter ${path} must have exactly one of Expression and MetricStat.`,
    );
  }
  const base = { id, label, returnsData };
  if (metricStat !== undefined) return parseMetricStat(metricStat, base, `${path}.MetricStat`);
  return parseMath(expression ?? '', input.periodS, base);
}

function parseMath(
  source: string,
  periodS: number | undefined,
  base: QueryBase,
): Outcome<ExpressionQuery> {
  if (source.length > EXPRESSION_LENGTH_MAX) {
    return refuseExpression(base.id, `It is longer than ${EXPRESSION_LENGTH_MAX} characters`);
  }
  if (periodS !== undefined && !isReadPeriod(periodS)) {
    return refuseValidation(`Invalid period ${periodS} of expression '${base.id}'`);
  }
  const parsed = parseExpression(source);
  if (!parsed.ok) return refuseExpression(base.id, parsed.problem);
  const periodMs = periodS === undefined ? undefined : periodS * 1000;
  return succeed({ ...base, kind: 'expression', expression: parsed.expression, periodMs });
}

/** The refusal of an expression by its id. */
export function refuseExpression(id: string, problem: string): Outcome<never> {
  return refuseValidation(`Error in expression '${id}': ${problem}`);
}

function parseMetricStat(
  input: MetricStatInput,
  base: QueryBase,
  path: string,
): Outcome<MetricStatQuery> {
  const { namespace, metricName, periodS, stat, unit } = input;
  if (namespace === undefined) return refuseMissing(`${path}.Metric.Namespace`);
  if (metricName === undefined) return refuseMissing(`${path}.Metric.MetricName`);
  if (periodS === undefined) return refuseMissing(`${path}.Period`);
  if (stat === undefined) return refuseMissing(`${path}.Stat`);
  if (!isReadPeriod(periodS)) {
    return refuseValidation(
      `The parameter ${path}.Period must be 1, 5, 10, 20, 30 or a multiple of 60.`,
    );
  }
  const statistic = parseStatistic(stat);
  if (statistic === undefined) {
    return refuseValidation(`The value ${stat} for parameter ${path}.Stat is not supported.`);
  }
  const dimensions = parseDimensions(input.dimensions, `${path}.Metric.Dimensions`);
  if (!dimensions.ok) return dimensions;
  const metric: MetricId = { namespace, metricName, dimensions: dimensions.value };
  return succeed({ ...base, kind: 'metric', metric, periodMs: periodS * 1000, statistic, unit });
}
