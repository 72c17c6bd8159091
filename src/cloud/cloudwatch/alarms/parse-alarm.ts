// `PutMetricAlarm`'s rules: from what was given to an alarm definition.

import { succeed } from '../../fault.ts';
import type { Outcome } from '../../fault.ts';
import { refuseConstraint, refuseEnumeration, refuseMissing, refuseValidation } from '../faults.ts';
import type { Dimension } from '../metric.ts';
import type { MetricQueryInput } from '../metric-query.ts';
import { COMPARISON_OPERATORS, MISSING_DATA_TREATMENTS } from './alarm.ts';
import type { AlarmDefinition } from './alarm.ts';
import { parseMeasure } from './parse-measure.ts';

/** A definition as it is given. */
export interface AlarmInput {
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly actionsEnabled?: boolean | undefined;
  readonly okActions: readonly string[];
  readonly alarmActions: readonly string[];
  readonly insufficientDataActions: readonly string[];
  readonly metricName?: string | undefined;
  readonly namespace?: string | undefined;
  readonly dimensions: readonly Partial<Dimension>[];
  readonly statistic?: string | undefined;
  readonly extendedStatistic?: string | undefined;
  readonly periodS?: number | undefined;
  readonly unit?: string | undefined;
  readonly metrics: readonly MetricQueryInput[];
  readonly evaluationPeriods?: number | undefined;
  readonly datapointsToAlarm?: number | undefined;
  readonly threshold?: number | undefined;
  readonly comparisonOperator?: string | undefined;
  readonly treatMissingData?: string | undefined;
  readonly evaluateLowSampleCountPercentile?: string | undefined;
}

const NAME_LENGTH_MAX = 255;
const DESCRIPTION_LENGTH_MAX = 1024;
const ACTIONS_MAX = 5;
const DAY_S = 86_400;
const WEEK_S = 604_800;
const HOUR_S = 3600;

/** The definition with its defaults, or the first rule it breaks in the words of the API. */
export function parseAlarm(input: AlarmInput): Outcome<AlarmDefinition> {
  const { name, description, threshold, evaluationPeriods, datapointsToAlarm } = input;
  const named = checkName(name);
  if (!named.ok) return named;
  if (description !== undefined && description.length > DESCRIPTION_LENGTH_MAX) {
    return refuseLength('alarmDescription', description, DESCRIPTION_LENGTH_MAX);
  }
  const comparisonOperator = parseComparison(input.comparisonOperator);
  if (!comparisonOperator.ok) return comparisonOperator;
  if (threshold === undefined || !Number.isFinite(threshold)) {
    return refuseValidation('PutMetricAlarm request should have valid Threshold parameter');
  }
  if (evaluationPeriods === undefined) {
    return refuseValidation('PutMetricAlarm request should have an EvaluationPeriods parameter');
  }
  const periods = checkPeriods(evaluationPeriods, datapointsToAlarm);
  if (!periods.ok) return periods;
  const treatments = parseTreatments(input);
  if (!treatments.ok) return treatments;
  const actions = parseActions(input);
  if (!actions.ok) return actions;
  const measure = parseMeasure(input);
  if (!measure.ok) return measure;
  const reach = checkReach(measure.value.periodMs / 1000, evaluationPeriods);
  if (!reach.ok) return reach;
  return succeed({
    name: named.value,
    description,
    actionsEnabled: input.actionsEnabled ?? true,
    actions: actions.value,
    measure: measure.value,
    evaluationPeriods,
    datapointsToAlarm,
    threshold,
    comparisonOperator: comparisonOperator.value,
    ...treatments.value,
  });
}

function checkName(name: string | undefined): Outcome<string> {
  if (name === undefined || name === '') return refuseMissing('AlarmName');
  if (name.length > NAME_LENGTH_MAX) return refuseLength('alarmName', name, NAME_LENGTH_MAX);
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(name)) {
    return refuseValidation('AlarmName must not contain ASCII control characters');
  }
  return succeed(name);
}

function refuseLength(member: string, found: string, lengthMax: number): Outcome<never> {
  const constraint = `Member must have length less than or equal to ${lengthMax}`;
  return refuseConstraint(member, found, constraint);
}

function parseComparison(given: string | undefined) {
  if (given === undefined) {
    return refuseValidation(
      'PutMetricAlarm request should have a valid ComparisonOperator parameter',
    );
  }
  const operator = COMPARISON_OPERATORS.find((known) => known === given);
  if (operator === undefined) {
    return refuseEnumeration('comparisonOperator', given, COMPARISON_OPERATORS);
  }
  return succeed(operator);
}

function checkPeriods(periods: number, datapoints: number | undefined): Outcome<true> {
  const least = 'Member must have value greater than or equal to 1';
  if (periods < 1) return refuseConstraint('evaluationPeriods', String(periods), least);
  if (datapoints === undefined) return succeed(true);
  if (datapoints < 1) return refuseConstraint('datapointsToAlarm', String(datapoints), least);
  if (datapoints > periods) {
    return refuseValidation('DatapointsToAlarm must be less than or equal to EvaluationPeriods');
  }
  return succeed(true);
}

type Treatments = Pick<AlarmDefinition, 'treatMissingData' | 'evaluateLowSampleCountPercentile'>;

function parseTreatments(input: AlarmInput): Outcome<Treatments> {
  const treatMissingData = MISSING_DATA_TREATMENTS.find(
    (known) => known === input.treatMissingData,
  );
  if (input.treatMissingData !== undefined && treatMissingData === undefined) {
    return refuseValidation(
      'Supported values for TreatMissingData are breaching, notBreaching, ignore, and missing.',
    );
  }
  const low = input.evaluateLowSampleCountPercentile;
  if (low !== undefined && low !== 'evaluate' && low !== 'ignore') {
    return refuseValidation(
      'Supported options for EvaluateLowSampleCountPercentile are evaluate and ignore.',
    );
  }
  return succeed({ treatMissingData, evaluateLowSampleCountPercentile: low });
}

function parseActions(input: AlarmInput): Outcome<AlarmDefinition['actions']> {
  const actions = {
    OK: input.okActions,
    ALARM: input.alarmActions,
    INSUFFICIENT_DATA: input.insufficientDataActions,
  };
  for (const arns of Object.values(actions)) {
    if (arns.length > ACTIONS_MAX) {
      const constraint = `Member must have length less than or equal to ${ACTIONS_MAX}`;
      return refuseConstraint('actions', `[${arns.join(', ')}]`, constraint);
    }
    const bad = arns.find((arn) => !/^arn:[^:\s]+:[^:\s]+:[^:\s]*:[^:\s]*:\S+$/.test(arn));
    if (bad !== undefined) return refuseValidation(`Invalid arn syntax: ${bad}`);
  }
  return succeed(actions);
}

/** "Period", `PutMetricAlarm`: a day in all below an hour's period, else a week. */
function checkReach(periodS: number, evaluationPeriods: number): Outcome<true> {
  const totalS = periodS * evaluationPeriods;
  const isShort = periodS < HOUR_S;
  if (totalS <= (isShort ? DAY_S : WEEK_S)) return succeed(true);
  return refuseValidation(
    isShort
      ? 'Metrics cannot be checked across more than a day (EvaluationPeriods * Period must be ' +
          `<= ${DAY_S}) for alarms using period < ${HOUR_S}`
      : 'Metrics cannot be checked across more than a week (EvaluationPeriods * Period must be ' +
          `<= ${WEEK_S}) for alarms using period >= ${HOUR_S}`,
  );
}
