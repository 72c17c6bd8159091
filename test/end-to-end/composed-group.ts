// The whole composition in this process, over a local cloud with one group and on a clock of any speed:
// what `foretide start` puts together, but for broker and API.

import {
  AutoScalingClient,
  CreateAutoScalingGroupCommand,
  CreateLaunchConfigurationCommand,
} from '@aws-sdk/client-auto-scaling';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClock } from '../../src/cli/clocks.ts';
import { composeController } from '../../src/cli/compose-controller.ts';
import { createAccount } from '../../src/cloud/account/account.ts';
import { World } from '../../src/cloud/world.ts';
import { formatConfigError } from '../../src/config/config-error.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import type { ReadModel } from '../../src/controller/ports/control.ts';
import type { Telemetry, TelemetryReceiver } from '../../src/controller/ports/telemetry.ts';
import { digestContent } from '../../src/localcloud/sqs/message-digest.ts';
import { startLocalCloud } from '../../src/localcloud/start-local-cloud.ts';
import { instanceTopic } from '../../src/wire/topics.ts';

const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
export const region = 'us-east-1';
/** Of the group, in AWS and here. */
export const workers = 'workers';

export interface ComposedGroup {
  readonly autoScaling: AutoScalingClient;
  /** For other clients of the same cloud. */
  readonly connection: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: typeof credentials;
  };
  readonly world: World;
  /** `groups`: what a file says below that key. */
  start(groups: string): Promise<ReadModel>;
  /** A report of one instance of the group. */
  report(content: object): void;
  desired(): number;
  close(): Promise<void>;
}

/** A group of one to twenty, with that many to begin with. */
export async function composeGroup(options: {
  readonly speed: number;
  readonly desired: number;
}): Promise<ComposedGroup> {
  const clock = createClock(options.speed);
  const world = new World(clock.now(), { seed: 1 });
  const account = createAccount(world, { contentDigest: digestContent, settleMs: 0 });
  const cloud = await startLocalCloud({ clock, account, throttling: 'off' });
  const connection = { endpoint: cloud.url, region, credentials };
  const autoScaling = new AutoScalingClient(connection);
  const launch = { LaunchConfigurationName: 'worker', ImageId: 'ami-1', InstanceType: 'm5.large' };
  await autoScaling.send(new CreateLaunchConfigurationCommand(launch));
  await autoScaling.send(
    new CreateAutoScalingGroupCommand({
      AutoScalingGroupName: workers,
      LaunchConfigurationName: 'worker',
      MinSize: 0,
      MaxSize: 20,
      DesiredCapacity: options.desired,
      AvailabilityZones: ['us-east-1a'],
    }),
  );
  const folder = mkdtempSync(join(tmpdir(), 'foretide-composed-'));
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
  let stop = (): Promise<void> => Promise.resolve();
  return {
    autoScaling,
    connection,
    world,
    start: async (groups) => {
      const text = `store: { path: ${join(folder, 'store.db')} }\ngroups:\n${groups}`;
      const loaded = loadConfig(text, 'test');
      if (!loaded.ok) throw new Error(loaded.errors.map(formatConfigError).join('\n'));
      const log = { write: () => {} };
      const aws = { endpoint: cloud.url, credentials };
      const composed = composeController(loaded.config, { clock, log, telemetry, aws });
      stop = () => composed.stop();
      await composed.start();
      return composed.read;
    },
    report: (content) => {
      const [instance] = world.instances.keys();
      if (instance === undefined) throw new Error('there is no instance');
      heard.receiver?.receive({
        topic: instanceTopic('report', workers, instance),
        payload: JSON.stringify(content),
        arrivedAt: clock.now(),
        isRetained: false,
        clientId: null,
      });
    },
    desired: () => {
      cloud.advance();
      return world.groups.get(workers)?.desired ?? 0;
    },
    close: async () => {
      await stop();
      autoScaling.destroy();
      await cloud.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Looks often, and says what it waited for in vain. */
export async function until(what: string, isTrue: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 120_000;
  while (!(await isTrue())) {
    if (performance.now() > deadline) throw new Error(`waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
