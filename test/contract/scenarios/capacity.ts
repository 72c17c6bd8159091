// Desired capacity, boots, activities, cooldown, termination by name.

import assert from 'node:assert/strict';
import type { Activity } from '@aws-sdk/client-auto-scaling';
import {
  DescribeScalingActivitiesCommand,
  SetDesiredCapacityCommand,
  SetInstanceProtectionCommand,
  TerminateInstanceInAutoScalingGroupCommand,
  UpdateAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import type { ContractCloud, Scenario } from '../scenario.ts';
import {
  createGroup,
  createGroupInService,
  describeGroup,
  eventually,
  expectRefusal,
  given,
  waitForService,
  waitForState,
} from '../scenario.ts';

async function setDesired(
  cloud: ContractCloud,
  name: string,
  desired: number,
  honorsCooldown = false,
): Promise<void> {
  await cloud.autoScaling.send(
    new SetDesiredCapacityCommand({
      AutoScalingGroupName: name,
      DesiredCapacity: desired,
      HonorCooldown: honorsCooldown,
    }),
  );
}

async function activitiesOf(cloud: ContractCloud, name: string): Promise<readonly Activity[]> {
  const answer = await cloud.autoScaling.send(
    new DescribeScalingActivitiesCommand({ AutoScalingGroupName: name }),
  );
  return answer.Activities ?? [];
}

export const capacityScenarios: readonly Scenario[] = [
  {
    name: 'desired capacity is refused outside the bounds',
    source: 'the words as seen in public threads on SetDesiredCapacity',
    async run(cloud) {
      const name = await createGroup(cloud, { MinSize: 1, MaxSize: 2 });
      await expectRefusal(setDesired(cloud, name, 3), {
        name: 'ValidationError',
        message: 'New SetDesiredCapacity value 3 is above max value 2 for the AutoScalingGroup.',
        status: 400,
      });
      await expectRefusal(setDesired(cloud, name, 0), {
        name: 'ValidationError',
        message: 'New SetDesiredCapacity value 0 is below min value 1 for the AutoScalingGroup.',
        status: 400,
      });
    },
  },
  {
    name: 'a group that does not exist is named in the refusal',
    source: 'the words as seen in public threads',
    async run(cloud) {
      await expectRefusal(setDesired(cloud, 'contract-missing', 1), {
        name: 'ValidationError',
        message: /^AutoScalingGroup name not found - /u,
      });
    },
  },
  {
    name: 'a launch passes through Pending and takes seconds, not milliseconds',
    source: 'user guide, "Amazon EC2 Auto Scaling instance lifecycle": Pending, InService',
    async run(cloud) {
      const name = await createGroup(cloud);
      await cloud.pass(5000);
      const startedAt = cloud.now();
      await setDesired(cloud, name, 1);
      assert.equal((await describeGroup(cloud, name))?.Instances?.length, 0);
      await eventually(cloud, 'a pending instance', async () => {
        const instances = (await describeGroup(cloud, name))?.Instances ?? [];
        return instances[0]?.LifecycleState === 'Pending' ? true : undefined;
      });
      await waitForService(cloud, name, 1);
      assert.ok(cloud.now() - startedAt >= 5000, 'in service sooner than any machine boots');
    },
  },
  {
    name: 'activities say why, newest first',
    source: 'user guide, "Verify a scaling activity": Cause, Description, StatusCode, Details',
    async run(cloud) {
      const { name } = await createGroupInService(cloud, 1);
      await setDesired(cloud, name, 2);
      await waitForService(cloud, name, 2);
      const [newest, oldest] = await activitiesOf(cloud, name);
      assert.match(
        given(newest?.Cause, 'a cause'),
        /^At \S+Z a user request explicitly set group desired capacity changing the desired capacity from 1 to 2\. {2}At \S+Z an instance was started in response to a difference between desired and actual capacity, increasing the capacity from 1 to 2\.$/u,
      );
      assert.match(
        given(oldest?.Cause, 'a cause'),
        /^At \S+Z a user request created an AutoScalingGroup changing the desired capacity from 0 to 1\./u,
      );
      assert.match(given(newest?.Description, 'it'), /^Launching a new EC2 instance: i-/u);
      assert.equal(newest?.StatusCode, 'Successful');
      assert.equal(newest?.Progress, 100);
      const details: unknown = JSON.parse(given(newest?.Details, 'details'));
      assert.deepEqual(details, { 'Availability Zone': cloud.zones[0] });
    },
  },
  {
    name: 'activities come in pages',
    source: 'API reference, DescribeScalingActivities: MaxRecords, NextToken',
    async run(cloud) {
      const { name } = await createGroupInService(cloud, 3);
      const first = await cloud.autoScaling.send(
        new DescribeScalingActivitiesCommand({ AutoScalingGroupName: name, MaxRecords: 2 }),
      );
      assert.equal(first.Activities?.length, 2);
      const second = await cloud.autoScaling.send(
        new DescribeScalingActivitiesCommand({
          AutoScalingGroupName: name,
          MaxRecords: 2,
          NextToken: given(first.NextToken, 'a token'),
        }),
      );
      assert.equal(second.Activities?.length, 1);
      assert.equal(second.NextToken, undefined);
    },
  },
  {
    name: 'HonorCooldown refuses during a scaling activity and during the cooldown after it',
    source: 'API reference, SetDesiredCapacity: ScalingActivityInProgress, HTTP 400',
    async run(cloud) {
      const { name } = await createGroupInService(cloud, 1, { DefaultCooldown: 60 });
      const refusal = {
        name: 'ScalingActivityInProgressFault',
        message: /^Scaling activity [0-9a-f-]{36} is in progress and blocks this action$/u,
        status: 400,
      };
      await expectRefusal(setDesired(cloud, name, 2, true), refusal);
      await cloud.pass(61_000);
      await setDesired(cloud, name, 2, true);
      await cloud.pass(4000);
      await expectRefusal(setDesired(cloud, name, 3, true), refusal);
      await setDesired(cloud, name, 3);
      assert.equal((await describeGroup(cloud, name))?.DesiredCapacity, 3);
    },
  },
  {
    name: 'a smaller desired capacity ends instances',
    source: 'user guide, "Scaling in": Terminating, "shrinking the capacity"',
    async run(cloud) {
      const { name } = await createGroupInService(cloud, 3);
      await setDesired(cloud, name, 1);
      await waitForService(cloud, name, 1);
      const [newest] = await activitiesOf(cloud, name);
      assert.match(
        given(newest?.Cause, 'a cause'),
        /an instance was taken out of service in response to a difference between desired and actual capacity, shrinking the capacity from 3 to 1\. {2}At \S+Z instance i-\w+ was selected for termination\.$/u,
      );
    },
  },
  {
    name: 'an instance is ended by name with its place',
    source: 'API reference, TerminateInstanceInAutoScalingGroup: example',
    async run(cloud) {
      const { name, instances } = await createGroupInService(cloud, 2);
      const id = given(instances[0]?.InstanceId, 'an instance');
      const { Activity: activity } = await cloud.autoScaling.send(
        new TerminateInstanceInAutoScalingGroupCommand({
          InstanceId: id,
          ShouldDecrementDesiredCapacity: true,
        }),
      );
      assert.match(
        given(activity?.Cause, 'a cause'),
        new RegExp(
          `^At \\S+Z instance ${id} was taken out of service in response to a user request, shrinking the capacity from 2 to 1\\.$`,
          'u',
        ),
      );
      assert.equal(activity?.Description, `Terminating EC2 instance: ${id}`);
      assert.equal(activity?.StatusCode, 'InProgress');
      assert.equal((await describeGroup(cloud, name))?.DesiredCapacity, 1);
      const rest = await waitForService(cloud, name, 1);
      assert.notEqual(rest[0]?.InstanceId, id);
    },
  },
  {
    name: 'an instance ended by name without its place is replaced',
    source: 'API reference, TerminateInstanceInAutoScalingGroup: ShouldDecrementDesiredCapacity',
    async run(cloud) {
      const { name, instances } = await createGroupInService(cloud, 1);
      const id = given(instances[0]?.InstanceId, 'an instance');
      await cloud.autoScaling.send(
        new TerminateInstanceInAutoScalingGroupCommand({
          InstanceId: id,
          ShouldDecrementDesiredCapacity: false,
        }),
      );
      await waitForState(cloud, { group: name, instanceId: id }, undefined);
      const rest = await waitForService(cloud, name, 1);
      assert.notEqual(rest[0]?.InstanceId, id);
    },
  },
  {
    name: 'ending by name does not go below the minimum',
    source: 'the words as users of CodeDeploy and Jenkins report them',
    async run(cloud) {
      const { instances } = await createGroupInService(cloud, 1, { MinSize: 1 });
      await expectRefusal(
        cloud.autoScaling.send(
          new TerminateInstanceInAutoScalingGroupCommand({
            InstanceId: given(instances[0]?.InstanceId, 'an instance'),
            ShouldDecrementDesiredCapacity: true,
          }),
        ),
        {
          name: 'ValidationError',
          message:
            'Currently, desiredSize equals minSize (1). Terminating instance without replacement ' +
            "will violate group's min size constraint. Either set shouldDecrementDesiredCapacity " +
            "flag to false or lower group's min size.",
        },
      );
    },
  },
  {
    name: 'an instance that no group has cannot be ended by name',
    source: 'the words as users of the Jenkins plug-ins report them',
    async run(cloud) {
      await expectRefusal(
        cloud.autoScaling.send(
          new TerminateInstanceInAutoScalingGroupCommand({
            InstanceId: 'i-0123456789abcdef0',
            ShouldDecrementDesiredCapacity: true,
          }),
        ),
        {
          name: 'ValidationError',
          message: /^Instance Id not found - No managed instance found for instance ID/u,
        },
      );
    },
  },
  {
    name: 'protected instances survive scale-in, and desired capacity falls all the same',
    source: 'user guide, "Use instance scale-in protection"',
    async run(cloud) {
      const { name, instances } = await createGroupInService(cloud, 2);
      const ids = instances.map(({ InstanceId }) => given(InstanceId, 'an id'));
      const protect = (isProtected: boolean): SetInstanceProtectionCommand =>
        new SetInstanceProtectionCommand({
          AutoScalingGroupName: name,
          InstanceIds: ids,
          ProtectedFromScaleIn: isProtected,
        });
      await cloud.autoScaling.send(protect(true));
      await setDesired(cloud, name, 1);
      await cloud.pass(60_000);
      const group = given(await describeGroup(cloud, name), 'the group');
      assert.equal(group.DesiredCapacity, 1);
      assert.equal(group.Instances?.length, 2);
      const [newest] = await activitiesOf(cloud, name);
      assert.match(
        given(newest?.StatusMessage, 'a message'),
        /all remaining instances are protected from scale-in/u,
      );
      await cloud.autoScaling.send(protect(false));
      await waitForService(cloud, name, 1);
    },
  },
  {
    name: 'protection does not save an instance that is named',
    source: 'user guide, "Use instance scale-in protection": manual termination',
    async run(cloud) {
      const { name, instances } = await createGroupInService(cloud, 1, {
        NewInstancesProtectedFromScaleIn: true,
      });
      assert.equal(instances[0]?.ProtectedFromScaleIn, true);
      await cloud.autoScaling.send(
        new TerminateInstanceInAutoScalingGroupCommand({
          InstanceId: given(instances[0]?.InstanceId, 'an instance'),
          ShouldDecrementDesiredCapacity: true,
        }),
      );
      await waitForService(cloud, name, 0);
    },
  },
  {
    name: 'instances are spread over zones, at launch and at scale-in',
    source: 'user guide, "Auto Scaling benefits for application architecture": zones',
    async run(cloud) {
      const zones = cloud.zones.slice(0, 2);
      const { name, instances } = await createGroupInService(cloud, 4, {
        AvailabilityZones: zones,
      });
      const perZone = (zone: string | undefined): number =>
        instances.filter(({ AvailabilityZone }) => AvailabilityZone === zone).length;
      assert.deepEqual(zones.map(perZone), [2, 2]);
      await setDesired(cloud, name, 2);
      const rest = await waitForService(cloud, name, 2);
      const left = rest.map(({ AvailabilityZone }) => given(AvailabilityZone, 'a zone'));
      assert.deepEqual(left.toSorted(), zones.toSorted());
    },
  },
  {
    name: 'termination policies choose the oldest or the newest',
    source: 'user guide, "Termination policies": OldestInstance, NewestInstance',
    async run(cloud) {
      const { name, instances } = await createGroupInService(cloud, 1, {
        TerminationPolicies: ['NewestInstance'],
      });
      const oldest = given(instances[0]?.InstanceId, 'an instance');
      await cloud.pass(10_000);
      await setDesired(cloud, name, 2);
      const both = await waitForService(cloud, name, 2);
      const newest = both.find(({ InstanceId }) => InstanceId !== oldest)?.InstanceId;
      await setDesired(cloud, name, 1);
      const [kept] = await waitForService(cloud, name, 1);
      assert.equal(kept?.InstanceId, oldest, `${newest} was to go`);
      await cloud.autoScaling.send(
        new UpdateAutoScalingGroupCommand({
          AutoScalingGroupName: name,
          TerminationPolicies: ['OldestInstance'],
        }),
      );
      await setDesired(cloud, name, 2);
      await waitForService(cloud, name, 2);
      await setDesired(cloud, name, 1);
      const [last] = await waitForService(cloud, name, 1);
      assert.notEqual(last?.InstanceId, oldest);
    },
  },
];
