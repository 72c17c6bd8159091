// CloudWatch: metrics, alarms, dashboards; and its log groups.

import assert from 'node:assert/strict';
import {
  DeleteAlarmsCommand,
  DeleteDashboardsCommand,
  DescribeAlarmHistoryCommand,
  DescribeAlarmsCommand,
  GetDashboardCommand,
  GetMetricDataCommand,
  GetMetricStatisticsCommand,
  ListDashboardsCommand,
  PutDashboardCommand,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import type { PutMetricAlarmCommandInput } from '@aws-sdk/client-cloudwatch';
import {
  CreateLogGroupCommand,
  DeleteLogGroupCommand,
  DescribeLogGroupsCommand,
  PutRetentionPolicyCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import type { ContractCloud, Scenario } from '../scenario.ts';
import { eventually, expectRefusal } from '../scenario.ts';

const MINUTE_MS = 60_000;
/** CloudWatch shows new metrics after up to two minutes. */
const METRIC_WAIT_MS = 5 * MINUTE_MS;

/** Creates an alarm on a metric without data; returns its name. */
async function putAlarm(
  cloud: ContractCloud,
  settings: Partial<PutMetricAlarmCommandInput> = {},
): Promise<string> {
  const AlarmName = cloud.newName('alarm');
  cloud.undoLater(() =>
    cloud.cloudWatch.send(new DeleteAlarmsCommand({ AlarmNames: [AlarmName] })),
  );
  await cloud.cloudWatch.send(
    new PutMetricAlarmCommand({
      Namespace: AlarmName,
      MetricName: 'load',
      Statistic: 'Sum',
      Period: 60,
      EvaluationPeriods: 2,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanThreshold',
      ...settings,
      AlarmName,
    }),
  );
  return AlarmName;
}

/** The full minute before the last: data of one period, whatever the seconds do. */
function pastMinute(cloud: ContractCloud): number {
  return Math.floor(cloud.now() / MINUTE_MS) * MINUTE_MS - 2 * MINUTE_MS;
}

async function putValues(
  cloud: ContractCloud,
  namespace: string,
  values: readonly number[],
): Promise<{ readonly StartTime: Date; readonly EndTime: Date }> {
  const at = pastMinute(cloud);
  await cloud.cloudWatch.send(
    new PutMetricDataCommand({
      Namespace: namespace,
      MetricData: values.map((Value) => ({
        MetricName: 'load',
        Value,
        Timestamp: new Date(at),
        Unit: 'Count' as const,
      })),
    }),
  );
  return { StartTime: new Date(at), EndTime: new Date(at + MINUTE_MS) };
}

const metricScenarios: readonly Scenario[] = [
  {
    name: 'CloudWatch: statistics of a minute are those of its samples',
    source: 'CloudWatch API reference, GetMetricStatistics',
    async run(cloud) {
      const Namespace = cloud.newName('metrics');
      const span = await putValues(cloud, Namespace, [1, 2, 6]);
      const point = await eventually(
        cloud,
        'a data point of three samples',
        async () => {
          const answer = await cloud.cloudWatch.send(
            new GetMetricStatisticsCommand({
              Namespace,
              MetricName: 'load',
              ...span,
              Period: 60,
              Statistics: ['Average', 'Maximum', 'Minimum', 'Sum', 'SampleCount'],
            }),
          );
          return answer.Datapoints?.find(({ SampleCount }) => SampleCount === 3);
        },
        METRIC_WAIT_MS,
      );
      const { Average, Maximum, Minimum, Sum, Unit } = point;
      assert.deepEqual([Average, Maximum, Minimum, Sum, Unit], [3, 6, 1, 9, 'Count']);
    },
  },
  {
    name: 'CloudWatch: metric math works on the series of other queries',
    source: 'CloudWatch user guide, "Using math expressions with CloudWatch metrics"',
    async run(cloud) {
      const Namespace = cloud.newName('metrics');
      const span = await putValues(cloud, Namespace, [4, 6]);
      const stat = { Metric: { Namespace, MetricName: 'load' }, Period: 60, Stat: 'Sum' };
      const values = await eventually(
        cloud,
        'the result of both samples',
        async () => {
          const answer = await cloud.cloudWatch.send(
            new GetMetricDataCommand({
              ...span,
              MetricDataQueries: [
                { Id: 'load', MetricStat: stat, ReturnData: false },
                { Id: 'half', Expression: 'load / 2' },
              ],
            }),
          );
          const [result] = answer.MetricDataResults ?? [];
          return result?.Values?.[0] === 5 ? [result.Id, result.StatusCode] : undefined;
        },
        METRIC_WAIT_MS,
      );
      assert.deepEqual(values, ['half', 'Complete']);
    },
  },
  {
    name: 'CloudWatch: an alarm begins without data, and its state can be set',
    source: 'CloudWatch API reference, PutMetricAlarm, SetAlarmState, DescribeAlarmHistory',
    async run(cloud) {
      const name = await putAlarm(cloud);
      const describe = new DescribeAlarmsCommand({ AlarmNames: [name] });
      const [alarm] = (await cloud.cloudWatch.send(describe)).MetricAlarms ?? [];
      assert.equal(alarm?.StateValue, 'INSUFFICIENT_DATA');
      const state = { StateValue: 'ALARM' as const, StateReason: 'a drill' };
      await cloud.cloudWatch.send(new SetAlarmStateCommand({ AlarmName: name, ...state }));
      await eventually(cloud, 'the change in the history', async () => {
        const history = await cloud.cloudWatch.send(
          new DescribeAlarmHistoryCommand({ AlarmName: name, HistoryItemType: 'StateUpdate' }),
        );
        return history.AlarmHistoryItems?.find(({ HistorySummary: summary = '' }) =>
          summary.includes('to ALARM'),
        );
      });
    },
  },
  {
    name: 'CloudWatch: samples above the threshold raise an alarm',
    source: 'CloudWatch user guide, "Alarm evaluation"',
    async run(cloud) {
      const name = await putAlarm(cloud, { EvaluationPeriods: 1 });
      await eventually(
        cloud,
        'the alarm',
        async () => {
          const MetricData = [{ MetricName: 'load', Value: 100 }];
          await cloud.cloudWatch.send(new PutMetricDataCommand({ Namespace: name, MetricData }));
          const described = await cloud.cloudWatch.send(
            new DescribeAlarmsCommand({ AlarmNames: [name], StateValue: 'ALARM' }),
          );
          return described.MetricAlarms?.[0];
        },
        METRIC_WAIT_MS,
      );
    },
  },
  {
    name: 'CloudWatch: an alarm of a period that there is not is refused',
    source: 'CloudWatch API reference, PutMetricAlarm: Period',
    async run(cloud) {
      await expectRefusal(putAlarm(cloud, { Period: 7 }), {
        name: 'ValidationException',
        status: 400,
      });
    },
  },
  {
    name: 'CloudWatch: a dashboard is given back as it was put, and missed when gone',
    source: 'CloudWatch API reference, PutDashboard, GetDashboard',
    async run(cloud) {
      const DashboardName = cloud.newName('dashboard');
      const remove = new DeleteDashboardsCommand({ DashboardNames: [DashboardName] });
      cloud.undoLater(() => cloud.cloudWatch.send(remove));
      const DashboardBody = '{"widgets":[]}';
      await cloud.cloudWatch.send(new PutDashboardCommand({ DashboardName, DashboardBody }));
      const got = await cloud.cloudWatch.send(new GetDashboardCommand({ DashboardName }));
      assert.deepEqual(JSON.parse(got.DashboardBody ?? ''), { widgets: [] });
      const listed = await cloud.cloudWatch.send(
        new ListDashboardsCommand({ DashboardNamePrefix: DashboardName }),
      );
      assert.equal(listed.DashboardEntries?.length, 1);
      await cloud.cloudWatch.send(remove);
      await expectRefusal(cloud.cloudWatch.send(new GetDashboardCommand({ DashboardName })), {
        name: 'ResourceNotFound',
        status: 404,
      });
    },
  },
];

const logScenarios: readonly Scenario[] = [
  {
    name: 'Logs: a log group is made once, keeps its retention, and is missed when gone',
    source: 'CloudWatch Logs API reference, CreateLogGroup, PutRetentionPolicy, DeleteLogGroup',
    async run(cloud) {
      const logGroupName = cloud.newName('logs');
      const create = (): Promise<unknown> =>
        cloud.logs.send(new CreateLogGroupCommand({ logGroupName }));
      const remove = (): Promise<unknown> =>
        cloud.logs.send(new DeleteLogGroupCommand({ logGroupName }));
      await create();
      cloud.undoLater(remove);
      await expectRefusal(create(), { name: 'ResourceAlreadyExistsException', status: 400 });
      const retention = { logGroupName, retentionInDays: 7 };
      await cloud.logs.send(new PutRetentionPolicyCommand(retention));
      const { logGroups } = await cloud.logs.send(
        new DescribeLogGroupsCommand({ logGroupNamePrefix: logGroupName }),
      );
      assert.deepEqual(
        logGroups?.map((group) => [group.logGroupName, group.retentionInDays]),
        [[logGroupName, 7]],
      );
      await remove();
      await expectRefusal(remove(), { name: 'ResourceNotFoundException', status: 400 });
    },
  },
];

export const telemetryScenarios: readonly Scenario[] = [...metricScenarios, ...logScenarios];
