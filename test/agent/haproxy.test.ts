// Debian's HAProxy asks a real agent: its weight follows the load, and a drain empties the server.

import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { runAgent } from '../../src/agent/agent.ts';
import { commandPeriodMsDefault } from '../../src/agent/application/watched-command.ts';
import { outboxMsDefault, systemPaths } from '../../src/agent/options.ts';
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

it('HAProxy weighs a server by its agent, and drains it', { timeout: 60_000 }, async () => {
  const broker = await startMosquitto();
  onTestFinished(() => broker.close());
  const agent = await runAgent(
    {
      identity: { group: 'web', instance: 'i-1' },
      broker: { host: '127.0.0.1', port: broker.port, tls: null },
      intervalMs: 100,
      outboxMs: outboxMsDefault,
      qos: 1,
      ports: 'none',
      application: { lifetimeMs: commandPeriodMsDefault },
      paths: systemPaths,
      agentCheck: { host: '127.0.0.1', port: 0 },
    },
    { clock: systemClock, log: { info() {}, warn() {} }, random: Math.random },
  );
  onTestFinished(() => agent.stop());

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
  timeout client 5s
  timeout server 5s
listen web
  bind 127.0.0.1:${port}
  server i-1 127.0.0.1:9 weight 100 agent-check agent-port ${agent.agentCheckPort} agent-inter 200ms
`,
  );
  const haproxy = spawn(findProgram('haproxy'), ['-db', '-f', configPath], { stdio: 'ignore' });
  onTestFinished(() => {
    haproxy.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  await vi.waitFor(async () => {
    const { status, weight } = await askState(socketPath);
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
    expect((await askState(socketPath)).status).toMatch(/^DRAIN/);
  }, patience);
  publish('undrain');
  await vi.waitFor(async () => {
    expect((await askState(socketPath)).status).toMatch(/^(UP|no check)/);
  }, patience);
});
