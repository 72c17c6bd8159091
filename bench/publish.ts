// The agent that publishes straight to CloudWatch, at one value a second, while calls are throttled by
// chance: is any second missing, and what does it cost the machine? Prints a table, asserts nothing:
// `npm run bench:publish -- --for 600 --throttled 0.3`.

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { buildAgent } from '../scripts/build-agent.ts';
import { positiveOption } from './options.ts';
import { readCpuSeconds, readMemory } from './process-use.ts';
import { printTable } from './table.ts';

const { values } = parseArgs({
  options: {
    for: { type: 'string', default: '600' },
    throttled: { type: 'string', default: '0.3' },
  },
});
const seconds = positiveOption('for', values.for);
const throttledRatio = positiveOption('throttled', values.throttled);
const nodeFlags = ['--jitless', '--max-old-space-size=16', '--max-semi-space-size=1'];

interface Datum {
  readonly MetricName: string;
  readonly Timestamp: number;
}

/** Takes what is put, or throttles it as CloudWatch does. */
const taken = new Map<string, number[]>();
const calls = { accepted: 0, throttled: 0 };
const cloudWatch = createServer((incoming, response) => {
  let body = '';
  incoming.on('data', (chunk: Buffer) => (body += chunk.toString()));
  incoming.on('end', () => {
    if (Math.random() < throttledRatio) {
      calls.throttled += 1;
      response.writeHead(400, { 'content-type': 'application/x-amz-json-1.0' });
      response.end('{"__type":"ThrottlingException","message":"Rate exceeded"}');
      return;
    }
    calls.accepted += 1;
    // Our own agent wrote it.
    const { MetricData } = JSON.parse(body) as { readonly MetricData: readonly Datum[] };
    for (const { MetricName, Timestamp } of MetricData) {
      taken.set(MetricName, [...(taken.get(MetricName) ?? []), Timestamp]);
    }
    response.end('{}');
  });
});
await new Promise<void>((resolve) => {
  cloudWatch.listen(0, '127.0.0.1', resolve);
});
const { port } = cloudWatch.address() as AddressInfo;

const folder = mkdtempSync(join(tmpdir(), 'foretide-bench-publish-'));
const { path: bundle } = await buildAgent(folder);
const module = join(folder, 'my-app.js');
const metrics = '{ socketsUsed: {}, memoryAvailable: {} }';
writeFileSync(
  module,
  `module.exports = { metrics: ${metrics}, interval: 1, namespace: 'MyApp' };`,
  {
    mode: 0o600,
  },
);
const agent = spawn(process.execPath, [...nodeFlags, bundle, '-c', module], {
  env: {
    AWS_ACCESS_KEY_ID: 'a',
    AWS_SECRET_ACCESS_KEY: 'b',
    AWS_REGION: 'us-east-1',
    AWS_ENDPOINT_URL_CLOUDWATCH: `http://127.0.0.1:${port}`,
  },
  stdio: ['ignore', 'ignore', 'inherit'],
});
const pid = agent.pid ?? 0;
await sleep(5000);
const cpuBefore = readCpuSeconds(pid);
await sleep(seconds * 1000);
const cpuSeconds = readCpuSeconds(pid) - cpuBefore;
const memory = readMemory(pid);
const ended = new Promise((resolve) => agent.once('exit', resolve));
agent.kill('SIGTERM');
await ended;

const rows = [...taken].map(([name, stamps]) => {
  const span = Math.max(...stamps) - Math.min(...stamps) + 1;
  return [name, span, span - new Set(stamps).size, stamps.length - new Set(stamps).size];
});
printTable(
  ['metric', 'seconds', 'missing', 'twice'],
  rows.map((row) => row.map(String)),
);
const share = calls.throttled / (calls.accepted + calls.throttled);
console.log(
  `${calls.accepted} calls accepted, ${calls.throttled} throttled (${(100 * share).toFixed(0)} %)`,
);
console.log(
  `memory ${JSON.stringify(memory)}, ${((100 * cpuSeconds) / seconds).toFixed(3)} % of a core`,
);
cloudWatch.close();
rmSync(folder, { recursive: true, force: true });
