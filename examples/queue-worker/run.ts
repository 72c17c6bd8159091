// Fifty messages at once, and a promise that all are done within 30 s: a local cloud, a controller with
// a backlog policy, and the real worker on every instance that the controller launches.

import {
  AutoScalingClient,
  CreateAutoScalingGroupCommand,
  CreateLaunchConfigurationCommand,
} from '@aws-sdk/client-auto-scaling';
import { CreateQueueCommand } from '@aws-sdk/client-sqs';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startBroker } from '../../src/broker/embedded-broker.ts';
import { createEmbeddedTelemetry } from '../../src/broker/embedded-telemetry.ts';
import { createClock } from '../../src/cli/clocks.ts';
import { composeController } from '../../src/cli/compose-controller.ts';
import { takeAnyPort } from '../../src/cli/demo/free-port.ts';
import { countQueue, openQueue } from '../../src/cli/queue/open-queue.ts';
import { sendMessages } from '../../src/cli/queue/send-messages.ts';
import { createTextLog } from '../../src/cli/terminal-log.ts';
import { createAccount } from '../../src/cloud/account/account.ts';
import { DEFAULT_WORLD_OPTIONS } from '../../src/cloud/world-options.ts';
import { World } from '../../src/cloud/world.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { digestContent } from '../../src/localcloud/sqs/message-digest.ts';
import { startLocalCloud } from '../../src/localcloud/start-local-cloud.ts';
import { WorkerFleet } from './worker-fleet.ts';

// The published case, ten times as fast: there a message takes 25 s and the promise is 300 s.
const messages = 50;
const messageMs = 2_500;
const promiseMs = 30_000;
/** The run ends then, whatever is left. */
const withinMs = 45_000;
const lookEveryMs = 250;

const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
const region = 'us-east-1';
const clock = createClock();
const folder = mkdtempSync(join(tmpdir(), 'foretide-queue-'));
// Only what goes wrong: what is decided is told below.
const log = createTextLog((line) => {
  if (/ (warning|error): /u.test(line)) process.stderr.write(line);
});

// 1. A local cloud whose instances boot in about six seconds, a group of one, and a queue.
const { boot } = DEFAULT_WORLD_OPTIONS;
const quick = { running: { medianMs: 1500, sigma: 0.1 }, ready: { medianMs: 4000, sigma: 0.1 } };
const world = new World(clock.now(), { seed: 1, boot: { ...boot, cold: quick } });
const account = createAccount(world, { contentDigest: digestContent, settleMs: 1000 });
const cloud = await startLocalCloud({ clock, account, throttling: 'off' });
const connection = { endpoint: cloud.url, region, credentials };
const autoScaling = new AutoScalingClient(connection);
await autoScaling.send(
  new CreateLaunchConfigurationCommand({
    LaunchConfigurationName: 'worker',
    ImageId: 'ami-worker',
    InstanceType: 'm5.large',
  }),
);
await autoScaling.send(
  new CreateAutoScalingGroupCommand({
    AutoScalingGroupName: 'workers',
    LaunchConfigurationName: 'worker',
    MinSize: 1,
    MaxSize: 20,
    DesiredCapacity: 1,
    AvailabilityZones: ['us-east-1a', 'us-east-1b'],
  }),
);
autoScaling.destroy();

// 2. A broker, and a controller that promises.
const port = await takeAnyPort();
const listeners = [{ host: '127.0.0.1', port, tls: null }];
const started = await startBroker({ listeners, credentials: [], loadTopics: [], log });
if (!started.ok) throw new Error(started.problem.message);
const { broker } = started;
const loaded = loadConfig(
  `
store: { path: ${JSON.stringify(join(folder, 'store.db'))} }
groups:
  - name: workers
    region: ${region}
    min: 1
    max: 20
    warmup: 1s
    cooldown: 0s
    stabilization: 0s
    policies:
      - type: backlog
        queue: jobs
        promise: ${promiseMs / 1000}s
        firstDuration: ${messageMs}ms
        firstBoot: 8s
        every: 1s
`,
  'run.ts',
);
if (!loaded.ok) throw new Error(`the configuration is wrong: ${JSON.stringify(loaded.errors)}`);
const controller = composeController(loaded.config, {
  clock,
  log,
  telemetry: createEmbeddedTelemetry(broker, clock),
  aws: { endpoint: cloud.url, credentials },
});

// 3. A worker on every instance in service, as `worker.mjs` is on a real one.
const instances = (): readonly string[] => {
  cloud.advance();
  return [...(world.groups.get('workers')?.instanceIds ?? [])].filter((id) => {
    const instance = world.instances.get(id);
    return instance?.lifecycle === 'InService' && world.now >= instance.readyAt;
  });
};
const queue = await createJobs();
const fleet = new WorkerFleet({
  queueUrl: queue.url,
  sqs: queue.sqs,
  broker: `mqtt://127.0.0.1:${port}`,
  group: 'workers',
});
await controller.start();
while (fleet.size === 0) {
  await sleep(lookEveryMs);
  fleet.follow(instances());
}

// 4. Fifty messages at once.
const startedAt = performance.now();
const elapsedMs = (): number => performance.now() - startedAt;
const tell = (line: string): void => console.log(`${(elapsedMs() / 1000).toFixed(1)} s: ${line}`);
const terms = { count: messages, durationMs: messageMs, spreadRatio: 0, perSecond: null, seed: 1 };
tell(`${await sendMessages(queue, terms)} messages of ${messageMs / 1000} s sent`);
let told = '';
let decidedAt = 0;
let peak = 0;
let doneAtMs: number | null = null;
while (elapsedMs() < withinMs) {
  await sleep(lookEveryMs);
  fleet.follow(instances());
  peak = Math.max(peak, fleet.size);
  const decision = controller.read.groups()[0]?.lastDecision ?? null;
  if (decision !== null && decision.decision.at !== decidedAt && decision.decision.acts) {
    decidedAt = decision.decision.at;
    tell(decision.explanation.summary);
  }
  if (doneAtMs === null && fleet.done >= messages) doneAtMs = elapsedMs();
  const { visible, inFlight } = await countQueue(queue);
  const line = `${fleet.size} at work; ${visible} visible, ${inFlight} in flight, ${fleet.done} done`;
  if (fleet.size !== Number(told.split(' ', 1)[0])) tell(line);
  told = line;
  if (doneAtMs !== null && fleet.size === 1) break;
}

// 5. What came of it.
const { visible, inFlight } = await countQueue(queue);
const last = doneAtMs === null ? 'not all' : `${(doneAtMs / 1000).toFixed(1)} s`;
console.log(`done: ${fleet.done} of ${messages}, all after ${last} of ${promiseMs / 1000} s`);
console.log(`left in the queue: ${visible + inFlight}`);
console.log(`instances: ${peak} at most, ${fleet.size} at the end`);
console.log(`given back by instances that went: ${fleet.returned}`);
await fleet.close();
await controller.stop();
await broker.close();
queue.close();
await cloud.close();
rmSync(folder, { recursive: true, force: true });
if (doneAtMs === null || doneAtMs > promiseMs) process.exitCode = 1;

async function createJobs() {
  const { SQSClient } = await import('@aws-sdk/client-sqs');
  const sqs = new SQSClient(connection);
  await sqs.send(new CreateQueueCommand({ QueueName: 'jobs' }));
  sqs.destroy();
  return await openQueue('jobs', { endpoint: cloud.url, region });
}
