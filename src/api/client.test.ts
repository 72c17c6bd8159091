import { once } from 'node:events';
import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import { writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createClient } from './client.ts';
import { serveSocket, type Served } from './serve.ts';
import { expectServing, makeFolder } from './testing/exchange.ts';
import { present } from './testing/example-states.ts';
import {
  createFakeApi,
  createFakeController,
  type FakeController,
} from './testing/fake-controller.ts';

let folder: ReturnType<typeof makeFolder>;
let fake: FakeController;
let served: Served;
let stranger: Server | null = null;

beforeEach(async () => {
  folder = makeFolder();
  fake = createFakeController();
  const path = join(folder.path, 'foretide.sock');
  served = expectServing(await serveSocket(createFakeApi(fake), { path, log: fake.log }));
});

afterEach(async () => {
  await served.close();
  stranger?.closeAllConnections();
  stranger?.close();
  stranger = null;
  folder.remove();
});

/** A server of somebody else's at a socket. */
async function openStranger(listener: RequestListener): Promise<string> {
  const path = join(folder.path, 'stranger.sock');
  stranger = createServer(listener);
  stranger.listen(path);
  await once(stranger, 'listening');
  return path;
}

describe('the client', () => {
  it('asks every question of the API', async () => {
    const client = createClient({ socketPath: served.address });
    const answers = await Promise.all([
      client.groups(),
      client.group('batch jobs'),
      client.decisions('web', { from: '-1h', to: 'now', kind: ['hold', 'scale-in'], limit: 5 }),
      client.why('web', '-30s'),
      client.whyNot('web', 'scale-in'),
      client.whyNotSize('web', 3),
      client.signal('web', { signal: 'cpu', from: '-10m' }),
      client.version(),
      client.health(),
    ]);
    expect(answers).toMatchObject([
      { kind: 'answered', value: { groups: [{ name: 'web' }, { name: 'batch jobs' }] } },
      { kind: 'answered', value: { name: 'batch jobs', instances: [] } },
      { kind: 'answered', value: { decisions: [{ decision: { kind: 'hold' } }] } },
      { kind: 'answered', value: { decision: { kind: 'scale-out' } } },
      { kind: 'answered', value: { obstacles: { direction: 'scale-in' } } },
      { kind: 'answered', value: { obstacles: { size: 3 } } },
      { kind: 'answered', value: { signal: 'cpu' } },
      { kind: 'answered', value: { version: '0.1.0', now: present } },
      { kind: 'answered', value: { status: 'ok' } },
    ]);
  });

  it('commands in the name of its user', async () => {
    const socketPath = served.address;
    await createClient({ socketPath }).set('web', { desired: 7, why: 'a test' });
    const client = createClient({ socketPath, user: 'jürgen' });
    await client.pause('web', { for: '5m', why: 'another' });
    expect(await client.resume('web')).toMatchObject({ kind: 'answered' });
    expect(await client.mode('web', { mode: 'advise', why: 'a look' })).toMatchObject({
      kind: 'answered',
      value: { mode: 'advise', lasts: expect.stringContaining('also over restarts') },
    });
    const by = userInfo().username;
    const until = present + 600_000;
    expect(fake.wishes).toEqual([
      ['web', { kind: 'set', desired: 7, until, by, why: 'a test' }],
      ['web', { kind: 'pause', until: present + 300_000, by: 'jürgen', why: 'another' }],
      ['web', 'jürgen'],
      ['web', 'advise by jürgen'],
    ]);
  });

  it('hands on the detail of a refusal', async () => {
    fake.outcome = { kind: 'refused', code: 'out-of-bounds', message: '70 is outside: 2 to 20' };
    const client = createClient({ socketPath: served.address });
    expect(await client.set('web', { desired: 70, why: 'x' })).toEqual({
      kind: 'refused',
      status: 422,
      code: 'out-of-bounds',
      detail: '70 is outside: 2 to 20',
    });
  });

  it('says that no controller is running', async () => {
    const absent = join(folder.path, 'absent.sock');
    const plain = join(folder.path, 'plain');
    writeFileSync(plain, '');
    for (const socketPath of [absent, plain]) {
      expect(await createClient({ socketPath }).groups()).toEqual({
        kind: 'unreachable',
        code: 'no-controller',
        message: `no controller is running at ${socketPath}`,
      });
    }
  });

  it('says that somebody else answers', async () => {
    const socketPath = await openStranger((_, response) => response.end('hello'));
    const answer = await createClient({ socketPath }).groups();
    expect(answer).toMatchObject({ kind: 'unreachable', code: 'no-foretide' });
  });

  it('waits no longer than it was told', async () => {
    const socketPath = await openStranger(() => undefined);
    const answer = await createClient({ socketPath, answerLimitMs: 50 }).groups();
    expect(answer).toEqual({
      kind: 'unreachable',
      code: 'no-answer',
      message: `${socketPath} did not answer in 0.05 s`,
    });
  });

  it('says that an answer broke off', async () => {
    const socketPath = await openStranger((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': 100 });
      response.write('{"groups": [', () => response.destroy());
    });
    const answer = await createClient({ socketPath }).groups();
    expect(answer).toMatchObject({ kind: 'unreachable', code: 'failed' });
  });
});
