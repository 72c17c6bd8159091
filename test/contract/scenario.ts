// What a contract scenario is: calls through AWS's SDK and what AWS documents about their answers.
// A scenario knows nothing about the cloud it runs against, so it can be pointed at any endpoint.

import assert from 'node:assert/strict';
import {
  CreateAutoScalingGroupCommand,
  DescribeAutoScalingGroupsCommand,
} from '@aws-sdk/client-auto-scaling';
import type {
  AutoScalingClient,
  AutoScalingGroup,
  CreateAutoScalingGroupCommandInput,
  Instance,
} from '@aws-sdk/client-auto-scaling';
import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import type { EC2Client } from '@aws-sdk/client-ec2';
import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { IAMClient } from '@aws-sdk/client-iam';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { SSMClient } from '@aws-sdk/client-ssm';
import type { STSClient } from '@aws-sdk/client-sts';

export interface ContractClients {
  readonly autoScaling: AutoScalingClient;
  readonly cloudFormation: CloudFormationClient;
  readonly cloudWatch: CloudWatchClient;
  readonly ec2: EC2Client;
  readonly events: EventBridgeClient;
  readonly iam: IAMClient;
  readonly logs: CloudWatchLogsClient;
  readonly sqs: SQSClient;
  readonly ssm: SSMClient;
  readonly sts: STSClient;
}

export interface ContractCloud extends ContractClients {
  /** Two zones or more. */
  readonly zones: readonly string[];
  /** A launch template that exists, and the image it uses. */
  readonly templateName: string;
  readonly imageId: string;
  /** Returns a name that nothing else has; groups so named are deleted after the scenario. */
  newName(purpose: string): string;
  /** Undoes something after the scenario, the latest first; what is gone already is no matter. */
  undoLater(undo: () => Promise<unknown>): void;
  /** Lets that much of the cloud's time pass. */
  pass(ms: number): Promise<void>;
  /** The cloud's time, in epoch milliseconds. */
  now(): number;
}

export interface Scenario {
  readonly name: string;
  /** The public document of AWS that says so. */
  readonly source: string;
  run(cloud: ContractCloud): Promise<void>;
}

/** Asks once a second of the cloud's time until there is an answer. */
export async function eventually<T>(
  cloud: ContractCloud,
  what: string,
  ask: () => Promise<T | undefined>,
  withinMs = 180_000,
): Promise<T> {
  const startedAt = cloud.now();
  while (cloud.now() - startedAt <= withinMs) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await cloud.pass(1000);
  }
  return assert.fail(`not within ${withinMs / 1000} s: ${what}`);
}

/** Checks that a call is refused with that code (or SDK name) and, where given, those words. */
export async function expectRefusal(
  call: Promise<unknown>,
  expected: { readonly name: string; readonly message?: string | RegExp; readonly status?: number },
): Promise<void> {
  const refusal: unknown = await call.then(
    () => assert.fail(`accepted, but expected ${expected.name}`),
    (error: unknown) => error,
  );
  assert.ok(refusal instanceof Error, 'refused with something that is no error');
  assert.equal(refusal.name, expected.name, refusal.message);
  if (typeof expected.message === 'string') assert.equal(refusal.message, expected.message);
  if (expected.message instanceof RegExp) assert.match(refusal.message, expected.message);
  if (expected.status !== undefined) assert.equal(statusOf(refusal), expected.status);
}

/** The HTTP status that the SDK keeps with its errors. */
function statusOf(error: Error): number | undefined {
  const metadata: unknown = '$metadata' in error ? error.$metadata : undefined;
  if (typeof metadata !== 'object' || metadata === null) return undefined;
  const status: unknown = 'httpStatusCode' in metadata ? metadata.httpStatusCode : undefined;
  return typeof status === 'number' ? status : undefined;
}

/** Creates a group from the cloud's template: min 0, max 4 unless said otherwise. Returns its name. */
export async function createGroup(
  cloud: ContractCloud,
  settings: Partial<CreateAutoScalingGroupCommandInput> = {},
): Promise<string> {
  const name = settings.AutoScalingGroupName ?? cloud.newName('group');
  await cloud.autoScaling.send(
    new CreateAutoScalingGroupCommand({
      MinSize: 0,
      MaxSize: 4,
      LaunchTemplate: { LaunchTemplateName: cloud.templateName },
      AvailabilityZones: cloud.zones.slice(0, 1),
      ...settings,
      AutoScalingGroupName: name,
    }),
  );
  return name;
}

/** Creates a group and waits until all of its instances are in service. */
export async function createGroupInService(
  cloud: ContractCloud,
  desired: number,
  settings: Partial<CreateAutoScalingGroupCommandInput> = {},
): Promise<{ readonly name: string; readonly instances: readonly Instance[] }> {
  const name = await createGroup(cloud, { ...settings, DesiredCapacity: desired });
  return { name, instances: await waitForService(cloud, name, desired) };
}

export async function describeGroup(
  cloud: ContractCloud,
  name: string,
): Promise<AutoScalingGroup | undefined> {
  const answer = await cloud.autoScaling.send(
    new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name] }),
  );
  return answer.AutoScalingGroups?.[0];
}

/** Returns the group's instances once exactly that many are there and all are in service. */
export function waitForService(
  cloud: ContractCloud,
  name: string,
  count: number,
): Promise<readonly Instance[]> {
  return eventually(cloud, `${count} instances in service`, async () => {
    const instances = (await describeGroup(cloud, name))?.Instances ?? [];
    const isThere =
      instances.length === count &&
      instances.every(({ LifecycleState }) => LifecycleState === 'InService');
    return isThere ? instances : undefined;
  });
}

/** Waits until the instance is in that state; `undefined` means that the group has it no more. */
export async function waitForState(
  cloud: ContractCloud,
  place: { readonly group: string; readonly instanceId: string | undefined },
  state: string | undefined,
  withinMs?: number,
): Promise<void> {
  await eventually(
    cloud,
    `${place.instanceId} ${state ?? 'gone'}`,
    async () => {
      const group = await describeGroup(cloud, place.group);
      const instance = group?.Instances?.find(({ InstanceId }) => InstanceId === place.instanceId);
      return instance?.LifecycleState === state ? true : undefined;
    },
    withinMs,
  );
}

/** Returns the value; its absence fails the scenario. */
export function given<T>(value: T | undefined, what: string): T {
  return value ?? assert.fail(`missing: ${what}`);
}
