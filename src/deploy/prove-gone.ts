// Asks each service itself whether what a stack has made is really gone: CloudFormation's word is good,
// and the bill is better. By ids alone, never by a tag.

import type * as ec2Types from '@aws-sdk/client-ec2';
import type { SessionSettings } from './session.ts';
import { isAbsent } from './deploy-error.ts';

export interface MadeThing {
  readonly logicalId: string;
  readonly type: string;
  readonly physicalId: string;
}

export interface Proof {
  /** So many were asked for at their own services. */
  readonly askedCount: number;
  readonly left: readonly MadeThing[];
}

/** Whether it is still there. Rejects with AWS's error where it is not: absence is one too. */
type Look = (settings: SessionSettings, id: string) => Promise<boolean>;

export async function proveGone(
  settings: SessionSettings,
  things: readonly MadeThing[],
): Promise<Proof> {
  let askedCount = 0;
  const left: MadeThing[] = [];
  for (const thing of things) {
    const look = looks[thing.type];
    if (look === undefined || thing.physicalId === '') continue;
    askedCount += 1;
    if (await isThere(look, settings, thing.physicalId)) left.push(thing);
  }
  return { askedCount, left };
}

async function isThere(look: Look, settings: SessionSettings, id: string): Promise<boolean> {
  try {
    return await look(settings, id);
  } catch (error) {
    if (isAbsent(error)) return false;
    throw error;
  }
}

const ec2 =
  (
    ask: (sdk: Ec2Sdk, client: InstanceType<Ec2Sdk['EC2Client']>, id: string) => Promise<number>,
  ): Look =>
  async (settings, id) => {
    const sdk = await import('@aws-sdk/client-ec2');
    const client = new sdk.EC2Client(settings);
    try {
      return (await ask(sdk, client, id)) > 0;
    } finally {
      client.destroy();
    }
  };
type Ec2Sdk = typeof ec2Types;

const looks: Readonly<Record<string, Look>> = {
  'AWS::EC2::VPC': ec2(async (sdk, client, id) => {
    const answer = await client.send(new sdk.DescribeVpcsCommand({ VpcIds: [id] }));
    return answer.Vpcs?.length ?? 0;
  }),
  'AWS::EC2::Subnet': ec2(async (sdk, client, id) => {
    const answer = await client.send(new sdk.DescribeSubnetsCommand({ SubnetIds: [id] }));
    return answer.Subnets?.length ?? 0;
  }),
  'AWS::EC2::SecurityGroup': ec2(async (sdk, client, id) => {
    const answer = await client.send(new sdk.DescribeSecurityGroupsCommand({ GroupIds: [id] }));
    return answer.SecurityGroups?.length ?? 0;
  }),
  'AWS::EC2::InternetGateway': ec2(async (sdk, client, id) => {
    const command = new sdk.DescribeInternetGatewaysCommand({ InternetGatewayIds: [id] });
    return (await client.send(command)).InternetGateways?.length ?? 0;
  }),
  'AWS::EC2::RouteTable': ec2(async (sdk, client, id) => {
    const answer = await client.send(new sdk.DescribeRouteTablesCommand({ RouteTableIds: [id] }));
    return answer.RouteTables?.length ?? 0;
  }),
  'AWS::EC2::NetworkInterface': ec2(async (sdk, client, id) => {
    const command = new sdk.DescribeNetworkInterfacesCommand({ NetworkInterfaceIds: [id] });
    return (await client.send(command)).NetworkInterfaces?.length ?? 0;
  }),
  'AWS::EC2::Volume': ec2(async (sdk, client, id) => {
    const answer = await client.send(new sdk.DescribeVolumesCommand({ VolumeIds: [id] }));
    return answer.Volumes?.length ?? 0;
  }),
  'AWS::EC2::LaunchTemplate': ec2(async (sdk, client, id) => {
    const command = new sdk.DescribeLaunchTemplatesCommand({ LaunchTemplateIds: [id] });
    return (await client.send(command)).LaunchTemplates?.length ?? 0;
  }),
  'AWS::EC2::KeyPair': ec2(async (sdk, client, id) => {
    const answer = await client.send(new sdk.DescribeKeyPairsCommand({ KeyNames: [id] }));
    return answer.KeyPairs?.length ?? 0;
  }),
  'AWS::AutoScaling::AutoScalingGroup': async (settings, id) => {
    const sdk = await import('@aws-sdk/client-auto-scaling');
    const client = new sdk.AutoScalingClient(settings);
    const command = new sdk.DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [id] });
    const answer = await client.send(command).finally(() => client.destroy());
    return (answer.AutoScalingGroups?.length ?? 0) > 0;
  },
  'AWS::CloudWatch::Alarm': async (settings, id) => {
    const sdk = await import('@aws-sdk/client-cloudwatch');
    const client = new sdk.CloudWatchClient(settings);
    const command = new sdk.DescribeAlarmsCommand({ AlarmNames: [id] });
    const answer = await client.send(command).finally(() => client.destroy());
    return (answer.MetricAlarms?.length ?? 0) > 0;
  },
  'AWS::CloudWatch::Dashboard': async (settings, id) => {
    const sdk = await import('@aws-sdk/client-cloudwatch');
    const client = new sdk.CloudWatchClient(settings);
    const command = new sdk.GetDashboardCommand({ DashboardName: id });
    await client.send(command).finally(() => client.destroy());
    return true;
  },
  'AWS::SQS::Queue': async (settings, id) => {
    const sdk = await import('@aws-sdk/client-sqs');
    const client = new sdk.SQSClient(settings);
    const command = new sdk.GetQueueAttributesCommand({ QueueUrl: id });
    await client.send(command).finally(() => client.destroy());
    return true;
  },
  'AWS::IAM::Role': async (settings, id) => {
    const sdk = await import('@aws-sdk/client-iam');
    const client = new sdk.IAMClient(settings);
    const command = new sdk.GetRoleCommand({ RoleName: id });
    await client.send(command).finally(() => client.destroy());
    return true;
  },
  'AWS::IAM::InstanceProfile': async (settings, id) => {
    const sdk = await import('@aws-sdk/client-iam');
    const client = new sdk.IAMClient(settings);
    const command = new sdk.GetInstanceProfileCommand({ InstanceProfileName: id });
    await client.send(command).finally(() => client.destroy());
    return true;
  },
  'AWS::Logs::LogGroup': async (settings, id) => {
    const sdk = await import('@aws-sdk/client-cloudwatch-logs');
    const client = new sdk.CloudWatchLogsClient(settings);
    const command = new sdk.DescribeLogGroupsCommand({ logGroupNamePrefix: id });
    const answer = await client.send(command).finally(() => client.destroy());
    return answer.logGroups?.some(({ logGroupName }) => logGroupName === id) === true;
  },
  'AWS::SSM::Parameter': async (settings, id) => {
    const sdk = await import('@aws-sdk/client-ssm');
    const client = new sdk.SSMClient(settings);
    const command = new sdk.GetParameterCommand({ Name: id });
    await client.send(command).finally(() => client.destroy());
    return true;
  },
};
