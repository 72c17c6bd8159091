// CloudWatch as an SDK client sees it. Every expectation names the public AWS document it is from:
//   [API]   Amazon CloudWatch API Reference, as shipped with @aws-sdk/client-cloudwatch
//   [CW]    Amazon CloudWatch User Guide
//   [model] the service model inside @aws-sdk/client-cloudwatch (error codes, HTTP status)

import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  DeleteDashboardsCommand,
  DescribeAlarmHistoryCommand,
  DescribeAlarmsCommand,
  DescribeAlarmsForMetricCommand,
  DisableAlarmActionsCommand,
  EnableAlarmActionsCommand,
  GetDashboardCommand,
  GetMetricDataCommand,
  GetMetricStatisticsCommand,
  InvalidParameterCombinationException,
  InvalidParameterValueException,
  ListDashboardsCommand,
  ListMetricsCommand,
  MissingRequiredParameterException,
  paginateListMetrics,
  PutCompositeAlarmCommand,
  PutDashboardCommand,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
  ResourceNotFound,
  SetAlarmStateCommand,
  ValidationException,
} from '@aws-sdk/client-cloudwatch';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AccountOptions } from '../../src/cloud/account/account.ts';
import { ACCOUNT_ID, REGION, serveAccount } from './served-account.ts';
import type { ServedAccount } from './served-account.ts';
import { createVirtualClock } from './virtual-clock.ts';
import type { VirtualClock } from './virtual-clock.ts';

const START = Date.UTC(2026, 0, 15, 10, 0, 0);
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const POLICY =
  `arn:aws:autoscaling:${REGION}:${ACCOUNT_ID}:scalingPolicy:1:` +
  'autoScalingGroupName/web:policyName/out';

let clock: VirtualClock;
let actions: string[];
let served: ServedAccount;
let client: CloudWatchClient;

beforeEach(async () => {
  actions = [];
  await serve();
});

afterEach(stop);

/** A server with nothing in its CloudWatch, at `START`. */
async function serve(options: Partial<AccountOptions> = {}): Promise<void> {
  clock = createVirtualClock(START);
  served = await serveAccount(clock, {
    onAlarmAction: (arn, _alarm, { to }) => actions.push(`${to} ${arn}`),
    ...options,
  });
  client = new CloudWatchClient(served.clientConfig);
}

async function stop(): Promise<void> {
  client.destroy();
  await served.close();
}

const at = (offsetMs: number) => new Date(START + offsetMs);
const put = (data: object) =>
  client.send(
    new PutMetricDataCommand({ Namespace: 'App', MetricData: [{ MetricName: 'm', ...data }] }),
  );

describe('PutMetricData and GetMetricStatistics', () => {
  // [API] MetricDatum: Values with Counts; GetMetricStatistics: Datapoint.
  it('give the statistics of what was put', async () => {
    await put({ Values: [10, 0, 1], Counts: [2, 4, 1], Timestamp: at(0), Unit: 'Count' });
    const found = await client.send(
      new GetMetricStatisticsCommand({
        Namespace: 'App',
        MetricName: 'm',
        StartTime: at(0),
        EndTime: at(MINUTE),
        Period: 60,
        Statistics: ['Average', 'Sum', 'Minimum', 'Maximum', 'SampleCount'],
      }),
    );
    expect(found.Label).toBe('m');
    expect(found.Datapoints).toEqual([
      {
        Timestamp: at(0),
        Unit: 'Count',
        SampleCount: 7,
        Sum: 21,
        Average: 3,
        Minimum: 0,
        Maximum: 10,
      },
    ]);
  });

  // [CW] Statistics definitions: percentiles; [API] "need raw data points".
  it('give percentiles of raw values and none of statistic sets', async () => {
    await put({ Values: [1, 2, 3, 4, 100], Timestamp: at(0) });
    const set = { SampleCount: 2, Sum: 30, Minimum: 10, Maximum: 20 };
    await put({ StatisticValues: set, Timestamp: at(MINUTE) });
    const found = await client.send(
      new GetMetricStatisticsCommand({
        Namespace: 'App',
        MetricName: 'm',
        StartTime: at(0),
        EndTime: at(2 * MINUTE),
        Period: 60,
        ExtendedStatistics: ['p50', 'p100'],
      }),
    );
    expect(found.Datapoints?.map(({ ExtendedStatistics }) => ExtendedStatistics)).toEqual([
      { p50: 3, p100: 100 },
    ]);
  });

  // [API] StorageResolution 1: "stores the metric with sub-minute resolution down to one second".
  it('read one-second data at periods of 1, 5, 10 and 30 seconds', async () => {
    const seconds = [0, 4, 5, 9, 10, 29];
    await client.send(
      new PutMetricDataCommand({
        Namespace: 'App',
        MetricData: seconds.map((second) => ({
          MetricName: 'm',
          Value: 1,
          Timestamp: at(second * 1000),
          StorageResolution: 1,
        })),
      }),
    );
    const sums = async (Period: number) => {
      const { Datapoints = [] } = await client.send(
        new GetMetricStatisticsCommand({
          Namespace: 'App',
          MetricName: 'm',
          StartTime: at(0),
          EndTime: at(30_000),
          Period,
          Statistics: ['Sum'],
        }),
      );
      return Datapoints.map(({ Timestamp, Sum }) => [
        (Number(Timestamp?.getTime()) - START) / 1000,
        Sum,
      ]);
    };
    expect(await sums(1)).toEqual(seconds.map((second) => [second, 1]));
    expect(await sums(5)).toEqual([
      [0, 2],
      [5, 2],
      [10, 1],
      [25, 1],
    ]);
    expect(await sums(10)).toEqual([
      [0, 4],
      [10, 1],
      [20, 1],
    ]);
    expect(await sums(30)).toEqual([[0, 6]]);
  });

  // [API] "You can send a payload compressed by gzip": the SDK does so from 10 KiB on.
  it('take a thousand metrics in one compressed call', async () => {
    const MetricData = Array.from({ length: 1000 }, (_, i) => ({
      MetricName: `metric-${i}`,
      Dimensions: [{ Name: 'Host', Value: `host-${i}` }],
      Value: i,
    }));
    await client.send(new PutMetricDataCommand({ Namespace: 'App', MetricData }));
    const names = new Set<string | undefined>();
    for await (const page of paginateListMetrics({ client }, { Namespace: 'App' })) {
      // [API] ListMetrics: "Up to 500 results are returned for any one call".
      expect(page.Metrics?.length).toBeLessThanOrEqual(500);
      for (const { MetricName } of page.Metrics ?? []) names.add(MetricName);
    }
    expect(names.size).toBe(1000);
  });

  // [API] PutMetricData: limits; MetricDatum: "special values … are not supported".
  it.each([
    [{ Value: Number.NaN }, InvalidParameterValueException, 'InvalidParameterValue', 400],
    [{ Value: Infinity }, InvalidParameterValueException, 'InvalidParameterValue', 400],
    [
      { Value: 1, Timestamp: at(-15 * DAY) },
      InvalidParameterValueException,
      'InvalidParameterValue',
      400,
    ],
    [
      { Value: 1, Timestamp: at(3 * 60 * MINUTE) },
      InvalidParameterValueException,
      'InvalidParameterValue',
      400,
    ],
    [
      { Value: 1, Values: [1] },
      InvalidParameterCombinationException,
      'InvalidParameterCombination',
      400,
    ],
    [
      { MetricName: undefined, Value: 1 },
      MissingRequiredParameterException,
      'MissingParameter',
      400,
    ],
  ])('refuse %j as the service model says', async (data, type, code, status) => {
    const failure = await put(data).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(type);
    // [model] awsQueryError and httpError of the exception.
    expect(failure).toMatchObject({ Code: code, $metadata: { httpStatusCode: status } });
  });
});

describe('GetMetricData', () => {
  const m = (id: string, name: string) => ({
    Id: id,
    ReturnData: false,
    MetricStat: { Metric: { Namespace: 'App', MetricName: name }, Period: 60, Stat: 'Sum' },
  });

  // [CW] Using metric math: FILL, arithmetic.
  it('works out the backlog per instance', async () => {
    for (const [minute, backlog] of [100, 80].entries()) {
      await put({ MetricName: 'backlog', Value: backlog, Timestamp: at(minute * MINUTE) });
    }
    await put({ MetricName: 'fleet', Value: 4, Timestamp: at(0) });
    const found = await client.send(
      new GetMetricDataCommand({
        StartTime: at(0),
        EndTime: at(2 * MINUTE),
        ScanBy: 'TimestampAscending',
        MetricDataQueries: [
          { Id: 'e1', Expression: 'backlog / FILL(fleet, REPEAT)', Label: 'BacklogPerInstance' },
          m('backlog', 'backlog'),
          m('fleet', 'fleet'),
        ],
      }),
    );
    expect(found.MetricDataResults).toEqual([
      {
        Id: 'e1',
        Label: 'BacklogPerInstance',
        Timestamps: [at(0), at(MINUTE)],
        Values: [25, 20],
        StatusCode: 'Complete',
      },
    ]);
  });

  // [API] ScanBy: "If you omit this parameter, the default of TimestampDescending is used";
  // MaxDatapoints and NextToken; MetricDataResult.StatusCode.
  it('gives the newest first, in pages', async () => {
    for (let minute = 0; minute < 5; minute += 1) {
      await put({ Value: minute, Timestamp: at(minute * MINUTE) });
    }
    const values: number[] = [];
    const codes: (string | undefined)[] = [];
    let NextToken: string | undefined;
    do {
      const page = await client.send(
        new GetMetricDataCommand({
          StartTime: at(0),
          EndTime: at(5 * MINUTE),
          MaxDatapoints: 2,
          NextToken,
          MetricDataQueries: [{ ...m('m1', 'm'), ReturnData: true }],
        }),
      );
      for (const { Values = [], StatusCode } of page.MetricDataResults ?? []) {
        values.push(...Values);
        codes.push(StatusCode);
      }
      ({ NextToken } = page);
    } while (NextToken !== undefined);
    expect(values).toEqual([4, 3, 2, 1, 0]);
    expect(codes).toEqual(['PartialData', 'PartialData', 'Complete']);
  });

  // [API] "any one of the metrics … StartTime … exclusive"; [model] ValidationException.
  it('refuses bad expressions with ValidationError', async () => {
    const sending = client.send(
      new GetMetricDataCommand({
        StartTime: at(0),
        EndTime: at(MINUTE),
        MetricDataQueries: [{ Id: 'e1', Expression: 'NOSUCH(m1)' }],
      }),
    );
    await expect(sending).rejects.toThrow("Error in expression 'e1'");
    await expect(sending).rejects.toBeInstanceOf(ValidationException);
  });
});

describe('alarms', () => {
  const alarm = {
    AlarmName: 'high',
    Namespace: 'App',
    MetricName: 'm',
    Statistic: 'Average' as const,
    Period: 60,
    EvaluationPeriods: 2,
    DatapointsToAlarm: 2,
    Threshold: 50,
    ComparisonOperator: 'GreaterThanThreshold' as const,
    AlarmActions: [POLICY],
  };

  async function describeOne() {
    const { MetricAlarms = [] } = await client.send(new DescribeAlarmsCommand({}));
    return MetricAlarms[0];
  }

  // [API] PutMetricAlarm: "the alarm state is immediately set to INSUFFICIENT_DATA".
  it('start without data and show all they were given', async () => {
    await client.send(new PutMetricAlarmCommand({ ...alarm, TreatMissingData: 'ignore' }));
    expect(await describeOne()).toMatchObject({
      ...alarm,
      AlarmArn: `arn:aws:cloudwatch:${REGION}:${ACCOUNT_ID}:alarm:high`,
      ActionsEnabled: true,
      OKActions: [],
      InsufficientDataActions: [],
      Dimensions: [],
      TreatMissingData: 'ignore',
      StateValue: 'INSUFFICIENT_DATA',
      StateReason: 'Unchecked: Initial alarm creation',
      StateUpdatedTimestamp: at(0),
    });
  });

  // [CW] Alarm evaluation: M out of N; Using CloudWatch alarms: Auto Scaling actions "once per
  // minute that the alarm remains in the new state".
  it('go to ALARM by M out of N, act each minute, and leave a history', async () => {
    await client.send(new PutMetricAlarmCommand(alarm));
    for (let minute = 0; minute < 3; minute += 1) {
      await put({ Value: 60 + minute, Timestamp: at(minute * MINUTE) });
      clock.advance(MINUTE);
    }
    expect(await describeOne()).toMatchObject({ StateValue: 'ALARM' });
    expect(actions).toEqual([`ALARM ${POLICY}`, `ALARM ${POLICY}`]);
    const { AlarmHistoryItems = [] } = await client.send(
      new DescribeAlarmHistoryCommand({ AlarmName: 'high', HistoryItemType: 'StateUpdate' }),
    );
    expect(AlarmHistoryItems.map(({ HistorySummary }) => HistorySummary)).toEqual([
      'Alarm updated from INSUFFICIENT_DATA to ALARM',
    ]);
    const reasonData: unknown = JSON.parse((await describeOne())?.StateReasonData ?? '');
    expect(reasonData).toMatchObject({ recentDatapoints: [60, 61], threshold: 50 });
  });

  // [CW] Configuring how CloudWatch alarms treat missing data.
  it.each([
    ['breaching', 'ALARM'],
    ['notBreaching', 'OK'],
    ['missing', 'INSUFFICIENT_DATA'],
    ['ignore', 'INSUFFICIENT_DATA'],
  ])('treat missing data as %s', async (TreatMissingData, expected) => {
    await client.send(new PutMetricAlarmCommand({ ...alarm, TreatMissingData }));
    clock.advance(MINUTE);
    expect(await describeOne()).toMatchObject({ StateValue: expected });
  });

  // [CW] High-resolution alarms: periods of 10, 20 and 30 seconds.
  it('with a period of ten seconds see data within ten seconds', async () => {
    const quick = { ...alarm, Period: 10, EvaluationPeriods: 1, DatapointsToAlarm: 1 };
    await client.send(new PutMetricAlarmCommand(quick));
    await put({ Value: 99, Timestamp: at(2000), StorageResolution: 1 });
    clock.advance(10_000);
    expect(await describeOne()).toMatchObject({ StateValue: 'ALARM' });
  });

  // [API] PutMetricAlarm.Metrics; [CW] Creating an alarm based on a metric math expression.
  it('watch metric math', async () => {
    await client.send(
      new PutMetricAlarmCommand({
        AlarmName: 'math',
        EvaluationPeriods: 1,
        Threshold: 10,
        ComparisonOperator: 'GreaterThanThreshold',
        Metrics: [
          {
            Id: 'm1',
            ReturnData: false,
            MetricStat: { Metric: { Namespace: 'App', MetricName: 'm' }, Period: 60, Stat: 'Sum' },
          },
          { Id: 'e1', Expression: 'm1 * 2', ReturnData: true },
        ],
      }),
    );
    await put({ Value: 6, Timestamp: at(0) });
    clock.advance(MINUTE);
    expect(await describeOne()).toMatchObject({ StateValue: 'ALARM', Metrics: [{}, {}] });
  });

  // [API] SetAlarmState: "Temporarily sets the state of an alarm for testing purposes".
  it('can be set until the next evaluation', async () => {
    await client.send(new PutMetricAlarmCommand({ ...alarm, TreatMissingData: 'notBreaching' }));
    const state = { AlarmName: 'high', StateValue: 'ALARM' as const, StateReason: 'testing' };
    await client.send(new SetAlarmStateCommand(state));
    expect(actions).toEqual([`ALARM ${POLICY}`]);
    clock.advance(MINUTE);
    expect(await describeOne()).toMatchObject({ StateValue: 'OK' });
  });

  // [model] ResourceNotFound is HTTP 404.
  it('that do not exist cannot be set', async () => {
    const state = { AlarmName: 'none', StateValue: 'OK' as const, StateReason: 'testing' };
    const failure = await client
      .send(new SetAlarmStateCommand(state))
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ResourceNotFound);
    expect(failure).toMatchObject({ $metadata: { httpStatusCode: 404 } });
  });

  // [API] EnableAlarmActions, DisableAlarmActions, DescribeAlarmsForMetric, DeleteAlarms.
  it('are disabled, found by metric, and deleted', async () => {
    await client.send(new PutMetricAlarmCommand(alarm));
    await client.send(new DisableAlarmActionsCommand({ AlarmNames: ['high'] }));
    expect(await describeOne()).toMatchObject({ ActionsEnabled: false });
    await client.send(new EnableAlarmActionsCommand({ AlarmNames: ['high'] }));
    expect(await describeOne()).toMatchObject({ ActionsEnabled: true });
    const metric = { Namespace: 'App', MetricName: 'm' };
    const found = await client.send(new DescribeAlarmsForMetricCommand(metric));
    expect(found.MetricAlarms).toHaveLength(1);
    await client.send(new DeleteAlarmsCommand({ AlarmNames: ['high', 'never there'] }));
    expect(await describeOne()).toBeUndefined();
  });

  // [API] PutMetricAlarm.Period: "Valid values are 10, 20, 30, and any multiple of 60".
  it('with a bad period are refused', async () => {
    const sending = client.send(new PutMetricAlarmCommand({ ...alarm, Period: 45 }));
    await expect(sending).rejects.toThrow('Period must be 10, 20, 30 or a multiple of 60');
    await expect(sending).rejects.toBeInstanceOf(ValidationException);
  });
});

describe('the delay of a namespace', () => {
  // [CW] AWS services that publish CloudWatch metrics: data is there some time after its period.
  it('hides data until it has passed', async () => {
    const delays = { defaultMs: 0, byNamespace: new Map([['App', MINUTE]]) };
    await stop();
    await serve({ delays });
    const query = new GetMetricStatisticsCommand({
      Namespace: 'App',
      MetricName: 'm',
      StartTime: at(0),
      EndTime: at(5 * MINUTE),
      Period: 60,
      Statistics: ['Average'],
    });
    await put({ Value: 70 });
    clock.advance(MINUTE - 1);
    expect((await client.send(query)).Datapoints).toEqual([]);
    clock.advance(1);
    expect((await client.send(query)).Datapoints).toMatchObject([{ Average: 70 }]);
  });
});

describe('dashboards', () => {
  // [API] PutDashboard, GetDashboard, ListDashboards, DeleteDashboards.
  it('are kept as they were given', async () => {
    const DashboardBody = JSON.stringify({ widgets: [] });
    await client.send(new PutDashboardCommand({ DashboardName: 'fleet', DashboardBody }));
    const got = await client.send(new GetDashboardCommand({ DashboardName: 'fleet' }));
    expect(got).toMatchObject({
      DashboardBody,
      DashboardArn: `arn:aws:cloudwatch::${ACCOUNT_ID}:dashboard/fleet`,
    });
    const { DashboardEntries } = await client.send(new ListDashboardsCommand({}));
    expect(DashboardEntries).toMatchObject([
      { DashboardName: 'fleet', Size: 14, LastModified: at(0) },
    ]);
    await client.send(new DeleteDashboardsCommand({ DashboardNames: ['fleet'] }));
    const failure = await client
      .send(new GetDashboardCommand({ DashboardName: 'fleet' }))
      .catch((error: unknown) => error);
    // [model] The Query code of DashboardNotFoundError is ResourceNotFound, by which the SDK goes.
    expect(failure).toMatchObject({ name: 'ResourceNotFound', $metadata: { httpStatusCode: 404 } });
  });
});

describe('what is not there', () => {
  // [model] CloudWatch has the operation, this endpoint does not.
  it('is refused by name and not with a server error', async () => {
    const sending = client.send(
      new PutCompositeAlarmCommand({ AlarmName: 'c', AlarmRule: 'TRUE' }),
    );
    await expect(sending).rejects.toMatchObject({
      name: 'UnknownOperationException',
      $metadata: { httpStatusCode: 400 },
    });
  });

  // [API] ListMetrics on an empty account.
  it('lists nothing', async () => {
    expect((await client.send(new ListMetricsCommand({}))).Metrics).toEqual([]);
  });
});
