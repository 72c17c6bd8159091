// AWS's own target-tracking policy in charge of a queue's workers: the whole composition over the local
// cloud, thirty times as fast. Foretide publishes and renews; the alarms of the policy scale.

import {
  AutoScalingClient,
  CreateAutoScalingGroupCommand,
  CreateLaunchConfigurationCommand,
  DescribePoliciesCommand,
  DescribeScalingActivitiesCommand,
  PutScalingPolicyCommand,
} from '@aws-sdk/client-auto-scaling';
import { CreateQueueCommand, SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { createClock } from '../../src/cli/clocks.ts';
import { composeController } from '../../src/cli/compose-controller.ts';
import { createAccount } from '../../src/cloud/account/account.ts';
import { World } from '../../src/cloud/world.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import type { Telemetry, TelemetryReceiver } from '../../src/controller/ports/telemetry.ts';
import { digestContent } from '../../src/localcloud/sqs/message-digest.ts';
import { startLocalCloud } from '../../src/localcloud/start-local-cloud.ts';
import { instanceTopic } from '../../src/wire/topics.ts';

const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
const region = 'us-east-1';
const group = { AutoScalingGroupName: 'workers' };
const endings: (() => Promise<unknown> | void)[] = [];

afterEach(async () => {
  for (const end of endings.splice(0).toReversed()) await end();
});

/** Looks often, and says what it waited for in vain. */
async function until(what: string, isTrue: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 120_000;
  while (!(await isTrue())) {
    if (performance.now() > deadline) throw new Error(`waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

it('renews the target of the policy, whose alarms then scale', { timeout: 180_000 }, async () => {
  const clock = createClock(30);
  const world = new World(clock.now(), { seed: 1 });
  const account = createAccount(world, { contentDigest: digestContent, settleMs: 0 });
  const cloud = await startLocalCloud({ clock, account, throttling: 'off' });
  endings.push(() => cloud.close());
  const connection = { endpoint: cloud.url, region, credentials };
  const autoScaling = new AutoScalingClient(connection);
  endings.push(() => autoScaling.destroy());
  const launch = { LaunchConfigurationName: 'worker', ImageId: 'ami-1', InstanceType: 'm5.large' };
  await autoScaling.send(new CreateLaunchConfigurationCommand(launch));
  await autoScaling.send(
    new CreateAutoScalingGroupCommand({
      ...group,
      LaunchConfigurationName: 'worker',
      MinSize: 1,
      MaxSize: 20,
      DesiredCapacity: 1,
      AvailabilityZones: ['us-east-1a'],
    }),
  );
  const metric = {
    MetricName: 'BacklogPerInstance',
    Namespace: 'Foretide',
    Dimensions: [{ Name: 'AutoScalingGroupName', Value: 'workers' }],
    Statistic: 'Average' as const,
  };
  await autoScaling.send(
    new PutScalingPolicyCommand({
      ...group,
      PolicyName: 'keep-backlog',
      PolicyType: 'TargetTrackingScaling',
      EstimatedInstanceWarmup: 77,
      TargetTrackingConfiguration: {
        CustomizedMetricSpecification: metric,
        TargetValue: 1000,
        DisableScaleIn: true,
      },
    }),
  );
  const sqs = new SQSClient(connection);
  endings.push(() => sqs.destroy());
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'jobs' }));
  for (let batch = 0; batch < 5; batch += 1) {
    const Entries = Array.from({ length: 10 }, (_, at) => ({ Id: `${at}`, MessageBody: 'job' }));
    await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
  }

  const folder = mkdtempSync(join(tmpdir(), 'foretide-setter-'));
  endings.push(() => rmSync(folder, { recursive: true, force: true }));
  const loaded = loadConfig(
    `
store: { path: ${join(folder, 'store.db')} }
groups:
  - name: workers
    autoScalingGroup: workers
    region: ${region}
    max: 2
    policies:
      - type: backlog
        mode: setter
        queue: jobs
        promise: 300s
        every: 20s
        setter: { policy: keep-backlog, renewEvery: 1m }
`,
    'test',
  );
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.errors));
  const heard: { receiver: TelemetryReceiver | null } = { receiver: null };
  const telemetry: Telemetry = {
    start: (_filters, receiver) => {
      heard.receiver = receiver;
      receiver.connectionChanged(true);
      return Promise.resolve();
    },
    publish: () => true,
    stop: () => Promise.resolve(),
  };
  const log = { write: () => {} };
  const aws = { endpoint: cloud.url, credentials };
  const { start, stop, read } = composeController(loaded.config, { clock, log, telemetry, aws });
  await start();
  endings.push(() => stop());
  const describePolicy = async () =>
    (await autoScaling.send(new DescribePoliciesCommand(group))).ScalingPolicies?.[0];
  const findTarget = async (): Promise<number> =>
    (await describePolicy())?.TargetTrackingConfiguration?.TargetValue ?? 0;

  await until('the target is that of the first duration', async () => (await findTarget()) === 12);
  const [instance] = [...world.instances.keys()];
  const finished = Array.from({ length: 64 }, () => ({ durationMs: 50_000, outcome: 'done' }));
  const work = { finished, omitted: 0 };
  heard.receiver?.receive({
    topic: instanceTopic('report', 'workers', instance ?? ''),
    payload: JSON.stringify({ signals: { workInHand: 1 }, session: 'w', sequence: 1, work }),
    arrivedAt: clock.now(),
    isRetained: false,
    clientId: null,
  });
  await until('the target is that of 50 s', async () => Math.abs((await findTarget()) - 6) < 0.1);
  const policy = await describePolicy();
  expect(policy).toMatchObject({
    EstimatedInstanceWarmup: 77,
    TargetTrackingConfiguration: { CustomizedMetricSpecification: metric, DisableScaleIn: true },
  });

  // 50 messages for one instance are nine at a target of 6, whatever the bounds here say.
  const desired = (): number => world.groups.get('workers')?.desired ?? 0;
  await until('the alarm of the policy has added instances', () => desired() >= 8);
  const { Activities = [] } = await autoScaling.send(new DescribeScalingActivitiesCommand(group));
  const causes = Activities.map(({ Cause = '' }) => Cause);
  expect(causes.filter((one) => one.includes('keep-backlog')).length).toBeGreaterThan(0);
  expect(causes.filter((one) => one.includes('user request explicitly set'))).toEqual([]);
  await until('the controller sees it', () => (read.group('workers')?.desired ?? 0) >= 8);
  await until('it is at rest', () => read.group('workers')?.pending === 0);
  const status = read.group('workers');
  expect(status?.lastDecision).toBeNull();
  expect(status?.now?.explanation.details.join('\n')).toContain(
    "AWS's policy keep-backlog is in charge",
  );
  expect(status?.problem).toBeNull();
});
