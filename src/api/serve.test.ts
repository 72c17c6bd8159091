import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, lstatSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer as createTcpServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { serveWeb, serveSocket, type Served } from './serve.ts';
import { exchange, expectServing, makeFolder } from './testing/exchange.ts';
import { createFakeApi, createFakeController } from './testing/fake-controller.ts';

let folder: ReturnType<typeof makeFolder>;
const open: Served[] = [];
const fake = createFakeController();
const api = createFakeApi(fake);
const { log } = fake;

beforeEach(() => {
  folder = makeFolder();
});

afterEach(async () => {
  for (const served of open.splice(0)) await served.close();
  folder.remove();
});

async function openSocket(path: string): Promise<Served> {
  const served = expectServing(await serveSocket(api, { path, log }));
  open.push(served);
  return served;
}

async function openLoopback(host?: string): Promise<Served> {
  const where = host === undefined ? { port: 0, log } : { host, port: 0, log };
  const served = expectServing(await serveWeb(api, where));
  open.push(served);
  return served;
}

/** A socket file whose process was killed before it could remove it. */
async function leaveStaleSocket(path: string): Promise<void> {
  const script = join(folder.path, 'listen.cjs');
  const source = `require('node:net').createServer().listen(process.argv[2], () => process.send('on'))`;
  writeFileSync(script, source);
  const child = fork(script, [path]);
  await once(child, 'message');
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(lstatSync(path).isSocket()).toBe(true);
}

describe('the Unix socket', () => {
  it('answers, belongs to its owner alone, and is gone after closing', async () => {
    const path = join(folder.path, 'run', 'foretide.sock');
    const served = await openSocket(path);
    expect(served.address).toBe(path);
    expect(lstatSync(path).mode & 0o777).toBe(0o600);
    expect(lstatSync(join(folder.path, 'run')).mode & 0o777).toBe(0o700);
    expect((await exchange(path, { path: '/v1/version' })).status).toBe(200);
    expect((await exchange(path, { path: '/metrics' })).status).toBe(200);
    await served.close();
    expect(existsSync(path)).toBe(false);
  });

  it('leaves the mode of a folder that was there, and the mask of the process', async () => {
    const mask = process.umask();
    mkdirSync(join(folder.path, 'shared'), { mode: 0o755 });
    await openSocket(join(folder.path, 'shared', 'foretide.sock'));
    expect(lstatSync(join(folder.path, 'shared')).mode & 0o777).toBe(0o755);
    expect(process.umask()).toBe(mask);
  });

  it('replaces the file of a process that was killed', async () => {
    const path = join(folder.path, 'foretide.sock');
    await leaveStaleSocket(path);
    await openSocket(path);
    expect((await exchange(path, { path: '/v1/version' })).status).toBe(200);
    expect(readdirSync(folder.path).toSorted()).toEqual(['foretide.sock', 'listen.cjs']);
  });

  it('takes no live one from another controller', async () => {
    const path = join(folder.path, 'foretide.sock');
    await openSocket(path);
    const second = await serveSocket(api, { path, log });
    expect(second).toEqual({
      kind: 'problem',
      code: 'in-use',
      message: `a controller is running at ${path} already`,
    });
    expect((await exchange(path, { path: '/v1/version' })).status).toBe(200);
  });

  it('lets one of many win that start at once on a stale file', async () => {
    const path = join(folder.path, 'foretide.sock');
    await leaveStaleSocket(path);
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, () => serveSocket(api, { path, log })),
    );
    open.push(...outcomes.filter((outcome) => outcome.kind === 'serving'));
    expect(outcomes.filter(({ kind }) => kind === 'serving')).toHaveLength(1);
    expect((await exchange(path, { path: '/v1/version' })).status).toBe(200);
  });

  it('starts over the lock of a process that was killed while it started', async () => {
    const path = join(folder.path, 'foretide.sock');
    const lock = `${path}.lock`;
    writeFileSync(lock, '');
    expect(await serveSocket(api, { path, log })).toMatchObject({ code: 'in-use' });
    const longAgo = new Date(Date.now() - 60_000);
    utimesSync(lock, longAgo, longAgo);
    await openSocket(path);
    expect(existsSync(lock)).toBe(false);
  });

  it('leaves a file alone that is no socket', async () => {
    const path = join(folder.path, 'foretide.sock');
    writeFileSync(path, 'notes');
    expect(await serveSocket(api, { path, log })).toMatchObject({ code: 'not-a-socket' });
    expect(lstatSync(path).isFile()).toBe(true);
    expect(readdirSync(folder.path)).toEqual(['foretide.sock']);
  });

  it('says how long a path may be', async () => {
    const fitting = join(folder.path, 'x'.repeat(107 - folder.path.length - 1));
    await openSocket(fitting);
    expect(await serveSocket(api, { path: `${fitting}x`, log })).toEqual({
      kind: 'problem',
      code: 'path-too-long',
      message: `the socket's path has 108 bytes; 107 are allowed: ${fitting}x`,
    });
  });

  it('says why its folder cannot be made', async () => {
    writeFileSync(join(folder.path, 'file'), '');
    const outcome = await serveSocket(api, { path: join(folder.path, 'file', 'a.sock'), log });
    expect(outcome).toMatchObject({ kind: 'problem', code: 'failed' });
  });

  it('waits for no idle connection when it closes', async () => {
    const path = join(folder.path, 'foretide.sock');
    const served = await openSocket(path);
    await exchange(path, { path: '/healthz', headers: { connection: 'keep-alive' } });
    await served.close();
    await expect(exchange(path, { path: '/healthz' })).rejects.toThrow();
  });
});

describe('TCP on loopback', () => {
  it('lets anybody on the machine read, and nobody act', async () => {
    const { address } = await openLoopback();
    for (const path of ['/predict', '/datapoints', '/metrics', '/healthz', '/v1/groups']) {
      expect((await exchange(address, { path })).status).toBe(200);
    }
    const set = { method: 'POST', path: '/v1/groups/web/set', body: '{"desired":9,"why":"no"}' };
    const headers = { 'content-type': 'application/json' };
    expect((await exchange(address, { ...set, headers })).status).toBe(403);
    expect(fake.wishes).toEqual([]);
  });

  it('is served on the other addresses of this machine too', async () => {
    const { address } = await openLoopback('localhost');
    expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const other = await openLoopback('127.9.8.7');
    expect((await exchange(other.address, { path: '/healthz' })).status).toBe(200);
  });

  it.each(['0.0.0.0', '::', '192.168.1.4', 'example.org', 'localhost.example.org', ''])(
    'refuses to listen on %j',
    async (host) => {
      const outcome = await serveWeb(api, { host, port: 0, log });
      expect(outcome).toMatchObject({ kind: 'problem', code: 'not-loopback' });
    },
  );

  it('answers under names of this machine only', async () => {
    const { address } = await openLoopback();
    const { port } = new URL(address);
    const ask = async (host: string): Promise<number> =>
      (await exchange(address, { path: '/healthz', headers: { host } })).status;
    for (const host of ['localhost', `LOCALHOST:${port}`, '127.0.0.1', `[::1]:${port}`]) {
      expect(await ask(host)).toBe(200);
    }
    for (const host of [
      'evil.example',
      `evil.example:${port}`,
      '10.0.0.1',
      '127.0.0.1.evil.example',
    ]) {
      expect(await ask(host)).toBe(421);
    }
  });

  it('says that a port is taken', async () => {
    const taken = createTcpServer();
    taken.listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const address = taken.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    expect(await serveWeb(api, { port, log })).toEqual({
      kind: 'problem',
      code: 'in-use',
      message: `127.0.0.1:${port} is in use already`,
    });
    taken.close();
  });
});
