// CloudWatch as a service of the local cloud: its operations by name.

import type { CloudWatch } from '../../cloud/cloudwatch/cloudwatch.ts';
import type { Operation, Service } from '../service.ts';
import {
  deleteAlarmsOperation,
  putMetricAlarmOperation,
  setActionsOperation,
  setAlarmStateOperation,
} from './alarm-operations.ts';
import {
  deleteDashboardsOperation,
  getDashboardOperation,
  listDashboardsOperation,
  putDashboardOperation,
} from './dashboard-operations.ts';
import {
  describeAlarmHistoryOperation,
  describeAlarmsForMetricOperation,
  describeAlarmsOperation,
} from './describe-operations.ts';
import {
  getMetricDataOperation,
  getMetricStatisticsOperation,
  listMetricsOperation,
  putMetricDataOperation,
} from './metric-operations.ts';

/** All operations on the given model; `docs/` says what each of them leaves out. */
export function createCloudWatchService(cloudWatch: CloudWatch): Service {
  const operations = new Map<string, Operation>([
    ['PutMetricData', putMetricDataOperation(cloudWatch)],
    ['GetMetricStatistics', getMetricStatisticsOperation(cloudWatch)],
    ['GetMetricData', getMetricDataOperation(cloudWatch)],
    ['ListMetrics', listMetricsOperation(cloudWatch)],
    ['PutMetricAlarm', putMetricAlarmOperation(cloudWatch)],
    ['DescribeAlarms', describeAlarmsOperation(cloudWatch)],
    ['DescribeAlarmsForMetric', describeAlarmsForMetricOperation(cloudWatch)],
    ['DescribeAlarmHistory', describeAlarmHistoryOperation(cloudWatch)],
    ['DeleteAlarms', deleteAlarmsOperation(cloudWatch)],
    ['SetAlarmState', setAlarmStateOperation(cloudWatch)],
    ['EnableAlarmActions', setActionsOperation(cloudWatch, true)],
    ['DisableAlarmActions', setActionsOperation(cloudWatch, false)],
    ['PutDashboard', putDashboardOperation(cloudWatch)],
    ['GetDashboard', getDashboardOperation(cloudWatch)],
    ['ListDashboards', listDashboardsOperation(cloudWatch)],
    ['DeleteDashboards', deleteDashboardsOperation(cloudWatch)],
  ]);
  return { signingName: 'monitoring', operations };
}
