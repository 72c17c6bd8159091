import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listServiceMetrics } from './compatibility-routes.ts';
import { serveSocket, serveWeb, type Served } from './serve.ts';
import { httpPage, readExamples } from './testing/documented-examples.ts';
import { exchange, expectServing, makeFolder } from './testing/exchange.ts';
import { createFakeApi, createFakeController } from './testing/fake-controller.ts';

const examples = readExamples();
/** A stream has no end to compare; `event-routes.test.ts` reads it. */
const exchanges = examples.filter(({ type }) => type !== 'text/event-stream');
const fake = createFakeController();
const api = createFakeApi(fake);
const folder = makeFolder();
let served: Served;
let web: Served;

beforeAll(async () => {
  const path = join(folder.path, 'foretide.sock');
  served = expectServing(await serveSocket(api, { path, log: fake.log }));
  web = expectServing(await serveWeb(api, { port: 0, log: fake.log }));
});

afterAll(async () => {
  await served.close();
  await web.close();
  folder.remove();
});

describe('docs/http.md', () => {
  it.each(exchanges.map((example, index) => ({ ...example, index })))(
    'is right about example $index: $request.method $request.path',
    async ({ request, status, text, type }) => {
      // Sessions are for browsers, which open no socket.
      const isSession = request.path === '/v1/session';
      const reply = await exchange(isSession ? web.address : served.address, request);
      expect({ status: reply.status, type: reply.headers['content-type'] }).toEqual({
        status,
        type,
      });
      if (type.includes('json')) expect(JSON.parse(reply.text)).toEqual(JSON.parse(text));
      else expect(reply.text).toBe(text);
    },
  );

  it('has an example of every route', () => {
    const routes = [...api.socket.routes, ...api.web.routes].filter(
      ({ method, path }) => method !== 'ALL' && path.length > 1 && !path.startsWith('/assets/'),
    );
    expect(routes.length).toBeGreaterThan(10);
    for (const { method, path } of routes) {
      const pattern = new RegExp(`^${path.replaceAll(/:[a-z]+/g, '[^/]+')}(\\?|$)`);
      const shown = examples.filter(({ request }) => {
        return request.method === method && pattern.test(request.path);
      });
      if (shown.length === 0) throw new Error(`${method} ${path} has no example`);
    }
  });

  it('has every metric in its table and no other', () => {
    const source = readFileSync(new URL('../controller/metrics.ts', import.meta.url), 'utf8');
    const named = [...source.matchAll(/'(foretide_[a-z_]+)'/g)].map(([, name]) => name);
    const own = listServiceMetrics({ version: '', startedAt: 0 }).map(({ name }) => name);
    const documented = [...httpPage.matchAll(/^\| `(foretide_[a-z_]+)` \| (\w+) \|/gm)];
    expect(documented.map(([, name]) => name).toSorted()).toEqual([...own, ...named].toSorted());
    for (const [, name = '', type] of documented) {
      expect([name, type === 'counter']).toEqual([name, name.endsWith('_total')]);
    }
  });
});
