// How many reports a second a controller digests: parsed, counted into its fleets, decided upon and
// journalled. Prints a table, asserts nothing: `npm run bench:ingest [-- --seconds 10]`.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { startBroker } from '../src/broker/embedded-broker.ts';
import { createEmbeddedTelemetry } from '../src/broker/embedded-telemetry.ts';
import { createClock } from '../src/cli/clocks.ts';
import { Controller } from '../src/controller/controller.ts';
import type { GroupSettings } from '../src/controller/group-settings.ts';
import type { ScalingTarget } from '../src/controller/ports/scaling-target.ts';
import type { Telemetry, TelemetryReceiver } from '../src/controller/ports/telemetry.ts';
import { selectSignal } from '../src/core/signal.ts';
import { createMqttTelemetry } from '../src/mqtt/mqtt-telemetry.ts';
import { createMemoryStore } from '../src/store/memory-store.ts';
import { instanceTopic } from '../src/wire/topics.ts';
import { startMosquitto } from '../test/brokers/mosquitto.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '10' },
    groups: { type: 'string', default: '10' },
    instances: { type: 'string', default: '100' },
    publishers: { type: 'string', default: '2' },
  },
});
const seconds = Number(values.seconds);
const groupCount = Number(values.groups);
const instanceCount = Number(values.instances);
const publisherCount = Number(values.publishers);

const clock = createClock();
const log = { write: () => {} };

/** Settles before it is measured. */
const warmupMs = 2000;

interface Source {
  readonly telemetry: Telemetry;
  /** Resolves when the senders have ended. */
  send(): Promise<unknown>;
  close(): Promise<unknown>;
}

interface Row {
  readonly path: string;
  readonly 'reports/s': number;
  readonly 'dropped/s': number;
  readonly 'tick p50 ms': number;
  readonly 'tick p99 ms': number;
  readonly 'CPU %': number;
  readonly 'RSS MiB': number;
}

function createSettings(name: string): GroupSettings {
  const tolerance = { scaleOutRatio: 0.1, scaleInRatio: 0.1 };
  const selector = selectSignal('cpu', 'mean', 1000);
  return {
    group: {
      name,
      mode: 'active',
      min: 1,
      max: 1000,
      warmupMs: 0,
      cooldown: { scaleOutMs: 0, scaleInMs: 0 },
      stabilization: { scaleOutMs: 0, scaleInMs: 300_000 },
      minReportingRatio: 0.5,
      policies: [{ type: 'target-tracking', name: 'cpu', selector, target: 0.6, tolerance }],
    },
    target: { autoScalingGroup: name, region: null, roleArn: null },
    honorCooldown: false,
    staleAfterMs: 10_000,
    hasLoadTopic: false,
    historySignals: ['cpu'],
  };
}

/** Groups that have all their instances and never change. */
const target: ScalingTarget = {
  describe: (addresses) =>
    Promise.resolve(
      addresses.map(() => ({
        kind: 'described' as const,
        description: {
          describedAt: clock.now(),
          min: 0,
          max: 1000,
          desired: instanceCount,
          instances: Array.from({ length: instanceCount }, (_, index) => ({
            id: `i-${index}`,
            phase: 'in-service' as const,
            lifecycleState: 'InService',
            zone: 'a',
            instanceType: 'm5.large',
            isHealthy: true,
            isProtectedFromScaleIn: false,
          })),
          desiredCapacityType: 'units',
          isWeighted: false,
        },
      })),
    ),
  setDesired: () => Promise.resolve({ kind: 'accepted' }),
  cancelLaunch: () => Promise.resolve({ kind: 'accepted' }),
  putWarmPool: () => Promise.resolve({ kind: 'accepted' }),
};

async function measure(path: string, source: Source): Promise<Row> {
  const names = Array.from({ length: groupCount }, (_, index) => `g-${index}`);
  const controller = new Controller({
    id: 'bench',
    groups: names.map(createSettings),
    loadTopics: [],
    hearsOthers: true,
    clock,
    log,
    target,
    telemetry: source.telemetry,
    store: createMemoryStore(),
  });
  await controller.start();
  const sent = source.send();
  await new Promise((resolve) => setTimeout(resolve, warmupMs));
  const { counters } = controller;
  const digested = (): number => counters.reportsReceived - counters.rejected['not-a-member'];
  const before = { digested: digested(), dropped: counters.rejected['inbox-full'] };
  const startedAt = performance.now();
  const cpu = process.cpuUsage();
  await sent;
  const elapsedSeconds = (performance.now() - startedAt) / 1000;
  const used = process.cpuUsage(cpu);
  const row = {
    path,
    'reports/s': Math.round((digested() - before.digested) / elapsedSeconds),
    'dropped/s': Math.round((counters.rejected['inbox-full'] - before.dropped) / elapsedSeconds),
    'tick p50 ms': round(counters.tickMs.quantile(0.5)),
    'tick p99 ms': round(counters.tickMs.quantile(0.99)),
    'CPU %': Math.round((used.user + used.system) / 1e4 / elapsedSeconds),
    'RSS MiB': Math.round(process.memoryUsage.rss() / 1024 / 1024),
  };
  await controller.stop();
  await source.close();
  return row;
}

function round(ms: number | null): number {
  return Math.round((ms ?? Number.NaN) * 10) / 10;
}

async function sendFromOutside(port: number): Promise<void> {
  const script = new URL('ingest-publisher.ts', import.meta.url);
  const flags = [port, groupCount, instanceCount, seconds + warmupMs / 1000].map(String);
  const publishers = Array.from({ length: publisherCount }, () => fork(script, flags));
  await Promise.all(publishers.map((publisher) => once(publisher, 'exit')));
}

async function openEmbedded(): Promise<Source> {
  const listeners = [{ host: '127.0.0.1', port: 0, tls: null }];
  const start = await startBroker({ listeners, credentials: [], loadTopics: [], log });
  if (!start.ok) throw new Error(start.problem.message);
  const { broker } = start;
  const port = broker.addresses[0]?.port ?? 0;
  return {
    telemetry: createEmbeddedTelemetry(broker, clock),
    send: () => sendFromOutside(port),
    close: () => broker.close(),
  };
}

async function openMosquitto(): Promise<Source> {
  const { port, close } = await startMosquitto();
  const outcome = createMqttTelemetry({
    url: `mqtt://127.0.0.1:${port}`,
    userName: null,
    password: null,
    tls: null,
    will: null,
    clock,
    log,
    random: Math.random,
  });
  if (!outcome.ok) throw new Error(outcome.message);
  return { telemetry: outcome.telemetry, send: () => sendFromOutside(port), close };
}

/** Messages handed over in this process: what is left is the controller alone. */
function openInProcess(): Source {
  let receiver: TelemetryReceiver | null = null;
  const payload = JSON.stringify({
    signals: { cpu: 0.5, loadPerCore: 0.7, memoryAvailableRatio: 0.4, connections: 120 },
    intervalMs: 1000,
  });
  const batch = 500;
  return {
    telemetry: {
      start: (_filters, given) => {
        receiver = given;
        given.connectionChanged(true);
        return Promise.resolve();
      },
      publish: () => true,
      stop: () => Promise.resolve(),
    },
    send: async () => {
      const endsAt = performance.now() + seconds * 1000 + warmupMs;
      for (let sent = 0; performance.now() < endsAt; sent += batch) {
        for (let index = sent; index < sent + batch; index += 1) {
          const group = `g-${index % groupCount}`;
          const topic = instanceTopic('report', group, `i-${index % instanceCount}`);
          const arrivedAt = clock.now();
          receiver?.receive({ topic, payload, arrivedAt, isRetained: false, clientId: null });
        }
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
    close: () => Promise.resolve(),
  };
}

const rows = [
  await measure('embedded broker', await openEmbedded()),
  await measure('mosquitto', await openMosquitto()),
  await measure('in process', openInProcess()),
];
console.log(`${groupCount} groups of ${instanceCount} instances, ${publisherCount} publishers`);
console.log(`${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.version}`);
console.table(rows);
