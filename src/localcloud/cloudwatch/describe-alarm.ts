// An alarm of the model as the `MetricAlarm` structure of the API.

import type { Alarm } from '../../cloud/cloudwatch/alarms/alarm.ts';
import type { CallContext } from '../service.ts';
import type { Output } from './define-operation.ts';
import { fromDimensions, fromMetricQuery } from './metric-shapes.ts';

/** The ARN of an alarm of that name. */
export function alarmArn(name: string, { region, accountId }: CallContext): string {
  return `arn:aws:cloudwatch:${region}:${accountId}:alarm:${name}`;
}

/** All members of `MetricAlarm` that the model has. */
export function describeAlarm(alarm: Alarm, context: CallContext): Output {
  const { definition } = alarm;
  return {
    AlarmName: definition.name,
    AlarmArn: alarmArn(definition.name, context),
    AlarmDescription: definition.description,
    AlarmConfigurationUpdatedTimestamp: alarm.configuredAt / 1000,
    ActionsEnabled: definition.actionsEnabled,
    OKActions: definition.actions.OK,
    AlarmActions: definition.actions.ALARM,
    InsufficientDataActions: definition.actions.INSUFFICIENT_DATA,
    StateValue: alarm.state,
    StateReason: alarm.stateReason,
    StateReasonData: alarm.stateReasonData === '' ? undefined : alarm.stateReasonData,
    StateUpdatedTimestamp: alarm.stateUpdatedAt / 1000,
    StateTransitionedTimestamp: alarm.stateTransitionedAt / 1000,
    ...describeMeasure(alarm),
    EvaluationPeriods: definition.evaluationPeriods,
    DatapointsToAlarm: definition.datapointsToAlarm,
    Threshold: definition.threshold,
    ComparisonOperator: definition.comparisonOperator,
    TreatMissingData: definition.treatMissingData,
    EvaluateLowSampleCountPercentile: definition.evaluateLowSampleCountPercentile,
  };
}

function describeMeasure({ definition: { measure } }: Alarm): Output {
  if (measure.kind === 'math') return { Metrics: measure.inputs.map(fromMetricQuery) };
  const { metric, statistic } = measure;
  return {
    Namespace: metric.namespace,
    MetricName: metric.metricName,
    Dimensions: fromDimensions(metric.dimensions),
    Period: measure.periodMs / 1000,
    Unit: measure.unit,
    [statistic.kind === 'plain' ? 'Statistic' : 'ExtendedStatistic']: statistic.name,
  };
}
