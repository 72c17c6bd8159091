// What an agent costs the machine that it watches: the bundled agent at one report a second, plain
// and over TLS, beside a bare idle Node and Debian's prometheus-node-exporter, all at the same time so
// that they share the noise. Prints a table, asserts nothing: `npm run bench:agent -- --for 60`.

import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { cpus, release, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { buildAgent } from '../scripts/build-agent.ts';
import { instanceTopic } from '../src/wire/topics.ts';
import { makeCertificate } from '../test/brokers/certificate.ts';
import { findFreePort, startMosquitto } from '../test/brokers/mosquitto.ts';
import { RawClient, type RawClientOptions } from '../test/brokers/raw-client.ts';
import { positiveOption } from './options.ts';
import { readCpuSeconds, readMemory, type MemoryUse } from './process-use.ts';
import { median, printTable } from './table.ts';

const { values } = parseArgs({ options: { for: { type: 'string', default: '60' } } });
const seconds = positiveOption('for', values.for);

/** Not measured: compiling, connecting, the first collections of garbage. */
const settleMs = 5_000;
const samplePeriodMs = 1_000;
/** As in the bundle's first line. */
const nodeFlags = ['--jitless', '--max-old-space-size=16', '--max-semi-space-size=1'];
const group = 'bench';
const exporterPath = '/usr/bin/prometheus-node-exporter';
const exporterPackage = 'prometheus-node-exporter';

/** A process to be measured. */
interface Contender {
  readonly name: string;
  readonly pid: number;
  /** Reports that the broker passed on, or scrapes that were answered; null: it has no work. */
  readonly workDone: (() => number) | null;
}

interface Reading {
  readonly cpuSeconds: number;
  readonly workDone: number;
}

const closing: (() => unknown)[] = [];
let isClosing = false;

/** The process id of the started program, which is to run until the end. */
function launch(name: string, program: string, parameters: readonly string[]): number {
  const child = spawn(program, parameters, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { PATH: process.env['PATH'], AWS_EC2_METADATA_DISABLED: 'true' },
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-500)));
  child.once('exit', (code, signal) => {
    if (!isClosing) console.error(`${name} has ended (${signal ?? code}): ${said.trim()}`);
  });
  closing.push(() => child.kill('SIGKILL'));
  if (child.pid === undefined) throw new Error(`${program} cannot be started`);
  return child.pid;
}

function launchBareNode(folder: string): Contender {
  const name = 'bare idle Node';
  const path = join(folder, 'idle.cjs');
  writeFileSync(path, 'setInterval(() => {}, 2 ** 30);\n');
  return { name, pid: launch(name, process.execPath, [...nodeFlags, path]), workDone: null };
}

async function launchAgent(folder: string, bundle: string, isTls: boolean): Promise<Contender> {
  const name = `foretide-agent, ${isTls ? 'TLS' : 'plain'}`;
  const instance = isTls ? 'i-tls' : 'i-plain';
  const certificate = isTls ? makeCertificate() : null;
  const { port, close } = await startMosquitto(certificate === null ? {} : { certificate });
  closing.push(close);
  const url = `${isTls ? 'mqtts' : 'mqtt'}://127.0.0.1:${port}`;
  const flags = ['--group', group, '--instance', instance, '--broker', url, '--interval', '1s'];
  if (certificate !== null) {
    const path = join(folder, 'authority.pem');
    writeFileSync(path, certificate.certificate);
    flags.push('--ca', path);
  }
  const authority = certificate === null ? {} : { authority: certificate.certificate };
  const workDone = await countReports(instance, { port, ...authority });
  return { name, pid: launch(name, process.execPath, [...nodeFlags, bundle, ...flags]), workDone };
}

/** Counts what the broker passes on, so that nothing is measured that does no work. */
async function countReports(instance: string, broker: RawClientOptions): Promise<() => number> {
  const subscriber = new RawClient(broker);
  closing.push(() => subscriber.end());
  await subscriber.connect({ keepalive: 0 });
  await subscriber.subscribe(instanceTopic('report', group, instance));
  return () => subscriber.received.length;
}

/** The exporter measures only when it is asked. */
async function launchExporter(scrapePeriodMs: number): Promise<Contender> {
  const name = `node-exporter, asked every ${scrapePeriodMs / 1_000} s`;
  const port = await findFreePort();
  const flags = [`--web.listen-address=127.0.0.1:${port}`, '--log.level=error'];
  const pid = launch(name, exporterPath, flags);
  let count = 0;
  const timer = setInterval(() => {
    get({ host: '127.0.0.1', port, path: '/metrics' }, (answer) => {
      answer.resume().once('end', () => (count += 1));
    }).once('error', (error) => {
      if (!isClosing) console.error(`${name}: ${error.message}`);
    });
  }, scrapePeriodMs);
  closing.push(() => clearInterval(timer));
  return { name, pid, workDone: () => count };
}

async function launchAll(): Promise<readonly Contender[]> {
  const folder = mkdtempSync(join(tmpdir(), 'foretide-bench-agent-'));
  closing.push(() => rmSync(folder, { recursive: true, force: true }));
  const { path: bundle } = await buildAgent(folder);
  const own = [
    launchBareNode(folder),
    await launchAgent(folder, bundle, false),
    await launchAgent(folder, bundle, true),
  ];
  if (!existsSync(exporterPath)) {
    console.log(
      `without it: ${exporterPackage} is not installed (apt-get install ${exporterPackage})`,
    );
    return own;
  }
  // As often as the agent, and as Prometheus does unless told otherwise.
  return [...own, await launchExporter(1_000), await launchExporter(15_000)];
}

function read({ pid, workDone }: Contender): Reading {
  return { cpuSeconds: readCpuSeconds(pid), workDone: workDone?.() ?? 0 };
}

async function measure(contenders: readonly Contender[]): Promise<void> {
  const memory = new Map(contenders.map((contender) => [contender, [] as MemoryUse[]]));
  const before = new Map(contenders.map((contender) => [contender, read(contender)]));
  const startMs = performance.now();
  for (let dueMs = samplePeriodMs; dueMs <= seconds * 1_000; dueMs += samplePeriodMs) {
    await sleep(Math.max(0, startMs + dueMs - performance.now()));
    for (const [{ pid }, uses] of memory) uses.push(readMemory(pid));
  }
  const spanSeconds = (performance.now() - startMs) / 1_000;
  const bareMebibytes = medianOf(memory.values().next().value ?? [], 'rssMebibytes');
  const rows = contenders.map((contender) => {
    const uses = memory.get(contender) ?? [];
    const start = before.get(contender) ?? { cpuSeconds: 0, workDone: 0 };
    const end = read(contender);
    const cpuRatio = (end.cpuSeconds - start.cpuSeconds) / spanSeconds;
    const rssMebibytes = medianOf(uses, 'rssMebibytes');
    const difference = rssMebibytes - bareMebibytes;
    return [
      contender.name,
      rssMebibytes.toFixed(1),
      `${difference < 0 ? '' : '+'}${difference.toFixed(1)}`,
      Math.max(...uses.map((use) => use.rssMebibytes)).toFixed(1),
      medianOf(uses, 'anonymousMebibytes').toFixed(1),
      medianOf(uses, 'pssMebibytes').toFixed(1),
      `${(cpuRatio * 100).toFixed(3)} %`,
      contender.workDone === null ? '-' : String(end.workDone - start.workDone),
    ];
  });
  const memoryHead = ['RSS MiB', 'over bare', 'highest', 'anonymous', 'PSS MiB'];
  printTable(['', ...memoryHead, 'of a core', 'reports'], rows);
}

function medianOf(uses: readonly MemoryUse[], part: keyof MemoryUse): number {
  return median(uses.map((use) => use[part]));
}

try {
  const model = cpus()[0]?.model ?? 'unknown processor';
  console.log(`Node ${process.version}, Linux ${release()}, ${cpus().length} × ${model}`);
  console.log(`node ${nodeFlags.join(' ')} foretide-agent.cjs --interval 1s, for ${seconds} s`);
  console.log('memory: the median of one sample a second; CPU: of one core, over the whole time\n');
  const contenders = await launchAll();
  await sleep(settleMs);
  await measure(contenders);
} catch (error) {
  console.error(`not measured: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
} finally {
  isClosing = true;
  for (const close of closing.toReversed()) await close();
}
