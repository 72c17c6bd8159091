// How long it takes from the publishing of the report that breaches to the arrival of
// `SetDesiredCapacity` at AWS's endpoint, with a fleet that reports all the while. A controller
// process as users start it; both ends are measured by this one. Prints a table, asserts nothing:
// `npm run bench:reaction [-- --breaches 200 --instances 1000]`.

import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { systemClock } from '../src/agent/clock.ts';
import { MqttClient } from '../src/agent/mqtt/mqtt-client.ts';
import { createClock } from '../src/cli/clocks.ts';
import { startDemoCloud } from '../src/cli/demo/demo-cloud.ts';
import { takeAnyPort } from '../src/cli/demo/free-port.ts';
import { instanceTopic } from '../src/wire/topics.ts';

const { values } = parseArgs({
  options: {
    breaches: { type: 'string', default: '200' },
    instances: { type: 'string', default: '1000' },
  },
});
const breachCount = Number(values.breaches);
const instanceCount = Number(values.instances);

/** Target 60 %, tolerance 10 %: above a mean of 0.66 the group grows. */
const calmCpu = 0.6598;
/** How far a single instance must rise to carry the mean of all across 0.66. */
const breachCpu = Math.min(1, 0.66 + (0.66 - calmCpu) * instanceCount + 0.05);
/** After a breach the group is left alone until the next description has undone it. */
const restMs = 2500;
const phases = 50;

/** Whose load is high: it stays so until the group has been told to grow. */
let breaching: number | null = null;

const folder = mkdtempSync(join(tmpdir(), 'foretide-reaction-'));
const size = { min: 1, max: 10 * instanceCount, desired: instanceCount };
// The local cloud describes the group; what would change it stops at the proxy, and is timed there.
const cloud = await startDemoCloud(
  createClock(20),
  { name: 'web-asg', ...size, bootsQuickly: true },
  1,
);
const ids = cloud.list().map(({ id }) => id);
let onArrival: () => void = () => {};
const proxy = createServer((incoming, answer) => void pass(incoming, answer));
await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
const proxyAddress = proxy.address();
const proxyPort = typeof proxyAddress === 'object' ? (proxyAddress?.port ?? 0) : 0;
const brokerPort = await takeAnyPort();
const controller = await startController();
const client = await connectPublisher();
const stopReports = reportAll();
await wait(8000);

const reactions: number[] = [];
let missed = 0;
for (let breach = 0; breach < breachCount; breach += 1) {
  const reaction = await measureOne(breach);
  if (reaction === null) missed += 1;
  else reactions.push(reaction);
  await wait(restMs + Math.random() * 1000);
}
stopReports();
await client.close();
controller.kill('SIGTERM');
proxy.close();
await cloud.close();
rmSync(folder, { recursive: true, force: true });
printResults();

async function pass(incoming: IncomingMessage, answer: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
  const body = Buffer.concat(chunks);
  if (body.includes('Action=SetDesiredCapacity')) {
    onArrival();
    answer.writeHead(200, { 'content-type': 'text/xml' });
    answer.end(
      '<SetDesiredCapacityResponse xmlns="http://autoscaling.amazonaws.com/doc/2011-01-01/">' +
        '<ResponseMetadata><RequestId>bench</RequestId></ResponseMetadata>' +
        '</SetDesiredCapacityResponse>',
    );
    return;
  }
  const { method, headers, url } = incoming;
  const onward = request(`${cloud.url}${url}`, { method, headers }, (reply) => {
    answer.writeHead(reply.statusCode ?? 500, reply.headers);
    reply.pipe(answer);
  });
  onward.end(body);
}

async function startController(): Promise<ChildProcess> {
  const configPath = join(folder, 'foretide.yaml');
  writeFileSync(
    configPath,
    `
broker: { listen: '127.0.0.1:${brokerPort}' }
api: { listen: '127.0.0.1:${await takeAnyPort()}' }
store: { path: ${join(folder, 'store.db')} }
groups:
  - { name: web, autoScalingGroup: web-asg, min: 1, max: ${size.max}, warmup: 0s, cooldown: 0s,
      coexistence: { reaction: own },
      policies: [{ type: target-tracking, signal: cpu, target: 60% }] }
`,
  );
  const main = new URL('../src/cli/main.ts', import.meta.url).pathname;
  return spawn(process.execPath, [main, 'start', '--config', configPath, '--json'], {
    env: {
      PATH: process.env['PATH'],
      AWS_ENDPOINT_URL: `http://127.0.0.1:${proxyPort}`,
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_REGION: 'us-east-1',
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

async function connectPublisher(): Promise<MqttClient> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const broker = { host: '127.0.0.1', port: brokerPort, tls: null };
  const options = { broker, clientId: 'bench', keepAliveSeconds: 30, topicFilters: [] };
  const ports = { clock: systemClock, random: Math.random };
  const connected = new MqttClient(options, ports, {
    onUp: () => resolve(),
    onDown: () => {},
    onMessage: () => {},
    onRoom: () => {},
    onSubscriptionRefused: () => {},
  });
  connected.start();
  await promise;
  return connected;
}

/** Every instance once a second, spread over it. Returns what ends it. */
function reportAll(): () => void {
  let phase = 0;
  const timer = setInterval(() => {
    for (let index = phase; index < ids.length; index += phases) publish(index);
    phase = (phase + 1) % phases;
  }, 1000 / phases);
  return () => clearInterval(timer);
}

function publish(index: number): void {
  const cpu = index === breaching ? breachCpu : calmCpu;
  const payload = Buffer.from(JSON.stringify({ signals: { cpu, connections: 100 } }));
  const topic = instanceTopic('report', 'web', ids[index] ?? '');
  void client.publish({ topic, payload, qos: 0, isRetained: false });
}

/** Null if nothing arrived within five seconds. */
async function measureOne(breach: number): Promise<number | null> {
  const { promise, resolve } = Promise.withResolvers<number | null>();
  const timer = setTimeout(() => resolve(null), 5000);
  const publishedAt = performance.now();
  onArrival = () => resolve(performance.now() - publishedAt);
  breaching = (breach * 7919) % ids.length;
  publish(breaching);
  const reaction = await promise;
  clearTimeout(timer);
  onArrival = () => {};
  const last = breaching;
  breaching = null;
  publish(last);
  return reaction;
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function printResults(): void {
  const sorted = reactions.toSorted((a, b) => a - b);
  const at = (ratio: number): number =>
    Math.round((sorted[Math.ceil(ratio * sorted.length) - 1] ?? Number.NaN) * 10) / 10;
  console.log(`${instanceCount} instances at 1 Hz, ${breachCount} breaches`);
  console.log(`${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.version}`);
  console.table([
    {
      'p50 ms': at(0.5),
      'p90 ms': at(0.9),
      'p99 ms': at(0.99),
      'max ms': at(1),
      measured: sorted.length,
      missed,
    },
  ]);
}
