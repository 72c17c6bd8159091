import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { SourceOutcome } from '../controller/ports/signal-source.ts';
import { bodyBytesMax, type Resolve } from './fetch-text.ts';
import { createHttpSource, type HttpOrigin } from './http-source.ts';
import { createPrometheusSource } from './prometheus-source.ts';
import {
  answerWith,
  openAnsweringServer,
  type AnsweringServer,
} from './testing/answering-server.ts';

const askedAt = 1_800_000_000_000;
const surroundings = { now: () => askedAt };
let server: AnsweringServer;

beforeEach(async () => {
  server = await openAnsweringServer();
});

afterEach(async () => {
  await server.close();
});

async function readHttp(
  answer: RequestListener,
  origin: Partial<HttpOrigin> = {},
  resolve?: Resolve,
): Promise<SourceOutcome> {
  server.answer = answer;
  const { url } = server;
  const whole = { type: 'http', url, pointer: '', token: null, timeoutMs: 10_000 } as const;
  return await createHttpSource({ ...whole, ...origin }, surroundings, resolve).read();
}

function failed(message: string): SourceOutcome {
  return { kind: 'failed', message: expect.stringContaining(message) };
}

describe('a source of JSON by HTTP', () => {
  it.each([
    { body: '12.5', pointer: '', value: 12.5 },
    { body: '{"depth": 0}', pointer: '/depth', value: 0 },
    { body: '{"queues":[{"a/b":{"m~n":7}}]}', pointer: '/queues/0/a~1b/m~0n', value: 7 },
    { body: '{"": {"": 3}}', pointer: '//', value: 3 },
  ])('reads $value at "$pointer" of $body', async ({ body, pointer, value }) => {
    const outcome = await readHttp(answerWith(body), { pointer });
    expect(outcome).toEqual({ kind: 'value', value, measuredAt: askedAt });
  });

  it.each([
    ['{"depth": null}', '/depth'],
    ['null', ''],
  ])('takes %s for nothing measured, not for zero', async (body, pointer) => {
    expect(await readHttp(answerWith(body), { pointer })).toMatchObject({ kind: 'nothing' });
  });

  it('takes an empty answer for nothing measured', async () => {
    expect(await readHttp(answerWith('', 204))).toMatchObject({ kind: 'nothing' });
  });

  it.each([
    { body: '{"depth": "12"}', message: '/depth is text, allowed: a number' },
    { body: '{"depth": [1]}', message: '/depth is a list, allowed: a number' },
    { body: '{"depth": {}}', message: '/depth is an object' },
    { body: '{"depth": true}', message: '/depth is true' },
    { body: '{"deep": 1}', message: 'the answer has nothing at /depth' },
    { body: '{"depth": NaN}', message: 'the answer is no JSON' },
    { body: '', message: 'the answer is no JSON' },
  ])('refuses $body: $message', async ({ body, message }) => {
    expect(await readHttp(answerWith(body), { pointer: '/depth' })).toEqual(failed(message));
  });

  it.each([400, 401, 404, 500, 503])('fails on HTTP %i, whatever the body says', async (status) => {
    expect(await readHttp(answerWith('12', status))).toEqual(failed(`HTTP ${status}`));
  });

  it.each(['http://169.254.169.254/latest/meta-data/', '/elsewhere'])(
    'does not follow a redirect to %s',
    async (location) => {
      const answer: RequestListener = (_, response) =>
        void response.writeHead(302, { location }).end();
      expect(await readHttp(answer)).toEqual(
        failed('a redirect (HTTP 302), which is not followed'),
      );
      expect(server.asked).toHaveLength(1);
    },
  );

  it('reads no body beyond its bound', async () => {
    const answer: RequestListener = (_, response) => {
      const send = (): void => {
        while (!response.destroyed && response.write(' '.repeat(65_536)));
      };
      response.on('drain', send);
      send();
    };
    expect(await readHttp(answer)).toEqual(failed(`more than ${bodyBytesMax} bytes`));
  });

  it.each([
    { what: 'never answers', answer: (): void => undefined },
    {
      what: 'stops within its answer',
      answer: ((_, response) => void response.write('1')) satisfies RequestListener,
    },
  ])('gives an endpoint up that $what', async ({ answer }) => {
    const outcome = await readHttp(answer, { timeoutMs: 100 });
    expect(outcome).toEqual(failed('no complete answer within 100 ms'));
  });

  it('fails where the connection breaks off', async () => {
    const answer: RequestListener = (request) => void request.socket.destroy();
    expect(await readHttp(answer)).toMatchObject({ kind: 'failed' });
  });

  it('fails where nobody listens', async () => {
    const { url } = server;
    await server.close();
    expect(await readHttp(() => undefined, { url })).toEqual(failed('ECONNREFUSED'));
    server = await openAnsweringServer();
  });
});

describe('the addresses of a source', () => {
  it.each([
    'http://169.254.169.254/latest',
    // The same number, as browsers and Node read it.
    'http://2852039166/',
    'http://0xa9fea9fe/',
    'http://[fe80::1]/',
    'http://[febf::1]/',
    'http://[::ffff:169.254.169.254]/',
    'http://[fd00:ec2::254]/',
  ])('are not %s', async (url) => {
    expect(await readHttp(answerWith('1'), { url })).toEqual(failed('a link-local address'));
  });

  it.each([
    { address: '169.254.170.2', family: 4 },
    { address: 'fe80::1', family: 6 },
  ])('are not names that resolve to $address, alone or among others', async (bad) => {
    const good = { address: '127.0.0.1', family: 4 };
    for (const addresses of [[bad], [good, bad]]) {
      const resolve: Resolve = (_, __, done) => done(null, addresses);
      const url = `http://metrics.example:${server.port}/`;
      const outcome = await readHttp(answerWith('1'), { url }, resolve);
      expect(outcome).toEqual(failed(`metrics.example is ${bad.address}, a link-local address`));
    }
    expect(server.asked).toHaveLength(0);
  });

  it('are names that resolve elsewhere', async () => {
    const resolve: Resolve = (_, __, done) => done(null, [{ address: '127.0.0.1', family: 4 }]);
    const url = `http://metrics.example:${server.port}/`;
    expect(await readHttp(answerWith('1'), { url }, resolve)).toMatchObject({ value: 1 });
    expect(server.asked[0]?.headers.host).toBe(`metrics.example:${server.port}`);
  });
});

describe('the token of a source', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'foretide-token-'));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
    delete process.env['FORETIDE_TEST_TOKEN'];
  });

  it('is read anew from its file each time', async () => {
    const path = join(folder, 'token');
    const token = { kind: 'file', path } as const;
    for (const text of ['first', 'second\n']) {
      writeFileSync(path, text);
      await readHttp(answerWith('1'), { token });
    }
    const shown = server.asked.map(({ headers }) => headers.authorization);
    expect(shown).toEqual(['Bearer first', 'Bearer second']);
  });

  it('is read from a variable of the environment', async () => {
    process.env['FORETIDE_TEST_TOKEN'] = 'abc';
    const token = { kind: 'variable', name: 'FORETIDE_TEST_TOKEN' } as const;
    await readHttp(answerWith('1'), { token });
    expect(server.asked[0]?.headers.authorization).toBe('Bearer abc');
  });

  it('is told of by its place alone where it is missing or none', async () => {
    const path = join(folder, 'token');
    const token = { kind: 'file', path } as const;
    expect(await readHttp(answerWith('1'), { token })).toEqual(
      failed(`no token can be read from ${path}`),
    );
    writeFileSync(path, 'se cret\r\nX-Other: 1');
    const outcome = await readHttp(answerWith('1'), { token });
    expect(outcome).toEqual({
      kind: 'failed',
      message: `what is in ${path} is no bearer token`,
    });
    expect(server.asked).toHaveLength(0);
  });
});

describe('a source of Prometheus', () => {
  async function read(answer: RequestListener, path = ''): Promise<SourceOutcome> {
    server.answer = answer;
    const url = `${server.url}${path}`;
    const query = 'sum(rate(x{a="b&c"}[1m])) + 1';
    const origin = { type: 'prometheus', url, query, token: null, timeoutMs: 10_000 } as const;
    return await createPrometheusSource(origin, surroundings).read();
  }

  function success(resultType: string, result: unknown): RequestListener {
    return answerWith(JSON.stringify({ status: 'success', data: { resultType, result } }));
  }

  it('asks by the HTTP API, below any path', async () => {
    await read(success('scalar', [1, '1']), '/prom/');
    const asked = new URL(server.asked[0]?.url ?? '', 'http://any');
    expect(asked.pathname).toBe('/prom/api/v1/query');
    expect(asked.searchParams.get('query')).toBe('sum(rate(x{a="b&c"}[1m])) + 1');
  });

  it('reads a scalar and a vector of one element', async () => {
    const value = { kind: 'value', value: 1.5e3, measuredAt: askedAt };
    expect(await read(success('scalar', [1, '1.5e3']))).toEqual(value);
    const vector = [{ metric: { job: 'web' }, value: [1, '1500'] }];
    expect(await read(success('vector', vector))).toEqual(value);
  });

  it('tells a true zero from nothing measured', async () => {
    expect(await read(success('vector', [{ metric: {}, value: [1, '0'] }]))).toMatchObject({
      kind: 'value',
      value: 0,
    });
    expect(await read(success('vector', []))).toMatchObject({ kind: 'nothing' });
    expect(await read(success('scalar', [1, 'NaN']))).toMatchObject({ kind: 'nothing' });
  });

  const element = { metric: {}, value: [1, '1'] };
  it.each([
    [success('vector', [element, element]), 'comes to 2 elements, allowed: one, as in sum(…)'],
    [success('matrix', []), 'comes to a matrix, allowed: a scalar or a vector of one element'],
    [success('string', [1, 'x']), 'comes to a string'],
    [success('scalar', [1, '+Inf']), 'comes to +Inf, allowed: a finite number'],
    [success('scalar', [1, '']), 'allowed: a finite number'],
    [success('scalar', null), 'not one of Prometheus'],
    [answerWith('[]'), 'not one of Prometheus'],
    [answerWith('<html>'), 'no JSON'],
    [answerWith('<html>', 502), 'HTTP 502'],
    [
      answerWith('{"status":"error","errorType":"bad_data","error":"parse error"}', 400),
      'the query was refused (HTTP 400): parse error',
    ],
  ])('refuses an answer clearly (%#)', async (answer, message) => {
    expect(await read(answer)).toEqual(failed(message));
  });
});
