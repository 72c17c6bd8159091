// The agent of sh in `examples/`, run as anyone would run it, against mosquitto.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { parseReport, type Report } from '../../src/wire/report.ts';
import { type InstanceStatus, parseStatus } from '../../src/wire/status.ts';
import { parseTopic } from '../../src/wire/topics.ts';
import { startMosquitto } from '../brokers/mosquitto.ts';
import { RawClient } from '../brokers/raw-client.ts';

const script = new URL('../../examples/sh-agent/agent.sh', import.meta.url).pathname;
const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

interface Stage {
  readonly agent: ChildProcess;
  readonly subscriber: RawClient;
}

interface Login {
  readonly userName: string;
  readonly password: string;
}

async function runAgent(group: string, instance: string, login?: Login): Promise<Stage> {
  const broker = await startMosquitto(login === undefined ? {} : { logins: [login] });
  closing.push(() => broker.close());
  const subscriber = new RawClient({ port: broker.port });
  closing.push(() => subscriber.end());
  await subscriber.connect(
    login && { username: login.userName, password: Buffer.from(login.password) },
  );
  await subscriber.subscribe('foretide/v1/#');
  const parameters = [script, group, instance, `mqtt://127.0.0.1:${broker.port}`];
  // With a process group of its own, so that all of it can be ended at once.
  const agent = spawn('sh', parameters, {
    detached: true,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { PATH: process.env['PATH'], XDG_CONFIG_HOME: writeOptions(login) },
  });
  closing.push(() => endGroup(agent));
  return { agent, subscriber };
}

/** A folder with the options of `mosquitto_pub` that are not to stand on a command line. */
function writeOptions(login: Login | undefined): string {
  const folder = mkdtempSync(join(tmpdir(), 'foretide-sh-agent-'));
  closing.push(() => rmSync(folder, { recursive: true, force: true }));
  if (login === undefined) return folder;
  writeFileSync(join(folder, 'mosquitto_pub'), `-u ${login.userName}\n-P ${login.password}\n`);
  return folder;
}

function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined) throw new Error('the agent did not start');
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}

/** Loads one processor until the test is over. */
function burnOneCore(): void {
  const burner = spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' });
  closing.push(() => burner.kill('SIGKILL'));
}

/** The next message, which must be of this kind and this instance. */
async function takeMessage(
  { subscriber }: Stage,
  expected: ReturnType<typeof parseTopic>,
): Promise<string> {
  const message = await subscriber.nextMessage();
  if (message === null) throw new Error('the connection ended');
  expect(parseTopic(message.topic)).toEqual(expected);
  return message.payload;
}

async function takeReport(stage: Stage, group: string, instance: string): Promise<Report> {
  const payload = await takeMessage(stage, { kind: 'report', group, instance });
  const parsed = parseReport(payload);
  if (!parsed.ok) throw new Error(`${payload} is rejected as ${parsed.reason}`);
  return parsed.value;
}

async function takeStatus(stage: Stage, group: string, instance: string): Promise<InstanceStatus> {
  const payload = await takeMessage(stage, { kind: 'status', group, instance });
  const parsed = parseStatus(payload);
  if (!parsed.ok) throw new Error(`${payload} is rejected as ${parsed.reason}`);
  return parsed.value;
}

test('says that it is online, reports each second, and says good-bye', async () => {
  burnOneCore();
  const stage = await runAgent('a%2Fb', 'i-0abc');
  const { session, ...online } = await takeStatus(stage, 'a/b', 'i-0abc');
  expect(online).toEqual({ state: 'online', intervalMs: 1000 });
  const [memoryTotal = 0] = /\d+/.exec(readFileSync('/proc/meminfo', 'utf8'))?.map(Number) ?? [];
  for (const sequence of [1, 2, 3]) {
    const { signals, ...rest } = await takeReport(stage, 'a/b', 'i-0abc');
    expect(rest).toEqual({ sequence, session, intervalMs: 1000 });
    expect(Object.keys(signals)).toEqual(['cpu', 'connections', 'memoryAvailableBytes']);
    const { cpu = 0, connections = 0, memoryAvailableBytes = 0 } = signals;
    expect(cpu).toBeGreaterThan(0.5 / availableParallelism());
    // Both ends of the agent's own connection and of this subscriber's are on this machine.
    expect(connections).toBeGreaterThanOrEqual(4);
    expect(memoryAvailableBytes).toBeGreaterThan(2 ** 20);
    expect(memoryAvailableBytes).toBeLessThan(memoryTotal * 1024);
  }
  const ended = once(stage.agent, 'exit');
  stage.agent.kill('SIGTERM');
  let last = await stage.subscriber.nextMessage();
  while (last?.topic.endsWith('/report') || last?.payload.includes('lost')) {
    last = await stage.subscriber.nextMessage();
  }
  expect(parseStatus(last?.payload ?? '')).toMatchObject({
    ok: true,
    value: { state: 'offline', session },
  });
  expect(await ended).toEqual([0, null]);
});

test('logs in, and is known as lost when it is killed', async () => {
  const stage = await runAgent('web', 'i-1', { userName: 'web/i-1', password: 'secret' });
  const { session } = await takeStatus(stage, 'web', 'i-1');
  await takeReport(stage, 'web', 'i-1');
  endGroup(stage.agent);
  const lost = await takeStatus(stage, 'web', 'i-1');
  expect(lost).toEqual({ state: 'lost', session, intervalMs: 1000 });
});

test.each([
  [[], 'agent.sh: usage: agent.sh GROUP INSTANCE [mqtt://BROKER]\n'],
  [['web'], 'agent.sh: usage: agent.sh GROUP INSTANCE [mqtt://BROKER]\n'],
  [['two words', 'i-1'], "agent.sh: percent-encode 'two words', 'i-1'\n"],
  [['web', '+'], "agent.sh: percent-encode 'web', '+'\n"],
])('refuses %j in one line', (parameters, line) => {
  const environment = { PATH: process.env['PATH'] };
  const run = spawnSync('sh', [script, ...parameters], { encoding: 'utf8', env: environment });
  expect({ status: run.status, stdout: run.stdout, stderr: run.stderr }).toEqual({
    status: 2,
    stdout: '',
    stderr: line,
  });
});

test('fits in fewer than 40 lines of at most 100 columns', () => {
  const lines = readFileSync(script, 'utf8').trimEnd().split('\n');
  expect(lines.length).toBeLessThan(40);
  expect(lines.filter((line) => line.length > 100)).toEqual([]);
});
