// An alarm's state in CloudWatch's words: `StateReason` for people, `StateReasonData` for programs.

import type { EpochMs } from '../../time.ts';
import { formatShort, formatTimestamp } from '../calendar.ts';
import type { AlarmDefinition, AlarmState, ComparisonOperator } from './alarm.ts';
import type { AlarmDatapoint } from './read-datapoints.ts';

export const INITIAL_REASON = 'Unchecked: Initial alarm creation';

const OPERATOR_WORDS: Readonly<Record<ComparisonOperator, string>> = {
  GreaterThanOrEqualToThreshold: 'greater than or equal to',
  GreaterThanThreshold: 'greater than',
  LessThanThreshold: 'less than',
  LessThanOrEqualToThreshold: 'less than or equal to',
};

const TREATMENT_WORDS = {
  breaching: 'Breaching',
  notBreaching: 'NonBreaching',
  ignore: 'Ignored',
  missing: 'Missing',
} as const;

export interface Judged {
  readonly datapoint: AlarmDatapoint;
  readonly isBreaching: boolean;
}

/** `judged`: the real data points that were evaluated, oldest first. */
export function describeState(
  definition: AlarmDefinition,
  state: AlarmState,
  judged: readonly Judged[],
): string {
  const missingCount = definition.evaluationPeriods - judged.length;
  if (state === 'INSUFFICIENT_DATA') {
    const unknown = missingCount === 0 ? definition.evaluationPeriods : missingCount;
    return `Insufficient Data: ${unknown} ${plural('datapoint', unknown)} ${was(unknown)} unknown.`;
  }
  const filled = describeFilled(definition, missingCount);
  if (judged.length === 0) {
    const periods = `${missingCount} ${plural('period', missingCount)}`;
    return `Threshold Crossed: no datapoints were received for ${periods} and ${filled}.`;
  }
  const isAlarm = state === 'ALARM';
  const telling = judged.filter(({ isBreaching }) => isBreaching === isAlarm);
  const shown = telling.length > 0 ? telling : judged;
  const isTrue = shown === telling ? isAlarm : !isAlarm;
  const verb = `${was(shown.length)}${isTrue ? '' : ' not'}`;
  const operator = OPERATOR_WORDS[definition.comparisonOperator];
  const comparison = `${verb} ${operator} the threshold (${formatDouble(definition.threshold)})`;
  const tail = missingCount > 0 ? ` and ${filled}` : describeMinimum(definition, isAlarm);
  return `Threshold Crossed: ${describeCount(definition, shown)} ${comparison}${tail}.`;
}

function describeCount(definition: AlarmDefinition, shown: readonly Judged[]): string {
  const list = shown
    .map(({ datapoint: { at, value = 0 } }) => `${formatDouble(value)} (${formatShort(at)})`)
    .join(', ');
  const { evaluationPeriods, datapointsToAlarm } = definition;
  const count = shown.length;
  if (datapointsToAlarm === undefined) return `${count} ${plural('datapoint', count)} [${list}]`;
  return `${count} out of the last ${evaluationPeriods} datapoints [${list}]`;
}

function describeMinimum(definition: AlarmDefinition, isAlarm: boolean): string {
  const { evaluationPeriods, datapointsToAlarm } = definition;
  if (datapointsToAlarm === undefined) return '';
  const least = isAlarm ? datapointsToAlarm : evaluationPeriods - datapointsToAlarm + 1;
  const transition = isAlarm ? 'OK -> ALARM' : 'ALARM -> OK';
  return ` (minimum ${least} ${plural('datapoint', least)} for ${transition} transition)`;
}

function describeFilled({ treatMissingData }: AlarmDefinition, count: number): string {
  const words = TREATMENT_WORDS[treatMissingData ?? 'missing'];
  return `${count} missing ${plural('datapoint', count)} ${was(count)} treated as [${words}]`;
}

/** The JSON text of `StateReasonData`; for an Auto Scaling action this is what it works from. */
export function describeData(
  definition: AlarmDefinition,
  evaluated: readonly AlarmDatapoint[],
  now: EpochMs,
): string {
  const real = evaluated.filter(({ value }) => value !== undefined);
  const { measure } = definition;
  const [first] = real;
  return JSON.stringify({
    version: '1.0',
    queryDate: formatTimestamp(now),
    ...(first === undefined ? {} : { startDate: formatTimestamp(first.at) }),
    ...(measure.kind === 'metric' ? { unit: measure.unit, statistic: measure.statistic.name } : {}),
    period: measure.periodMs / 1000,
    recentDatapoints: real.map(({ value }) => value),
    threshold: definition.threshold,
    evaluatedDatapoints: evaluated.toReversed().map(({ at, value, sampleCount }) => {
      return { timestamp: formatTimestamp(at), sampleCount, value };
    }),
  });
}

/** As Java prints a double: whole numbers with `.0`. */
function formatDouble(value: number): string {
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

function plural(noun: string, count: number): string {
  return count === 1 ? noun : `${noun}s`;
}

function was(count: number): string {
  return count === 1 ? 'was' : 'were';
}
