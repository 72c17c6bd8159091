// The bundled agent, in the mode of the agent that it replaces, against CloudWatch's own protocol with
// signatures checked for truth and every third call throttled.

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { buildAgent } from '../../scripts/build-agent.ts';
import { digestContent } from '../../src/localcloud/sqs/message-digest.ts';
import { startLocalCloud, type LocalCloud } from '../../src/localcloud/start-local-cloud.ts';
import { createAccount } from '../../src/cloud/account/account.ts';
import { World } from '../../src/cloud/world.ts';
import { createClock } from '../../src/localcloud/clock.ts';

const credentials = { accessKeyId: 'AKIAROLE', secretAccessKey: 'role-secret' };
const patience = { timeout: 30_000, interval: 200 };

let cloud: LocalCloud;
let folder: string;
const endings: (() => unknown)[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'foretide-publish-'));
  const clock = createClock();
  const account = createAccount(new World(clock.now()), { contentDigest: digestContent });
  cloud = await startLocalCloud({
    clock,
    account,
    throttling: 'off',
    credentials: [credentials],
  });
});

afterEach(async () => {
  for (const end of endings.splice(0).toReversed()) await end();
  await cloud.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Instance metadata with a role, as EC2 serves it. */
async function serveRole(): Promise<string> {
  const texts: Readonly<Record<string, string>> = {
    '/latest/meta-data/placement/region': 'us-east-1',
    '/latest/meta-data/iam/security-credentials/': 'agent-role',
    '/latest/meta-data/iam/security-credentials/agent-role': JSON.stringify({
      AccessKeyId: credentials.accessKeyId,
      SecretAccessKey: credentials.secretAccessKey,
      Expiration: new Date(Date.now() + 3_600_000).toISOString(),
    }),
  };
  const server = createServer((request, response) => {
    if (request.method === 'PUT') return response.end('token');
    const text = texts[request.url ?? ''];
    return text === undefined ? response.writeHead(404).end() : response.end(text);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  endings.push(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

it('publishes each second by the role of the instance, through throttling', async () => {
  const { path: bundle } = await buildAgent(folder);
  const module = join(folder, 'my-app.js');
  writeFileSync(
    module,
    `module.exports = {
      metrics: {
        socketsUsed: { enabled: true, unit: 'Count', name: 'Sockets Used' },
        memoryAvailable: { enabled: true, unit: 'Megabytes', name: 'Memory Available' },
      },
      interval: 1,
      namespace: 'MyApp',
      credentials: { accessKeyId: 'AKIAWRONG', secretAccessKey: 'file-secret' },
    };`,
    { mode: 0o600 },
  );
  cloud.faults.inject('PutMetricData', { kind: 'throttle' }, 2);
  const agent = spawn(process.execPath, ['--jitless', bundle, '-c', module], {
    env: {
      AWS_EC2_METADATA_SERVICE_ENDPOINT: await serveRole(),
      AWS_ENDPOINT_URL_CLOUDWATCH: cloud.url,
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  endings.push(() => agent.kill('SIGKILL'));
  let said = '';
  agent.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await vi.waitFor(() => expect(said).toContain('takes values again'), patience);
  const ended = new Promise((resolve) => agent.once('exit', resolve));
  agent.kill('SIGTERM');
  expect(await ended).toBe(0);

  const client = new CloudWatchClient({
    endpoint: cloud.url,
    region: 'us-east-1',
    credentials,
    maxAttempts: 1,
  });
  endings.push(() => client.destroy());
  for (const [MetricName, Unit] of [
    ['Sockets Used', 'Count'],
    ['Memory Available', 'Megabytes'],
  ] as const) {
    const { Datapoints = [] } = await client.send(
      new GetMetricStatisticsCommand({
        Namespace: 'MyApp',
        MetricName,
        StartTime: new Date(Date.now() - 120_000),
        EndTime: new Date(Date.now() + 10_000),
        Period: 1,
        Statistics: ['Average'],
      }),
    );
    const seconds = Datapoints.map(
      ({ Timestamp }) => (Timestamp?.getTime() ?? 0) / 1000,
    ).toSorted();
    expect(seconds.length).toBeGreaterThan(5);
    const first = seconds[0] ?? 0;
    // A machine that stalls may skip a tick, which the agent counts; none is there twice.
    expect(new Set(seconds).size).toBe(seconds.length);
    expect((seconds.at(-1) ?? 0) - first).toBeLessThan(seconds.length + 3);
    expect(Datapoints.every((point) => point.Unit === Unit && (point.Average ?? 0) > 0)).toBe(true);
  }
  expect(said).toContain('publishing Sockets Used and Memory Available to MyApp every 1 s');
  expect(said).toMatch(/about \$0\.60 a month for the fleet/u);
  for (const secret of ['file-secret', 'role-secret']) expect(said).not.toContain(secret);
}, 60_000);
