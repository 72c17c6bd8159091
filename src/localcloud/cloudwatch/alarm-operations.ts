// The operations that change alarms, with AWS's member names.

import { ALARM_STATES } from '../../cloud/cloudwatch/alarms/alarm.ts';
import {
  deleteAlarms,
  putAlarm,
  setActionsEnabled,
  setAlarmState,
} from '../../cloud/cloudwatch/alarms/alarm-book.ts';
import type { CloudWatch } from '../../cloud/cloudwatch/cloudwatch.ts';
import {
  refuseEnumeration,
  refuseMissing,
  refuseValidation,
} from '../../cloud/cloudwatch/faults.ts';
import { succeed } from '../../cloud/fault.ts';
import { listOf, readDouble, readFlag, readInteger, readText, structureOf } from '../json-shape.ts';
import type { Reader } from '../json-shape.ts';
import type { Operation } from '../service.ts';
import { defineOperation } from './define-operation.ts';
import { readDimensions, readMetricQueries, toDimensions, toMetricQuery } from './metric-shapes.ts';

const readTexts = listOf(readText);
const readAnything: Reader<true> = () => succeed(true);

const readAlarm = structureOf({
  AlarmName: readText,
  AlarmDescription: readText,
  ActionsEnabled: readFlag,
  OKActions: readTexts,
  AlarmActions: readTexts,
  InsufficientDataActions: readTexts,
  MetricName: readText,
  Namespace: readText,
  Statistic: readText,
  ExtendedStatistic: readText,
  Dimensions: readDimensions,
  Period: readInteger,
  Unit: readText,
  EvaluationPeriods: readInteger,
  DatapointsToAlarm: readInteger,
  Threshold: readDouble,
  ComparisonOperator: readText,
  TreatMissingData: readText,
  EvaluateLowSampleCountPercentile: readText,
  Metrics: readMetricQueries,
  ThresholdMetricId: readAnything,
  EvaluationCriteria: readAnything,
  EvaluationInterval: readAnything,
  WarmUpConfiguration: readAnything,
  EvaluationWindow: structureOf({ SlidingWindow: readAnything, WallClockWindow: readAnything }),
});

/** Members whose effect is not modelled: they are refused rather than passed over. */
const NOT_MODELLED = [
  'ThresholdMetricId',
  'EvaluationCriteria',
  'EvaluationInterval',
  'WarmUpConfiguration',
] as const;

export function putMetricAlarmOperation(cloudWatch: CloudWatch): Operation {
  return defineOperation(cloudWatch, readAlarm, (input, { now }) => {
    const unsupported = NOT_MODELLED.find((member) => input[member] !== undefined);
    if (unsupported !== undefined) return refuseUnsupported(unsupported);
    if (input.EvaluationWindow?.WallClockWindow !== undefined) {
      return refuseUnsupported('EvaluationWindow.WallClockWindow');
    }
    const outcome = putAlarm(
      cloudWatch,
      {
        name: input.AlarmName,
        description: input.AlarmDescription,
        actionsEnabled: input.ActionsEnabled,
        okActions: input.OKActions ?? [],
        alarmActions: input.AlarmActions ?? [],
        insufficientDataActions: input.InsufficientDataActions ?? [],
        metricName: input.MetricName,
        namespace: input.Namespace,
        dimensions: toDimensions(input.Dimensions),
        statistic: input.Statistic,
        extendedStatistic: input.ExtendedStatistic,
        periodS: input.Period,
        unit: input.Unit,
        metrics: (input.Metrics ?? []).map(toMetricQuery),
        evaluationPeriods: input.EvaluationPeriods,
        datapointsToAlarm: input.DatapointsToAlarm,
        threshold: input.Threshold,
        comparisonOperator: input.ComparisonOperator,
        treatMissingData: input.TreatMissingData,
        evaluateLowSampleCountPercentile: input.EvaluateLowSampleCountPercentile,
      },
      now,
    );
    return outcome.ok ? succeed({}) : outcome;
  });
}

function refuseUnsupported(member: string) {
  return refuseValidation(`The parameter ${member} is not supported by this endpoint.`);
}

const readNames = structureOf({ AlarmNames: readTexts });

export function deleteAlarmsOperation(cloudWatch: CloudWatch): Operation {
  return defineOperation(cloudWatch, readNames, ({ AlarmNames }, { now }) => {
    if (AlarmNames === undefined) return refuseMissing('AlarmNames');
    const outcome = deleteAlarms(cloudWatch, AlarmNames, now);
    return outcome.ok ? succeed({}) : outcome;
  });
}

/** `EnableAlarmActions` or `DisableAlarmActions`. */
export function setActionsOperation(cloudWatch: CloudWatch, isEnabled: boolean): Operation {
  return defineOperation(cloudWatch, readNames, ({ AlarmNames }, { now }) => {
    if (AlarmNames === undefined) return refuseMissing('AlarmNames');
    const outcome = setActionsEnabled(cloudWatch, AlarmNames, isEnabled, now);
    return outcome.ok ? succeed({}) : outcome;
  });
}

export function setAlarmStateOperation(cloudWatch: CloudWatch): Operation {
  const readInput = structureOf({
    AlarmName: readText,
    StateValue: readText,
    StateReason: readText,
    StateReasonData: readText,
  });
  return defineOperation(cloudWatch, readInput, (input, { now }) => {
    const { AlarmName, StateValue, StateReason, StateReasonData } = input;
    if (AlarmName === undefined) return refuseMissing('AlarmName');
    if (StateValue === undefined) return refuseMissing('StateValue');
    if (StateReason === undefined) return refuseMissing('StateReason');
    const state = ALARM_STATES.find((known) => known === StateValue);
    if (state === undefined) return refuseEnumeration('stateValue', StateValue, ALARM_STATES);
    const forced = { state, reason: StateReason, reasonData: StateReasonData };
    const outcome = setAlarmState(cloudWatch, AlarmName, forced, now);
    return outcome.ok ? succeed({}) : outcome;
  });
}
