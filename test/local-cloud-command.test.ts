// `foretide local-cloud` as a program: it says where it is, SDK clients reach it, and its state
// outlives it.

import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import {
  CloudWatchClient,
  GetMetricStatisticsCommand,
  PutMetricDataCommand,
} from '@aws-sdk/client-cloudwatch';
import {
  CreateQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, it } from 'vitest';

const MAIN = new URL('../src/cli/main.ts', import.meta.url).pathname;
const CREDENTIALS = { accessKeyId: 'KEY', secretAccessKey: 'SECRET' };

type Program = ChildProcessByStdio<null, Readable, Readable>;

let folder: string;
const programs: Program[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'local-cloud-'));
});

afterEach(async () => {
  for (const program of programs.splice(0)) program.kill('SIGKILL');
  await rm(folder, { recursive: true });
});

function run(...flags: string[]): Program {
  const program = spawn(process.execPath, [MAIN, 'local-cloud', '--port', '0', ...flags], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  programs.push(program);
  return program;
}

async function textOf(stream: Readable): Promise<string> {
  const chunks: unknown[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return chunks.map(String).join('');
}

/** Resolves with the address that it tells. */
async function addressOf({ stdout }: Program): Promise<string> {
  let told = '';
  for (;;) {
    const [chunk]: unknown[] = await once(stdout, 'data');
    told += String(chunk);
    const address = /local cloud at (\S+)/.exec(told)?.[1];
    if (address !== undefined) return address;
  }
}

async function stop(program: Program, signal: NodeJS.Signals): Promise<unknown> {
  const ending = once(program, 'exit');
  program.kill(signal);
  const [code]: unknown[] = await ending;
  return code;
}

const settingsOf = (endpoint: string, credentials = CREDENTIALS) => {
  return { endpoint, region: 'us-east-1', credentials, maxAttempts: 1 };
};

it('keeps queues and metrics from one run to the next', async () => {
  const state = join(folder, 'cloud.json');
  const flags = ['--state', state, '--credentials', 'KEY:SECRET', '--speed', '10'];
  const first = run(...flags);
  const before = settingsOf(await addressOf(first));
  const sqs = new SQSClient(before);
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'jobs' }));
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'kept' }));
  const cloudWatch = new CloudWatchClient(before);
  const MetricData = [{ MetricName: 'm', Value: 7, Timestamp: new Date() }];
  await cloudWatch.send(new PutMetricDataCommand({ Namespace: 'App', MetricData }));
  expect(await stop(first, 'SIGTERM')).toBe(0);

  const second = run(...flags);
  const after = settingsOf(await addressOf(second));
  const received = await new SQSClient(after).send(
    new ReceiveMessageCommand({ QueueUrl: `${after.endpoint}/123456789012/jobs` }),
  );
  expect(received.Messages?.map(({ Body }) => Body)).toEqual(['kept']);
  const statistics = await new CloudWatchClient(after).send(
    new GetMetricStatisticsCommand({
      Namespace: 'App',
      MetricName: 'm',
      StartTime: new Date(Date.now() - 3_600_000),
      EndTime: new Date(Date.now() + 60_000),
      Period: 60,
      Statistics: ['Sum'],
    }),
  );
  expect(statistics.Datapoints?.map(({ Sum }) => Sum)).toEqual([7]);
  expect(await stop(second, 'SIGINT')).toBe(0);
});

it('lets in only those whose credentials were named', async () => {
  const endpoint = await addressOf(run('--credentials', 'KEY:SECRET'));
  const stranger = new SQSClient(settingsOf(endpoint, { ...CREDENTIALS, secretAccessKey: 'no' }));
  await expect(stranger.send(new CreateQueueCommand({ QueueName: 'q' }))).rejects.toMatchObject({
    name: 'SignatureDoesNotMatch',
  });
});

it.each([
  ['of another version', '{"accountVersion":99}', /: the saved cloud has version 99; this program/],
  ['that is no JSON', 'PK', /: no JSON; a file that --state has written is allowed/],
])('refuses a state %s in one line and leaves it alone', async (_what, text, line) => {
  const state = join(folder, 'cloud.json');
  await writeFile(state, text);
  const program = run('--state', state);
  const [complaint, [code]] = await Promise.all([textOf(program.stderr), once(program, 'exit')]);
  expect(code).toBe(1);
  expect(complaint.trimEnd().split('\n')).toHaveLength(1);
  expect(complaint).toMatch(line);
  expect(await readFile(state, 'utf8')).toBe(text);
});

it('refuses credentials that are none', async () => {
  const program = run('--credentials', 'nonsense');
  const [complaint, [code]] = await Promise.all([textOf(program.stderr), once(program, 'exit')]);
  expect(code).toBe(2);
  expect(complaint).toContain('allowed: an access key ID and its secret, as KEY:SECRET');
});
