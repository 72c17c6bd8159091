// What the embedded broker is told at its start, and what is wrong with it, found before anything
// is opened: off loopback it takes TLS and logins, or it does not start.

import { createSecureContext } from 'node:tls';
import type { Log } from '../controller/ports/log.ts';
import { type Credential, parseCredentials } from './credential.ts';
import type { BrokerLimits } from './limits.ts';

/** Where clients connect. */
export interface BrokerListener {
  /** An address or name of this machine; `127.0.0.1` unless others shall connect. */
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Null: unencrypted, on loopback only. */
  readonly tls: BrokerTls | null;
  /** Loopback lets clients in without a login, unless this is set. */
  readonly isLoginRequired?: boolean;
}

/** All in PEM. */
export interface BrokerTls {
  readonly certificate: string;
  readonly key: string;
  /** Given: clients must show a certificate signed by this authority as well. */
  readonly clientAuthority: string | null;
}

export interface BrokerOptions {
  readonly listeners: readonly BrokerListener[];
  readonly credentials: readonly Credential[];
  /** Topics like `ec2/load` that clients publish load lines to. */
  readonly loadTopics: readonly string[];
  readonly limits?: Partial<BrokerLimits>;
  readonly log: Log;
}

export type BrokerStartProblemCode =
  | 'no-listener'
  | 'bad-address'
  | 'needs-tls'
  | 'needs-credentials'
  | 'bad-credentials'
  | 'bad-tls'
  | 'bad-limit'
  | 'address-in-use'
  | 'listen-failed';

/** Why the broker does not start: one line for a person. */
export interface BrokerStartProblem {
  readonly code: BrokerStartProblemCode;
  readonly message: string;
}

/** The first problem that can be told from the options alone. */
export function findStartProblem(options: BrokerOptions): BrokerStartProblem | null {
  if (options.listeners.length === 0) {
    return {
      code: 'no-listener',
      message: 'broker: no address to listen on, expected at least one',
    };
  }
  for (const listener of options.listeners) {
    const problem = findListenerProblem(listener, options.credentials.length > 0);
    if (problem !== null) return problem;
  }
  for (const [name, value] of Object.entries(options.limits ?? {})) {
    if (Number.isSafeInteger(value) && value > 0) continue;
    const message = `broker: limit ${name} is ${String(value)}, expected a whole number above 0`;
    return { code: 'bad-limit', message };
  }
  const parsed = parseCredentials(options.credentials);
  if (!parsed.ok) return { code: 'bad-credentials', message: `broker: ${parsed.message}` };
  return null;
}

function findListenerProblem(
  listener: BrokerListener,
  hasCredentials: boolean,
): BrokerStartProblem | null {
  const where = nameOf(listener);
  if (listener.host === '' || !isPort(listener.port)) {
    const message = `broker: cannot listen on ${where}, expected a host and a port of 0 to 65535`;
    return { code: 'bad-address', message };
  }
  if (!isLoopback(listener.host)) {
    if (listener.tls === null) {
      const message = `broker: ${where} is reachable from other machines, so it needs a certificate`;
      return { code: 'needs-tls', message: `${message} and key (or listen on 127.0.0.1)` };
    }
    if (!hasCredentials) {
      const message = `broker: ${where} is reachable from other machines, so it needs credentials`;
      return { code: 'needs-credentials', message: `${message} (or listen on 127.0.0.1)` };
    }
  } else if (listener.isLoginRequired === true && !hasCredentials) {
    const message = `broker: ${where} requires a login, but there are no credentials`;
    return { code: 'needs-credentials', message };
  }
  return listener.tls === null ? null : findTlsProblem(where, listener.tls);
}

function findTlsProblem(where: string, tls: BrokerTls): BrokerStartProblem | null {
  try {
    createSecureContext(secureContextOf(tls));
    return null;
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    const message = `broker: the certificate and key for ${where} cannot be used: ${what}`;
    return { code: 'bad-tls', message };
  }
}

export function secureContextOf(tls: BrokerTls): { cert: string; key: string; ca?: string } {
  return {
    cert: tls.certificate,
    key: tls.key,
    ...(tls.clientAuthority !== null && { ca: tls.clientAuthority }),
  };
}

/** Whether a host, as written or as bound, can only be reached from this machine. */
export function isLoopback(host: string): boolean {
  const bare = host.replaceAll(/^\[|\]$/g, '').toLowerCase();
  if (bare === 'localhost' || bare === '::1') return true;
  return /^(::ffff:)?127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(bare);
}

/** `host:port`, with brackets around an IPv6 address. */
export function nameOf(address: { readonly host: string; readonly port: number }): string {
  const host = address.host.includes(':') ? `[${address.host}]` : address.host;
  return `${host}:${address.port}`;
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 0 && port <= 65_535;
}
