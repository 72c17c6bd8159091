// Scaling policies, scheduled actions and tags.

import assert from 'node:assert/strict';
import type { PutScalingPolicyCommandInput } from '@aws-sdk/client-auto-scaling';
import {
  CreateOrUpdateTagsCommand,
  DeletePolicyCommand,
  DeleteScheduledActionCommand,
  DeleteTagsCommand,
  DescribePoliciesCommand,
  DescribeScheduledActionsCommand,
  DescribeTagsCommand,
  ExecutePolicyCommand,
  PutScalingPolicyCommand,
  PutScheduledUpdateGroupActionCommand,
} from '@aws-sdk/client-auto-scaling';
import { DeleteAlarmsCommand, PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch';
import type { ContractCloud, Scenario } from '../scenario.ts';
import {
  createGroup,
  createGroupInService,
  describeGroup,
  eventually,
  expectRefusal,
  given,
  waitForService,
} from '../scenario.ts';

async function putPolicy(
  cloud: ContractCloud,
  name: string,
  policy: Partial<PutScalingPolicyCommandInput>,
): Promise<string> {
  const answer = await cloud.autoScaling.send(
    new PutScalingPolicyCommand({ PolicyName: 'policy', ...policy, AutoScalingGroupName: name }),
  );
  return given(answer.PolicyARN, 'an ARN');
}

async function desiredOf(cloud: ContractCloud, name: string): Promise<number | undefined> {
  return (await describeGroup(cloud, name))?.DesiredCapacity;
}

const addOne = { AdjustmentType: 'ChangeInCapacity', ScalingAdjustment: 1 } as const;

export const policyScenarios: readonly Scenario[] = [
  {
    name: 'a simple policy adds what it says, within the bounds',
    source: 'API reference, ExecutePolicy; user guide, "Simple scaling"',
    async run(cloud) {
      const { name } = await createGroupInService(cloud, 1, { MaxSize: 2, DefaultCooldown: 0 });
      await putPolicy(cloud, name, addOne);
      const execute = { AutoScalingGroupName: name, PolicyName: 'policy' };
      await cloud.autoScaling.send(new ExecutePolicyCommand(execute));
      assert.equal(await desiredOf(cloud, name), 2);
      await waitForService(cloud, name, 2);
      await cloud.autoScaling.send(new ExecutePolicyCommand(execute));
      assert.equal(await desiredOf(cloud, name), 2);
    },
  },
  {
    name: 'a simple policy honours the cooldown when asked to',
    source: 'API reference, ExecutePolicy: HonorCooldown, ScalingActivityInProgress',
    async run(cloud) {
      const { name } = await createGroupInService(cloud, 1);
      await putPolicy(cloud, name, addOne);
      await expectRefusal(
        cloud.autoScaling.send(
          new ExecutePolicyCommand({
            AutoScalingGroupName: name,
            PolicyName: 'policy',
            HonorCooldown: true,
          }),
        ),
        { name: 'ScalingActivityInProgressFault', status: 400 },
      );
    },
  },
  {
    name: 'a step policy acts by the size of the breach',
    source:
      'API reference, ExecutePolicy: MetricValue, BreachThreshold; user guide, "Step scaling"',
    async run(cloud) {
      const { name } = await createGroupInService(cloud, 2, { MaxSize: 6 });
      await putPolicy(cloud, name, {
        PolicyType: 'StepScaling',
        AdjustmentType: 'ChangeInCapacity',
        EstimatedInstanceWarmup: 0,
        StepAdjustments: [
          { MetricIntervalLowerBound: 0, MetricIntervalUpperBound: 10, ScalingAdjustment: 1 },
          { MetricIntervalLowerBound: 10, ScalingAdjustment: 3 },
        ],
      });
      const execute = async (metric: number): Promise<void> => {
        await cloud.autoScaling.send(
          new ExecutePolicyCommand({
            AutoScalingGroupName: name,
            PolicyName: 'policy',
            MetricValue: metric,
            BreachThreshold: 50,
          }),
        );
      };
      await execute(55);
      assert.equal(await desiredOf(cloud, name), 3);
      await waitForService(cloud, name, 3);
      await execute(60);
      assert.equal(await desiredOf(cloud, name), 6);
    },
  },
  {
    name: 'a target tracking policy has two alarms',
    source: 'API reference, PutScalingPolicy: Alarms; user guide, "Target tracking"',
    async run(cloud) {
      const name = await createGroup(cloud);
      const answer = await cloud.autoScaling.send(
        new PutScalingPolicyCommand({
          AutoScalingGroupName: name,
          PolicyName: 'cpu',
          PolicyType: 'TargetTrackingScaling',
          TargetTrackingConfiguration: {
            PredefinedMetricSpecification: { PredefinedMetricType: 'ASGAverageCPUUtilization' },
            TargetValue: 50,
          },
        }),
      );
      const alarms = (answer.Alarms ?? []).map(({ AlarmName }) => given(AlarmName, 'a name'));
      assert.equal(alarms.length, 2);
      assert.match(alarms.join(), /TargetTracking-\S+-AlarmHigh-[0-9a-f-]{36}/u);
      assert.match(alarms.join(), /TargetTracking-\S+-AlarmLow-[0-9a-f-]{36}/u);
      const described = await cloud.autoScaling.send(
        new DescribePoliciesCommand({ AutoScalingGroupName: name }),
      );
      const policy = given(described.ScalingPolicies?.[0], 'the policy');
      assert.equal(policy.PolicyType, 'TargetTrackingScaling');
      assert.equal(policy.TargetTrackingConfiguration?.TargetValue, 50);
      assert.equal(policy.Enabled, true);
    },
  },
  {
    name: 'a step policy is described with the alarms that act on it',
    source: 'API reference, ScalingPolicy: Alarms, "The CloudWatch alarms related to the policy"',
    async run(cloud) {
      const group = await createGroup(cloud);
      const arn = await putPolicy(cloud, group, {
        PolicyType: 'StepScaling',
        AdjustmentType: 'ChangeInCapacity',
        StepAdjustments: [{ MetricIntervalLowerBound: 0, ScalingAdjustment: 1 }],
      });
      const AlarmName = cloud.newName('alarm');
      await cloud.cloudWatch.send(
        new PutMetricAlarmCommand({
          AlarmName,
          Namespace: AlarmName,
          MetricName: 'load',
          Statistic: 'Sum',
          Period: 60,
          EvaluationPeriods: 1,
          Threshold: 1,
          ComparisonOperator: 'GreaterThanThreshold',
          AlarmActions: [arn],
        }),
      );
      const AlarmNames = [AlarmName];
      cloud.undoLater(() => cloud.cloudWatch.send(new DeleteAlarmsCommand({ AlarmNames })));
      await eventually(cloud, 'the alarm with its policy', async () => {
        const described = await cloud.autoScaling.send(
          new DescribePoliciesCommand({ AutoScalingGroupName: group }),
        );
        const [policy] = described.ScalingPolicies ?? [];
        return policy?.Alarms?.find((alarm) => alarm.AlarmName === AlarmName);
      });
    },
  },
  {
    name: 'a policy keeps its ARN when it is changed, and goes when it is deleted',
    source: 'API reference, PutScalingPolicy: "creates or updates"; DeletePolicy',
    async run(cloud) {
      const name = await createGroup(cloud);
      const first = await putPolicy(cloud, name, addOne);
      const second = await putPolicy(cloud, name, { ...addOne, ScalingAdjustment: 2 });
      assert.equal(second, first);
      await cloud.autoScaling.send(new DeletePolicyCommand({ PolicyName: first }));
      const described = await cloud.autoScaling.send(
        new DescribePoliciesCommand({ AutoScalingGroupName: name }),
      );
      assert.deepEqual(described.ScalingPolicies, []);
    },
  },
  {
    name: 'a scheduled action sets the sizes at its time',
    source: 'user guide, "Scheduled scaling"',
    async run(cloud) {
      const name = await createGroup(cloud);
      await cloud.autoScaling.send(
        new PutScheduledUpdateGroupActionCommand({
          AutoScalingGroupName: name,
          ScheduledActionName: 'morning',
          StartTime: new Date(cloud.now() + 60_000),
          MinSize: 1,
          MaxSize: 2,
          DesiredCapacity: 1,
        }),
      );
      await cloud.pass(30_000);
      assert.equal(await desiredOf(cloud, name), 0);
      await eventually(cloud, 'desired capacity 1', async () =>
        (await desiredOf(cloud, name)) === 1 ? true : undefined,
      );
      const group = await describeGroup(cloud, name);
      assert.deepEqual([group?.MinSize, group?.MaxSize], [1, 2]);
    },
  },
  {
    name: 'a recurring action tells its next time in UTC',
    source: 'API reference, PutScheduledUpdateGroupAction: Recurrence',
    async run(cloud) {
      const name = await createGroup(cloud);
      const named = { AutoScalingGroupName: name, ScheduledActionName: 'nightly' };
      await cloud.autoScaling.send(
        new PutScheduledUpdateGroupActionCommand({
          ...named,
          Recurrence: '30 0 * * *',
          DesiredCapacity: 1,
        }),
      );
      const answer = await cloud.autoScaling.send(
        new DescribeScheduledActionsCommand({ AutoScalingGroupName: name }),
      );
      const action = given(answer.ScheduledUpdateGroupActions?.[0], 'the action');
      assert.equal(action.Recurrence, '30 0 * * *');
      assert.match(given(action.StartTime, 'a time').toISOString(), /T00:30:00\.000Z$/u);
      await cloud.autoScaling.send(new DeleteScheduledActionCommand(named));
      const after = await cloud.autoScaling.send(
        new DescribeScheduledActionsCommand({ AutoScalingGroupName: name }),
      );
      assert.deepEqual(after.ScheduledUpdateGroupActions, []);
    },
  },
  {
    name: 'a recurring action goes by the clocks of its time zone',
    source: 'user guide, "Scheduled scaling": time zones',
    async run(cloud) {
      const group = await createGroup(cloud);
      const TimeZone = 'Asia/Kolkata';
      const action = { AutoScalingGroupName: group, ScheduledActionName: 'nightly' };
      await cloud.autoScaling.send(
        new PutScheduledUpdateGroupActionCommand({
          ...action,
          Recurrence: '30 5 * * *',
          TimeZone,
          MinSize: 0,
        }),
      );
      const described = await cloud.autoScaling.send(
        new DescribeScheduledActionsCommand({ AutoScalingGroupName: group }),
      );
      const found = given(described.ScheduledUpdateGroupActions?.[0], 'the action');
      assert.equal(found.TimeZone, TimeZone);
      // Five and a half hours ahead of UTC, all year.
      assert.equal(found.StartTime?.getUTCHours(), 0);
      assert.equal(found.StartTime?.getUTCMinutes(), 0);
    },
  },
  {
    name: 'a start in the past is refused',
    source: 'the words as seen in public threads',
    async run(cloud) {
      const name = await createGroup(cloud);
      await expectRefusal(
        cloud.autoScaling.send(
          new PutScheduledUpdateGroupActionCommand({
            AutoScalingGroupName: name,
            ScheduledActionName: 'late',
            StartTime: new Date(cloud.now() - 3_600_000),
            DesiredCapacity: 1,
          }),
        ),
        { name: 'ValidationError', message: 'Given start time is in the past' },
      );
    },
  },
  {
    name: 'tags are set, described and removed',
    source: 'API reference, CreateOrUpdateTags, DescribeTags, DeleteTags',
    async run(cloud) {
      const name = await createGroup(cloud);
      const tag = {
        ResourceId: name,
        ResourceType: 'auto-scaling-group',
        Key: 'managed-by',
        Value: 'a & <b>',
        PropagateAtLaunch: false,
      };
      const describe = new DescribeTagsCommand({
        Filters: [{ Name: 'auto-scaling-group', Values: [name] }],
      });
      await cloud.autoScaling.send(new CreateOrUpdateTagsCommand({ Tags: [tag] }));
      assert.deepEqual((await cloud.autoScaling.send(describe)).Tags, [tag]);
      await cloud.autoScaling.send(new DeleteTagsCommand({ Tags: [tag] }));
      assert.deepEqual((await cloud.autoScaling.send(describe)).Tags, []);
    },
  },
];
