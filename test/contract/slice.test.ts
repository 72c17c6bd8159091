// The server as an SDK sees it: a first walk through a group's life.

import {
  AutoScalingClient,
  CreateAutoScalingGroupCommand,
  DescribeAutoScalingGroupsCommand,
  SetDesiredCapacityCommand,
} from '@aws-sdk/client-auto-scaling';
import { CreateLaunchTemplateCommand, EC2Client } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { LocalCloud } from '../../src/localcloud/start-local-cloud.ts';
import { startLocalCloud } from '../../src/localcloud/start-local-cloud.ts';

let cloud: LocalCloud;
let autoScaling: AutoScalingClient;

beforeAll(async () => {
  cloud = await startLocalCloud({ throttling: 'off' });
  const settings = {
    endpoint: cloud.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  };
  autoScaling = new AutoScalingClient(settings);
  await new EC2Client(settings).send(
    new CreateLaunchTemplateCommand({
      LaunchTemplateName: 'web',
      LaunchTemplateData: { ImageId: 'ami-1', InstanceType: 'm5.large' },
    }),
  );
  await autoScaling.send(
    new CreateAutoScalingGroupCommand({
      AutoScalingGroupName: 'g',
      MinSize: 1,
      MaxSize: 4,
      LaunchTemplate: { LaunchTemplateName: 'web' },
      AvailabilityZones: ['us-east-1a'],
    }),
  );
});

afterAll(async () => {
  await cloud.close();
});

it('shows the new group with its bounds', async () => {
  const answer = await autoScaling.send(new DescribeAutoScalingGroupsCommand({}));
  expect(answer.AutoScalingGroups?.map((group) => [group.MinSize, group.MaxSize])).toEqual([
    [1, 4],
  ]);
});

it('refuses a desired capacity above the maximum in the words of AWS', async () => {
  const call = autoScaling.send(
    new SetDesiredCapacityCommand({ AutoScalingGroupName: 'g', DesiredCapacity: 9 }),
  );
  await expect(call).rejects.toThrow(
    'New SetDesiredCapacity value 9 is above max value 4 for the AutoScalingGroup.',
  );
});
