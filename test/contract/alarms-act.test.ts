// Alarms that change groups, from end to end: policies and alarms made through AWS's SDK, the CPU
// of instances fed in, time passing as fast as the test asks. [ASG] EC2 Auto Scaling User Guide;
// [CW] CloudWatch User Guide.

import {
  AutoScalingClient,
  CreateAutoScalingGroupCommand,
  CreateLaunchConfigurationCommand,
  DeletePolicyCommand,
  DescribeAutoScalingGroupsCommand,
  DescribeScalingActivitiesCommand,
  EnableMetricsCollectionCommand,
  PutScalingPolicyCommand,
} from '@aws-sdk/client-auto-scaling';
import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  GetMetricStatisticsCommand,
  PutMetricAlarmCommand,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ManualClock } from '../../src/localcloud/manual-clock.ts';
import { createManualClock } from '../../src/localcloud/manual-clock.ts';
import type { LocalCloud } from '../../src/localcloud/start-local-cloud.ts';
import { startLocalCloud } from '../../src/localcloud/start-local-cloud.ts';

const MINUTE_MS = 60_000;
const START = Date.parse('2026-03-02T10:00:00Z');
const GROUP = { AutoScalingGroupName: 'web' };

let clock: ManualClock;
let cloud: LocalCloud;
let autoScaling: AutoScalingClient;
let cloudWatch: CloudWatchClient;

beforeEach(async () => {
  clock = createManualClock(START);
  cloud = await startLocalCloud({ clock, throttling: 'off' });
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  const settings = { endpoint: cloud.url, region: 'us-east-1', credentials, maxAttempts: 1 };
  autoScaling = new AutoScalingClient(settings);
  cloudWatch = new CloudWatchClient(settings);
  await autoScaling.send(
    new CreateLaunchConfigurationCommand({
      LaunchConfigurationName: 'web',
      ImageId: 'ami-1',
      InstanceType: 'm5.large',
    }),
  );
  await autoScaling.send(
    new CreateAutoScalingGroupCommand({
      ...GROUP,
      LaunchConfigurationName: 'web',
      MinSize: 1,
      MaxSize: 20,
      DesiredCapacity: 4,
      DefaultInstanceWarmup: 0,
      AvailabilityZones: ['us-east-1a'],
    }),
  );
  clock.pass(10 * MINUTE_MS);
});

afterEach(async () => {
  autoScaling.destroy();
  cloudWatch.destroy();
  await cloud.close();
});

/** Every instance in service reports that CPU at the start of each of these minutes. */
function feed(minutes: number, cpuPercent: number): void {
  for (let minute = 0; minute < minutes; minute += 1) {
    cloud.advance();
    for (const { id, lifecycle } of cloud.world.instances.values()) {
      if (lifecycle !== 'InService') continue;
      const recorded = cloud.recordMetric({ instanceId: id, value: cpuPercent });
      expect(recorded.ok).toBe(true);
    }
    clock.pass(MINUTE_MS);
  }
}

async function desired(): Promise<number | undefined> {
  const answer = await autoScaling.send(
    new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: ['web'] }),
  );
  return answer.AutoScalingGroups?.[0]?.DesiredCapacity;
}

async function putTracking(
  PolicyName: string,
  extra: object = {},
  EstimatedInstanceWarmup = 0,
): Promise<string[]> {
  const answer = await autoScaling.send(
    new PutScalingPolicyCommand({
      ...GROUP,
      PolicyName,
      PolicyType: 'TargetTrackingScaling',
      EstimatedInstanceWarmup,
      TargetTrackingConfiguration: {
        PredefinedMetricSpecification: { PredefinedMetricType: 'ASGAverageCPUUtilization' },
        TargetValue: 50,
        ...extra,
      },
    }),
  );
  return (answer.Alarms ?? []).map(({ AlarmName = '' }) => AlarmName);
}

async function describeAlarms(AlarmNamePrefix: string) {
  return (await cloudWatch.send(new DescribeAlarmsCommand({ AlarmNamePrefix }))).MetricAlarms ?? [];
}

// [ASG] "Target tracking scaling policies": 3 of 3 minutes above, 15 of 15 below 90 %.
it('scales by target tracking: out after 3 high minutes, in after 15 low ones', async () => {
  await putTracking('cpu', {}, 300);
  feed(15, 48);
  expect(await desired()).toBe(4);
  feed(2, 90);
  clock.pass(30_000);
  expect(await desired()).toBe(4);
  // The third high minute, and the minute that CloudWatch is behind.
  feed(2, 90);
  // ⌈4 · 90 / 50⌉
  expect(await desired()).toBe(8);
  const { Activities } = await autoScaling.send(new DescribeScalingActivitiesCommand(GROUP));
  expect(Activities?.[0]?.Cause).toMatch(
    /a monitor alarm TargetTracking-web-AlarmHigh-\S+ in state ALARM triggered policy cpu changing the desired capacity from 4 to 8/,
  );
  feed(3, 48);
  expect(await desired()).toBe(8);
  feed(14, 20);
  expect(await desired()).toBe(8);
  feed(2, 20);
  // ⌈8 · 20 / 50⌉, and not once more by the same old minutes.
  expect(await desired()).toBe(4);
});

// [ASG] DescribePolicies: Alarms; "deletes the alarms when you delete the policy".
it('keeps the alarms of target tracking where CloudWatch shows them', async () => {
  const names = await putTracking('cpu');
  const [high, low] = await describeAlarms('TargetTracking-web-');
  expect([high?.AlarmName, low?.AlarmName]).toEqual(names);
  expect(high).toMatchObject({
    MetricName: 'CPUUtilization',
    Namespace: 'AWS/EC2',
    Dimensions: [{ Name: 'AutoScalingGroupName', Value: 'web' }],
    Statistic: 'Average',
    Period: 60,
    EvaluationPeriods: 3,
    Threshold: 50,
    ComparisonOperator: 'GreaterThanThreshold',
  });
  expect(low).toMatchObject({
    EvaluationPeriods: 15,
    Threshold: 45,
    ComparisonOperator: 'LessThanThreshold',
  });
  expect(await putTracking('cpu', { TargetValue: 60 })).toEqual(names);
  expect((await describeAlarms(names[0] ?? ''))[0]?.Threshold).toBe(60);
  await autoScaling.send(new DeletePolicyCommand({ ...GROUP, PolicyName: 'cpu' }));
  expect(await describeAlarms('TargetTracking-')).toEqual([]);
});

// [ASG] "scale in only if all of the target tracking policies are ready to scale in".
it('scales in only when all target tracking policies agree, to the largest size', async () => {
  await putTracking('cpu');
  await putTracking('slow', { TargetValue: 25 });
  // 20 is below 90 % of both targets; 24 is of one only.
  feed(20, 24);
  expect(await desired()).toBe(4);
  feed(18, 20);
  // ⌈4 · 20 / 25⌉ = 4 is the larger wish.
  expect(await desired()).toBe(4);
  feed(18, 5);
  // ⌈4 · 5 / 25⌉ = 1 and ⌈4 · 5 / 50⌉ = 1
  expect(await desired()).toBe(1);
});

// [ASG] "Step scaling policies"; [CW] Using Amazon CloudWatch alarms.
it('scales by steps when an alarm says so', async () => {
  const { PolicyARN = '' } = await autoScaling.send(
    new PutScalingPolicyCommand({
      ...GROUP,
      PolicyName: 'steps',
      PolicyType: 'StepScaling',
      AdjustmentType: 'ChangeInCapacity',
      EstimatedInstanceWarmup: 600,
      StepAdjustments: [
        { MetricIntervalLowerBound: 0, MetricIntervalUpperBound: 20, ScalingAdjustment: 1 },
        { MetricIntervalLowerBound: 20, ScalingAdjustment: 3 },
      ],
    }),
  );
  await cloudWatch.send(
    new PutMetricAlarmCommand({
      AlarmName: 'busy',
      AlarmActions: [PolicyARN],
      Namespace: 'AWS/EC2',
      MetricName: 'CPUUtilization',
      Dimensions: [{ Name: 'AutoScalingGroupName', Value: 'web' }],
      Statistic: 'Average',
      Period: 60,
      EvaluationPeriods: 3,
      Threshold: 60,
      ComparisonOperator: 'GreaterThanThreshold',
    }),
  );
  feed(5, 40);
  feed(2, 85);
  expect(await desired()).toBe(4);
  feed(2, 85);
  expect(await desired()).toBe(7);
  // The alarm lasts and acts each minute; the same step adds nothing while instances warm up.
  feed(3, 85);
  expect(await desired()).toBe(7);
});

// [CW] SetAlarmState: "actions are invoked"; [ASG] "Simple scaling policies".
it('executes a simple policy when its alarm is set by hand', async () => {
  const { PolicyARN = '' } = await autoScaling.send(
    new PutScalingPolicyCommand({
      ...GROUP,
      PolicyName: 'one-more',
      AdjustmentType: 'ChangeInCapacity',
      ScalingAdjustment: 1,
    }),
  );
  await cloudWatch.send(
    new PutMetricAlarmCommand({
      AlarmName: 'by-hand',
      AlarmActions: [PolicyARN],
      Namespace: 'App',
      MetricName: 'm',
      Statistic: 'Average',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanThreshold',
    }),
  );
  const set = { AlarmName: 'by-hand', StateValue: 'ALARM', StateReason: 'a drill' } as const;
  await cloudWatch.send(new SetAlarmStateCommand(set));
  expect(await desired()).toBe(5);
});

// [ASG] "CloudWatch metrics for Amazon EC2 Auto Scaling"; [API] EnableMetricsCollection.
it('publishes the metrics that a group collects, each minute', async () => {
  await autoScaling.send(
    new EnableMetricsCollectionCommand({
      ...GROUP,
      Granularity: '1Minute',
      Metrics: ['GroupDesiredCapacity', 'GroupInServiceInstances', 'GroupPendingInstances'],
    }),
  );
  const read = async (MetricName: string) => {
    const answer = await cloudWatch.send(
      new GetMetricStatisticsCommand({
        Namespace: 'AWS/AutoScaling',
        MetricName,
        Dimensions: [{ Name: 'AutoScalingGroupName', Value: 'web' }],
        StartTime: new Date(clock.now() - 10 * MINUTE_MS),
        EndTime: new Date(clock.now()),
        Period: 60,
        Statistics: ['Average'],
      }),
    );
    return (answer.Datapoints ?? []).map(({ Average }) => Average);
  };
  clock.pass(5 * MINUTE_MS);
  // Five minutes have ended; the last is seen in a minute.
  expect(await read('GroupDesiredCapacity')).toEqual([4, 4, 4, 4]);
  expect(await read('GroupInServiceInstances')).toEqual([4, 4, 4, 4]);
  expect(await read('GroupPendingInstances')).toEqual([0, 0, 0, 0]);
  expect(await read('GroupStandbyInstances')).toEqual([]);
});
