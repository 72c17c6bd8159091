// What an error of the MQTT library, of TLS or of the network means, in one line without secrets.

import { RefusedConnectionError } from './framed-connection.ts';

/** MQTT 3.1.1, table 3.1. */
const connackCodes: Readonly<Record<number, string>> = {
  1: 'the broker does not speak MQTT 3.1.1',
  2: 'the broker refuses the client id',
  3: 'the broker is not available',
  4: 'the broker refuses the user name or password',
  5: 'the broker refuses the login',
};

const networkCodes: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'the connection was reset',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  ENOTFOUND: 'there is no host of that name',
  EAI_AGAIN: 'the host name cannot be resolved now',
  ETIMEDOUT: 'the host does not answer',
  EPROTO: 'the other end does not speak TLS',
  ERR_SSL_WRONG_VERSION_NUMBER: 'the other end does not speak TLS',
  ERR_TLS_CERT_ALTNAME_INVALID: 'the certificate is for another host',
  CERT_HAS_EXPIRED: 'the certificate has expired',
};

export function describeTrouble(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error';
  if (error instanceof RefusedConnectionError) {
    return `the broker sent a bad packet (${error.reason})`;
  }
  const code = codeOf(error);
  if (typeof code === 'number') return connackCodes[code] ?? `the broker refuses with code ${code}`;
  if (error.message === 'connack timeout') return 'the broker does not answer';
  if (code === null) return error.message;
  const known = networkCodes[code];
  if (known !== undefined) return `${known} (${code})`;
  // OpenSSL's verdicts on a certificate, as Node names them.
  const isUntrusted = /CERT|SIGNATURE|ISSUER/.test(code);
  return isUntrusted ? `the certificate is not trusted (${code})` : `${error.message} (${code})`;
}

function codeOf(error: Error): string | number | null {
  if ('code' in error && (typeof error.code === 'string' || typeof error.code === 'number')) {
    return error.code;
  }
  // One for each address of a host that has several.
  if (error instanceof AggregateError && error.errors[0] instanceof Error) {
    return codeOf(error.errors[0]);
  }
  return null;
}
