// Creating, describing, changing and deleting groups.

import assert from 'node:assert/strict';
import {
  CreateAutoScalingGroupCommand,
  DeleteAutoScalingGroupCommand,
  DescribeAutoScalingGroupsCommand,
  DescribeAutoScalingInstancesCommand,
  UpdateAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import type { Scenario } from '../scenario.ts';
import {
  createGroup,
  createGroupInService,
  describeGroup,
  eventually,
  expectRefusal,
  given,
  waitForService,
} from '../scenario.ts';

export const groupScenarios: readonly Scenario[] = [
  {
    name: 'a new group has the documented defaults',
    source: 'API reference, CreateAutoScalingGroup: cooldown 300, health check EC2, grace 0',
    async run(cloud) {
      const name = await createGroup(cloud, { MinSize: 1, MaxSize: 3 });
      const group = given(await describeGroup(cloud, name), 'the group');
      assert.equal(group.MinSize, 1);
      assert.equal(group.MaxSize, 3);
      assert.equal(group.DesiredCapacity, 1, 'desired capacity defaults to the minimum');
      assert.equal(group.DefaultCooldown, 300);
      assert.equal(group.HealthCheckType, 'EC2');
      assert.equal(group.HealthCheckGracePeriod, 0);
      assert.deepEqual(group.TerminationPolicies, ['Default']);
      assert.equal(group.NewInstancesProtectedFromScaleIn, false);
      assert.match(given(group.AutoScalingGroupARN, 'the ARN'), /:autoScalingGroupName\//u);
      assert.ok(group.CreatedTime instanceof Date);
    },
  },
  {
    name: 'a second group of the same name is refused',
    source: 'API reference, CreateAutoScalingGroup: AlreadyExists, HTTP 400',
    async run(cloud) {
      const name = await createGroup(cloud);
      await expectRefusal(createGroup(cloud, { AutoScalingGroupName: name }), {
        name: 'AlreadyExistsFault',
        message:
          'AutoScalingGroup by this name already exists - ' +
          `A group with the name ${name} already exists`,
        status: 400,
      });
    },
  },
  {
    name: 'desired capacity must be between the bounds',
    source: 'API reference, CreateAutoScalingGroup: DesiredCapacity; the words as seen in threads',
    async run(cloud) {
      await expectRefusal(createGroup(cloud, { MinSize: 1, MaxSize: 2, DesiredCapacity: 3 }), {
        name: 'ValidationError',
        message: 'Desired capacity:3 must be between the specified min size:1 and max size:2',
        status: 400,
      });
    },
  },
  {
    name: 'a group needs something to launch',
    source: 'API reference, CreateAutoScalingGroup: LaunchTemplate or LaunchConfigurationName',
    async run(cloud) {
      const create = new CreateAutoScalingGroupCommand({
        AutoScalingGroupName: cloud.newName('group'),
        MinSize: 0,
        MaxSize: 1,
        AvailabilityZones: cloud.zones.slice(0, 1),
      });
      await expectRefusal(cloud.autoScaling.send(create), {
        name: 'ValidationError',
        message: /^Valid requests must contain either LaunchTemplate, LaunchConfigurationName/u,
      });
    },
  },
  {
    name: 'a launch configuration must exist',
    source: 'the words as Terraform users report them',
    async run(cloud) {
      const create = new CreateAutoScalingGroupCommand({
        AutoScalingGroupName: cloud.newName('group'),
        MinSize: 0,
        MaxSize: 1,
        LaunchConfigurationName: 'contract-missing',
        AvailabilityZones: cloud.zones.slice(0, 1),
      });
      await expectRefusal(cloud.autoScaling.send(create), {
        name: 'ValidationError',
        message:
          'Launch configuration name not found - A launch configuration with the name: ' +
          'contract-missing does not exist',
      });
    },
  },
  {
    name: 'a group needs a zone or a subnet',
    source: 'API reference, CreateAutoScalingGroup: AvailabilityZones, VPCZoneIdentifier',
    async run(cloud) {
      await expectRefusal(createGroup(cloud, { AvailabilityZones: [] }), {
        name: 'ValidationError',
        message: 'At least one Availability Zone or VPC Subnet is required.',
      });
    },
  },
  {
    name: 'new bounds take desired capacity with them',
    source: 'API reference, UpdateAutoScalingGroup: "If a new value for MinSize is specified…"',
    async run(cloud) {
      const { name } = await createGroupInService(cloud, 1);
      const update = new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: name, MinSize: 2 });
      await cloud.autoScaling.send(update);
      assert.equal((await describeGroup(cloud, name))?.DesiredCapacity, 2);
      await waitForService(cloud, name, 2);
      const shrink = { AutoScalingGroupName: name, MinSize: 0, MaxSize: 1 };
      await cloud.autoScaling.send(new UpdateAutoScalingGroupCommand(shrink));
      assert.equal((await describeGroup(cloud, name))?.DesiredCapacity, 1);
      await waitForService(cloud, name, 1);
    },
  },
  {
    name: 'an update that names a setting changes that setting only',
    source: 'API reference, UpdateAutoScalingGroup: "unspecified settings are unchanged"',
    async run(cloud) {
      const name = await createGroup(cloud, { DefaultCooldown: 120, MaxSize: 3 });
      await cloud.autoScaling.send(
        new UpdateAutoScalingGroupCommand({
          AutoScalingGroupName: name,
          HealthCheckGracePeriod: 60,
          TerminationPolicies: ['NewestInstance', 'Default'],
        }),
      );
      const group = given(await describeGroup(cloud, name), 'the group');
      assert.equal(group.DefaultCooldown, 120);
      assert.equal(group.MaxSize, 3);
      assert.equal(group.HealthCheckGracePeriod, 60);
      assert.deepEqual(group.TerminationPolicies, ['NewestInstance', 'Default']);
    },
  },
  {
    name: 'a group with instances is deleted by force only',
    source: 'API reference, DeleteAutoScalingGroup: ResourceInUse, ForceDelete',
    async run(cloud) {
      const { name } = await createGroupInService(cloud, 1);
      await expectRefusal(
        cloud.autoScaling.send(new DeleteAutoScalingGroupCommand({ AutoScalingGroupName: name })),
        { name: 'ResourceInUseFault', message: /instances or pending Spot instance request/u },
      );
      await cloud.autoScaling.send(
        new DeleteAutoScalingGroupCommand({ AutoScalingGroupName: name, ForceDelete: true }),
      );
      assert.equal((await describeGroup(cloud, name))?.Status, 'Delete in progress');
      await eventually(cloud, 'the group gone', async () =>
        (await describeGroup(cloud, name)) === undefined ? true : undefined,
      );
    },
  },
  {
    name: 'an empty group is deleted at once',
    source: 'API reference, DeleteAutoScalingGroup',
    async run(cloud) {
      const name = await createGroup(cloud);
      await cloud.pass(5000);
      await cloud.autoScaling.send(
        new DeleteAutoScalingGroupCommand({ AutoScalingGroupName: name }),
      );
      assert.equal(await describeGroup(cloud, name), undefined);
    },
  },
  {
    name: 'groups come in pages',
    source: 'API reference, DescribeAutoScalingGroups: MaxRecords, NextToken, InvalidNextToken',
    async run(cloud) {
      const names = [await createGroup(cloud), await createGroup(cloud), await createGroup(cloud)];
      const seen: (string | undefined)[] = [];
      let token: string | undefined;
      do {
        const page = await cloud.autoScaling.send(
          new DescribeAutoScalingGroupsCommand({
            AutoScalingGroupNames: names,
            MaxRecords: 2,
            NextToken: token,
          }),
        );
        seen.push(...(page.AutoScalingGroups ?? []).map((group) => group.AutoScalingGroupName));
        token = page.NextToken;
      } while (token !== undefined);
      assert.deepEqual(seen.toSorted(), names.toSorted());
      await expectRefusal(
        cloud.autoScaling.send(new DescribeAutoScalingGroupsCommand({ NextToken: 'nonsense' })),
        { name: 'InvalidNextToken', status: 400 },
      );
      await expectRefusal(
        cloud.autoScaling.send(new DescribeAutoScalingGroupsCommand({ MaxRecords: 101 })),
        { name: 'ValidationError', message: /less than or equal to 100/u },
      );
    },
  },
  {
    name: 'groups are found by their tags',
    source: 'API reference, DescribeAutoScalingGroups: Filters tag-key, tag-value, tag:KEY',
    async run(cloud) {
      const team = cloud.newName('team');
      const tag = { Key: 'team', Value: team, PropagateAtLaunch: true };
      const name = await createGroup(cloud, { Tags: [tag] });
      await createGroup(cloud, { Tags: [{ ...tag, Value: `${team}-other` }] });
      const find = async (filter: string, value: string): Promise<(string | undefined)[]> => {
        const answer = await cloud.autoScaling.send(
          new DescribeAutoScalingGroupsCommand({ Filters: [{ Name: filter, Values: [value] }] }),
        );
        return (answer.AutoScalingGroups ?? []).map((group) => group.AutoScalingGroupName);
      };
      assert.deepEqual(await find('tag:team', team), [name]);
      assert.deepEqual(await find('tag-value', team), [name]);
      assert.ok((await find('tag-key', 'team')).includes(name));
    },
  },
  {
    name: 'instances are described with their group',
    source: 'API reference, DescribeAutoScalingInstances: health in capitals',
    async run(cloud) {
      const { name, instances } = await createGroupInService(cloud, 1);
      const id = given(instances[0]?.InstanceId, 'an instance');
      const answer = await cloud.autoScaling.send(
        new DescribeAutoScalingInstancesCommand({ InstanceIds: [id] }),
      );
      const details = given(answer.AutoScalingInstances?.[0], 'its details');
      assert.equal(details.AutoScalingGroupName, name);
      assert.equal(details.LifecycleState, 'InService');
      assert.equal(details.HealthStatus, 'HEALTHY');
      assert.equal(details.AvailabilityZone, cloud.zones[0]);
    },
  },
];
