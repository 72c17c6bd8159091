// Health, standby, detaching, attaching, suspended processes.

import assert from 'node:assert/strict';
import {
  AttachInstancesCommand,
  DetachInstancesCommand,
  EnterStandbyCommand,
  ExitStandbyCommand,
  ResumeProcessesCommand,
  SetDesiredCapacityCommand,
  SetInstanceHealthCommand,
  SuspendProcessesCommand,
} from '@aws-sdk/client-auto-scaling';
import type { Scenario } from '../scenario.ts';
import {
  createGroupInService,
  describeGroup,
  eventually,
  expectRefusal,
  given,
  waitForService,
  waitForState,
} from '../scenario.ts';

export const instanceScenarios: readonly Scenario[] = [
  {
    name: 'an unhealthy instance is replaced',
    source: 'user guide, "Health checks": SetInstanceHealth',
    async run(cloud) {
      const { name, instances } = await createGroupInService(cloud, 1);
      const id = given(instances[0]?.InstanceId, 'an instance');
      const verdict = { InstanceId: id, HealthStatus: 'Unhealthy' };
      await cloud.autoScaling.send(new SetInstanceHealthCommand(verdict));
      await waitForState(cloud, { group: name, instanceId: id }, undefined);
      const [replacement] = await waitForService(cloud, name, 1);
      assert.notEqual(replacement?.InstanceId, id);
    },
  },
  {
    name: 'the grace period keeps an instance from being judged',
    source: 'API reference, SetInstanceHealth: ShouldRespectGracePeriod',
    async run(cloud) {
      const { name, instances } = await createGroupInService(cloud, 1, {
        HealthCheckGracePeriod: 300,
      });
      const id = given(instances[0]?.InstanceId, 'an instance');
      const verdict = { InstanceId: id, HealthStatus: 'Unhealthy' };
      await cloud.autoScaling.send(new SetInstanceHealthCommand(verdict));
      const group = await describeGroup(cloud, name);
      assert.equal(group?.Instances?.[0]?.HealthStatus, 'Healthy');
      await cloud.autoScaling.send(
        new SetInstanceHealthCommand({ ...verdict, ShouldRespectGracePeriod: false }),
      );
      await waitForState(cloud, { group: name, instanceId: id }, undefined);
    },
  },
  {
    name: 'an instance in standby is out of service and comes back',
    source: 'API reference, EnterStandby and ExitStandby: examples',
    async run(cloud) {
      const { name, instances } = await createGroupInService(cloud, 2);
      const id = given(instances[0]?.InstanceId, 'an instance');
      const named = { AutoScalingGroupName: name, InstanceIds: [id] };
      const entered = await cloud.autoScaling.send(
        new EnterStandbyCommand({ ...named, ShouldDecrementDesiredCapacity: true }),
      );
      const activity = given(entered.Activities?.[0], 'an activity');
      assert.equal(activity.Description, `Moving EC2 instance to Standby: ${id}`);
      assert.match(
        given(activity.Cause, 'a cause'),
        /was moved to standby in response to a user request, shrinking the capacity from 2 to 1\.$/u,
      );
      assert.equal(activity.StatusCode, 'InProgress');
      assert.equal(activity.Progress, 50);
      await waitForState(cloud, { group: name, instanceId: id }, 'Standby');
      const left = await cloud.autoScaling.send(new ExitStandbyCommand(named));
      assert.match(
        given(left.Activities?.[0]?.Cause, 'a cause'),
        /was moved out of standby in response to a user request, increasing the capacity from 1 to 2\.$/u,
      );
      await waitForService(cloud, name, 2);
    },
  },
  {
    name: 'standby without a decrement is filled up',
    source: 'API reference, EnterStandby: "…launches new instances to replace"',
    async run(cloud) {
      const { name, instances } = await createGroupInService(cloud, 1);
      const id = given(instances[0]?.InstanceId, 'an instance');
      await cloud.autoScaling.send(
        new EnterStandbyCommand({
          AutoScalingGroupName: name,
          InstanceIds: [id],
          ShouldDecrementDesiredCapacity: false,
        }),
      );
      await eventually(cloud, 'a second instance in service', async () => {
        const group = await describeGroup(cloud, name);
        const states = group?.Instances?.map(({ LifecycleState }) => LifecycleState).toSorted();
        return states?.join() === 'InService,Standby' ? true : undefined;
      });
    },
  },
  {
    name: 'standby keeps the bounds',
    source: 'the words as users report them',
    async run(cloud) {
      const { name, instances } = await createGroupInService(cloud, 1, { MinSize: 1, MaxSize: 1 });
      await expectRefusal(
        cloud.autoScaling.send(
          new EnterStandbyCommand({
            AutoScalingGroupName: name,
            InstanceIds: [given(instances[0]?.InstanceId, 'an instance')],
            ShouldDecrementDesiredCapacity: true,
          }),
        ),
        {
          name: 'ValidationError',
          message:
            `AutoScalingGroup ${name} has min-size=1, max-size=1, and desired-size=1. To place ` +
            'into standby 1 instance, please update the AutoScalingGroup sizes appropriately.',
        },
      );
    },
  },
  {
    name: 'a detached instance runs on and can be attached again',
    source: 'API reference, DetachInstances: example; AttachInstances',
    async run(cloud) {
      const { name, instances } = await createGroupInService(cloud, 2);
      const id = given(instances[0]?.InstanceId, 'an instance');
      const named = { AutoScalingGroupName: name, InstanceIds: [id] };
      const detached = await cloud.autoScaling.send(
        new DetachInstancesCommand({ ...named, ShouldDecrementDesiredCapacity: true }),
      );
      const activity = given(detached.Activities?.[0], 'an activity');
      assert.equal(activity.Description, `Detaching EC2 instance: ${id}`);
      assert.match(
        given(activity.Cause, 'a cause'),
        /was detached in response to a user request, shrinking the capacity from 2 to 1\.$/u,
      );
      await waitForState(cloud, { group: name, instanceId: id }, undefined);
      await cloud.autoScaling.send(new AttachInstancesCommand(named));
      assert.equal((await describeGroup(cloud, name))?.DesiredCapacity, 2);
      await waitForService(cloud, name, 2);
    },
  },
  {
    name: 'an instance of another group is not detached',
    source: 'the words as users of ecs_deploy report them',
    async run(cloud) {
      const { name } = await createGroupInService(cloud, 1);
      await expectRefusal(
        cloud.autoScaling.send(
          new DetachInstancesCommand({
            AutoScalingGroupName: name,
            InstanceIds: ['i-0123456789abcdef0'],
            ShouldDecrementDesiredCapacity: true,
          }),
        ),
        {
          name: 'ValidationError',
          message: `The instance i-0123456789abcdef0 is not part of Auto Scaling group ${name}.`,
        },
      );
    },
  },
  {
    name: 'a suspended Launch waits until it is resumed',
    source: 'user guide, "Suspend and resume Amazon EC2 Auto Scaling processes"',
    async run(cloud) {
      const { name } = await createGroupInService(cloud, 1);
      const processes = { AutoScalingGroupName: name, ScalingProcesses: ['Launch'] };
      await cloud.autoScaling.send(new SuspendProcessesCommand(processes));
      const suspended = (await describeGroup(cloud, name))?.SuspendedProcesses ?? [];
      assert.equal(suspended[0]?.ProcessName, 'Launch');
      assert.match(given(suspended[0]?.SuspensionReason, 'a reason'), /^User suspended at /u);
      await cloud.autoScaling.send(
        new SetDesiredCapacityCommand({ AutoScalingGroupName: name, DesiredCapacity: 2 }),
      );
      await cloud.pass(30_000);
      assert.equal((await describeGroup(cloud, name))?.Instances?.length, 1);
      await cloud.autoScaling.send(new ResumeProcessesCommand(processes));
      await waitForService(cloud, name, 2);
    },
  },
];
