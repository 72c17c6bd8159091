import { describe, expect, it } from 'vitest';
import { describeTrouble } from './connection-trouble.ts';
import { RefusedConnectionError } from './framed-connection.ts';

function coded(code: string | number, message = 'raw'): Error {
  return Object.assign(new Error(message), { code });
}

describe('trouble with a connection', () => {
  it.each([
    [coded('ECONNREFUSED'), 'nothing listens there (ECONNREFUSED)'],
    [new AggregateError([coded('ECONNREFUSED')], 'all'), 'nothing listens there (ECONNREFUSED)'],
    [coded(4), 'the broker refuses the user name or password'],
    [coded(135), 'the broker refuses with code 135'],
    [
      coded('SELF_SIGNED_CERT_IN_CHAIN'),
      'the certificate is not trusted (SELF_SIGNED_CERT_IN_CHAIN)',
    ],
    [coded('EWEIRD', 'something else'), 'something else (EWEIRD)'],
    [new Error('connack timeout'), 'the broker does not answer'],
    [
      new RefusedConnectionError('oversized-packet'),
      'the broker sent a bad packet (oversized-packet)',
    ],
    ['text', 'unknown error'],
  ])('%s: %s', (error, expected) => {
    expect(describeTrouble(error)).toBe(expected);
  });
});
