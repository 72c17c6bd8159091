// What an alarm watches, from what was given: one metric, or metric math.

import { succeed } from '../../fault.ts';
import type { Outcome } from '../../fault.ts';
import { refuseValidation } from '../faults.ts';
import { METRIC_UNITS } from '../metric.ts';
import { parseMetricQueries } from '../metric-query.ts';
import { parseDimensions } from '../put-metric-data.ts';
import { parseStatistic } from '../statistic.ts';
import type { Statistic } from '../statistic.ts';
import type { AlarmMeasure, MathMeasure } from './alarm.ts';
import type { AlarmInput } from './parse-alarm.ts';

const METRIC_STATS_MAX = 10;
const EXPRESSIONS_MAX = 10;
/** Sub-minute periods of an alarm, in seconds. */
const SHORT_PERIODS_S: readonly number[] = [10, 20, 30];

/** One metric or a list of queries: exactly one of them must be given. */
export function parseMeasure(input: AlarmInput): Outcome<AlarmMeasure> {
  const scalars = [input.metricName, input.namespace, input.periodS, input.unit];
  const statistics = [input.statistic, input.extendedStatistic];
  const hasScalars = [...scalars, ...statistics].some((member) => member !== undefined);
  if (input.metrics.length === 0) return parseMetricMeasure(input);
  if (hasScalars || input.dimensions.length > 0) {
    return refuseValidation('Scalar metric parameters must not be set if list of Metrics is set.');
  }
  return parseMathMeasure(input);
}

function parseMetricMeasure(input: AlarmInput): Outcome<AlarmMeasure> {
  const { metricName, namespace, periodS, unit } = input;
  if (!metricName) {
    return refuseValidation('PutMetricAlarm request should have a MetricName parameter');
  }
  if (!namespace) {
    return refuseValidation('PutMetricAlarm request should have a Namespace parameter');
  }
  const statistic = parseAlarmStatistic(input);
  if (!statistic.ok) return statistic;
  if (periodS === undefined) {
    return refuseValidation('PutMetricAlarm request should have a Period parameter');
  }
  if (!isAlarmPeriod(periodS)) return refusePeriod();
  if (unit !== undefined && !METRIC_UNITS.includes(unit)) {
    return refuseValidation(`The value ${unit} for parameter Unit is invalid.`);
  }
  const dimensions = parseDimensions(input.dimensions, 'Dimensions');
  if (!dimensions.ok) return dimensions;
  const metric = { namespace, metricName, dimensions: dimensions.value };
  const measure = { metric, statistic: statistic.value, periodMs: periodS * 1000, unit };
  return succeed({ kind: 'metric', ...measure });
}

function parseAlarmStatistic(input: AlarmInput): Outcome<Statistic> {
  const { statistic, extendedStatistic } = input;
  if (statistic !== undefined && extendedStatistic !== undefined) {
    return refuseValidation(
      'PutMetricAlarm request can not be made with both Statistic and ExtendedStatistic ' +
        'parameters. Only one of them should be present',
    );
  }
  const name = statistic ?? extendedStatistic;
  if (name === undefined) {
    return refuseValidation('PutMetricAlarm request should have a Statistic parameter');
  }
  const parsed = parseStatistic(name);
  const isOfKind = (parsed?.kind === 'plain') === (statistic !== undefined);
  const parameter = statistic === undefined ? 'ExtendedStatistic' : 'Statistic';
  if (parsed === undefined || !isOfKind) {
    return refuseValidation(`The value ${name} for parameter ${parameter} is not supported.`);
  }
  return succeed(parsed);
}

function parseMathMeasure({ metrics: inputs }: AlarmInput): Outcome<MathMeasure> {
  const parsed = parseMetricQueries(inputs, 'Metrics');
  if (!parsed.ok) return parsed;
  const queries = parsed.value;
  const metrics = queries.filter((query) => query.kind === 'metric');
  if (metrics.length > METRIC_STATS_MAX || queries.length - metrics.length > EXPRESSIONS_MAX) {
    return refuseValidation(
      `An alarm can have at most ${METRIC_STATS_MAX} metrics and ${EXPRESSIONS_MAX} expressions.`,
    );
  }
  const returned = queries.filter((query) => query.returnsData);
  const [watched] = returned;
  if (watched === undefined || returned.length > 1) {
    return refuseValidation('Exactly one element of the metrics list should return data.');
  }
  const periods = new Set(queries.map((query) => query.periodMs));
  periods.delete(undefined);
  const [periodMs] = periods;
  if (periods.size > 1 || periodMs === undefined) {
    return refuseValidation('All elements of the metrics list should have the same period.');
  }
  if (!isAlarmPeriod(periodMs / 1000)) return refusePeriod();
  return succeed({ kind: 'math', inputs, queries, watchedId: watched.id, periodMs });
}

function isAlarmPeriod(periodS: number): boolean {
  return SHORT_PERIODS_S.includes(periodS) || (periodS > 0 && periodS % 60 === 0);
}

function refusePeriod(): Outcome<never> {
  return refuseValidation('Period must be 10, 20, 30 or a multiple of 60');
}
