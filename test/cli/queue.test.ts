// `foretide queue` as a process, against the local cloud, with the real worker library behind the queue.

import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { tmpdir } from 'node:os';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runForetide } from '../../src/cli/testing/run-foretide.ts';
import { createAccount } from '../../src/cloud/account/account.ts';
import { World } from '../../src/cloud/world.ts';
import { createClock } from '../../src/localcloud/clock.ts';
import { digestContent } from '../../src/localcloud/sqs/message-digest.ts';
import { startLocalCloud, type LocalCloud } from '../../src/localcloud/start-local-cloud.ts';
import { startWorker, type Worker, type WorkerOptions } from '../../src/worker/index.ts';

const testLimitMs = 30_000;
const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };

let cloud: LocalCloud;
let sqs: SQSClient;
let queueUrl: string;
const workers: Worker[] = [];

beforeEach(async () => {
  const clock = createClock();
  const world = new World(clock.now());
  const account = createAccount(world, { contentDigest: digestContent, settleMs: 0 });
  cloud = await startLocalCloud({ clock, account, throttling: 'off' });
  sqs = new SQSClient({ endpoint: cloud.url, region: 'us-east-1', credentials });
  queueUrl = await create('jobs');
});

afterEach(async () => {
  for (const worker of workers.splice(0)) await worker.drain('the test is over');
  sqs.destroy();
  await cloud.close();
});

async function create(QueueName: string, Attributes = {}): Promise<string> {
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName, Attributes }));
  return QueueUrl ?? '';
}

function run(...words: readonly string[]) {
  return runForetide(
    ['queue', ...words, '--endpoint', cloud.url, '--region', 'us-east-1'],
    tmpdir(),
  );
}

function work(handle: WorkerOptions['handle']): void {
  const log = (): void => {};
  const options = { queueUrl, sqs, handle, waitSeconds: 1, concurrency: 4, log };
  workers.push(startWorker({ ...options, drainsOnSignal: false }));
}

describe('queue send', { timeout: testLimitMs }, () => {
  it('sends messages that say what they take', async () => {
    const words = ['--queue', 'jobs', '--count', '23', '--duration', '25s', '--json'];
    const { exitCode, stderr, stdout } = await run('send', ...words);
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ queue: 'jobs', sent: 23 });
    const { Messages: messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 1 }),
    );
    expect(JSON.parse(messages[0]?.Body ?? '{}')).toMatchObject({ durationMs: 25_000 });
    const watched = await run('watch', 'jobs', '--json');
    expect(JSON.parse(watched.stdout)).toMatchObject({ visible: 22, inFlight: 1 });
  });

  it('spreads durations about their mean, to a FIFO queue as to any other', async () => {
    await create('line.fifo', { FifoQueue: 'true' });
    const words = ['--queue', 'line.fifo', '--count', '40', '--spread', '50%'];
    const { exitCode, stderr } = await run('send', ...words, '--rate', '500');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const durations = new Set<number>();
    const QueueUrl = queueUrl.replace(/jobs$/u, 'line.fifo');
    for (let left = 40; left > 0;) {
      const receive = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 });
      const { Messages: messages = [] } = await sqs.send(receive);
      expect(messages.length).toBeGreaterThan(0);
      left -= messages.length;
      for (const { Body } of messages) {
        durations.add((JSON.parse(Body ?? '{}') as { durationMs: number }).durationMs);
      }
    }
    expect(durations.size).toBeGreaterThan(30);
    const mean = [...durations].reduce((sum, each) => sum + each, 0) / durations.size;
    expect(mean).toBeGreaterThan(15_000);
    expect(mean).toBeLessThan(40_000);
  });

  it.each([
    [['--queue', 'jbos'], 1, 'foretide: SQS knows no queue jbos in this account and region\n'],
    [['--queue', 'jobs', '--count', '0'], 2, /found --count 0, allowed: 1 message or more/u],
    [['--queue', 'jobs', '--duration', '0s'], 2, /allowed: a duration such as 90s/u],
    [['--queue', 'jobs', '--rate', '-1'], 2, /allowed: a number above 0/u],
    [['--queue', 'jobs', '--spread', 'wide'], 2, /allowed: a percent from 0% to 500%/u],
  ])('refuses %j in one line', async (words, exitCode, line) => {
    const refused = await run('send', ...words);
    expect(refused.stderr).toMatch(line);
    expect(refused.exitCode).toBe(exitCode);
  });
});

describe('queue watch', { timeout: testLimitMs }, () => {
  it('takes the mean duration that workers publish', async () => {
    const cloudWatch = new CloudWatchClient({
      endpoint: cloud.url,
      region: 'us-east-1',
      credentials,
    });
    const Dimensions = [{ Name: 'QueueName', Value: 'jobs' }];
    const MetricData = [{ MetricName: 'MPD', Dimensions, Unit: 'Seconds' as const, Value: 50 }];
    await cloudWatch.send(new PutMetricDataCommand({ Namespace: 'Foretide', MetricData }));
    cloudWatch.destroy();
    const { stdout, stderr } = await run('watch', 'jobs', '--promise', '5m');
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^mean duration +50 s, of CloudWatch$/mu);
    expect(stdout).toMatch(/^per instance +no instance; 6 are acceptable for 5 min 0 s$/mu);
  });

  it('names a group that is not there', async () => {
    const { exitCode, stderr } = await run('watch', 'jobs', '--asg', 'nobody');
    expect(exitCode).toBe(1);
    expect(stderr).toBe(
      'foretide: AWS knows no Auto Scaling group nobody in this account and region\n',
    );
  });
});

describe('queue drain-test', { timeout: testLimitMs }, () => {
  const burst = ['--queue', 'jobs', '--count', '12', '--settle', '1s', '--json'];

  it('says that all was done within the promise', async () => {
    work(() => Promise.resolve());
    const { exitCode, stdout } = await run('drain-test', ...burst, '--promise', '1m');
    expect(JSON.parse(stdout)).toMatchObject({ sent: 12, inTime: 12, left: 0, dead: 0 });
    expect(exitCode).toBe(0);
  });

  it('says what was not, where nobody works', async () => {
    const { exitCode, stdout } = await run('drain-test', ...burst, '--promise', '1s');
    expect(JSON.parse(stdout)).toMatchObject({
      sent: 12,
      inTime: 0,
      left: 12,
      emptyAfterSeconds: null,
    });
    expect(exitCode).toBe(1);
  });

  it('takes no queue with messages of others in it', async () => {
    await run('send', '--queue', 'jobs', '--count', '3');
    const { exitCode, stderr } = await run('drain-test', ...burst);
    expect(stderr).toBe('foretide: the queue jobs has 3 messages; the test takes an empty queue\n');
    expect(exitCode).toBe(1);
  });
});
