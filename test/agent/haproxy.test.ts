// Debian's HAProxy asks a real agent: its weight follows the load, a drain empties the server, and an
// instance that is to end goes once it is empty.

import {
  AutoScalingClient,
  CreateAutoScalingGroupCommand,
  CreateLaunchConfigurationCommand,
  PutLifecycleHookCommand,
  SetDesiredCapacityCommand,
} from '@aws-sdk/client-auto-scaling';
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { runAgent } from '../../src/agent/agent.ts';
import { commandPeriodMsDefault } from '../../src/agent/application/watched-command.ts';
import { outboxMsDefault, systemPaths, type AgentOptions } from '../../src/agent/options.ts';
import { createManualClock } from '../../src/localcloud/manual-clock.ts';
import { startLocalCloud } from '../../src/localcloud/start-local-cloud.ts';
import { systemClock } from '../../src/agent/clock.ts';
import { instanceTopic } from '../../src/wire/topics.ts';
import { findFreePort, findProgram, startMosquitto } from '../brokers/mosquitto.ts';

const patience = { timeout: 15_000, interval: 100 };

interface ServerState {
  readonly status: string;
  readonly weight: number;
}

/** What HAProxy thinks of the server, from its statistics socket. */
function askState(socketPath: string): Promise<ServerState> {
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect(socketPath, () => socket.write('show stat\n'));
    socket.once('error', reject);
    socket.on('data', (piece) => (text += piece.toString()));
    socket.once('end', () => {
      const [head = '', ...rows] = text.replace('# ', '').split('\n');
      const names = head.split(',');
      const row = rows.find((line) => line.startsWith('web,i-1,'))?.split(',') ?? [];
      const cell = (name: string): string => row[names.indexOf(name)] ?? '';
      resolve({ status: cell('status'), weight: Number(cell('weight')) });
    });
  });
}

/** HAProxy before one server, which it asks for its agent's opinion five times a second. */
async function startBalancer(serverPort: number, agentPort: number | null) {
  const folder = mkdtempSync(join(tmpdir(), 'foretide-haproxy-'));
  const socketPath = join(folder, 'stats');
  const configPath = join(folder, 'haproxy.cfg');
  const port = await findFreePort();
  writeFileSync(
    configPath,
    `global
  stats socket ${socketPath} level operator
defaults
  mode tcp
  timeout connect 1s
  timeout client 60s
  timeout server 60s
listen web
  bind 127.0.0.1:${port}
  server i-1 127.0.0.1:${serverPort} weight 100 agent-check agent-port ${agentPort} agent-inter 200ms
`,
  );
  const haproxy = spawn(findProgram('haproxy'), ['-db', '-f', configPath], { stdio: 'ignore' });
  onTestFinished(() => {
    haproxy.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });
  return { port, state: () => askState(socketPath) };
}

function optionsOf(brokerPort: number): AgentOptions {
  return {
    identity: { group: 'web', instance: 'i-1' },
    broker: { host: '127.0.0.1', port: brokerPort, tls: null },
    intervalMs: 100,
    outboxMs: outboxMsDefault,
    qos: 1,
    ports: 'none',
    application: { lifetimeMs: commandPeriodMsDefault },
    paths: systemPaths,
    agentCheck: { host: '127.0.0.1', port: 0 },
  };
}

it('HAProxy weighs a server by its agent, and drains it', { timeout: 60_000 }, async () => {
  const broker = await startMosquitto();
  onTestFinished(() => broker.close());
  const agent = await runAgent(optionsOf(broker.port), {
    clock: systemClock,
    log: { info() {}, warn() {} },
    random: Math.random,
  });
  onTestFinished(() => agent.stop());

  const { state } = await startBalancer(9, agent.agentCheckPort);

  await vi.waitFor(async () => {
    const { status, weight } = await state();
    expect(status).toMatch(/^(UP|no check)/);
    // This machine runs at least this test.
    expect(weight).toBeLessThan(100);
    expect(weight).toBeGreaterThan(0);
  }, patience);

  const topic = instanceTopic('command', 'web', 'i-1');
  const publish = (command: string): void => {
    const message = JSON.stringify({ command });
    const flags = ['-p', String(broker.port), '-q', '1', '-t', topic, '-m', message];
    execFileSync(findProgram('mosquitto_pub'), flags);
  };
  await vi.waitFor(() => expect(agent.isConnected).toBe(true), patience);
  publish('drain');
  await vi.waitFor(async () => {
    expect((await state()).status).toMatch(/^DRAIN/);
  }, patience);
  publish('undrain');
  await vi.waitFor(async () => {
    expect((await state()).status).toMatch(/^(UP|no check)/);
  }, patience);
});

/** A group of one in the local cloud, whose termination waits for the hook `finish`. */
async function startHookedGroup() {
  const clock = createManualClock(Date.now());
  const cloud = await startLocalCloud({ clock, throttling: 'off' });
  const client = new AutoScalingClient({
    endpoint: cloud.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
  onTestFinished(async () => {
    client.destroy();
    await cloud.close();
  });
  const AutoScalingGroupName = 'web';
  await client.send(
    new CreateLaunchConfigurationCommand({
      LaunchConfigurationName: 'web',
      ImageId: 'ami-1',
      InstanceType: 't3.micro',
    }),
  );
  await client.send(
    new CreateAutoScalingGroupCommand({
      AutoScalingGroupName,
      LaunchConfigurationName: 'web',
      MinSize: 0,
      MaxSize: 1,
      DesiredCapacity: 1,
      AvailabilityZones: ['us-east-1a'],
    }),
  );
  await client.send(
    new PutLifecycleHookCommand({
      AutoScalingGroupName,
      LifecycleHookName: 'finish',
      LifecycleTransition: 'autoscaling:EC2_INSTANCE_TERMINATING',
    }),
  );
  const wait = (): void => {
    clock.pass(60_000);
    cloud.advance();
  };
  wait();
  const [instance] = [...cloud.world.instances.values()];
  if (instance === undefined) throw new Error('no instance was launched');
  return {
    instance,
    endpoint: `${cloud.url}/imds/${instance.id}`,
    url: cloud.url,
    async end() {
      const size = { AutoScalingGroupName, DesiredCapacity: 0 };
      await client.send(new SetDesiredCapacityCommand(size));
      wait();
    },
  };
}

/** An application that keeps every connection until its client ends it, and says each word again. */
async function startApplication(): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.pipe(socket);
  });
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** What comes back for a word; null where nobody serves. */
function say(socket: Socket, word: string): Promise<string | null> {
  return new Promise((resolve) => {
    socket.once('data', (text) => resolve(text.toString()));
    socket.once('close', () => resolve(null));
    socket.write(word);
  });
}

it(
  'an instance that Auto Scaling ends is drained, and goes with its last connection',
  { timeout: 120_000 },
  async () => {
    const broker = await startMosquitto();
    onTestFinished(() => broker.close());
    const group = await startHookedGroup();
    const served = await startApplication();
    const said: string[] = [];
    const log = {
      info: (line: string) => said.push(line),
      warn: (line: string) => said.push(line),
    };
    const agent = await runAgent(
      {
        ...optionsOf(broker.port),
        identity: { group: 'web', instance: group.instance.id },
        ports: [served],
        drain: {
          withinMs: 300_000,
          hookName: 'finish',
          metadata: { endpoint: group.endpoint, isDisabled: false },
          environment: {
            AWS_ENDPOINT_URL: group.url,
            AWS_ACCESS_KEY_ID: 'a',
            AWS_SECRET_ACCESS_KEY: 'b',
            AWS_REGION: 'us-east-1',
          },
        },
      },
      { clock: systemClock, log, random: Math.random },
    );
    onTestFinished(() => agent.stop());
    const balancer = await startBalancer(served, agent.agentCheckPort);
    const open = (): Socket => connect(balancer.port, '127.0.0.1').on('error', () => {});
    const sayOnce = async (word: string): Promise<string | null> => {
      const socket = open();
      const answer = await say(socket, word);
      socket.destroy();
      return answer;
    };
    await vi.waitFor(async () => expect(await sayOnce('hello')).toBe('hello'), patience);
    const client = open();
    onTestFinished(() => void client.destroy());
    expect(await say(client, 'first')).toBe('first');

    await group.end();
    expect(group.instance.lifecycle).toBe('Terminating:Wait');
    await vi.waitFor(async () => {
      expect((await balancer.state()).status).toMatch(/^DRAIN/);
    }, patience);
    // Nothing new, and what was begun goes on for as long as it takes.
    expect(await sayOnce('late')).toBeNull();
    expect(await say(client, 'still')).toBe('still');
    expect(group.instance.lifecycle).toBe('Terminating:Wait');
    client.end();
    const goes = { timeout: 90_000, interval: 250 };
    await vi.waitFor(() => expect(said.join('\n')).toMatch(/drained in \d+ s, 0 conn/u), goes);
    expect(group.instance.lifecycle).not.toBe('Terminating:Wait');
    expect(said.join('\n')).not.toContain('warning');
  },
);
