import { connect } from 'node:net';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { serveWeb, type Served } from '../serve.ts';
import {
  exchange,
  expectServing,
  makeFolder,
  type Exchange,
  type Reply,
} from '../testing/exchange.ts';
import {
  createFakeApi,
  createFakeController,
  openWeb,
  type FakeController,
} from '../testing/fake-controller.ts';
import { createRateLimit } from './rate-limit.ts';
import { createSessions, sessionLastsMs } from './sessions.ts';
import { createToken, findToken, hashToken } from './tokens.ts';

const alice = createToken();
const victor = createToken();
const tokens = [
  { name: 'alice', role: 'operator', hash: hashToken(alice) },
  { name: 'victor', role: 'viewer', hash: hashToken(victor) },
] as const;

let folder: ReturnType<typeof makeFolder>;
let fake: FakeController;
let served: Served;

beforeEach(async () => {
  folder = makeFolder();
  mkdirSync(join(folder.path, 'assets'));
  writeFileSync(join(folder.path, 'index.html'), '<!doctype html><title>Foretide</title>');
  writeFileSync(join(folder.path, 'assets', 'page-1a2b.js'), 'console.log(1);'.repeat(100));
  writeFileSync(join(folder.path, 'secret.txt'), 'not for anybody');
  fake = createFakeController();
  const web = { ...openWeb, tokens, isReadingOpen: false, pageFolder: folder.path };
  const api = createFakeApi(fake, { web });
  served = expectServing(await serveWeb(api, { port: 0, log: fake.log }));
});

afterEach(async () => {
  await served.close();
  folder.remove();
});

const json = { 'content-type': 'application/json' };
const own = { ...json, 'sec-fetch-site': 'same-origin' };
const set = { method: 'POST', path: '/v1/groups/web/set', body: '{"desired":8,"why":"a test"}' };

function ask(asked: Exchange): Promise<Reply> {
  return exchange(served.address, asked);
}

function as(token: string): { readonly authorization: string } {
  return { authorization: `Bearer ${token}` };
}

/** Status and code of a refusal. */
async function refusal(asked: Exchange): Promise<string> {
  const { status, text } = await ask(asked);
  // A wrong shape shows in the comparison.
  return `${status} ${(JSON.parse(text) as { code?: string }).code}`;
}

/** The cookie of a log-in, as a browser would send it back. */
async function logIn(token: string): Promise<string> {
  const body = JSON.stringify({ token });
  const reply = await ask({ method: 'POST', path: '/v1/session', headers: own, body });
  expect(reply.status).toBe(200);
  const [cookie = ''] = [reply.headers['set-cookie'] ?? ''].flat();
  expect(cookie).toMatch(
    /^foretide_session=[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict$/,
  );
  return cookie.split(';')[0] ?? '';
}

describe('a token', () => {
  it('is needed on every route of /v1, and known by its hash alone', async () => {
    for (const path of ['/v1/groups', '/v1/events', '/v1/audit', '/v1/config', '/v1/version']) {
      expect(await refusal({ path })).toBe('401 no-token');
      expect(await refusal({ path, headers: as(createToken()) })).toBe('401 no-token');
    }
    const reply = await ask({ path: '/v1/groups' });
    expect(reply.headers['www-authenticate']).toContain('Bearer');
    expect((await ask({ path: '/v1/groups', headers: as(victor) })).status).toBe(200);
    expect(findToken(tokens, 'x'.repeat(100_000))).toBeNull();
  });

  it('names who acts, whatever the request says', async () => {
    const headers = { ...json, ...as(alice), 'foretide-user': 'mallory' };
    expect((await ask({ ...set, headers })).status).toBe(200);
    expect(fake.wishes).toMatchObject([['web', { by: 'alice' }]]);
  });

  it('of a viewer reads, foresees, and does not act', async () => {
    const headers = { ...json, ...as(victor) };
    expect(await refusal({ ...set, headers })).toBe('403 not-allowed');
    const body = '{"action":"set","desired":8}';
    const path = '/v1/groups/web/preview';
    expect((await ask({ method: 'POST', path, headers, body })).status).toBe(200);
    expect(fake.wishes).toEqual([]);
  });

  it('never stands in a URL', async () => {
    const path = `/v1/events?token=${alice}`;
    expect(await refusal({ path })).toBe('400 token-in-url');
    expect(await refusal({ path, headers: as(alice) })).toBe('400 token-in-url');
  });

  it('is not repeated where it is refused', async () => {
    const body = JSON.stringify({ token: [alice] });
    const reply = await ask({ method: 'POST', path: '/v1/session', headers: own, body });
    expect(reply.status).toBe(422);
    expect(reply.text + fake.logged.join()).not.toContain(alice);
  });
});

describe('a session', () => {
  it('reads and acts as its token, until it is ended', async () => {
    const cookie = await logIn(alice);
    const who = await ask({ path: '/v1/session', headers: { cookie } });
    expect(JSON.parse(who.text)).toMatchObject({ name: 'alice', role: 'operator' });
    expect((await ask({ ...set, headers: { ...own, cookie } })).status).toBe(200);
    expect(fake.wishes).toMatchObject([['web', { by: 'alice' }]]);
    await ask({ method: 'DELETE', path: '/v1/session', headers: { ...own, cookie } });
    expect(await refusal({ path: '/v1/groups', headers: { cookie } })).toBe('401 no-token');
    const after = await ask({ path: '/v1/session', headers: { cookie } });
    expect(JSON.parse(after.text)).toEqual({ name: null, role: null, expiresAt: null });
  });

  it('is no use to another site', async () => {
    const cookie = await logIn(alice);
    const foreign = [
      { ...json, cookie, 'sec-fetch-site': 'cross-site' },
      { ...json, cookie, 'sec-fetch-site': 'same-site' },
      { ...json, cookie, origin: 'https://evil.example' },
      { ...json, cookie, origin: 'null' },
      { ...json, cookie },
    ];
    for (const headers of foreign) {
      expect(await refusal({ ...set, headers })).toBe('403 cross-site');
    }
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
      const headers = { cookie, 'sec-fetch-site': 'same-origin', 'content-type': type };
      expect(await refusal({ ...set, headers })).toBe('415 no-json');
    }
    expect(fake.wishes).toEqual([]);
    const { host } = new URL(served.address);
    const headers = { ...json, cookie, origin: `http://${host}` };
    expect((await ask({ ...set, headers })).status).toBe(200);
  });

  it('ends by itself, and the oldest for a new one', () => {
    let now = 0;
    const sessions = createSessions(() => now);
    const first = sessions.open('alice', 'operator');
    now = sessionLastsMs - 1;
    expect(sessions.find(first.secret)?.name).toBe('alice');
    now = sessionLastsMs;
    expect(sessions.find(first.secret)).toBeNull();
    const kept = sessions.open('victor', 'viewer');
    const oldest = sessions.open('alice', 'operator');
    for (let count = 0; count < 60; count += 1) sessions.open('alice', 'operator');
    expect(sessions.find(oldest.secret)).toBeNull();
    expect(sessions.isOpen(kept.person)).toBe(true);
    for (let count = 0; count < 3000; count += 1) sessions.open(`u${count}`, 'viewer');
    expect(sessions.size).toBe(1000);
  });
});

describe('what is refused before anything else', () => {
  it('guesses at tokens, after a few', async () => {
    const guess = (): Promise<Reply> =>
      ask({ method: 'POST', path: '/v1/session', headers: own, body: '{"token":"guess"}' });
    const statuses: number[] = [];
    for (let count = 0; count < 12; count += 1) statuses.push((await guess()).status);
    expect(statuses.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 401));
    const last = await guess();
    expect(last.status).toBe(429);
    expect(Number(last.headers['retry-after'])).toBeGreaterThan(0);
    // Who has a token is not kept out by somebody who guesses.
    expect((await ask({ path: '/v1/groups', headers: as(alice) })).status).toBe(200);
  });

  it('names that are not this machine’s', async () => {
    const headers = { ...as(alice), host: 'rebound.example' };
    expect(await refusal({ path: '/v1/groups', headers })).toBe('421 wrong-host');
    expect(await refusal({ path: '/', headers })).toBe('421 wrong-host');
  });

  it('too many questions of one client, of its network with IPv6', () => {
    let at = 0;
    const limit = createRateLimit({ burst: 2, perSecond: 1, elapsedMs: () => at });
    expect([limit.take('a'), limit.take('a'), limit.take('a')]).toEqual([null, null, 1]);
    expect(limit.take('b')).toBeNull();
    at = 1000;
    expect([limit.look('a'), limit.take('a'), limit.take('a')]).toEqual([null, null, 1]);
    expect(limit.take('2001:db8:1:2::1')).toBeNull();
    expect(limit.take('2001:db8:1:2:3:4:5:6')).toBeNull();
    expect(limit.take('2001:db8:1:2:ffff::')).toBe(1);
    expect(limit.take('2001:db8:1:3::1')).toBeNull();
  });

  it('a client that sends its head slowly, without holding up others', async () => {
    const { hostname, port } = new URL(served.address);
    const slow = connect(Number(port), hostname);
    slow.on('error', () => undefined);
    slow.write('GET /v1/groups HTTP/1.1\r\nhost: 127.0.0.1\r\nx');
    expect((await ask({ path: '/healthz' })).status).toBe(200);
    slow.destroy();
  });
});

describe('the page', () => {
  it('is open, may talk to itself alone, and is kept by what its names say', async () => {
    const index = await ask({ path: '/' });
    expect(index).toMatchObject({ status: 200, text: expect.stringContaining('<title>') });
    expect(index.headers['cache-control']).toBe('no-store');
    expect(index.headers['content-security-policy']).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
    expect(index.headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
    });
    const asset = await ask({
      path: '/assets/page-1a2b.js',
      headers: { 'accept-encoding': 'gzip' },
    });
    expect(asset.headers).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      'content-encoding': 'gzip',
      'content-type': 'text/javascript; charset=utf-8',
    });
    const known = { 'if-none-match': String(asset.headers['etag']) };
    expect((await ask({ path: '/assets/page-1a2b.js', headers: known })).status).toBe(304);
  });

  it.each([
    '/assets/../secret.txt',
    '/assets/..%2fsecret.txt',
    '/assets/%2e%2e/secret.txt',
    '/assets/..%5csecret.txt',
    '//secret.txt',
    '/assets/%00',
    '/secret.txt',
    '/assets/',
    '/index.html',
  ])('gives nothing for %s', async (path) => {
    const reply = await ask({ path });
    expect(reply.status).toBe(404);
    expect(reply.text).not.toContain('not for anybody');
  });

  it('says how it is built where it is not', async () => {
    const api = createFakeApi(fake);
    const bare = expectServing(await serveWeb(api, { port: 0, log: fake.log }));
    const reply = await exchange(bare.address, { path: '/' });
    await bare.close();
    expect(reply.text).toContain('has not been built');
    expect(reply.headers['content-type']).toBe('text/plain; charset=utf-8');
  });
});

describe('off loopback', () => {
  it('is nothing served without TLS, and little without a token', async () => {
    const web = { ...openWeb, tokens, isReadingOpen: false, isOffLoopback: true };
    const api = createFakeApi(fake, { web });
    expect(await serveWeb(api, { host: '0.0.0.0', port: 0, log: fake.log })).toMatchObject({
      kind: 'problem',
      code: 'not-loopback',
    });
    for (const [path, status] of [
      ['/metrics', 401],
      ['/predict', 401],
      ['/healthz', 200],
      ['/', 200],
    ] as const) {
      expect((await api.web.request(path)).status).toBe(status);
    }
    const headers = as(victor);
    expect((await api.web.request('/metrics', { headers })).status).toBe(200);
  });

  it('says that a certificate cannot be used', async () => {
    const tls = { certificate: 'no PEM', key: 'no PEM' };
    const outcome = await serveWeb(createFakeApi(fake), { port: 0, log: fake.log, tls });
    expect(outcome).toMatchObject({ kind: 'problem', code: 'bad-certificate' });
  });
});
