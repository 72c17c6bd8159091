// The operations that show alarms and their history, with AWS's member names.

import { ALARM_STATES } from '../../cloud/cloudwatch/alarms/alarm.ts';
import { HISTORY_TYPES } from '../../cloud/cloudwatch/alarms/history.ts';
import {
  describeAlarms,
  describeAlarmsForMetric,
  describeHistory,
} from '../../cloud/cloudwatch/alarms/list-alarms.ts';
import type { CloudWatch } from '../../cloud/cloudwatch/cloudwatch.ts';
import { refuseEnumeration, refuseMissing } from '../../cloud/cloudwatch/faults.ts';
import { succeed } from '../../cloud/fault.ts';
import { listOf, readInteger, readText, readTimestamp, structureOf } from '../json-shape.ts';
import type { Operation } from '../service.ts';
import { defineOperation } from './define-operation.ts';
import { describeAlarm } from './describe-alarm.ts';
import { readDimensions, toMetricId } from './metric-shapes.ts';

export function describeAlarmsOperation(cloudWatch: CloudWatch): Operation {
  const readInput = structureOf({
    AlarmNames: listOf(readText),
    AlarmNamePrefix: readText,
    AlarmTypes: listOf(readText),
    StateValue: readText,
    ActionPrefix: readText,
    MaxRecords: readInteger,
    NextToken: readText,
  });
  return defineOperation(cloudWatch, readInput, (input, context) => {
    const { AlarmTypes = ['MetricAlarm'], StateValue } = input;
    const state = ALARM_STATES.find((known) => known === StateValue);
    if (StateValue !== undefined && state === undefined) {
      return refuseEnumeration('stateValue', StateValue, ALARM_STATES);
    }
    // Composite and log alarms cannot be created here, so there are none to show.
    const others = { CompositeAlarms: [], LogAlarms: [] };
    if (!AlarmTypes.includes('MetricAlarm')) return succeed({ ...others, MetricAlarms: [] });
    const page = describeAlarms(cloudWatch, {
      names: input.AlarmNames ?? [],
      namePrefix: input.AlarmNamePrefix,
      state,
      actionPrefix: input.ActionPrefix,
      recordsMax: input.MaxRecords,
      nextToken: input.NextToken,
    });
    if (!page.ok) return page;
    const MetricAlarms = page.value.items.map((alarm) => describeAlarm(alarm, context));
    return succeed({ ...others, MetricAlarms, NextToken: page.value.nextToken });
  });
}

export function describeAlarmsForMetricOperation(cloudWatch: CloudWatch): Operation {
  const readInput = structureOf({
    MetricName: readText,
    Namespace: readText,
    Dimensions: readDimensions,
    Statistic: readText,
    ExtendedStatistic: readText,
    Period: readInteger,
    Unit: readText,
  });
  return defineOperation(cloudWatch, readInput, (input, context) => {
    const { MetricName, Namespace } = input;
    if (MetricName === undefined) return refuseMissing('MetricName');
    if (Namespace === undefined) return refuseMissing('Namespace');
    const alarms = describeAlarmsForMetric(cloudWatch, {
      metric: toMetricId(Namespace, MetricName, input.Dimensions),
      statistic: input.Statistic ?? input.ExtendedStatistic,
      periodS: input.Period,
      unit: input.Unit,
    });
    return succeed({ MetricAlarms: alarms.map((alarm) => describeAlarm(alarm, context)) });
  });
}

const SCAN_ORDERS: readonly string[] = ['TimestampDescending', 'TimestampAscending'];

export function describeAlarmHistoryOperation(cloudWatch: CloudWatch): Operation {
  const readInput = structureOf({
    AlarmName: readText,
    HistoryItemType: readText,
    StartDate: readTimestamp,
    EndDate: readTimestamp,
    MaxRecords: readInteger,
    NextToken: readText,
    ScanBy: readText,
  });
  return defineOperation(cloudWatch, readInput, (input) => {
    const { HistoryItemType, ScanBy = 'TimestampDescending' } = input;
    if (!SCAN_ORDERS.includes(ScanBy)) return refuseEnumeration('scanBy', ScanBy, SCAN_ORDERS);
    const type = HISTORY_TYPES.find((known) => known === HistoryItemType);
    if (HistoryItemType !== undefined && type === undefined) {
      return refuseEnumeration('historyItemType', HistoryItemType, HISTORY_TYPES);
    }
    const page = describeHistory(cloudWatch, {
      alarmName: input.AlarmName,
      type,
      start: input.StartDate,
      end: input.EndDate,
      isAscending: ScanBy === 'TimestampAscending',
      recordsMax: input.MaxRecords,
      nextToken: input.NextToken,
    });
    if (!page.ok) return page;
    const AlarmHistoryItems = page.value.items.map((item) => ({
      AlarmName: item.alarmName,
      AlarmType: 'MetricAlarm',
      Timestamp: item.at / 1000,
      HistoryItemType: item.type,
      HistorySummary: item.summary,
      HistoryData: item.data,
    }));
    return succeed({ AlarmHistoryItems, NextToken: page.value.nextToken });
  });
}
