// EC2's side: instances, launch templates and configurations, types, keys; and STS.

import assert from 'node:assert/strict';
import {
  CreateLaunchConfigurationCommand,
  DeleteLaunchConfigurationCommand,
  DescribeLaunchConfigurationsCommand,
} from '@aws-sdk/client-auto-scaling';
import {
  CreateKeyPairCommand,
  CreateLaunchTemplateCommand,
  CreateLaunchTemplateVersionCommand,
  DeleteKeyPairCommand,
  DescribeInstancesCommand,
  DescribeInstanceTypesCommand,
  DescribeKeyPairsCommand,
  DescribeLaunchTemplatesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { AssumeRoleCommand, GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import type { Scenario } from '../scenario.ts';
import {
  createGroup,
  createGroupInService,
  expectRefusal,
  given,
  waitForService,
  waitForState,
} from '../scenario.ts';

export const machineScenarios: readonly Scenario[] = [
  {
    name: 'EC2 describes what a group has launched',
    source: 'EC2 API reference, DescribeInstances; user guide, "Tag Auto Scaling groups"',
    async run(cloud) {
      const { name, instances } = await createGroupInService(cloud, 1, {
        Tags: [{ Key: 'team', Value: 'a', PropagateAtLaunch: true }],
      });
      const id = given(instances[0]?.InstanceId, 'an instance');
      const answer = await cloud.ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
      const instance = given(answer.Reservations?.[0]?.Instances?.[0], 'the instance');
      assert.equal(instance.State?.Name, 'running');
      assert.equal(instance.State?.Code, 16);
      assert.equal(instance.Placement?.AvailabilityZone, cloud.zones[0]);
      const tags = new Map((instance.Tags ?? []).map(({ Key, Value }) => [Key, Value]));
      assert.equal(tags.get('team'), 'a');
      assert.equal(tags.get('aws:autoscaling:groupName'), name);
    },
  },
  {
    name: 'EC2 finds instances by the tag of their group and by state',
    source: 'EC2 API reference, DescribeInstances: Filter',
    async run(cloud) {
      const { name } = await createGroupInService(cloud, 2);
      const answer = await cloud.ec2.send(
        new DescribeInstancesCommand({
          Filters: [
            { Name: 'tag:aws:autoscaling:groupName', Values: [name] },
            { Name: 'instance-state-name', Values: ['pending', 'running'] },
          ],
        }),
      );
      const instances = (answer.Reservations ?? []).flatMap(({ Instances }) => Instances ?? []);
      assert.equal(instances.length, 2);
    },
  },
  {
    name: 'an instance that EC2 ends is replaced by its group',
    source: 'user guide, "Health checks": "has been terminated or stopped"',
    async run(cloud) {
      const { name, instances } = await createGroupInService(cloud, 1);
      const id = given(instances[0]?.InstanceId, 'an instance');
      const answer = await cloud.ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
      const change = given(answer.TerminatingInstances?.[0], 'the change');
      assert.equal(change.PreviousState?.Name, 'running');
      assert.equal(change.CurrentState?.Name, 'shutting-down');
      await waitForState(cloud, { group: name, instanceId: id }, undefined);
      await waitForService(cloud, name, 1);
    },
  },
  {
    name: 'EC2 names the instance that does not exist',
    source: 'EC2 API reference, error codes: InvalidInstanceID.NotFound',
    async run(cloud) {
      await expectRefusal(
        cloud.ec2.send(new DescribeInstancesCommand({ InstanceIds: ['i-0123456789abcdef0'] })),
        {
          name: 'InvalidInstanceID.NotFound',
          message: "The instance ID 'i-0123456789abcdef0' does not exist",
          status: 400,
        },
      );
    },
  },
  {
    name: 'a group of $Latest launches from the newest version',
    source: 'user guide, "Launch templates": $Latest, $Default',
    async run(cloud) {
      const templateName = cloud.newName('template');
      const data = { ImageId: cloud.imageId, InstanceType: 't3.micro' } as const;
      await cloud.ec2.send(
        new CreateLaunchTemplateCommand({
          LaunchTemplateName: templateName,
          LaunchTemplateData: data,
        }),
      );
      await cloud.ec2.send(
        new CreateLaunchTemplateVersionCommand({
          LaunchTemplateName: templateName,
          LaunchTemplateData: { ...data, InstanceType: 't3.small' },
        }),
      );
      const described = await cloud.ec2.send(
        new DescribeLaunchTemplatesCommand({ LaunchTemplateNames: [templateName] }),
      );
      assert.equal(described.LaunchTemplates?.[0]?.LatestVersionNumber, 2);
      assert.equal(described.LaunchTemplates?.[0]?.DefaultVersionNumber, 1);
      const latest = await createGroupInService(cloud, 1, {
        LaunchTemplate: { LaunchTemplateName: templateName, Version: '$Latest' },
      });
      assert.equal(latest.instances[0]?.InstanceType, 't3.small');
      assert.equal(latest.instances[0]?.LaunchTemplate?.Version, '2');
      const standard = await createGroupInService(cloud, 1, {
        LaunchTemplate: { LaunchTemplateName: templateName },
      });
      assert.equal(standard.instances[0]?.InstanceType, 't3.micro');
    },
  },
  {
    name: 'a launch configuration is used, and kept while it is used',
    source: 'API reference, CreateLaunchConfiguration, DeleteLaunchConfiguration: ResourceInUse',
    async run(cloud) {
      const configurationName = cloud.newName('configuration');
      const named = { LaunchConfigurationName: configurationName };
      await cloud.autoScaling.send(
        new CreateLaunchConfigurationCommand({
          ...named,
          ImageId: cloud.imageId,
          InstanceType: 't3.micro',
        }),
      );
      const answer = await cloud.autoScaling.send(
        new DescribeLaunchConfigurationsCommand({ LaunchConfigurationNames: [configurationName] }),
      );
      assert.equal(answer.LaunchConfigurations?.[0]?.InstanceType, 't3.micro');
      await createGroup(cloud, { ...named, LaunchTemplate: undefined });
      await expectRefusal(cloud.autoScaling.send(new DeleteLaunchConfigurationCommand(named)), {
        name: 'ResourceInUseFault',
        status: 400,
      });
    },
  },
  {
    name: 'EC2 describes instance types',
    source: 'EC2 API reference, DescribeInstanceTypes',
    async run(cloud) {
      const answer = await cloud.ec2.send(
        new DescribeInstanceTypesCommand({ InstanceTypes: ['m5.large'] }),
      );
      const type = given(answer.InstanceTypes?.[0], 'the type');
      assert.equal(type.VCpuInfo?.DefaultVCpus, 2);
      assert.equal(type.MemoryInfo?.SizeInMiB, 8192);
    },
  },
  {
    name: 'EC2 makes a key pair and shows its private key once',
    source: 'EC2 API reference, CreateKeyPair, InvalidKeyPair.Duplicate',
    async run(cloud) {
      const KeyName = cloud.newName('key');
      const create = { KeyName, KeyType: 'ed25519' } as const;
      const created = await cloud.ec2.send(new CreateKeyPairCommand(create));
      assert.match(given(created.KeyMaterial, 'a key'), /PRIVATE KEY-----/u);
      await expectRefusal(cloud.ec2.send(new CreateKeyPairCommand(create)), {
        name: 'InvalidKeyPair.Duplicate',
      });
      const described = await cloud.ec2.send(new DescribeKeyPairsCommand({ KeyNames: [KeyName] }));
      assert.equal(described.KeyPairs?.[0]?.KeyPairId, created.KeyPairId);
      await cloud.ec2.send(new DeleteKeyPairCommand({ KeyName }));
    },
  },
  {
    name: 'STS says who calls, and lends a role',
    source: 'STS API reference, GetCallerIdentity, AssumeRole',
    async run(cloud) {
      const identity = await cloud.sts.send(new GetCallerIdentityCommand({}));
      assert.match(given(identity.Account, 'an account'), /^\d{12}$/u);
      const role = await cloud.sts.send(
        new AssumeRoleCommand({
          RoleArn: `arn:aws:iam::${identity.Account}:role/contract`,
          RoleSessionName: 'contract',
        }),
      );
      assert.match(given(role.Credentials?.AccessKeyId, 'a key'), /^ASIA/u);
      assert.ok(given(role.Credentials?.Expiration, 'an end').getTime() > cloud.now());
    },
  },
];
