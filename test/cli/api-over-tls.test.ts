// The API as people off the machine reach it: over TLS, with a token that the command line made.

import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { afterEach, describe, expect, it } from 'vitest';
import { createApi } from '../../src/api/create-api.ts';
import { serveWeb, type Served } from '../../src/api/serve.ts';
import { createFakeController, openWeb } from '../../src/api/testing/fake-controller.ts';
import { runForetide } from '../../src/cli/testing/run-foretide.ts';
import { makeCertificate } from '../brokers/certificate.ts';

let served: Served | null = null;

afterEach(async () => {
  await served?.close();
});

interface Asked {
  readonly port: string;
  readonly ca: string;
  readonly host?: string;
  readonly token?: string;
}

function ask({ ca, host = 'localhost', port, token }: Asked): Promise<number> {
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const where = { hostname: '127.0.0.1', servername: 'localhost', port };
  const options = { ...where, ca, path: '/v1/version' };
  return new Promise((resolve, reject) => {
    request({ ...options, headers: { host, ...authorization } }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on('error', reject)
      .end();
  });
}

describe('the API over TLS', () => {
  it('answers to the names of its certificate and to a token of `foretide token`', async () => {
    const made = await runForetide(
      ['token', '--name', 'alice', '--role', 'viewer', '--json'],
      tmpdir(),
    );
    const { hash, token } = JSON.parse(made.stdout) as { hash: string; token: string };
    const fake = createFakeController();
    const api = createApi({
      ...fake,
      version: '0.1.0',
      startedAt: 0,
      user: 'foretide',
      forecastRatio: () => null,
      config: { running: () => ({ groups: [], loadTopics: [] }), check: () => never() },
      web: {
        ...openWeb,
        tokens: [{ name: 'alice', role: 'viewer', hash }],
        isReadingOpen: false,
        isOffLoopback: true,
        hasTls: true,
      },
      jobThread: new URL('file:///none'),
      auditPath: null,
    });
    const { certificate, key } = makeCertificate();
    const outcome = await serveWeb(api, {
      host: '0.0.0.0',
      port: 0,
      tls: { certificate, key },
      log: fake.log,
    });
    if (outcome.kind === 'problem') throw new Error(outcome.message);
    served = outcome;
    expect(outcome.address).toMatch(/^https:\/\//);
    const asked = { port: new URL(outcome.address).port, ca: certificate };
    expect(await ask(asked)).toBe(401);
    expect(await ask({ ...asked, token })).toBe(200);
    expect(await ask({ ...asked, token, host: 'rebound.example' })).toBe(421);
  });

  it('has tokens for names and roles alone', async () => {
    const name = await runForetide(['token', '--name', 'a b', '--role', 'viewer'], tmpdir());
    expect(name).toMatchObject({ exitCode: 2, stdout: '' });
    expect(name.stderr).toContain('--name is "a b"; allowed: up to 64 letters');
    const role = await runForetide(['token', '--name', 'a', '--role', 'boss'], tmpdir());
    expect(role).toMatchObject({ exitCode: 2, stdout: '' });
    const told = await runForetide(['token', '--name', 'alice', '--role', 'operator'], tmpdir());
    expect(told.stdout).toMatch(
      /^foretide_[\w-]{43}\n[^]*- \{ name: alice, role: operator, hash: 'sha256:[0-9a-f]{64}' \}\n$/,
    );
  });
});

function never(): never {
  throw new Error('nobody asks');
}
