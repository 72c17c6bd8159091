// The bundled agent as a process, on this machine's own /proc, over real brokers.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { buildAgent } from '../../scripts/build-agent.ts';
import { agentSignals } from '../../src/wire/signals.ts';
import { instanceTopic } from '../../src/wire/topics.ts';
import {
  makeBundle,
  startAgent,
  type AgentBundle,
  type AgentProcess,
} from '../support/agent-process.ts';
import { startAedes } from '../brokers/bare-aedes.ts';
import { startMosquitto } from '../brokers/mosquitto.ts';
import { listenToWire } from '../support/wire-listener.ts';

let bundle: AgentBundle;
beforeAll(async () => {
  bundle = await makeBundle();
});
afterAll(() => bundle.remove());

const closers: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

function start(argv: readonly string[], variables: Record<string, string> = {}): AgentProcess {
  const agent = startAgent(bundle.path, argv, variables);
  closers.push(async () => {
    // Asked, not killed: only so does it end what it runs by --exec.
    agent.child.kill('SIGTERM');
    const timer = setTimeout(() => agent.child.kill('SIGKILL'), 5_000);
    await agent.exited;
    clearTimeout(timer);
  });
  return agent;
}

function until(assertion: () => void, timeout = 8_000): Promise<void> {
  return vi.waitFor(assertion, { timeout, interval: 10 });
}

const names = ['--group', 'web', '--instance', 'i-1'];

describe('the bundle', () => {
  test('is the same each time, with its checksum beside it', async () => {
    const folder = bundle.path.replace(/\/[^/]+$/, '');
    const { path, sha256 } = await buildAgent(`${folder}/again`);
    const bytes = readFileSync(bundle.path);
    expect(readFileSync(path).equals(bytes)).toBe(true);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256);
    expect(readFileSync(`${path}.sha256`, 'utf8')).toBe(`${sha256}  foretide-agent.cjs\n`);
  });

  test('needs nothing but Node.js itself', () => {
    const text = readFileSync(bundle.path, 'utf8');
    const required = [...text.matchAll(/\brequire\("([^"]+)"\)/g)].map((match) => match[1] ?? '');
    expect(required.length).toBeGreaterThan(3);
    for (const name of required) expect(name).toMatch(/^node:/);
  });

  test('prints one sample', async () => {
    const agent = start(['--once', '--interval', '200ms']);
    expect(await agent.exited).toBe(0);
    const { signals } = JSON.parse(agent.output.stdout);
    for (const name of Object.keys(agentSignals)) expect(signals).toHaveProperty(name);
  });

  test.each([
    [['--bogus'], 2, /^foretide-agent: "--bogus" is no flag: see --help\n$/],
    [[], 2, /^foretide-agent: no instance metadata at .*: give --group and --instance .*\n$/],
    [
      [...names, '--username', 'me', '--password-file', '/none'],
      2,
      /^foretide-agent: --password-file cannot be read: .*ENOENT.*\n$/,
    ],
  ])('ends on the mistake in %j with one line', async (argv, exitCode, line) => {
    const agent = start(argv);
    expect(await agent.exited).toBe(exitCode);
    expect(agent.output.stderr).toMatch(line);
    expect(agent.output.stdout).toBe('');
  });
});

describe.each([
  ['mosquitto', () => startMosquitto()],
  ['the embedded broker', () => startAedes()],
])('over %s', (_name, startBroker) => {
  async function setUp() {
    const broker = await startBroker();
    closers.push(() => broker.close());
    const wire = await listenToWire(broker.port);
    closers.push(() => wire.close());
    return { broker, wire, url: ['--broker', `mqtt://127.0.0.1:${broker.port}`] };
  }

  test('samples arrive each second, and a kill is told as lost', async () => {
    const { wire, url } = await setUp();
    const agent = start([...names, ...url]);
    await until(() => expect(wire.reports.length).toBeGreaterThanOrEqual(4));
    const [first] = wire.reports;
    const arrivals = wire.reports.map(({ atMs }) => atMs - (first?.atMs ?? 0));
    // A busy test machine delays a tick, but the grid does not move: late ones are not added up.
    arrivals.forEach((atMs, index) => expect(Math.abs(atMs - index * 1_000)).toBeLessThan(600));
    wire.reports.forEach(({ group, instance, report }, index) => {
      expect([group, instance]).toEqual(['web', 'i-1']);
      expect(report).toMatchObject({ sequence: index + 1, intervalMs: 1_000 });
      expect(report.ageMs).toBeLessThan(600);
      expect(report.session).toBe(first?.report.session);
      for (const name of Object.keys(agentSignals)) expect(report.signals).toHaveProperty(name);
    });
    const online = wire.statuses[0]?.status;
    expect(online).toMatchObject({ state: 'online', session: first?.report.session });

    agent.child.kill('SIGKILL');
    await until(() => {
      expect(wire.statuses.at(-1)?.status).toEqual({ state: 'lost', session: online?.session });
    });
    expect(wire.rejected).toEqual([]);
  });

  test('a stop is told as offline, not as lost', async () => {
    const { wire, url } = await setUp();
    const agent = start([...names, ...url, '--interval', '100ms']);
    await until(() => expect(wire.reports.length).toBeGreaterThan(2));
    agent.child.kill('SIGTERM');
    expect(await agent.exited).toBe(0);
    await until(() => expect(wire.statuses.at(-1)?.status.state).toBe('offline'));
    expect(wire.statuses.map(({ status }) => status.state)).toEqual(['online', 'offline']);
    expect(agent.output.stderr).toMatch(/connected to mqtt:.*\n.*stopping on SIGTERM\n$/);
  });

  test('commands are obeyed, and others rejected', async () => {
    const { wire, url } = await setUp();
    const agent = start([...names, ...url, '--interval', '500ms']);
    await until(() => expect(wire.reports.length).toBeGreaterThan(0));
    const topic = instanceTopic('command', 'web', 'i-1');
    const send = (text: string) => wire.client.publishAsync(topic, text, { qos: 1 });
    await send('{"command":"drain"}');
    await until(() => expect(wire.statuses.at(-1)?.status.state).toBe('draining'));
    await send('{"command":"set-interval","intervalMs":100}');
    await until(() => expect(wire.reports.at(-1)?.report.intervalMs).toBe(100));
    expect(wire.statuses.at(-1)?.status).toMatchObject({ state: 'draining', intervalMs: 100 });
    await send('{"command":"run","program":"reboot"}');
    await until(() => expect(agent.output.stderr).toMatch(/a command was rejected as wrong-type/));
    await send('{"command":"undrain"}');
    await until(() => expect(wire.statuses.at(-1)?.status.state).toBe('online'));
  });

  test('what was sampled while the broker was away comes late, in order, once, by its age', async () => {
    const { broker, wire, url } = await setUp();
    start([...names, ...url, '--interval', '100ms']);
    await until(() => expect(wire.reports.length).toBeGreaterThan(5));
    await broker.stop();
    const stoppedAtMs = performance.now();
    const heardBefore = wire.reports.length;
    // The agent goes on sampling in its own process: its samples are what is waited for.
    await new Promise((resolve) => {
      setTimeout(resolve, 1_000);
    });
    await broker.start();
    const startedAtMs = performance.now();
    await until(() => {
      const late = wire.reports.slice(heardBefore);
      expect(late.some(({ report }) => (report.ageMs ?? 0) > 500)).toBe(true);
      expect(late.at(-1)?.report.ageMs).toBeLessThan(100);
    }, 12_000);

    const cutMs = startedAtMs - stoppedAtMs;
    const late = wire.reports.slice(heardBefore);
    expect(Math.max(...late.map(({ report }) => report.ageMs ?? 0))).toBeGreaterThan(cutMs * 0.5);
    const times = wire.reports.map(({ atMs, report }) => atMs - (report.ageMs ?? 0));
    const sequences = wire.reports.map(({ report }) => report.sequence ?? 0);
    // Arrival less age is the moment of sampling: on the grid of 100 ms, cut off or not. A machine
    // with other work takes and hands over some of them late; what waited for seconds would be far off.
    const origin = (times[0] ?? 0) - 100 * (sequences[0] ?? 0);
    times.forEach((timeMs, index) => {
      expect(Math.abs(timeMs - origin - 100 * (sequences[index] ?? 0))).toBeLessThan(600);
    });
    // Quality of service 1 may repeat what was in flight at the cut, and nothing else.
    const unique = new Set(sequences);
    expect(sequences.length - unique.size).toBeLessThanOrEqual(2);
    const ordered = [...unique];
    expect(ordered).toEqual(ordered.toSorted((a, b) => a - b));
  });
});

test("this machine's burning processor shows in cpu", async () => {
  const broker = await startMosquitto();
  closers.push(() => broker.close());
  const wire = await listenToWire(broker.port);
  closers.push(() => wire.close());
  const url = ['--broker', `mqtt://127.0.0.1:${broker.port}`];
  // Bounded by itself as well, lest a broken test leaves it burning.
  const command = 'timeout --foreground 20 sh -c "while :; do :; done" & sleep 1; echo "x 1"; wait';
  start([...names, ...url, '--interval', '500ms', '--exec', command]);
  await until(() => {
    // One processor of those that the machine has, for some reports on end.
    const last = wire.reports.slice(-3).map(({ report }) => report.signals['cpu'] ?? 0);
    const cores = navigator.hardwareConcurrency;
    expect(last).toHaveLength(3);
    expect(wire.reports.at(-1)?.report.signals['x']).toBe(1);
    expect(Math.min(...last)).toBeGreaterThan(0.8 / cores);
  });
});

test('applications are heard by post and file, and a taken port ends the agent', async () => {
  const broker = await startMosquitto();
  closers.push(() => broker.close());
  const wire = await listenToWire(broker.port);
  closers.push(() => wire.close());
  const argv = [...names, '--broker', `mqtt://127.0.0.1:${broker.port}`, '--interval', '100ms'];
  const agent = start([...argv, '--listen', '0']);
  await until(() => expect(agent.output.stderr).toMatch(/signals at http:\/\/127\.0\.0\.1:\d+/));
  const port = /127\.0\.0\.1:(\d+)\/v1\/signals/.exec(agent.output.stderr)?.[1] ?? '';
  const response = await fetch(`http://127.0.0.1:${port}/v1/signals`, {
    method: 'POST',
    body: '{"requests":42}',
  });
  expect(response.status).toBe(204);
  await until(() => expect(wire.reports.at(-1)?.report.signals['requests']).toBe(42));

  const second = start([...argv, '--listen', port]);
  expect(await second.exited).toBe(1);
  expect(second.output.stderr).toMatch(/^foretide-agent: .*EADDRINUSE.*\n$/);
});

test('a broker that is not there is said once', async () => {
  const broker = await startMosquitto();
  await broker.stop();
  closers.push(() => broker.close());
  const agent = start([...names, '--broker', `mqtt://127.0.0.1:${broker.port}`]);
  await until(() => expect(agent.output.stderr).toMatch(/cannot connect/));
  await broker.start();
  await until(() => expect(agent.output.stderr).toMatch(/connected to/), 12_000);
  expect(agent.output.stderr.match(/cannot connect/g)).toHaveLength(1);
});
