import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  classifyError,
  mayHaveHappened,
  toActuation,
  toDescribeFailureCode,
  type CallFailureKind,
} from './errors.ts';

function systemError(fields: Record<string, unknown>): Error {
  return Object.assign(new Error(String(fields['message'] ?? 'x')), fields);
}

describe('classifying an error', () => {
  it.each<[CallFailureKind, Record<string, unknown>]>([
    ['unreachable', { code: 'ENOTFOUND', syscall: 'getaddrinfo' }],
    ['unreachable', { code: 'EAI_AGAIN', syscall: 'getaddrinfo' }],
    ['unreachable', { code: 'ETIMEDOUT', syscall: 'connect', name: 'TimeoutError' }],
    ['unreachable', { code: 'ECONNREFUSED', errors: [], name: 'AggregateError' }],
    ['unreachable', { code: 'SELF_SIGNED_CERT_IN_CHAIN' }],
    ['unreachable', { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }],
    ['unreachable', { code: 'CERT_HAS_EXPIRED' }],
    ['unreachable', { code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' }],
    ['unreachable', { code: 'ERR_TLS_CERT_ALTNAME_INVALID' }],
    [
      'unreachable',
      {
        name: 'TimeoutError',
        message: 'the request socket did not establish a connection with the server within 9 ms.',
      },
    ],
    [
      'unreachable',
      {
        code: 'ECONNRESET',
        message: 'Client network socket disconnected before secure TLS connection was established',
      },
    ],
    ['broken-off', { code: 'ECONNRESET', syscall: 'read', name: 'TimeoutError' }],
    ['broken-off', { code: 'EPIPE', syscall: 'write' }],
    ['broken-off', { code: 'ECONNRESET', message: 'socket hang up' }],
    ['broken-off', { code: 'HPE_INVALID_CONSTANT', message: 'Parse Error: Expected HTTP/' }],
    ['broken-off', { code: 'ERR_SSL_SSLV3_ALERT_BAD_RECORD_MAC', syscall: 'read' }],
    ['broken-off', { code: 'EHOSTUNREACH', syscall: 'read' }],
    ['timed-out', { code: 'ETIMEDOUT', name: 'TimeoutError' }],
    ['timed-out', { name: 'AbortError' }],
    ['throttled', { name: 'Unknown', $metadata: { httpStatusCode: 429 } }],
    ['server-fault', { name: 'ServiceUnavailable', $metadata: { httpStatusCode: 503 } }],
    ['denied', { name: 'TokenProviderError' }],
    ['failed', { name: 'Unknown', $metadata: { httpStatusCode: 302 } }],
    ['failed', { message: 'Region is missing' }],
  ])('is %s for %j', (kind, fields) => {
    expect(classifyError(systemError(fields)).kind).toBe(kind);
  });

  it('takes anything that is thrown, in one line of bounded length', () => {
    fc.assert(
      fc.property(fc.anything(), (thrown) => {
        const { message } = classifyError(thrown);
        expect(message).toMatch(/^[^\r\n]{1,400}$/);
      }),
    );
  });
});

const everyKind: readonly CallFailureKind[] = [
  ...(['throttled', 'in-progress', 'out-of-bounds', 'denied', 'failed', 'unreachable'] as const),
  ...(['timed-out', 'broken-off', 'unreadable', 'server-fault'] as const),
];

describe('the outcome of a change', () => {
  it('is unknown whenever it may have happened, whatever came last', () => {
    for (const kind of everyKind) {
      expect(toActuation({ kind, message: 'x' }, true).kind).toBe('unknown');
      expect(toActuation({ kind, message: 'x' }, false).kind).toBe('refused');
    }
  });

  it('may have happened only if AWS may have got it', () => {
    const uncertain = everyKind.filter((kind) => mayHaveHappened({ kind, message: '' }));
    expect(uncertain).toEqual(['timed-out', 'broken-off', 'unreadable', 'server-fault']);
  });
});

describe('the outcome of a description', () => {
  it('has a code for every kind', () => {
    const codes = everyKind.map(toDescribeFailureCode);
    expect(new Set(codes)).toEqual(
      new Set(['throttled', 'denied', 'timed-out', 'unreachable', 'failed']),
    );
  });
});
