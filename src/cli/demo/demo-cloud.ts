// A local cloud with one Auto Scaling group in it, made through the SDK as anyone would.

import {
  AutoScalingClient,
  CreateAutoScalingGroupCommand,
  CreateLaunchConfigurationCommand,
} from '@aws-sdk/client-auto-scaling';
import { DEFAULT_WORLD_OPTIONS } from '../../cloud/world-options.ts';
import type { Clock } from '../../controller/ports/clock.ts';
import { startLocalCloud, type LocalCloud } from '../../localcloud/start-local-cloud.ts';
import type { DemoInstance } from './simulated-fleet.ts';

/** The local cloud takes any well-formed signature; these are nobody's. */
export const localCredentials = { accessKeyId: 'local', secretAccessKey: 'local' } as const;

/** At its own pace a boot of half a minute is dull to watch: this machine's instances boot sooner. */
const quickBoot = {
  running: { medianMs: 2000, sigma: 0.1 },
  ready: { medianMs: 4000, sigma: 0.1 },
} as const;

export interface DemoGroup {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly desired: number;
  readonly bootsQuickly: boolean;
}

export interface DemoCloud {
  readonly url: string;
  list(): readonly DemoInstance[];
  /** The desired capacity of its group now. */
  desired(): number;
  close(): Promise<void>;
}

export async function startDemoCloud(
  clock: Clock,
  group: DemoGroup,
  seed: number,
): Promise<DemoCloud> {
  const { boot } = DEFAULT_WORLD_OPTIONS;
  const worldOptions = {
    seed,
    boot: group.bootsQuickly ? { ...boot, cold: quickBoot } : boot,
  };
  const cloud = await startLocalCloud({ clock, worldOptions });
  await createGroup(cloud.url, group);
  await waitForService(cloud, clock, group);
  return {
    url: cloud.url,
    list: () => listInstances(cloud, group.name),
    desired: () => {
      cloud.advance();
      return cloud.world.groups.get(group.name)?.desired ?? Number.NaN;
    },
    close: () => cloud.close(),
  };
}

/** Boots take a while, of the cloud's time; a launch that fails is not waited for. */
const bootWithinMs = 120_000;
const lookEveryMs = 500;

async function waitForService(cloud: LocalCloud, clock: Clock, group: DemoGroup): Promise<void> {
  const deadline = clock.now() + bootWithinMs;
  while (clock.now() < deadline) {
    const serving = listInstances(cloud, group.name).filter(({ isServing }) => isServing);
    if (serving.length >= group.desired) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    clock.after(lookEveryMs, resolve);
    await promise;
  }
}

async function createGroup(endpoint: string, group: DemoGroup): Promise<void> {
  const client = new AutoScalingClient({
    endpoint,
    region: 'us-east-1',
    credentials: localCredentials,
  });
  const launch = { LaunchConfigurationName: 'demo', ImageId: 'ami-demo', InstanceType: 'm5.large' };
  await client.send(new CreateLaunchConfigurationCommand(launch));
  await client.send(
    new CreateAutoScalingGroupCommand({
      AutoScalingGroupName: group.name,
      LaunchConfigurationName: 'demo',
      MinSize: group.min,
      MaxSize: group.max,
      DesiredCapacity: group.desired,
      AvailabilityZones: ['us-east-1a', 'us-east-1b'],
    }),
  );
  client.destroy();
}

/** As the instances themselves know it: in service, and the program on them ready. */
function listInstances(cloud: LocalCloud, groupName: string): readonly DemoInstance[] {
  cloud.advance();
  const { groups, instances, now } = cloud.world;
  const listed: DemoInstance[] = [];
  for (const id of groups.get(groupName)?.instanceIds ?? []) {
    const instance = instances.get(id);
    if (instance === undefined) continue;
    const isServing = instance.lifecycle === 'InService' && now >= instance.readyAt;
    listed.push({ id, isServing });
  }
  return listed;
}
