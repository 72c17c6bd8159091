import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { makeCertificate } from '../../test/brokers/certificate.ts';
import {
  type BrokerListener,
  type BrokerOptions,
  type BrokerTls,
  findStartProblem,
  isLoopback,
  nameOf,
} from './broker-options.ts';
import type { Credential } from './credential.ts';
import { startBroker } from './embedded-broker.ts';

const passwordHash = `$scrypt$ln=14,r=8,p=1$${'a'.repeat(22)}$${'b'.repeat(43)}`;
const reader: Credential = { role: 'reader', userName: 'grafana', passwordHash };
const certificate = makeCertificate();
const tls: BrokerTls = { ...certificate, clientAuthority: null };
const local: BrokerListener = { host: '127.0.0.1', port: 0, tls: null };
const open: BrokerListener = { host: '0.0.0.0', port: 8883, tls };

function options(overrides: Partial<BrokerOptions>): BrokerOptions {
  return {
    listeners: [local],
    credentials: [],
    loadTopics: [],
    log: { write: () => {} },
    ...overrides,
  };
}

describe('what the broker is told', () => {
  it('is fine on loopback without anything', () => {
    expect(findStartProblem(options({}))).toBeNull();
  });

  it('is fine off loopback with a certificate and credentials', () => {
    expect(
      findStartProblem(options({ listeners: [local, open], credentials: [reader] })),
    ).toBeNull();
  });

  const cases: [string, Partial<BrokerOptions>, string, RegExp][] = [
    ['no address', { listeners: [] }, 'no-listener', /no address to listen on/],
    ['no host', { listeners: [{ ...local, host: '' }] }, 'bad-address', /:0, expected a host/],
    [
      'a bad port',
      { listeners: [{ ...local, port: 70_000 }] },
      'bad-address',
      /127\.0\.0\.1:70000/,
    ],
    [
      'no certificate off loopback',
      { listeners: [{ ...open, tls: null }], credentials: [reader] },
      'needs-tls',
      /^broker: 0\.0\.0\.0:8883 is reachable from other machines, so it needs a certificate/,
    ],
    [
      'no credentials off loopback',
      { listeners: [local, { ...open, host: '::' }] },
      'needs-credentials',
      /^broker: \[::\]:8883 is reachable from other machines, so it needs credentials/,
    ],
    [
      'a login required of nobody',
      { listeners: [{ ...local, isLoginRequired: true }] },
      'needs-credentials',
      /there are no credentials/,
    ],
    [
      'a key that is none',
      { listeners: [{ ...open, tls: { ...tls, key: 'key' } }], credentials: [reader] },
      'bad-tls',
      /certificate and key for 0\.0\.0\.0:8883 cannot be used: /,
    ],
    [
      'the key of another certificate',
      {
        listeners: [{ ...open, tls: { ...tls, key: makeCertificate().key } }],
        credentials: [reader],
      },
      'bad-tls',
      /cannot be used: .*key/i,
    ],
    [
      'two credentials of one name',
      { credentials: [reader, reader] },
      'bad-credentials',
      /^broker: credentials\.1\.userName: "grafana" is there twice$/,
    ],
    [
      'a limit of nothing',
      { limits: { sessionsMax: 0 } },
      'bad-limit',
      /limit sessionsMax is 0, expected a whole number above 0/,
    ],
  ];
  it.each(cases)('is refused with %s', async (_, overrides, code, message) => {
    const start = await startBroker(options(overrides));
    const problem = start.ok ? null : start.problem;
    expect(problem?.code).toBe(code);
    expect(problem?.message).toMatch(message);
    expect(problem?.message).not.toContain('\n');
  });

  it('is refused with an address in use, and the others are given back', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const address = taken.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const free = createServer().listen(0, '127.0.0.1');
    await once(free, 'listening');
    const freeAddress = free.address();
    if (freeAddress === null || typeof freeAddress === 'string') throw new Error('no port');
    free.close();
    const start = await startBroker(
      options({
        listeners: [
          { ...local, port: freeAddress.port },
          { ...local, port: address.port },
        ],
      }),
    );
    expect(start.ok ? null : start.problem).toEqual({
      code: 'address-in-use',
      message: `broker: 127.0.0.1:${address.port} is in use by another program`,
    });
    taken.close();
    const again = createServer().listen(freeAddress.port, '127.0.0.1');
    await once(again, 'listening');
    again.close();
  });
});

describe('loopback', () => {
  it.each(['127.0.0.1', '127.8.9.1', 'localhost', 'LOCALHOST', '::1', '[::1]', '::ffff:127.0.0.1'])(
    'is %s',
    (host) => expect(isLoopback(host)).toBe(true),
  );
  it.each(['0.0.0.0', '::', '10.0.0.1', '127.0.0.1.example.com', '127.evil.example', '1::1', ''])(
    'is not %j',
    (host) => expect(isLoopback(host)).toBe(false),
  );
  it('is written with brackets where it is IPv6', () => {
    expect(nameOf({ host: '::1', port: 1 })).toBe('[::1]:1');
  });
});
