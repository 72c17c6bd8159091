// The AWS adapter over any endpoint that speaks Auto Scaling's protocol. Groups are created through
// the SDK, as a person's own tools would, so the endpoint is all that is needed.

import {
  AutoScalingClient,
  CreateAutoScalingGroupCommand,
  type AutoScalingClientConfig,
} from '@aws-sdk/client-auto-scaling';
import { CreateLaunchTemplateCommand, EC2Client } from '@aws-sdk/client-ec2';

import { createAwsScalingTarget } from '../../src/aws/scaling-target.ts';
import type { EpochMs } from '../../src/core/time.ts';
import type { GroupSpec, ScalingTargetFixture } from './scaling-target.ts';

export interface AwsEndpoint {
  readonly url: string;
  /** The time that the endpoint's cloud lives in. */
  readonly now: () => EpochMs;
  passTime(durationMs: number): Promise<void>;
  close(): Promise<void>;
}

const region = 'us-east-1';
const launchTemplateName = 'contract';

export async function openAwsFixture(endpoint: AwsEndpoint): Promise<ScalingTargetFixture> {
  const credentials = { accessKeyId: 'contract', secretAccessKey: 'contract' };
  const config: AutoScalingClientConfig = { endpoint: endpoint.url, region, credentials };
  const autoScaling = new AutoScalingClient(config);
  await createLaunchTemplate(new EC2Client({ endpoint: endpoint.url, region, credentials }));
  const target = createAwsScalingTarget({
    now: endpoint.now,
    connection: { endpoint: endpoint.url, credentials },
    // Every look of a test is a call of its own.
    limits: { descriptionFreshMs: 0 },
  });

  return {
    target,
    activities: target,
    now: endpoint.now,
    addressOf: (name) => ({ autoScalingGroup: name, region, roleArn: null }),
    createGroup: async (spec) => await createGroup(autoScaling, spec),
    passTime: async (durationMs) => await endpoint.passTime(durationMs),
    close: async () => {
      target.close();
      autoScaling.destroy();
      await endpoint.close();
    },
  };
}

async function createLaunchTemplate(ec2: EC2Client): Promise<void> {
  await ec2.send(
    new CreateLaunchTemplateCommand({
      LaunchTemplateName: launchTemplateName,
      LaunchTemplateData: { ImageId: 'ami-0123456789abcdef0', InstanceType: 't3.micro' },
    }),
  );
  ec2.destroy();
}

async function createGroup(autoScaling: AutoScalingClient, spec: GroupSpec): Promise<void> {
  await autoScaling.send(
    new CreateAutoScalingGroupCommand({
      AutoScalingGroupName: spec.name,
      MinSize: spec.min,
      MaxSize: spec.max,
      DesiredCapacity: spec.desired,
      DefaultCooldown: spec.defaultCooldownMs / 1_000,
      LaunchTemplate: { LaunchTemplateName: launchTemplateName, Version: '$Latest' },
      AvailabilityZones: [`${region}a`, `${region}b`],
    }),
  );
}
