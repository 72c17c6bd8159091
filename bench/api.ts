// What viewers cost: 500 groups of 100 instances whose every demand and reading is another one each
// second, and one size in fifty, over real connections. Viewers are in a process of their own, so that
// the server's share of a core is its own.
//
//     node --expose-gc bench/api.ts [seconds] [viewers] [minutes of new viewers each minute]

import { fork } from 'node:child_process';
import { request } from 'node:http';
import { fileURLToPath } from 'node:url';
import { createApi } from '../src/api/create-api.ts';
import { serveWeb } from '../src/api/serve.ts';
import type {
  GroupDetail,
  GroupStatus,
  ReadModel,
  ToldDecision,
} from '../src/controller/ports/control.ts';
import { explain } from '../src/core/explain.ts';

const groupCount = 500;
const instanceCount = 100;
const groupsFirst = 'group-0';
const sizes = new Map<string, number>();
const changesPerSecond = 0.02;

const [role, ...given] = process.argv[2] === 'viewers' ? process.argv.slice(2) : ['server'];
if (role === 'viewers') watch(given[0] ?? '', Number(given[1]));
else await measure();

interface Reading {
  readonly perSecondBytes: number;
  readonly corePercent: number;
  readonly heapMegabytes: number;
}

async function measure(): Promise<void> {
  const seconds = Number(process.argv[2] ?? 30);
  const viewers = Number(process.argv[3] ?? 100);
  const api = createApi(createOptions());
  const served = await serveWeb(api, { port: 0, log: { write: () => undefined } });
  if (served.kind === 'problem') throw new Error(served.message);
  const idle = await run(served.address, { seconds: Math.min(10, seconds), viewers: 0 });
  const one = await run(served.address, { seconds, viewers: 1 });
  const many = await run(served.address, { seconds, viewers });
  process.stdout.write(
    `${groupCount} groups × ${instanceCount} instances, every demand and reading another one each second, and one size in fifty\n` +
      `nobody watches: ${idle.corePercent.toFixed(2)} % of a core\n` +
      `1 viewer of the fleet and one group: ${(one.perSecondBytes / 1000).toFixed(1)} KB/s, ${one.corePercent.toFixed(2)} % of a core\n` +
      `${viewers} viewers: ${(many.perSecondBytes / viewers / 1000).toFixed(1)} KB/s each, ${many.corePercent.toFixed(2)} % of a core\n` +
      `heap after collection: ${one.heapMegabytes.toFixed(1)} MB, then ${many.heapMegabytes.toFixed(1)} MB\n`,
  );
  const minutes = Number(process.argv[4] ?? 0);
  for (let minute = 1; minute <= minutes; minute += 1) {
    const { heapMegabytes } = await run(served.address, { seconds: 56, viewers });
    process.stdout.write(`minute ${minute}: heap ${heapMegabytes.toFixed(1)} MB\n`);
  }
  await api.close();
  await served.close();
}

async function run(
  address: string,
  { seconds, viewers }: { readonly seconds: number; readonly viewers: number },
): Promise<Reading> {
  const child =
    viewers === 0
      ? null
      : fork(fileURLToPath(import.meta.url), ['viewers', address, String(viewers)]);
  let bytes = 0;
  child?.on('message', (count: number) => {
    bytes = count;
  });
  // Connecting, the first whole states and Node's compiling are not what a second costs.
  await sleep(3000);
  const before = process.cpuUsage();
  const startedAt = performance.now();
  const bytesBefore = bytes;
  await sleep(seconds * 1000);
  const { system, user } = process.cpuUsage(before);
  const elapsedMs = performance.now() - startedAt;
  const perSecondBytes = ((bytes - bytesBefore) * 1000) / elapsedMs;
  child?.kill();
  await sleep(500);
  globalThis.gc?.();
  const heapMegabytes = process.memoryUsage().heapUsed / 1e6;
  return { perSecondBytes, corePercent: (system + user) / 10 / elapsedMs, heapMegabytes };
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

/** Tells its parent each second how many bytes have come in all. */
function watch(address: string, viewers: number): void {
  let bytes = 0;
  const { hostname, port } = new URL(address);
  const path = `/v1/events?groups=${groupsFirst}`;
  for (let count = 0; count < viewers; count += 1) {
    request({ hostname, port, path }, (response) => {
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
      });
    }).end();
  }
  setInterval(() => process.send?.(bytes), 200);
}

function createOptions(): Parameters<typeof createApi>[0] {
  const names = Array.from({ length: groupCount }, (_, index) => `group-${index}`);
  const find = (name: string): GroupDetail | null => (names.includes(name) ? detailOf(name) : null);
  const nothing = { ok: true, value: [] } as const;
  const read: ReadModel = {
    now: () => Date.now(),
    groups: () => names.map(statusOf),
    group: find,
    decisions: () => Promise.resolve(nothing),
    currentDecision: () => null,
    decisionAt: () => Promise.resolve({ ok: true, value: null }),
    obstacles: () => Promise.resolve({ ok: true, value: null }),
    forecast: () => null,
    minutes: () => Promise.resolve(nothing),
    tenSeconds: () => Promise.resolve(nothing),
    metrics: () => [],
    health: () => ({ isHealthy: true, problems: [] }),
  };
  const granted = { kind: 'granted' } as const;
  return {
    read,
    commands: {
      put: () => Promise.resolve(granted),
      end: () => Promise.resolve(granted),
      check: () => granted,
      changeMode: () => Promise.resolve(granted),
    },
    log: { write: () => undefined },
    version: '0.0.0',
    startedAt: Date.now(),
    user: 'bench',
    forecastRatio: () => null,
    config: {
      running: () => ({ groups: [], loadTopics: [] }),
      check: () => ({ isValid: true, groups: [] }),
    },
    web: {
      tokens: [],
      isReadingOpen: true,
      isOffLoopback: false,
      hasTls: false,
      pageFolder: null,
    },
    jobThread: new URL('file:///nowhere'),
    auditPath: null,
  };
}

function statusOf(name: string): GroupStatus {
  const value = 0.55 + Math.random() / 10;
  const desired = sizeOf(name);
  const now = decide(name, value, desired);
  return {
    name,
    mode: 'active',
    desired,
    inService: desired,
    pending: 0,
    terminating: 0,
    warming: 0,
    silent: 0,
    lastDecision: null,
    now,
    rejected: {},
    demand: desired * (value / 0.6),
    autoScalingGroup: name,
    min: 2,
    max: 200,
    signals: { 'mean(cpu)/1000ms': { value, at: Date.now(), instances: desired } },
    overrides: [],
    heldBy: null,
    problem: null,
  };
}

function sizeOf(name: string): number {
  const before = sizes.get(name) ?? instanceCount;
  const isChanged = Math.random() < changesPerSecond;
  const size = isChanged ? 97 + Math.floor(Math.random() * 6) : before;
  sizes.set(name, size);
  return size;
}

function decide(group: string, value: number, size: number): ToldDecision {
  const reason = {
    code: 'within-tolerance',
    signal: 'cpu',
    value,
    target: 0.6,
    toleranceRatio: 0.1,
  } as const;
  const decision = {
    group,
    at: Date.now(),
    kind: 'hold',
    from: size,
    to: size,
    wanted: size,
    acts: false,
    recommendations: [{ kind: 'desired', policy: 'cpu', desired: size, reason }],
    adjustments: [],
  } as const;
  return { decision, explanation: explain(decision), actuation: null };
}

function detailOf(name: string): GroupDetail {
  const instances = Array.from({ length: instanceCount }, (_, index) => ({
    id: `i-0a1b2c3d4e5f${String(index).padStart(5, '0')}`,
    lifecycleState: 'InService',
    zone: 'eu-west-1a',
    instanceType: 'm7g.large',
    isReporting: true,
    isWarmed: true,
    sampleAgeMs: Math.random() * 1000,
    clockSkewMs: 0,
    agentVersion: '0.1.0',
    signals: {
      cpu: Math.random(),
      memoryUsedRatio: Math.random(),
      connections: Math.floor(Math.random() * 200),
    },
  }));
  return { ...statusOf(name), instances };
}
