// How many messages a second reach the controller's side of a broker. Prints a table, asserts
// nothing: `npm run bench:broker [-- --seconds 5 --connections 100]`.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { startBroker } from '../src/broker/embedded-broker.ts';
import { createEmbeddedTelemetry } from '../src/broker/embedded-telemetry.ts';
import type { Clock } from '../src/controller/ports/clock.ts';
import type { Telemetry } from '../src/controller/ports/telemetry.ts';
import { createMqttTelemetry } from '../src/mqtt/mqtt-telemetry.ts';
import { instanceTopic, instanceTopicFilter } from '../src/wire/topics.ts';
import { startMosquitto } from '../test/brokers/mosquitto.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '4' },
    connections: { type: 'string', default: '100' },
  },
});
const seconds = Number(values.seconds);
const connections = Number(values.connections);

/** Left out of the count at either end. */
const marginMs = 500;

const clock: Clock = {
  now: () => Date.now(),
  elapsedMs: () => performance.now(),
  after: (delayMs, run) => {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};
const log = { write: (level: string, message: string) => void console.error(level, message) };

interface Row {
  readonly path: string;
  readonly qos: number;
  readonly 'messages/s': number;
  readonly 'CPU %': number;
  readonly 'RSS MiB': number;
}

interface Stage {
  readonly telemetry: Telemetry;
  readonly port: number;
  close(): Promise<unknown>;
}

async function openEmbedded(): Promise<Stage> {
  const start = await startBroker({
    listeners: [{ host: '127.0.0.1', port: 0, tls: null }],
    credentials: [],
    loadTopics: [],
    log,
  });
  if (!start.ok) throw new Error(start.problem.message);
  const { broker } = start;
  const port = broker.addresses[0]?.port ?? 0;
  const close = (): Promise<unknown> => broker.close();
  return { telemetry: createEmbeddedTelemetry(broker, clock), port, close };
}

async function openMosquitto(): Promise<Stage> {
  const { port, close } = await startMosquitto();
  const outcome = createMqttTelemetry({
    url: `mqtt://127.0.0.1:${port}`,
    userName: null,
    password: null,
    tls: null,
    will: null,
    clock,
    log: { write: () => {} },
    random: Math.random,
  });
  if (!outcome.ok) throw new Error(outcome.message);
  return { telemetry: outcome.telemetry, port, close };
}

async function measure(
  path: string,
  qos: number,
  stage: Stage,
  publish: () => Promise<unknown>,
): Promise<Row> {
  let received = 0;
  await stage.telemetry.start([instanceTopicFilter('report')], {
    receive: () => (received += 1),
    connectionChanged: () => {},
  });
  const published = publish();
  await new Promise((resolve) => setTimeout(resolve, marginMs));
  const before = { received, at: performance.now(), cpu: process.cpuUsage() };
  await new Promise((resolve) => setTimeout(resolve, seconds * 1_000 - 2 * marginMs));
  const elapsedSeconds = (performance.now() - before.at) / 1_000;
  const cpu = process.cpuUsage(before.cpu);
  const row: Row = {
    path,
    qos,
    'messages/s': Math.round((received - before.received) / elapsedSeconds),
    'CPU %': Math.round((cpu.user + cpu.system) / 1e4 / elapsedSeconds),
    'RSS MiB': Math.round(process.memoryUsage.rss() / 1024 / 1024),
  };
  await published;
  await stage.telemetry.stop();
  await stage.close();
  return row;
}

async function publishFromOutside(port: number, qos: number): Promise<void> {
  const script = new URL('broker-publisher.ts', import.meta.url);
  const publisher = fork(script, [port, connections, qos, seconds].map(String));
  await once(publisher, 'exit');
}

async function publishInside(telemetry: Telemetry): Promise<void> {
  const topic = instanceTopic('report', 'web', 'i-1');
  const endsAt = performance.now() + seconds * 1_000;
  const payload = JSON.stringify({ signals: { cpu: 0.5, connections: 120 }, ageMs: 3 });
  while (performance.now() < endsAt) {
    while (telemetry.publish(topic, payload, { isRetained: false }));
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const rows: Row[] = [];
for (const qos of [0, 1]) {
  const embedded = await openEmbedded();
  const outside =
    (stage: Stage): (() => Promise<void>) =>
    () =>
      publishFromOutside(stage.port, qos);
  rows.push(await measure('TCP → embedded → in process', qos, embedded, outside(embedded)));
  const mosquitto = await openMosquitto();
  rows.push(await measure('TCP → mosquitto → mqtt.js', qos, mosquitto, outside(mosquitto)));
}
const inside = await openEmbedded();
rows.push(
  await measure('in process → embedded → in process', 1, inside, () =>
    publishInside(inside.telemetry),
  ),
);

const model = cpus()[0]?.model ?? 'unknown processor';
console.log(`Node ${process.version}, ${cpus().length} × ${model}`);
console.log(`${connections} connections, ${seconds} s each, the CPU is the controller's process`);
console.table(rows);
