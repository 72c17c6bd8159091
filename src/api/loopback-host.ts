// Which names and addresses are this machine and no other.

import type { X509Certificate } from 'node:crypto';
import { BlockList, isIPv4, isIPv6 } from 'node:net';
import { answerProblem } from './problem.ts';
import { show } from './read-input.ts';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** `localhost`, 127.0.0.0/8 or ::1, without a port. */
export function isLoopback(host: string): boolean {
  if (isIPv4(host)) return loopback.check(host, 'ipv4');
  if (isIPv6(host)) return loopback.check(host, 'ipv6');
  return host.toLowerCase() === 'localhost';
}

/**
 * Whether a Host is one that this server answers to: this machine's names where it listens on
 * loopback, else what its certificate names. A page in a browser that has its own name resolve to us
 * (DNS rebinding) comes under that name.
 */
export function isOwnHost(host: string, certificate: X509Certificate | null): boolean {
  const name = withoutPort(host);
  if (isLoopback(name)) return true;
  if (certificate === null) return false;
  const isAddress = isIPv4(name) || isIPv6(name);
  const subject = isAddress ? certificate.checkIP(name) : certificate.checkHost(name);
  return subject !== undefined;
}

export function refuseHost(host: string): Response {
  const detail = `the Host ${show(host)} is not this machine; localhost and 127.0.0.1 are, and what its certificate names`;
  return answerProblem({ status: 421, code: 'wrong-host', detail });
}

function withoutPort(host: string): string {
  const bracketed = /^\[([^\]]*)\](?::\d{0,5})?$/.exec(host);
  return bracketed?.[1] ?? host.replace(/:\d{0,5}$/, '');
}
