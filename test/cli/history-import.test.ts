// `foretide history import`: files into a store, through a running controller, and CloudWatch's past
// through the SDK from the local cloud.

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFakeApi, createFakeController } from '../../src/api/testing/fake-controller.ts';
import { serveSocket } from '../../src/api/serve.ts';
import { readCloudWatchPast } from '../../src/cli/history/read-cloudwatch-past.ts';
import { toMinutes } from '../../src/cli/history/to-minutes.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { openStore } from '../../src/store/open-store.ts';
import { startSqs, type SqsFixture } from '../contract/sqs-fixture.ts';

const program = new URL('../../src/cli/main.ts', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'foretide-history-'));
const minuteMs = 60_000;
const config = 'groups:\n  - name: web\n    max: 9\n';
/** The start of an hour of minutes that ended lately. */
const start = Math.floor(Date.now() / minuteMs) * minuteMs - 90 * minuteMs;

async function run(...words: readonly string[]) {
  const child = spawn(process.execPath, [program, 'history', 'import', ...words], {
    cwd: folder,
    env: { PATH: process.env['PATH'] },
  });
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk) => (output += String(chunk)));
  child.stderr.on('data', (chunk) => (errors += String(chunk)));
  const exitCode = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { exitCode, output, errors };
}

async function readStored() {
  const store = openStore({ path: join(folder, '.foretide/store.db'), foretideVersion: '0.1.0' });
  const all = { group: 'web', signal: 'sum:cpu', from: 0, to: Number.POSITIVE_INFINITY };
  const read = await store.history.readMinutes(all);
  await store.close();
  return read.ok ? read.value : [];
}

beforeAll(() => {
  writeFileSync(join(folder, 'foretide.yaml'), config);
  const rows = Array.from({ length: 60 }, (_, minute) => `${(start + minute * minuteMs) / 1000},4`);
  writeFileSync(join(folder, 'past.csv'), `timestamp,value\n${rows.join('\n')}\n`);
  const datapoints = Array.from({ length: 60 }, (_, minute) => {
    const Timestamp = new Date(start + minute * minuteMs).toISOString();
    return { Timestamp, Average: 25, Unit: 'Percent' };
  });
  writeFileSync(join(folder, 'datapoints.json'), JSON.stringify({ Datapoints: datapoints }));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('foretide history import', () => {
  it('says what would come, takes it in, and leaves alone what is there', async () => {
    const words = ['past.csv', '--group', 'web'];
    expect((await run(...words, '--dry-run')).output).toMatch(
      /^web: the store would take in 60 minutes of sum:cpu, /,
    );
    expect(await readStored()).toEqual([]);
    expect((await run(...words)).output).toMatch(/^web: the store took in 60 minutes/);
    expect((await readStored()).map(({ mean }) => mean)).toEqual(Array(60).fill(4));
    const again = await run('datapoints.json', '--group', 'web', '--from', 'datapoints', '--json');
    expect(JSON.parse(again.output)).toMatchObject({ written: 0, kept: 60 });
    await run(
      'datapoints.json',
      '--group',
      'web',
      '--from',
      'datapoints',
      '--instances',
      '8',
      '--replace',
    );
    expect((await readStored()).map(({ mean }) => mean)).toEqual(Array(60).fill(2));
  }, 60_000);

  it.each([
    [['none.csv', '--group', 'web'], /none\.csv cannot be read/],
    [['past.csv', '--group', 'wep'], /the config has no group wep; it has: web/],
    [['foretide.yaml', '--group', 'web'], /foretide\.yaml: /],
    [['past.csv', '--group', 'web', '--from', 'datapoints'], /no datapoints/],
    [['http://127.0.0.1:9/x', '--group', 'web', '--from', 'prometheus'], /no query of a range/],
  ])('refuses %j with one clear line', async (words, line) => {
    const { exitCode, output, errors } = await run(...words);
    expect({ exitCode, output }).toEqual({ exitCode: 2, output: '' });
    expect(errors).toMatch(line);
  });

  it('asks a Prometheus for a week at a time, and takes what it has', async () => {
    const spans: number[] = [];
    const server = createServer((request, response) => {
      const { searchParams } = new URL(request.url ?? '', 'http://localhost');
      const [from, to] = [Number(searchParams.get('start')), Number(searchParams.get('end'))];
      spans.push(to - from);
      const values = Array.from({ length: 60 }, (_, minute) => start / 1000 + minute * 60)
        .filter((at) => at >= from && at <= to)
        .map((at) => [at, '5']);
      const result = values.length === 0 ? [] : [{ metric: {}, values }];
      response.end(JSON.stringify({ status: 'success', data: { resultType: 'matrix', result } }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const url = `http://127.0.0.1:${port}/api/v1/query_range?query=sum(load)`;
    const done = await run(url, '--group', 'web', '--from', 'prometheus', '--dry-run', '--json');
    server.close();
    expect(done.errors).toBe('');
    expect(JSON.parse(done.output)).toMatchObject({ from: start, tooOld: 0 });
    expect(spans.length).toBe(9);
    expect(Math.max(...spans)).toBeLessThan(11_000 * 60);
  });

  it('goes through the controller where one runs', async () => {
    const fake = createFakeController();
    const path = join(folder, 'foretide.sock');
    const served = await serveSocket(createFakeApi(fake), { path, log: fake.log });
    if (served.kind === 'problem') throw new Error(served.message);
    // The fake's present is of another year: it refuses minutes that are still to come for it.
    const late = await run('past.csv', '--group', 'web', '--socket', path);
    await served.close();
    expect(late).toMatchObject({ exitCode: 1, output: '' });
    expect(late.errors).toMatch(/minutes has one that is not over/);
  });
});

describe('the past in CloudWatch', () => {
  let sqs: SqsFixture;
  beforeAll(async () => {
    sqs = await startSqs();
  });
  afterAll(() => sqs.close());

  it('is the CPU of all instances together, a minute or five at a time', async () => {
    const { endpoint, credentials } = sqs.harness.clientConfig;
    const client = new CloudWatchClient(sqs.harness.clientConfig);
    const now = sqs.clock.now();
    const put = (ago: number, value: number) => {
      const Timestamp = new Date(now - ago * minuteMs);
      const Dimensions = [{ Name: 'AutoScalingGroupName', Value: 'web' }];
      const datum = { MetricName: 'CPUUtilization', Dimensions, Timestamp, Value: value };
      // AWS's own name space is closed to others: the source's metric stands for it.
      return client.send(new PutMetricDataCommand({ Namespace: 'App', MetricData: [datum] }));
    };
    for (let ago = 60; ago > 0; ago -= 1) {
      await put(ago, 40);
      await put(ago, 60);
    }
    client.destroy();
    const outcome = loadConfig(
      [
        'groups:',
        '  - name: web',
        '    region: us-east-1',
        '    max: 9',
        '    sources:',
        '      - name: demand',
        '        type: cloudwatch',
        '        scale: 0.01',
        '        metrics:',
        '          - id: cpu',
        '            namespace: App',
        '            metric: CPUUtilization',
        '            dimensions: { AutoScalingGroupName: web }',
        '            statistic: Sum',
      ].join('\n'),
      'foretide.yaml',
    );
    if (!outcome.ok) throw new Error(JSON.stringify(outcome.errors));
    const [group] = outcome.config.groups;
    if (group === undefined) throw new Error('no group');
    const values = await readCloudWatchPast(group, { now, connection: { endpoint, credentials } });
    const read = toMinutes(values, now);
    expect(read.ok && read.past.minutes).toEqual(
      Array.from({ length: 60 }, (_, index) => [now - (60 - index) * minuteMs, 1]),
    );
  });
});
