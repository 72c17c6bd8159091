// examples/queue-worker: one command shows a burst worked off in time, and the ten lines are a worker.

import { spawn } from 'node:child_process';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { expect, it, vi } from 'vitest';
import { createAccount } from '../../src/cloud/account/account.ts';
import { World } from '../../src/cloud/world.ts';
import { digestContent } from '../../src/localcloud/sqs/message-digest.ts';
import { startLocalCloud } from '../../src/localcloud/start-local-cloud.ts';

const folder = new URL('../../examples/queue-worker/', import.meta.url);
const limitMs = 120_000;

interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(words: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, words, {
    env: { ...process.env, ...env },
    timeout: limitMs - 10_000,
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode) => resolve({ exitCode, stdout, stderr }));
  });
  return { ended, stop: () => child.kill('SIGTERM') };
}

it('works a burst off and shrinks again', { timeout: limitMs }, async () => {
  const { stdout, stderr } = await run([new URL('run.ts', folder).pathname]).ended;
  // Whether within the promise, on a machine that is busy with other tests, is not ours to say.
  expect(stdout + stderr).toMatch(/^done: 50 of 50, all after \S+ s of 30 s$/mu);
  expect(stdout).toMatch(/^left in the queue: 0$/mu);
  expect(stdout).toMatch(/scale out from 1 to \d+: \d+ messages wait/u);
  expect(stdout).toMatch(/scale in from /u);
  expect(stdout).toMatch(/^instances: ([4-9]|1\d) at most, 1 at the end$/mu);
});

it(
  'has a worker that takes messages and drains when it is told to',
  { timeout: limitMs },
  async () => {
    // Counts that are exact at once: nothing left means that the message was deleted.
    const account = createAccount(new World(Date.now()), {
      contentDigest: digestContent,
      settleMs: 0,
    });
    const cloud = await startLocalCloud({ account, throttling: 'off' });
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    const sqs = new SQSClient({ endpoint: cloud.url, region: 'us-east-1', credentials });
    const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: 'jobs' }));
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: '{"durationMs":10}' }));
    // In the repository the package is not built: its name stands for its source.
    const source = new URL('../../src/worker/index.ts', import.meta.url).href;
    const hook =
      'import { registerHooks } from "node:module"; registerHooks({ resolve: (name, context, next) => ' +
      `next(name === "foretide/worker" ? "${source}" : name, context) });`;
    const worker = run(
      [
        '--import',
        `data:text/javascript,${encodeURIComponent(hook)}`,
        new URL('worker.mjs', folder).pathname,
      ],
      {
        QUEUE_URL: QueueUrl,
        AWS_ENDPOINT_URL: cloud.url,
        AWS_REGION: 'us-east-1',
        AWS_ACCESS_KEY_ID: 'local',
        AWS_SECRET_ACCESS_KEY: 'local',
      },
    );
    await vi.waitFor(
      async () => {
        const asked = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] });
        const { Attributes: told = {} } = await sqs.send(asked);
        expect(told['ApproximateNumberOfMessages']).toBe('0');
        expect(told['ApproximateNumberOfMessagesNotVisible']).toBe('0');
      },
      { timeout: 90_000, interval: 500 },
    );
    worker.stop();
    const { exitCode, stderr } = await worker.ended;
    expect(exitCode).toBe(0);
    expect(stderr).toContain('drained: 1 done, 0 failed, 0 given back');
    sqs.destroy();
    await cloud.close();
  },
);
