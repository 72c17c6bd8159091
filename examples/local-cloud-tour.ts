// A tour of the local cloud in seven seconds: a group’s first ten minutes, 100 times as fast.

import {
  AutoScalingClient,
  CreateAutoScalingGroupCommand,
  DescribeAutoScalingGroupsCommand,
  DescribeScalingActivitiesCommand,
  PutScalingPolicyCommand,
  SetDesiredCapacityCommand,
} from '@aws-sdk/client-auto-scaling';
import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { CreateLaunchTemplateCommand, EC2Client } from '@aws-sdk/client-ec2';
import { setTimeout as sleep } from 'node:timers/promises';
import { billOf } from '../src/cloud/billing.ts';
import { createClock } from '../src/localcloud/clock.ts';
import { startLocalCloud } from '../src/localcloud/start-local-cloud.ts';

// 1. A cloud on loopback. Any program that speaks to AWS can be pointed at its URL.
const cloud = await startLocalCloud({ clock: createClock({ speed: 100 }) });
const settings = {
  endpoint: cloud.url,
  region: 'us-east-1',
  credentials: { accessKeyId: 'anything', secretAccessKey: 'goes' },
};
const ec2 = new EC2Client(settings);
const autoScaling = new AutoScalingClient(settings);
const cloudWatch = new CloudWatchClient(settings);

// 2. A launch template, and a group of two that uses it.
await ec2.send(
  new CreateLaunchTemplateCommand({
    LaunchTemplateName: 'web',
    LaunchTemplateData: { ImageId: 'ami-0123456789abcdef0', InstanceType: 'm5.large' },
  }),
);
await autoScaling.send(
  new CreateAutoScalingGroupCommand({
    AutoScalingGroupName: 'shop',
    MinSize: 1,
    MaxSize: 10,
    DesiredCapacity: 2,
    DefaultCooldown: 600,
    LaunchTemplate: { LaunchTemplateName: 'web', Version: '$Latest' },
    AvailabilityZones: ['us-east-1a', 'us-east-1b'],
  }),
);

// 3. Instances take their time: pending first, in service after some seconds of the cloud's time.
async function show(when: string): Promise<void> {
  const answer = await autoScaling.send(
    new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: ['shop'] }),
  );
  const states = answer.AutoScalingGroups?.[0]?.Instances?.map((one) => one.LifecycleState);
  console.log(`${when}: ${states?.join(', ') || 'no instances'}`);
}
await show('at once');
await sleep(60);
await show('after some seconds');
await sleep(1200);
await show('after two minutes');

// 4. A manual change that honours the cooldown is refused while it lasts, in AWS's words.
const grow = { AutoScalingGroupName: 'shop', DesiredCapacity: 4 };
try {
  await autoScaling.send(new SetDesiredCapacityCommand({ ...grow, HonorCooldown: true }));
} catch (error) {
  console.log(`refused: ${error instanceof Error ? error.message : String(error)}`);
}
await autoScaling.send(new SetDesiredCapacityCommand(grow));
await sleep(1200);
await show('two minutes later');

// 5. Why is the fourth instance there? Activities say so, as AWS's do.
const { Activities: activities } = await autoScaling.send(
  new DescribeScalingActivitiesCommand({ AutoScalingGroupName: 'shop' }),
);
console.log(`because: ${activities?.[0]?.Cause}`);

// 6. Target tracking keeps its alarms in CloudWatch, and they act: three busy minutes are enough.
await autoScaling.send(
  new PutScalingPolicyCommand({
    AutoScalingGroupName: 'shop',
    PolicyName: 'cpu',
    PolicyType: 'TargetTrackingScaling',
    EstimatedInstanceWarmup: 240,
    TargetTrackingConfiguration: {
      PredefinedMetricSpecification: { PredefinedMetricType: 'ASGAverageCPUUtilization' },
      TargetValue: 50,
    },
  }),
);
for (let minute = 0; minute < 6; minute += 1) {
  cloud.advance();
  const { instances } = cloud.world;
  for (const instanceId of instances.keys()) cloud.recordMetric({ instanceId, value: 90 });
  await sleep(600);
}
const { MetricAlarms: alarms } = await cloudWatch.send(new DescribeAlarmsCommand({}));
console.log(`alarm: ${alarms?.[0]?.AlarmName} is in ${alarms?.[0]?.StateValue}`);
console.log(`desired: ${cloud.world.groups.get('shop')?.desired}`);

// 7. What has it cost? Per second from `running`, a minute at least.
cloud.advance();
const { billedSeconds, usd } = billOf(cloud.world);
console.log(`billed: ${billedSeconds} instance-seconds, $${usd.toFixed(4)}`);

await cloud.close();
