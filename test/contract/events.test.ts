// EventBridge, IAM and CloudWatch Logs through AWS's SDK alone. [EB] EventBridge user guide; [ASG]
// EC2 Auto Scaling event reference; [IAM] IAM user guide, policy evaluation logic.

import {
  AutoScalingClient,
  CreateAutoScalingGroupCommand,
  PutLifecycleHookCommand,
} from '@aws-sdk/client-auto-scaling';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  DeleteLogGroupCommand,
  DescribeLogGroupsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { CreateLaunchTemplateCommand, EC2Client } from '@aws-sdk/client-ec2';
import {
  DeleteRuleCommand,
  EventBridgeClient,
  ListRulesCommand,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import {
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  GetRoleCommand,
  IAMClient,
  PutRolePolicyCommand,
  SimulatePrincipalPolicyCommand,
} from '@aws-sdk/client-iam';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ManualClock } from '../../src/localcloud/manual-clock.ts';
import { createManualClock } from '../../src/localcloud/manual-clock.ts';
import { startLocalCloud } from '../../src/localcloud/start-local-cloud.ts';
import type { LocalCloud } from '../../src/localcloud/start-local-cloud.ts';

const QUEUE_ARN = 'arn:aws:sqs:us-east-1:123456789012:events';
const MINUTE_MS = 60_000;

let clock: ManualClock;
let cloud: LocalCloud;
let settings: {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly maxAttempts: number;
};
let events: EventBridgeClient;
let sqs: SQSClient;
let queueUrl: string;

beforeEach(async () => {
  clock = createManualClock(Date.parse('2026-03-02T10:00:00Z'));
  cloud = await startLocalCloud({ clock, throttling: 'off' });
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  settings = { endpoint: cloud.url, region: 'us-east-1', credentials, maxAttempts: 1 };
  events = new EventBridgeClient(settings);
  sqs = new SQSClient(settings);
  const created = await sqs.send(new CreateQueueCommand({ QueueName: 'events' }));
  queueUrl = created.QueueUrl ?? '';
});

afterEach(async () => {
  events.destroy();
  sqs.destroy();
  await cloud.close();
});

async function putRule(pattern: unknown): Promise<void> {
  await events.send(new PutRuleCommand({ Name: 'rule', EventPattern: JSON.stringify(pattern) }));
  const Targets = [{ Id: 'queue', Arn: QUEUE_ARN }];
  await events.send(new PutTargetsCommand({ Rule: 'rule', Targets }));
}

async function receive(): Promise<readonly Record<string, unknown>[]> {
  const { Messages: messages = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10 }),
  );
  return messages.map(({ Body: body = '{}' }) => {
    const event: Record<string, unknown> = JSON.parse(body);
    return event;
  });
}

async function send(detail: unknown): Promise<void> {
  const entry = { Source: 'shop', DetailType: 'order', Detail: JSON.stringify(detail) };
  const sent = await events.send(new PutEventsCommand({ Entries: [entry] }));
  expect(sent.FailedEntryCount).toBe(0);
}

// [EB] "Comparison operators for use in event patterns".
it.each([
  [{ state: ['paid'] }, { state: 'paid' }, { state: 'open' }],
  [{ state: [{ prefix: 'pa' }] }, { state: 'paid' }, { state: 'open' }],
  [{ state: [{ 'anything-but': ['open'] }] }, { state: 'paid' }, { state: 'open' }],
  [{ sum: [{ numeric: ['>', 0, '<=', 5] }] }, { sum: 5 }, { sum: 6 }],
  [{ voucher: [{ exists: false }] }, { sum: 1 }, { voucher: 'x' }],
  [{ items: ['a'] }, { items: ['b', 'a'] }, { items: ['b'] }],
])('hands on what the pattern %j wants, and nothing else', async (detail, wanted, unwanted) => {
  await putRule({ source: ['shop'], detail });
  await send(unwanted);
  await send(wanted);
  expect((await receive()).map((event) => event['detail'])).toEqual([wanted]);
});

it('refuses a pattern that is none, and a rule deleted before its targets', async () => {
  await expect(putRule({ source: 'shop' })).rejects.toMatchObject({
    name: 'InvalidEventPatternException',
    message: 'Event pattern is not valid. Reason: "source" must be an object or an array',
  });
  await putRule({ source: ['shop'] });
  const remove = new DeleteRuleCommand({ Name: 'rule' });
  await expect(events.send(remove)).rejects.toThrow("Rule can't be deleted since it has targets.");
  await events.send(new RemoveTargetsCommand({ Rule: 'rule', Ids: ['queue'] }));
  await events.send(remove);
  expect((await events.send(new ListRulesCommand({}))).Rules).toEqual([]);
});

it('tells of launches and of lifecycle actions with their tokens', async () => {
  await putRule({ source: ['aws.autoscaling'] });
  const autoScaling = new AutoScalingClient(settings);
  const ec2 = new EC2Client(settings);
  await ec2.send(
    new CreateLaunchTemplateCommand({
      LaunchTemplateName: 'web',
      LaunchTemplateData: { ImageId: 'ami-1', InstanceType: 't3.micro' },
    }),
  );
  const AutoScalingGroupName = 'web';
  await autoScaling.send(
    new CreateAutoScalingGroupCommand({
      AutoScalingGroupName,
      MinSize: 1,
      MaxSize: 2,
      LaunchTemplate: { LaunchTemplateName: 'web' },
      AvailabilityZones: ['us-east-1a'],
    }),
  );
  await autoScaling.send(
    new PutLifecycleHookCommand({
      AutoScalingGroupName,
      LifecycleHookName: 'prepare',
      LifecycleTransition: 'autoscaling:EC2_INSTANCE_LAUNCHING',
      HeartbeatTimeout: 60,
      DefaultResult: 'CONTINUE',
    }),
  );
  clock.pass(5 * MINUTE_MS);
  const told = await receive();
  const byType = new Map(told.map((event) => [event['detail-type'], event]));
  // [ASG] "EC2 Instance-launch Lifecycle Action".
  expect(byType.get('EC2 Instance-launch Lifecycle Action')).toMatchObject({
    version: '0',
    source: 'aws.autoscaling',
    region: 'us-east-1',
    detail: {
      AutoScalingGroupName,
      LifecycleHookName: 'prepare',
      LifecycleTransition: 'autoscaling:EC2_INSTANCE_LAUNCHING',
      LifecycleActionToken: expect.stringMatching(/^[0-9a-f-]{36}$/u),
      EC2InstanceId: expect.stringMatching(/^i-[0-9a-f]{17}$/u),
      Origin: 'EC2',
      Destination: 'AutoScalingGroup',
    },
  });
  // [ASG] "EC2 Instance Launch Successful".
  expect(byType.get('EC2 Instance Launch Successful')).toMatchObject({
    detail: { AutoScalingGroupName, Cause: expect.stringContaining('an instance was started') },
  });
  autoScaling.destroy();
  ec2.destroy();
});

it('says what a role may do', async () => {
  const iam = new IAMClient(settings);
  const RoleName = 'controller';
  await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: '{}' }));
  const statements = [
    {
      Effect: 'Allow',
      Action: 'autoscaling:Set*',
      Resource: '*',
      Condition: { StringEquals: { 'autoscaling:ResourceTag/managed-by': 'foretide' } },
    },
    { Effect: 'Allow', Action: 'ec2:*', Resource: '*' },
    { Effect: 'Deny', Action: ['ec2:RunInstances'], Resource: '*' },
  ];
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: statements });
  const policy = { RoleName, PolicyName: 'own' };
  await iam.send(new PutRolePolicyCommand({ ...policy, PolicyDocument }));
  const { Role: role } = await iam.send(new GetRoleCommand({ RoleName }));
  const decide = async (action: string, tag: string): Promise<string | undefined> => {
    const answer = await iam.send(
      new SimulatePrincipalPolicyCommand({
        PolicySourceArn: role?.Arn,
        ActionNames: [action],
        ContextEntries: [
          {
            ContextKeyName: 'autoscaling:ResourceTag/managed-by',
            ContextKeyValues: [tag],
            ContextKeyType: 'string',
          },
        ],
      }),
    );
    return answer.EvaluationResults?.[0]?.EvalDecision;
  };
  expect(await decide('autoscaling:SetDesiredCapacity', 'foretide')).toBe('allowed');
  expect(await decide('autoscaling:SetDesiredCapacity', 'other')).toBe('implicitDeny');
  expect(await decide('ec2:DescribeInstances', 'other')).toBe('allowed');
  // [IAM] "an explicit deny overrides any allows".
  expect(await decide('ec2:RunInstances', 'other')).toBe('explicitDeny');
  const remove = new DeleteRoleCommand({ RoleName });
  await expect(iam.send(remove)).rejects.toMatchObject({ name: 'DeleteConflictException' });
  await iam.send(new DeleteRolePolicyCommand(policy));
  await iam.send(remove);
  await expect(iam.send(new GetRoleCommand({ RoleName }))).rejects.toMatchObject({
    name: 'NoSuchEntityException',
  });
  iam.destroy();
});

it('keeps log groups until they are deleted', async () => {
  const logs = new CloudWatchLogsClient(settings);
  const group = { logGroupName: '/foretide/web' };
  await logs.send(new CreateLogGroupCommand(group));
  await expect(logs.send(new CreateLogGroupCommand(group))).rejects.toMatchObject({
    name: 'ResourceAlreadyExistsException',
  });
  const described = await logs.send(new DescribeLogGroupsCommand({}));
  expect(described.logGroups?.map(({ logGroupName }) => logGroupName)).toEqual(['/foretide/web']);
  await logs.send(new DeleteLogGroupCommand(group));
  await expect(logs.send(new DeleteLogGroupCommand(group))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
  logs.destroy();
});
