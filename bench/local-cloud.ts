// `npm run bench:local-cloud`: what the cloud model does a second, and how soon the server answers
// the SDK at 200 calls a second while 10,000 instances live at 60 times the speed of the wall.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createHistogram } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  AutoScalingClient,
  DescribeAutoScalingGroupsCommand,
  SetDesiredCapacityCommand,
} from '@aws-sdk/client-auto-scaling';
import { advanceAccount, createAccount } from '../src/cloud/account/account.ts';
import { putScalingPolicy } from '../src/cloud/define-policies.ts';
import { createGroup, DEFAULT_GROUP_SETTINGS } from '../src/cloud/create-group.ts';
import { createLaunchConfiguration } from '../src/cloud/define-launch-source.ts';
import { setDesiredCapacity } from '../src/cloud/desired-capacity.ts';
import { World } from '../src/cloud/world.ts';
import { createClock } from '../src/localcloud/clock.ts';
import { startLocalCloud } from '../src/localcloud/start-local-cloud.ts';

const GROUPS = 100;
const GROUP_SIZE = 100;
const CALLS_PER_SECOND = 200;
const CALL_SECONDS = 15;
const COLLECTED = [
  'GroupDesiredCapacity',
  'GroupInServiceInstances',
  'GroupPendingInstances',
  'GroupTerminatingInstances',
  'GroupTotalInstances',
];

if (process.argv.includes('--serve')) await serve();
else {
  measureModel();
  await measureServer();
}

function createWorld(startsAt: number, groupCount: number, size: number): World {
  const world = new World(startsAt);
  const web = { name: 'web', imageId: 'ami-1', instanceType: 'm5.large', keyName: undefined };
  createLaunchConfiguration(world, web);
  for (let number = 0; number < groupCount; number += 1) {
    const created = createGroup(world, {
      name: `group-${number}`,
      desired: size,
      tags: [],
      hooks: [],
      settings: {
        ...DEFAULT_GROUP_SETTINGS,
        min: 0,
        max: 2 * size,
        zones: world.options.zones,
        source: { kind: 'launch-configuration', name: 'web' },
        serviceLinkedRoleArn: 'arn:aws:iam::123456789012:role/bench',
      },
    });
    if (!created.ok) throw new Error(created.fault.message);
  }
  return world;
}

function measureModel(): void {
  const idle = createWorld(0, GROUPS, 50);
  idle.advanceTo(600_000);
  const idleSeconds = 1_000_000;
  report(`idle, ${GROUPS} groups of 50`, 'group-seconds/s', GROUPS * idleSeconds, () => {
    for (let second = 0; second < idleSeconds; second += 1) idle.advanceTo(idle.now + 1000);
  });

  const watched = createAccount(createWorld(0, GROUPS, 50), { contentDigest: (body) => body });
  for (const name of watched.world.groups.keys()) watch(watched.world, name);
  advanceAccount(watched, 600_000);
  const watchedSeconds = 36_000;
  const what = 'the same, with alarms and metrics of each group';
  report(what, 'group-seconds/s', GROUPS * watchedSeconds, () => {
    for (let second = 0; second < watchedSeconds; second += 1) {
      advanceAccount(watched, watched.world.now + 1000);
    }
  });

  const busy = createWorld(0, GROUPS, 50);
  busy.advanceTo(600_000);
  const busySeconds = 36_000;
  report('each group ± 10 every ten minutes', 'group-seconds/s', GROUPS * busySeconds, () => {
    for (let second = 0; second < busySeconds; second += 1) {
      busy.advanceTo(busy.now + 1000);
      // A hundred groups in turn, one every six seconds.
      if (second % 6 === 0) toggleSize(busy, `group-${(second / 6) % GROUPS}`);
    }
  });

  report('launch 10,000 instances in 100 groups', 'instances/s', GROUPS * GROUP_SIZE, () => {
    createWorld(0, GROUPS, GROUP_SIZE).advanceTo(600_000);
  });
}

/** A target tracking policy, and the metrics of its sizes. */
function watch(world: World, groupName: string): void {
  const group = world.groups.get(groupName);
  for (const metric of COLLECTED) group?.collectedMetrics.add(metric);
  const put = putScalingPolicy(world, groupName, {
    name: 'cpu',
    isEnabled: true,
    rule: {
      kind: 'target-tracking',
      // Never reached here: what costs is watching.
      target: 1.05 * (group?.desired ?? 0),
      metric: {
        predefinedType: undefined,
        resourceLabel: undefined,
        namespace: 'AWS/AutoScaling',
        metricName: 'GroupDesiredCapacity',
        dimensions: [{ name: 'AutoScalingGroupName', value: groupName }],
        statistic: 'Average',
        unit: undefined,
        periodSeconds: 60,
      },
      disablesScaleIn: false,
      warmupSeconds: 300,
    },
  });
  if (!put.ok) throw new Error(put.fault.message);
}

function toggleSize(world: World, groupName: string): void {
  const desired = world.groups.get(groupName)?.desired === 50 ? 60 : 50;
  setDesiredCapacity(world, { groupName, desired, honorsCooldown: false });
}

function report(what: string, unit: string, count: number, act: () => void): void {
  const startedAt = performance.now();
  act();
  const rate = Math.round(count / ((performance.now() - startedAt) / 1000));
  console.log(`${what}: ${rate.toLocaleString('en')} ${unit}`);
}

/** The server in a process of its own, as it is used. */
async function serve(): Promise<void> {
  const clock = createClock({ speed: 60 });
  const world = createWorld(clock.now(), GROUPS, GROUP_SIZE);
  const cloud = await startLocalCloud({ clock, world, throttling: 'off' });
  for (const name of world.groups.keys()) watch(world, name);
  process.send?.(cloud.url);
  process.once('message', () => {
    const { user, system } = process.cpuUsage();
    const share = (user + system) / 1000 / process.uptime() / 1000;
    console.log(
      `server: ${Math.round(share * 100)} % of a core, ${world.instances.size} instances`,
    );
    void cloud.close().then(() => process.disconnect());
  });
}

async function measureServer(): Promise<void> {
  const child = fork(new URL(import.meta.url).pathname, ['--serve']);
  const [url]: unknown[] = await once(child, 'message');
  const client = new AutoScalingClient({
    endpoint: String(url),
    region: 'us-east-1',
    credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
    maxAttempts: 1,
  });
  const describes = createHistogram();
  const changes = createHistogram();
  await callSteadily(client, describes, changes, 2);
  describes.reset();
  changes.reset();
  await callSteadily(client, describes, changes, CALL_SECONDS);
  for (const [what, histogram] of [
    ['DescribeAutoScalingGroups, one group of 100', describes],
    ['SetDesiredCapacity', changes],
  ] as const) {
    const at = (percentile: number): string => (histogram.percentile(percentile) / 1e6).toFixed(1);
    console.log(
      `${what}: p50 ${at(50)} ms, p99 ${at(99)} ms, max ${(histogram.max / 1e6).toFixed(1)} ms ` +
        `(${histogram.count} calls, ${CALLS_PER_SECOND}/s in all)`,
    );
  }
  child.send('stop');
  await once(child, 'exit');
  client.destroy();
}

/** Calls at fixed times, whatever earlier calls are doing: three describes to a change. */
async function callSteadily(
  client: AutoScalingClient,
  describes: ReturnType<typeof createHistogram>,
  changes: ReturnType<typeof createHistogram>,
  seconds: number,
): Promise<void> {
  const startedAt = performance.now();
  const calls: Promise<void>[] = [];
  for (let number = 0; number < seconds * CALLS_PER_SECOND; number += 1) {
    const dueMs = startedAt + (number * 1000) / CALLS_PER_SECOND - performance.now();
    if (dueMs > 0) await sleep(dueMs);
    const AutoScalingGroupName = `group-${number % GROUPS}`;
    const isChange = number % 4 === 3;
    const DesiredCapacity = number % 8 === 3 ? GROUP_SIZE + 1 : GROUP_SIZE;
    const sentAt = performance.now();
    const call = isChange
      ? client.send(new SetDesiredCapacityCommand({ AutoScalingGroupName, DesiredCapacity }))
      : client.send(
          new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [AutoScalingGroupName] }),
        );
    const histogram = isChange ? changes : describes;
    calls.push(call.then(() => histogram.record(Math.round((performance.now() - sentAt) * 1e6))));
  }
  await Promise.all(calls);
}
