// When Foretide is dead: what the templates put up keeps the group safe without it.

import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  PutMetricDataCommand,
} from '@aws-sdk/client-cloudwatch';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { openDeployStage, type DeployStage } from './deploy-stage.ts';

const program = new URL('../../src/cli/main.ts', import.meta.url).pathname;
const endings: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).toReversed()) await end();
});

async function until(what: string, isTrue: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (!(await isTrue())) {
    if (performance.now() > deadline) throw new Error(`waited in vain until ${what}`);
    await sleep(40);
  }
}

async function startForetide(stage: DeployStage): Promise<ChildProcess> {
  const config = join(stage.home, 'foretide.yaml');
  const lines = [
    'broker: { listen: 127.0.0.1:0 }',
    'api: { listen: 127.0.0.1:0 }',
    'groups:',
    '  - { name: web, max: 10, region: us-east-1, coexistence: { reaction: own } }',
  ];
  writeFileSync(config, lines.join('\n'));
  const child = spawn(process.execPath, [program, 'start', '--config', config, '--json'], {
    cwd: stage.home,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      AWS_ENDPOINT_URL: stage.cloud.url,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
    },
  });
  endings.push(() => void child.kill('SIGKILL'));
  let log = '';
  child.stderr.setEncoding('utf8');
  child.stderr.on('data', (text: string) => {
    log += text;
  });
  await until('Foretide runs', () => log.includes('running'));
  return child;
}

it(
  'AWS adds instances by itself, the alarm is raised, and nothing is removed',
  { timeout: 120_000 },
  async () => {
    // Slow enough that a busy machine still measures every minute.
    const stage = await openDeployStage(200);
    endings.push(() => stage.close());
    for (const words of ['controller --name foretide', 'fleet --name web-fleet']) {
      const done = await stage.run(['deploy', 'up', ...words.split(' '), '--yes']);
      expect(done).toMatchObject({ exitCode: 0, errors: '' });
    }
    const cloudWatch = new CloudWatchClient(stage.settings);
    endings.push(() => cloudWatch.destroy());
    const heartbeatState = async (): Promise<string | undefined> => {
      const { MetricAlarms: alarms = [] } = await cloudWatch.send(new DescribeAlarmsCommand({}));
      return alarms.find(({ MetricName }) => MetricName === 'Heartbeat')?.StateValue;
    };
    // What the timer of the controller's instance does, while it finds Foretide healthy.
    const beat = async (): Promise<void> => {
      const Dimensions = [{ Name: 'Controller', Value: 'foretide' }];
      const MetricData = [{ MetricName: 'Heartbeat', Value: 1, Dimensions }];
      await cloudWatch.send(new PutMetricDataCommand({ Namespace: 'Foretide', MetricData }));
    };
    const foretide = await startForetide(stage);
    await until('the heart is heard', async () => {
      await beat();
      return (await heartbeatState()) === 'OK';
    });
    const exited = once(foretide, 'exit');
    foretide.kill('SIGKILL');
    await exited;

    await until('its silence raises the alarm', async () => (await heartbeatState()) === 'ALARM');
    const { world } = stage.cloud;
    const desired = (): number => world.groups.get('web')?.desired ?? 0;
    const load = (value: number): void => {
      for (const instanceId of world.instances.keys()) {
        stage.cloud.recordMetric({ instanceId, value });
      }
    };
    expect(desired()).toBe(1);
    await until('AWS has added two', () => {
      load(97);
      return desired() >= 3;
    });
    // Eighteen idle minutes: the net never removes.
    const reached = desired();
    const calmUntil = world.now + 18 * 60_000;
    await until('it has been calm', () => {
      load(3);
      return world.now >= calmUntil;
    });
    expect(desired()).toBeGreaterThanOrEqual(reached);
  },
);
