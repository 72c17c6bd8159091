// Mixed instances and Spot as their users meet them: through AWS's SDK and the metadata of instances,
// on a clock that passes as fast as the test asks. [MIX] EC2 Auto Scaling User Guide, "Auto Scaling
// groups with multiple instance types and purchase options"; [SPOT] EC2 User Guide, "Spot Instance
// interruptions"; [CR] EC2 Auto Scaling User Guide, "Capacity Rebalancing".

import {
  AutoScalingClient,
  CreateAutoScalingGroupCommand,
  DescribeAutoScalingGroupsCommand,
  DescribeScalingActivitiesCommand,
  PutWarmPoolCommand,
  SetDesiredCapacityCommand,
  UpdateAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import type { AutoScalingGroup, MixedInstancesPolicy } from '@aws-sdk/client-auto-scaling';
import {
  CreateLaunchTemplateCommand,
  DescribeInstancesCommand,
  EC2Client,
  GetInstanceTypesFromInstanceRequirementsCommand,
} from '@aws-sdk/client-ec2';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { billOf } from '../../src/cloud/billing.ts';
import { interruptSpot, recommendRebalance } from '../../src/cloud/mixed/interrupt-spot.ts';
import type { ManualClock } from '../../src/localcloud/manual-clock.ts';
import { createManualClock } from '../../src/localcloud/manual-clock.ts';
import type { LocalCloud } from '../../src/localcloud/start-local-cloud.ts';
import { startLocalCloud } from '../../src/localcloud/start-local-cloud.ts';

const MINUTE_MS = 60_000;
const NAME = { AutoScalingGroupName: 'web' };

let clock: ManualClock;
let cloud: LocalCloud;
let autoScaling: AutoScalingClient;
let ec2: EC2Client;

beforeEach(async () => {
  clock = createManualClock(Date.parse('2026-03-02T10:00:00Z'));
  cloud = await startLocalCloud({ clock, throttling: 'off' });
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  const settings = { endpoint: cloud.url, region: 'us-east-1', credentials, maxAttempts: 1 };
  autoScaling = new AutoScalingClient(settings);
  ec2 = new EC2Client(settings);
  await ec2.send(
    new CreateLaunchTemplateCommand({
      LaunchTemplateName: 'web',
      LaunchTemplateData: { ImageId: 'ami-1', InstanceType: 't3.micro' },
    }),
  );
});

afterEach(async () => {
  autoScaling.destroy();
  ec2.destroy();
  await cloud.close();
});

async function createMixedGroup(
  desired: number,
  policy: Partial<MixedInstancesPolicy> & { readonly overrides?: readonly string[] },
  isRebalanced = false,
): Promise<void> {
  const types = policy.overrides ?? ['c5.large', 'm5.large'];
  await autoScaling.send(
    new CreateAutoScalingGroupCommand({
      ...NAME,
      MinSize: 0,
      MaxSize: 30,
      DesiredCapacity: desired,
      AvailabilityZones: ['us-east-1a', 'us-east-1b'],
      CapacityRebalance: isRebalanced,
      MixedInstancesPolicy: {
        LaunchTemplate: {
          LaunchTemplateSpecification: { LaunchTemplateName: 'web', Version: '$Latest' },
          Overrides: types.map((InstanceType) => ({ InstanceType })),
        },
        ...policy,
      },
    }),
  );
  clock.pass(5 * MINUTE_MS);
}

async function describeGroup(): Promise<AutoScalingGroup> {
  const answer = await autoScaling.send(new DescribeAutoScalingGroupsCommand({}));
  const group = answer.AutoScalingGroups?.[0];
  if (group === undefined) throw new Error('the group is not there');
  return group;
}

/** Instances that EC2 still runs, by how they were bought. */
async function countMarkets(): Promise<{ readonly spot: number; readonly onDemand: number }> {
  const running = { Name: 'instance-state-name', Values: ['running', 'pending'] };
  const answer = await ec2.send(new DescribeInstancesCommand({ Filters: [running] }));
  const instances = (answer.Reservations ?? []).flatMap(({ Instances }) => Instances ?? []);
  const spot = instances.filter(({ InstanceLifecycle }) => InstanceLifecycle === 'spot').length;
  return { spot, onDemand: instances.length - spot };
}

async function setDesired(desired: number): Promise<void> {
  await autoScaling.send(new SetDesiredCapacityCommand({ ...NAME, DesiredCapacity: desired }));
  clock.pass(5 * MINUTE_MS);
}

async function readMetadata(instanceId: string, path: string): Promise<Response> {
  const base = `${cloud.url}/imds/${instanceId}/latest`;
  const ttl = { 'x-aws-ec2-metadata-token-ttl-seconds': '60' };
  const token = await (await fetch(`${base}/api/token`, { method: 'PUT', headers: ttl })).text();
  return fetch(`${base}/${path}`, { headers: { 'x-aws-ec2-metadata-token': token } });
}

describe('the shares of On-Demand and Spot', () => {
  // [MIX] "OnDemandBaseCapacity … OnDemandPercentageAboveBaseCapacity".
  it.each([
    [10, 0, 30, { onDemand: 3, spot: 7 }],
    [10, 2, 50, { onDemand: 6, spot: 4 }],
    [10, 20, 0, { onDemand: 10, spot: 0 }],
    [5, 0, 0, { onDemand: 0, spot: 5 }],
    [5, 2, 50, { onDemand: 4, spot: 1 }],
  ])('hold for %i instances, base %i and %i %% above', async (desired, base, share, expected) => {
    await createMixedGroup(desired, {
      InstancesDistribution: {
        OnDemandBaseCapacity: base,
        OnDemandPercentageAboveBaseCapacity: share,
      },
    });
    expect(await countMarkets()).toEqual(expected);
  });

  // [doc] scale-in: "Spot or On-Demand first, to restore the allocation".
  it('hold when the group shrinks and grows again', async () => {
    const distribution = { OnDemandBaseCapacity: 1, OnDemandPercentageAboveBaseCapacity: 25 };
    await createMixedGroup(13, { InstancesDistribution: distribution });
    expect(await countMarkets()).toEqual({ onDemand: 4, spot: 9 });
    await setDesired(5);
    expect(await countMarkets()).toEqual({ onDemand: 2, spot: 3 });
    await setDesired(9);
    expect(await countMarkets()).toEqual({ onDemand: 3, spot: 6 });
  });
});

describe('types of instances', () => {
  // [MIX] "prioritized … uses the order of instance types in the list".
  it('are On-Demand the first of the list', async () => {
    await createMixedGroup(3, { overrides: ['m5.large', 'c5.large'] });
    const { Instances = [] } = await describeGroup();
    expect(Instances.map(({ InstanceType }) => InstanceType)).toEqual(
      Array.from({ length: 3 }, () => 'm5.large'),
    );
  });

  // [MIX] "SpotInstancePools: the number of Spot pools … across which to allocate".
  it('are, of Spot, those of the cheapest pools in turn', async () => {
    await createMixedGroup(4, {
      overrides: ['c5.large', 'm5.large', 'r5.large', 'c6a.large'],
      InstancesDistribution: {
        OnDemandPercentageAboveBaseCapacity: 0,
        SpotAllocationStrategy: 'lowest-price',
        SpotInstancePools: 3,
      },
    });
    const { Instances = [] } = await describeGroup();
    expect(new Set(Instances.map(({ InstanceType }) => InstanceType)).size).toBeGreaterThan(1);
  });

  it('give way to the next where capacity lacks', async () => {
    await cloud.close();
    const worldOptions = { launchFailureRatio: 0.5, seed: 3 };
    cloud = await startLocalCloud({ clock, throttling: 'off', worldOptions });
    const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
    const settings = { endpoint: cloud.url, region: 'us-east-1', credentials, maxAttempts: 1 };
    autoScaling = new AutoScalingClient(settings);
    ec2 = new EC2Client(settings);
    const data = { ImageId: 'ami-1', InstanceType: 't3.micro' } as const;
    await ec2.send(
      new CreateLaunchTemplateCommand({ LaunchTemplateName: 'web', LaunchTemplateData: data }),
    );
    await createMixedGroup(20, { overrides: ['m5.large', 'c5.large', 'r5.large'] });
    const { Instances = [] } = await describeGroup();
    expect(new Set(Instances.map(({ InstanceType }) => InstanceType)).size).toBeGreaterThan(1);
  });

  // [MIX] "attribute-based instance type selection": the recipe's own example.
  it('are chosen by attributes: 2–4 vCPU with 2048 MiB at least', async () => {
    const requirements = { VCpuCount: { Min: 2, Max: 4 }, MemoryMiB: { Min: 2048 } };
    const found = await ec2.send(
      new GetInstanceTypesFromInstanceRequirementsCommand({
        ArchitectureTypes: ['x86_64'],
        VirtualizationTypes: ['hvm'],
        InstanceRequirements: { ...requirements, ExcludedInstanceTypes: ['c*'] },
      }),
    );
    const names = (found.InstanceTypes ?? []).map(({ InstanceType }) => InstanceType);
    expect(names).toContain('m5.large');
    expect(names.filter((name) => name?.startsWith('c') || name?.startsWith('t'))).toEqual([]);
    await createMixedGroup(4, {
      LaunchTemplate: {
        LaunchTemplateSpecification: { LaunchTemplateName: 'web' },
        Overrides: [{ InstanceRequirements: requirements }],
      },
      InstancesDistribution: {
        OnDemandPercentageAboveBaseCapacity: 0,
        SpotAllocationStrategy: 'capacity-optimized',
      },
    });
    expect(await countMarkets()).toEqual({ onDemand: 0, spot: 4 });
    const group = await describeGroup();
    const [override] = group.MixedInstancesPolicy?.LaunchTemplate?.Overrides ?? [];
    expect(override?.InstanceRequirements).toMatchObject(requirements);
    expect(group.MixedInstancesPolicy?.InstancesDistribution).toMatchObject({
      OnDemandAllocationStrategy: 'prioritized',
      SpotAllocationStrategy: 'capacity-optimized',
    });
  });

  it.each([
    [{ overrides: ['x9.huge'] }, /instance type x9\.huge is not supported/u],
    [
      {
        LaunchTemplate: {
          LaunchTemplateSpecification: { LaunchTemplateName: 'web' },
          Overrides: [{ InstanceRequirements: { VCpuCount: { Min: 900 }, MemoryMiB: { Min: 1 } } }],
        },
      },
      /No instance types match/u,
    ],
  ])('that do not exist are refused', async (policy, message) => {
    await expect(createMixedGroup(1, policy)).rejects.toThrow(message);
  });

  // [MIX] "You can change … to a launch template".
  it('follow a plain launch template once the policy is replaced', async () => {
    await createMixedGroup(2, {});
    const LaunchTemplate = { LaunchTemplateName: 'web' };
    await autoScaling.send(new UpdateAutoScalingGroupCommand({ ...NAME, LaunchTemplate }));
    await setDesired(3);
    const { Instances = [], MixedInstancesPolicy } = await describeGroup();
    expect(MixedInstancesPolicy).toBeUndefined();
    expect(Instances.map(({ InstanceType }) => InstanceType)).toContain('t3.micro');
  });
});

describe('a Spot instance that EC2 wants back', () => {
  const onlySpot = { InstancesDistribution: { OnDemandPercentageAboveBaseCapacity: 0 } };

  // [SPOT] "two minutes before"; metadata answers 404 until there is a notice.
  it('is told two minutes before, goes and is replaced', async () => {
    await createMixedGroup(2, onlySpot);
    const [first] = (await describeGroup()).Instances ?? [];
    const id = first?.InstanceId ?? '';
    expect((await readMetadata(id, 'meta-data/spot/instance-action')).status).toBe(404);
    expect(await (await readMetadata(id, 'meta-data/instance-life-cycle')).text()).toBe('spot');
    const noticedAt = cloud.world.now;
    expect(interruptSpot(cloud.world, id).ok).toBe(true);
    const notice = await readMetadata(id, 'meta-data/spot/instance-action');
    expect(await notice.json()).toEqual({
      action: 'terminate',
      time: new Date(noticedAt + 2 * MINUTE_MS).toISOString().replace('.000', ''),
    });
    const advice = await readMetadata(id, 'meta-data/events/recommendations/rebalance');
    expect(await advice.json()).toHaveProperty('noticeTime');
    clock.pass(119_000);
    expect((await describeGroup()).Instances?.map(({ InstanceId }) => InstanceId)).toContain(id);
    clock.pass(5 * MINUTE_MS);
    const { Instances = [] } = await describeGroup();
    expect(Instances.map(({ LifecycleState }) => LifecycleState)).toEqual([
      'InService',
      'InService',
    ]);
    expect(Instances.map(({ InstanceId }) => InstanceId)).not.toContain(id);
  });

  // [CR] "launches a new Spot Instance … before an instance is interrupted".
  it('is replaced ahead where the group rebalances its capacity', async () => {
    await createMixedGroup(2, onlySpot, true);
    const [first] = (await describeGroup()).Instances ?? [];
    const atRisk = cloud.world.instances.get(first?.InstanceId ?? '');
    if (atRisk === undefined) throw new Error('no instance');
    recommendRebalance(cloud.world, cloud.world.groups.get('web'), atRisk);
    clock.pass(5000);
    expect((await describeGroup()).Instances).toHaveLength(3);
    clock.pass(5 * MINUTE_MS);
    const { Instances = [] } = await describeGroup();
    expect(Instances.map(({ InstanceId }) => InstanceId)).not.toContain(atRisk.id);
    expect(Instances).toHaveLength(2);
    const told = await autoScaling.send(new DescribeScalingActivitiesCommand(NAME));
    const causes = (told.Activities ?? []).map(({ Cause }) => Cause ?? '');
    expect(causes.filter((cause) => cause.includes('Rebalance Recommendation'))).toHaveLength(2);
  });

  it('goes by itself at the rate that the options name', async () => {
    await cloud.close();
    const worldOptions = {
      spot: { interruptionsPerHour: 1, recommendationLeadMs: { medianMs: 60_000, sigma: 0 } },
    };
    cloud = await startLocalCloud({ clock, throttling: 'off', worldOptions });
    const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
    const settings = { endpoint: cloud.url, region: 'us-east-1', credentials, maxAttempts: 1 };
    autoScaling = new AutoScalingClient(settings);
    ec2 = new EC2Client(settings);
    const data = { ImageId: 'ami-1', InstanceType: 't3.micro' } as const;
    await ec2.send(
      new CreateLaunchTemplateCommand({ LaunchTemplateName: 'web', LaunchTemplateData: data }),
    );
    await createMixedGroup(20, onlySpot);
    const before = new Set((await describeGroup()).Instances?.map(({ InstanceId }) => InstanceId));
    for (let minute = 0; minute < 180; minute += 1) clock.pass(MINUTE_MS);
    const { Instances = [] } = await describeGroup();
    const kept = Instances.filter(({ InstanceId }) => before.has(InstanceId));
    expect(kept.length).toBeLessThan(15);
    expect(Instances.length).toBeGreaterThanOrEqual(15);
  });

  it('costs less than the same machine On-Demand', async () => {
    await createMixedGroup(1, { ...onlySpot, overrides: ['m5.large'] });
    clock.pass(60 * MINUTE_MS);
    await describeGroup();
    const bill = billOf(cloud.world, 'web');
    const onDemandUsd = (bill.billedSeconds / 3600) * 0.096;
    expect(bill.usd).toBeGreaterThan(0.2 * onDemandUsd);
    expect(bill.usd).toBeLessThan(0.5 * onDemandUsd);
  });

  // [WARM] "Limitations": no warm pool for mixed instances or Spot.
  it('keeps no warm pool', async () => {
    await createMixedGroup(1, onlySpot);
    const put = autoScaling.send(new PutWarmPoolCommand({ ...NAME, MinSize: 1 }));
    await expect(put).rejects.toThrow(/can't add a warm pool/u);
  });
});
