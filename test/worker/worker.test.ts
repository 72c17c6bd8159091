// The worker library against a real queue server over the SDK, a real agent endpoint and a real
// broker. Handlers wait for promises of the test, never for times.

import { createServer } from 'node:http';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
  type Message,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createBoards, type Boards } from '../../src/agent/application/boards.ts';
import { openSignalServer } from '../../src/agent/application/signal-server.ts';
import { systemClock } from '../../src/agent/clock.ts';
import { createAccount } from '../../src/cloud/account/account.ts';
import { World } from '../../src/cloud/world.ts';
import { createClock } from '../../src/localcloud/clock.ts';
import { digestContent } from '../../src/localcloud/sqs/message-digest.ts';
import { startLocalCloud, type LocalCloud } from '../../src/localcloud/start-local-cloud.ts';
import { startWorker, type Worker, type WorkerOptions } from '../../src/worker/index.ts';

const patience = { timeout: 15_000, interval: 20 };

let cloud: LocalCloud;
let sqs: SQSClient;
let queueUrl: string;
const workers: Worker[] = [];
const endings: (() => Promise<void> | void)[] = [];

beforeEach(async () => {
  const clock = createClock();
  const account = createAccount(new World(clock.now()), {
    contentDigest: digestContent,
    settleMs: 0,
  });
  cloud = await startLocalCloud({ clock, account, throttling: 'off' });
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  sqs = new SQSClient({ endpoint: cloud.url, region: 'us-east-1', credentials, maxAttempts: 1 });
  const created = await sqs.send(new CreateQueueCommand({ QueueName: 'jobs' }));
  queueUrl = created.QueueUrl ?? '';
});

afterEach(async () => {
  for (const worker of workers.splice(0)) await worker.drain('the test is over');
  for (const end of endings.splice(0).toReversed()) await end();
  sqs.destroy();
  await cloud.close();
});

const logged: string[] = [];

function start(options: Partial<WorkerOptions> & Pick<WorkerOptions, 'handle'>): Worker {
  const worker = startWorker({
    queueUrl,
    sqs,
    waitSeconds: 1,
    drainsOnSignal: false,
    log: (line) => logged.push(line),
    ...options,
  });
  workers.push(worker);
  return worker;
}

async function send(...bodies: readonly string[]): Promise<void> {
  for (const MessageBody of bodies) {
    await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody }));
  }
}

async function countLeft(): Promise<number> {
  const answer = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['All'] }),
  );
  const { ApproximateNumberOfMessages: visible, ApproximateNumberOfMessagesNotVisible: hidden } =
    answer.Attributes ?? {};
  return Number(visible) + Number(hidden);
}

/** A handler that ends when the test says so. */
function gate(): { readonly handle: () => Promise<void>; open: () => void } {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { handle: () => opened, open };
}

async function serveAgent(state: Boards['state'] = () => ({ state: 'online' })) {
  const boards = createBoards(60_000, state);
  const server = await openSignalServer(0, boards, systemClock);
  endings.push(() => server.close());
  return { boards, url: `http://127.0.0.1:${server.port}` };
}

describe('a worker', () => {
  it('handles every message once and deletes it', async () => {
    const handled: string[] = [];
    const bodies = Array.from({ length: 25 }, (_, place) => `job ${place}`);
    await send(...bodies);
    const worker = start({
      concurrency: 4,
      handle: async ({ Body }) => {
        handled.push(Body ?? '');
      },
    });
    await vi.waitFor(() => expect(worker.counts().done).toBe(25), patience);
    await vi.waitFor(async () => expect(await countLeft()).toBe(0), patience);
    expect(handled.toSorted()).toEqual(bodies.toSorted());
  });

  it('keeps a message hidden for as long as it works on it', async () => {
    await send('long');
    const { handle, open } = gate();
    const worker = start({ handle, visibilitySeconds: 3 });
    await vi.waitFor(() => expect(worker.counts().inHand).toBe(1), patience);
    await new Promise((resolve) => setTimeout(resolve, 4500));
    const other = await sqs.send(new ReceiveMessageCommand({ QueueUrl: queueUrl }));
    expect(other.Messages ?? []).toEqual([]);
    open();
    await vi.waitFor(async () => expect(await countLeft()).toBe(0), patience);
  });

  it('leaves a message that fails for another time, each time for longer', async () => {
    await send('poison');
    const counted: number[] = [];
    const worker = start({
      handle: () => Promise.reject(new Error('cannot read it')),
      retryAfterSeconds: (receiveCount) => {
        counted.push(receiveCount);
        return receiveCount < 3 ? 0 : 900;
      },
    });
    await vi.waitFor(() => expect(worker.counts().failed).toBe(3), patience);
    await vi.waitFor(() => expect(counted).toEqual([1, 2, 3]), patience);
    expect(await countLeft()).toBe(1);
    expect(logged.some((line) => line.includes('cannot read it'))).toBe(true);
  });
});

describe('draining', () => {
  it('lets what is in hand end, and takes nothing more', async () => {
    await send('first', 'second');
    const { handle, open } = gate();
    const worker = start({ handle });
    await vi.waitFor(() => expect(worker.counts().inHand).toBe(1), patience);
    const drained = worker.drain();
    expect(worker.isDraining).toBe(true);
    open();
    expect(await drained).toEqual({ inHand: 0, done: 1, failed: 0, returned: 0 });
    expect(await countLeft()).toBe(1);
  });

  it('gives back at the deadline what does not end, to be taken at once', async () => {
    await send('endless');
    let signal: AbortSignal | null = null;
    const worker = start({
      drainWithinMs: 0,
      handle: (_: Message, given) => {
        signal = given;
        return new Promise(() => {});
      },
    });
    await vi.waitFor(() => expect(worker.counts().inHand).toBe(1), patience);
    logged.length = 0;
    expect(await worker.drain()).toEqual({ inHand: 0, done: 0, failed: 0, returned: 1 });
    expect(logged).toEqual([
      'draining: asked to; 1 in hand',
      'drained: 0 done, 0 failed, 1 given back',
    ]);
    expect((signal as AbortSignal | null)?.aborted).toBe(true);
    const again = await sqs.send(new ReceiveMessageCommand({ QueueUrl: queueUrl }));
    expect(again.Messages?.map(({ Body }) => Body)).toEqual(['endless']);
  });

  it('begins when the agent says that the instance drains', async () => {
    const agent = await serveAgent(() => ({ state: 'draining' }));
    const worker = start({ handle: () => Promise.resolve(), reportTo: { agent: agent.url } });
    await expect(worker.drained).resolves.toMatchObject({ inHand: 0 });
  });

  it('goes on when it is told to end a second time', async () => {
    await send('long');
    const { handle, open } = gate();
    const listening = process.listenerCount('SIGTERM');
    const worker = start({ handle, drainsOnSignal: true });
    await vi.waitFor(() => expect(worker.counts().inHand).toBe(1), patience);
    for (let time = 0; time < 2; time += 1) {
      process.emit('SIGTERM', 'SIGTERM');
      expect(worker.isDraining).toBe(true);
      // Without a listener the next one would end the process.
      expect(process.listenerCount('SIGTERM')).toBe(listening + 1);
    }
    open();
    await expect(worker.drained).resolves.toMatchObject({ done: 1, returned: 0 });
    expect(process.listenerCount('SIGTERM')).toBe(listening);
  });

  it('ends although the broker that it reports to never answers', async () => {
    const broker = createTcpServer(() => {});
    await new Promise<void>((resolve) => {
      broker.listen(0, '127.0.0.1', resolve);
    });
    endings.push(() => void broker.close());
    const { port } = broker.address() as AddressInfo;
    logged.length = 0;
    const reportTo = { broker: `mqtt://127.0.0.1:${port}`, group: 'jobs', instance: 'i-1' };
    const worker = start({ handle: () => Promise.resolve(), reportTo });
    await expect(worker.drain()).resolves.toMatchObject({ inHand: 0 });
    expect(logged).toContain('left without telling all: nobody answered in time');
  }, 30_000);

  it('takes no message when it starts on an instance that drains', async () => {
    await send('for another');
    const agent = await serveAgent(() => ({ state: 'draining' }));
    const worker = start({ handle: () => Promise.resolve(), reportTo: { agent: agent.url } });
    await expect(worker.drained).resolves.toMatchObject({ done: 0, returned: 0 });
    const found = await sqs.send(new ReceiveMessageCommand({ QueueUrl: queueUrl }));
    expect(found.Messages?.[0]?.Body).toBe('for another');
  });

  it('gives back what does not end before the time is over that the agent tells', async () => {
    await send('endless');
    let outlook: ReturnType<Boards['state']> = { state: 'online' };
    const agent = await serveAgent(() => outlook);
    const worker = start({
      handle: () => new Promise(() => {}),
      reportTo: { agent: agent.url },
    });
    await vi.waitFor(() => expect(worker.counts().inHand).toBe(1), patience);
    void worker.drain('a deploy');
    // Less time than the margin: at once, although the drain has begun with ten minutes.
    outlook = { state: 'draining', withinMs: 19_000 };
    await expect(worker.drained).resolves.toMatchObject({ inHand: 0, returned: 1 });
    const told: number[] = [];
    agent.boards.work.collect(0, (_, count) => told.push(count));
    expect(told).toEqual([0]);
  });

  it('begins with a notice in the instance metadata', async () => {
    const metadata = createServer((request, response) => {
      const isSpot = request.url?.endsWith('spot/instance-action') === true;
      const at = new Date(Date.now() + 120_000).toISOString();
      if (request.method === 'PUT') response.end('token');
      else if (isSpot) response.end(JSON.stringify({ action: 'terminate', time: at }));
      else response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => {
      metadata.listen(0, '127.0.0.1', resolve);
    });
    endings.push(() => new Promise((resolve) => metadata.close(() => resolve())));
    const { port } = metadata.address() as AddressInfo;
    const worker = start({
      handle: () => Promise.resolve(),
      watchesTermination: { endpoint: `http://127.0.0.1:${port}` },
    });
    await expect(worker.drained).resolves.toMatchObject({ inHand: 0 });
    expect(logged.some((line) => line.includes('Spot wants the instance back'))).toBe(true);
  });
});

describe('reports', () => {
  it('tell the agent what is in hand and how long each message took', async () => {
    const agent = await serveAgent();
    await send('a', 'b');
    const worker = start({
      handle: () => new Promise((resolve) => setTimeout(resolve, 30)),
      classOf: ({ Body }) => (Body === 'a' ? 'resize' : 'not a class!'),
      reportTo: { agent: agent.url },
    });
    await vi.waitFor(() => expect(worker.counts().done).toBe(2), patience);
    await worker.drain();
    const told = JSON.parse(agent.boards.work.takeJson() ?? '{}') as {
      readonly finished: readonly { class: string; durationMs: number; outcome: string }[];
    };
    expect(told.finished.map((one) => one.class).toSorted()).toEqual(['default', 'resize']);
    for (const { durationMs, outcome } of told.finished) {
      expect(outcome).toBe('done');
      expect(durationMs).toBeGreaterThan(25);
    }
  });

  it('tell how old each message was when it was done, by when the queue took it', async () => {
    const agent = await serveAgent();
    const sentBefore = Date.now();
    await send('a');
    const worker = start({ handle: () => Promise.resolve(), reportTo: { agent: agent.url } });
    await vi.waitFor(() => expect(worker.counts().done).toBe(1), patience);
    await worker.drain();
    const told = JSON.parse(agent.boards.work.takeJson() ?? '{}') as {
      readonly finished: readonly { readonly ageMs: number }[];
    };
    const [{ ageMs } = { ageMs: Number.NaN }] = told.finished;
    expect(ageMs).toBeGreaterThanOrEqual(0);
    // The queue's clock and this one are corrected apart.
    expect(ageMs).toBeLessThanOrEqual(Date.now() - sentBefore + 1000);
  });

  it('tell message groups of a FIFO queue apart, without their names', async () => {
    const agent = await serveAgent();
    const Attributes = { FifoQueue: 'true', ContentBasedDeduplication: 'true' };
    const create = new CreateQueueCommand({ QueueName: 'jobs.fifo', Attributes });
    const fifo = (await sqs.send(create)).QueueUrl ?? '';
    for (const [MessageBody, MessageGroupId] of [
      ['1', 'Ann&Sons'],
      ['2', 'Bob'],
      ['3', 'Ann&Sons'],
    ]) {
      await sqs.send(new SendMessageCommand({ QueueUrl: fifo, MessageBody, MessageGroupId }));
    }
    const handle = (): Promise<void> => Promise.resolve();
    const worker = start({ queueUrl: fifo, handle, reportTo: { agent: agent.url } });
    await vi.waitFor(() => expect(worker.counts().done).toBe(3), patience);
    await worker.drain();
    const text = agent.boards.work.takeJson() ?? '{}';
    const told = JSON.parse(text) as { readonly finished: readonly { readonly group: string }[] };
    const groups = told.finished.map(({ group }) => group);
    expect(new Set(groups).size).toBe(2);
    for (const group of groups) expect(group).toMatch(/^[0-9a-f]{12}$/u);
    expect(text).not.toMatch(/Ann|Bob/u);
  });

  it('wait for an agent that is away, and say so once', async () => {
    logged.length = 0;
    await send('a');
    const worker = start({
      handle: () => Promise.resolve(),
      reportTo: { agent: 'http://127.0.0.1:9' },
    });
    await vi.waitFor(() => expect(worker.counts().done).toBe(1), patience);
    const isTrouble = (line: string): boolean => line.includes('takes no reports');
    await vi.waitFor(() => expect(logged.filter(isTrouble)).toHaveLength(1), patience);
    await worker.drain();
    expect(logged.filter(isTrouble)).toHaveLength(1);
  });
});

describe('options', () => {
  it.each([
    [{ queueUrl: 'jobs' }, /queueUrl is "jobs"/u],
    [{ concurrency: 0 }, /concurrency is 0; it takes a whole number from 1 to 256/u],
    [{ visibilitySeconds: 1 }, /visibilitySeconds is 1; .* from 3 to 43200/u],
    [{ waitSeconds: 21 }, /waitSeconds is 21; .* from 1 to 20/u],
    [{ drainWithinMs: -1 }, /drainWithinMs is -1/u],
  ])('%j are refused in one line', (options, message) => {
    expect(() => startWorker({ queueUrl, handle: () => Promise.resolve(), ...options })).toThrow(
      message,
    );
  });
});
