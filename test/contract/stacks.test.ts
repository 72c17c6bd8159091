// CloudFormation through AWS's SDK alone: stacks that come, change, fail and go. [UG] CloudFormation
// user guide; [API] CloudFormation API reference.

import { AutoScalingClient, DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
import {
  CloudFormationClient,
  CreateChangeSetCommand,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeChangeSetCommand,
  DescribeStackEventsCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
  GetTemplateSummaryCommand,
  ListExportsCommand,
  UpdateStackCommand,
  UpdateTerminationProtectionCommand,
  ValidateTemplateCommand,
} from '@aws-sdk/client-cloudformation';
import type { Stack } from '@aws-sdk/client-cloudformation';
import {
  CreateNetworkInterfaceCommand,
  DeleteNetworkInterfaceCommand,
  DescribeSubnetsCommand,
  DescribeVpcsCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ManualClock } from '../../src/localcloud/manual-clock.ts';
import { createManualClock } from '../../src/localcloud/manual-clock.ts';
import type { LocalCloud } from '../../src/localcloud/start-local-cloud.ts';
import { restoreLocalAccount, startLocalCloud } from '../../src/localcloud/start-local-cloud.ts';
import { GROUP_TEMPLATE, smallTemplate } from './stack-templates.ts';

const START = Date.parse('2026-03-02T10:00:00Z');
const STEP_MS = 5000;
const WAIT_MAX_MS = 20 * 60_000;
const CAPABILITY = { Capabilities: ['CAPABILITY_IAM' as const] };

let clock: ManualClock;
let cloud: LocalCloud;
let stacks: CloudFormationClient;
let ec2: EC2Client;
let sqs: SQSClient;
let autoScaling: AutoScalingClient;

function connectClients(): void {
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  const settings = { endpoint: cloud.url, region: 'us-east-1', credentials, maxAttempts: 1 };
  stacks = new CloudFormationClient(settings);
  ec2 = new EC2Client(settings);
  sqs = new SQSClient(settings);
  autoScaling = new AutoScalingClient(settings);
}

function closeClients(): void {
  for (const client of [stacks, ec2, sqs, autoScaling]) client.destroy();
}

beforeEach(async () => {
  clock = createManualClock(START);
  cloud = await startLocalCloud({ clock, throttling: 'off' });
  connectClients();
});

afterEach(async () => {
  closeClients();
  await cloud.close();
});

async function stackOf(name: string): Promise<Stack | undefined> {
  return (await stacks.send(new DescribeStacksCommand({ StackName: name }))).Stacks?.[0];
}

/** Lets time pass until the stack does nothing more; returns its status. */
async function settle(name: string): Promise<string | undefined> {
  for (let passedMs = 0; passedMs < WAIT_MAX_MS; passedMs += STEP_MS) {
    const status = (await stackOf(name))?.StackStatus;
    if (status?.endsWith('_IN_PROGRESS') !== true) return status;
    clock.pass(STEP_MS);
  }
  return 'still in progress';
}

/** As `logical id status`, the oldest first. */
async function eventsOf(name: string): Promise<readonly string[]> {
  const { StackEvents: events = [] } = await stacks.send(
    new DescribeStackEventsCommand({ StackName: name }),
  );
  return events
    .toReversed()
    .map(({ LogicalResourceId, ResourceStatus }) => `${LogicalResourceId} ${ResourceStatus}`);
}

async function reasonOf(name: string, status: string): Promise<string | undefined> {
  const { StackEvents: events = [] } = await stacks.send(
    new DescribeStackEventsCommand({ StackName: name }),
  );
  return events.find(({ ResourceStatus }) => ResourceStatus === status)?.ResourceStatusReason;
}

async function createGroupStack(name: string): Promise<string> {
  const created = await stacks.send(
    new CreateStackCommand({ StackName: name, TemplateBody: GROUP_TEMPLATE, ...CAPABILITY }),
  );
  expect(await settle(name)).toBe('CREATE_COMPLETE');
  return created.StackId ?? '';
}

async function queueNames(): Promise<readonly string[]> {
  const { QueueUrls: urls = [] } = await sqs.send(new ListQueuesCommand({}));
  return urls.map((url) => url.slice(url.lastIndexOf('/') + 1));
}

describe('a stack of a group in its network', () => {
  it('is made in the order of its needs, and its group really runs', async () => {
    await createGroupStack('shop');
    const outputs = (await stackOf('shop'))?.Outputs ?? [];
    const groupName = outputs.find(({ OutputKey: key }) => key === 'GroupName')?.OutputValue ?? '';
    // [UG] "CloudFormation-generated names": stack, logical id, twelve random signs.
    expect(groupName).toMatch(/^shop-Group-[0-9A-F]{12}$/u);
    const described = await autoScaling.send(
      new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [groupName] }),
    );
    const [instance] = described.AutoScalingGroups?.[0]?.Instances ?? [];
    expect(instance?.LifecycleState).toBe('InService');
    expect(instance?.AvailabilityZone).toBe('us-east-1b');
    const events = await eventsOf('shop');
    const at = (text: string): number => events.indexOf(text);
    expect(at('Vpc CREATE_COMPLETE')).toBeLessThan(at('Subnet CREATE_IN_PROGRESS'));
    expect(at('Template CREATE_COMPLETE')).toBeLessThan(at('Group CREATE_IN_PROGRESS'));
    // [UG] DependsOn: "with the DependsOn attribute you can specify that the creation … follows".
    expect(at('Attachment CREATE_COMPLETE')).toBeLessThan(at('Way CREATE_IN_PROGRESS'));
    // Independent ones begin together.
    expect(at('Gateway CREATE_IN_PROGRESS')).toBeLessThan(at('Vpc CREATE_COMPLETE'));
    const { Exports: exports } = await stacks.send(new ListExportsCommand({}));
    expect(exports?.map(({ Name }) => Name)).toEqual(['shop-queue']);
  });

  it('leaves nothing behind when it is deleted', async () => {
    const id = await createGroupStack('shop');
    await stacks.send(new DeleteStackCommand({ StackName: 'shop' }));
    expect(await settle(id)).toBe('DELETE_COMPLETE');
    const events = await eventsOf(id);
    const at = (text: string): number => events.lastIndexOf(text);
    expect(at('Group DELETE_COMPLETE')).toBeLessThan(at('Subnet DELETE_IN_PROGRESS'));
    expect(at('Subnet DELETE_COMPLETE')).toBeLessThan(at('Vpc DELETE_IN_PROGRESS'));
    expect((await ec2.send(new DescribeVpcsCommand({}))).Vpcs).toEqual([]);
    expect(cloud.account.registry.resources.size).toBe(0);
    expect(cloud.world.groups.size + cloud.world.launchTemplates.size).toBe(0);
    expect(cloud.account.eventBus.rules.size + cloud.account.cloudWatch.alarms.size).toBe(0);
    expect(await queueNames()).toEqual([]);
    // [API] DescribeStacks: "If the stack doesn't exist, a ValidationError is returned".
    await expect(stackOf('shop')).rejects.toThrow('Stack with id shop does not exist');
  });

  it('says what keeps it from going, and goes once that is gone', async () => {
    const id = await createGroupStack('shop');
    const { Subnets: subnets } = await ec2.send(new DescribeSubnetsCommand({}));
    const SubnetId = subnets?.[0]?.SubnetId ?? '';
    const busy = await ec2.send(new CreateNetworkInterfaceCommand({ SubnetId }));
    await stacks.send(new DeleteStackCommand({ StackName: 'shop' }));
    expect(await settle(id)).toBe('DELETE_FAILED');
    expect((await stackOf(id))?.StackStatusReason).toContain('[Subnet]');
    expect(await reasonOf(id, 'DELETE_FAILED')).toContain('failed to delete: [Subnet]');
    const NetworkInterfaceId = busy.NetworkInterface?.NetworkInterfaceId;
    await ec2.send(new DeleteNetworkInterfaceCommand({ NetworkInterfaceId }));
    await stacks.send(new DeleteStackCommand({ StackName: 'shop' }));
    expect(await settle(id)).toBe('DELETE_COMPLETE');
  });

  it('goes on from a saved state', async () => {
    await stacks.send(
      new CreateStackCommand({ StackName: 'shop', TemplateBody: GROUP_TEMPLATE, ...CAPABILITY }),
    );
    clock.pass(20_000);
    const saved: unknown = JSON.parse(JSON.stringify(cloud.takeSnapshot()));
    closeClients();
    await cloud.close();
    const restored = restoreLocalAccount(saved);
    if (!restored.ok) throw new Error(restored.fault.message);
    cloud = await startLocalCloud({ clock, throttling: 'off', account: restored.value });
    connectClients();
    expect(await settle('shop')).toBe('CREATE_COMPLETE');
  });

  it('needs the capability for its role', async () => {
    // [API] CreateStack: "If you don't specify either of these capabilities, CloudFormation returns
    // an InsufficientCapabilities error."
    const create = stacks.send(
      new CreateStackCommand({ StackName: 'shop', TemplateBody: GROUP_TEMPLATE }),
    );
    await expect(create).rejects.toMatchObject({
      name: 'InsufficientCapabilitiesException',
      message: 'Requires capabilities : [CAPABILITY_IAM]',
    });
  });
});

describe('a stack that fails', () => {
  const broken = smallTemplate({ alarmPeriod: 7 });

  it('is rolled back, with the cause in its events', async () => {
    await stacks.send(new CreateStackCommand({ StackName: 'bad', TemplateBody: broken }));
    expect(await settle('bad')).toBe('ROLLBACK_COMPLETE');
    expect(await eventsOf('bad')).toEqual([
      'bad CREATE_IN_PROGRESS',
      'Queue CREATE_IN_PROGRESS',
      'Queue CREATE_IN_PROGRESS',
      'Queue CREATE_COMPLETE',
      'Broken CREATE_IN_PROGRESS',
      'Broken CREATE_FAILED',
      'bad ROLLBACK_IN_PROGRESS',
      'Broken DELETE_COMPLETE',
      'Queue DELETE_IN_PROGRESS',
      'Queue DELETE_COMPLETE',
      'bad ROLLBACK_COMPLETE',
    ]);
    expect(await reasonOf('bad', 'CREATE_FAILED')).toContain('Resource handler returned message');
    expect(await reasonOf('bad', 'ROLLBACK_IN_PROGRESS')).toBe(
      'The following resource(s) failed to create: [Broken]. Rollback requested by user.',
    );
    // [UG] "ROLLBACK_COMPLETE: … only a delete operation can be performed".
    const update = new UpdateStackCommand({ StackName: 'bad', TemplateBody: smallTemplate({}) });
    await expect(stacks.send(update)).rejects.toThrow(
      'is in ROLLBACK_COMPLETE state and can not be updated.',
    );
  });

  it.each([
    ['DO_NOTHING', 'CREATE_FAILED', 1],
    ['DELETE', 'DELETE_COMPLETE', 0],
  ] as const)('does what OnFailure %s says', async (OnFailure, status, queuesLeft) => {
    const { StackId: id = '' } = await stacks.send(
      new CreateStackCommand({ StackName: 'bad', TemplateBody: broken, OnFailure }),
    );
    expect(await settle(id)).toBe(status);
    expect(await queueNames()).toHaveLength(queuesLeft);
  });

  it('goes back to what it was when an update fails', async () => {
    const TemplateBody = smallTemplate({});
    await stacks.send(new CreateStackCommand({ StackName: 'web', TemplateBody }));
    await settle('web');
    const before = await queueNames();
    const worse = smallTemplate({ visibility: 90, alarmPeriod: 7 });
    await stacks.send(new UpdateStackCommand({ StackName: 'web', TemplateBody: worse }));
    expect(await settle('web')).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await queueNames()).toEqual(before);
    const [queue] = cloud.account.sqs.queues.values();
    expect(queue?.settings.visibilityTimeoutMs).toBe(30_000);
  });
});

describe('a stack that changes', () => {
  beforeEach(async () => {
    const TemplateBody = smallTemplate({ queueName: 'first' });
    await stacks.send(new CreateStackCommand({ StackName: 'web', TemplateBody }));
    expect(await settle('web')).toBe('CREATE_COMPLETE');
  });

  it('changes in place what can be changed', async () => {
    const TemplateBody = smallTemplate({ queueName: 'first', visibility: 90 });
    await stacks.send(new UpdateStackCommand({ StackName: 'web', TemplateBody }));
    expect(await settle('web')).toBe('UPDATE_COMPLETE');
    expect((await eventsOf('web')).slice(-5)).toEqual([
      'web UPDATE_IN_PROGRESS',
      'Queue UPDATE_IN_PROGRESS',
      'Queue UPDATE_COMPLETE',
      'web UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
      'web UPDATE_COMPLETE',
    ]);
  });

  it('replaces what cannot, and deletes the old one afterwards', async () => {
    const TemplateBody = smallTemplate({ queueName: 'second' });
    await stacks.send(new UpdateStackCommand({ StackName: 'web', TemplateBody }));
    expect(await settle('web')).toBe('UPDATE_COMPLETE');
    expect(await queueNames()).toEqual(['second']);
    expect(await reasonOf('web', 'UPDATE_IN_PROGRESS')).toBeDefined();
  });

  it('refuses an update that changes nothing, and a name that is taken', async () => {
    const TemplateBody = smallTemplate({ queueName: 'first' });
    const same = stacks.send(new UpdateStackCommand({ StackName: 'web', TemplateBody }));
    await expect(same).rejects.toMatchObject({
      name: 'ValidationError',
      message: 'No updates are to be performed.',
    });
    const again = stacks.send(new CreateStackCommand({ StackName: 'web', TemplateBody }));
    // [API] CreateStack, AlreadyExists.
    await expect(again).rejects.toMatchObject({
      name: 'AlreadyExistsException',
      message: 'Stack [web] already exists',
    });
  });

  it('shows a change set before it is executed', async () => {
    const names = { StackName: 'web', ChangeSetName: 'next' };
    await stacks.send(
      new CreateChangeSetCommand({
        ...names,
        TemplateBody: smallTemplate({ queueName: 'second' }),
      }),
    );
    const shown = await stacks.send(new DescribeChangeSetCommand(names));
    expect(shown.Changes?.map(({ ResourceChange: change }) => change)).toMatchObject([
      { Action: 'Modify', LogicalResourceId: 'Queue', Replacement: 'True' },
    ]);
    expect(await queueNames()).toEqual(['first']);
    await stacks.send(new ExecuteChangeSetCommand(names));
    expect(await settle('web')).toBe('UPDATE_COMPLETE');
    expect(await queueNames()).toEqual(['second']);
  });

  it('says that a change set changes nothing', async () => {
    const names = { StackName: 'web', ChangeSetName: 'none' };
    const TemplateBody = smallTemplate({ queueName: 'first' });
    await stacks.send(new CreateChangeSetCommand({ ...names, TemplateBody }));
    const shown = await stacks.send(new DescribeChangeSetCommand(names));
    expect(shown.Status).toBe('FAILED');
    expect(shown.StatusReason).toContain("The submitted information didn't contain changes.");
  });

  it('is not deleted while it is protected', async () => {
    const protect = (EnableTerminationProtection: boolean) =>
      stacks.send(
        new UpdateTerminationProtectionCommand({ StackName: 'web', EnableTerminationProtection }),
      );
    await protect(true);
    const deletion = stacks.send(new DeleteStackCommand({ StackName: 'web' }));
    await expect(deletion).rejects.toThrow(
      'Stack [web] cannot be deleted while TerminationProtection is enabled',
    );
    await protect(false);
    await stacks.send(new DeleteStackCommand({ StackName: 'web' }));
  });

  it('leaves what is to be retained', async () => {
    const TemplateBody = smallTemplate({
      queueName: 'first',
      visibility: 60,
      deletionPolicy: 'Retain',
    });
    await stacks.send(new UpdateStackCommand({ StackName: 'web', TemplateBody }));
    await settle('web');
    const id = (await stackOf('web'))?.StackId ?? '';
    await stacks.send(new DeleteStackCommand({ StackName: 'web' }));
    expect(await settle(id)).toBe('DELETE_COMPLETE');
    expect(await queueNames()).toEqual(['first']);
    expect(await eventsOf(id)).toContain('Queue DELETE_SKIPPED');
  });
});

describe('a new stack', () => {
  it('is made by a change set of type CREATE', async () => {
    const names = { StackName: 'web', ChangeSetName: 'first' };
    const TemplateBody = smallTemplate({});
    await stacks.send(
      new CreateChangeSetCommand({ ...names, TemplateBody, ChangeSetType: 'CREATE' }),
    );
    expect((await stackOf('web'))?.StackStatus).toBe('REVIEW_IN_PROGRESS');
    await stacks.send(new ExecuteChangeSetCommand(names));
    expect(await settle('web')).toBe('CREATE_COMPLETE');
    const { StackResources: resources } = await stacks.send(
      new DescribeStackResourcesCommand({ StackName: 'web' }),
    );
    expect(resources?.map(({ LogicalResourceId }) => LogicalResourceId)).toEqual(['Queue']);
  });

  it.each([
    ['{}', 'At least one Resources member must be defined.'],
    ['Resources: [', 'Template format error: YAML not well-formed.'],
    [
      '{"Resources":{"A":{"Type":"AWS::SQS::Queue","Properties":{"QueueName":{"Ref":"B"}}}}}',
      'Unresolved resource dependencies [B] in the Resources block of the template',
    ],
    [
      '{"Resources":{"A":{"Type":"AWS::SQS::Queue","DependsOn":"B"},"B":{"Type":"AWS::SQS::Queue","DependsOn":"A"}}}',
      'Circular dependency between resources: [A, B]',
    ],
    [
      '{"Resources":{"A":{"Type":"AWS::No::Such"}}}',
      'Unrecognized resource types: [AWS::No::Such]',
    ],
  ])('refuses the template %s', async (TemplateBody, message) => {
    await expect(stacks.send(new ValidateTemplateCommand({ TemplateBody }))).rejects.toThrow(
      message,
    );
  });

  it('refuses parameters that its template does not allow', async () => {
    const create = (ParameterKey: string, ParameterValue: string) =>
      stacks.send(
        new CreateStackCommand({
          StackName: 'web',
          TemplateBody: GROUP_TEMPLATE,
          ...CAPABILITY,
          Parameters: [{ ParameterKey, ParameterValue }],
        }),
      );
    await expect(create('Stage', 'x')).rejects.toThrow(
      "Parameter 'Stage' must be one of AllowedValues",
    );
    await expect(create('Size', '9')).rejects.toThrow('not greater than 4');
    await expect(create('None', '9')).rejects.toThrow(
      'Parameters: [None] do not exist in the template',
    );
    const summary = await stacks.send(
      new GetTemplateSummaryCommand({ TemplateBody: GROUP_TEMPLATE }),
    );
    expect(summary.Capabilities).toEqual(['CAPABILITY_IAM']);
    expect(summary.Parameters?.map(({ ParameterKey }) => ParameterKey)).toEqual([
      'Size',
      'Image',
      'Stage',
    ]);
  });
});
