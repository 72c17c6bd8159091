// Which names and addresses are this machine and no other.

import { BlockList, isIPv4, isIPv6 } from 'node:net';
import type { Hono } from 'hono';
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

/** The app, for requests whose Host is a loopback one; 421 for others. */
export function guardHost(app: Hono): (request: Request) => Response | Promise<Response> {
  return (request) => {
    const host = request.headers.get('host') ?? 'localhost';
    if (isLoopback(withoutPort(host))) return app.fetch(request);
    const detail = `the Host ${show(host)} is not this machine; localhost and 127.0.0.1 are`;
    return answerProblem({ status: 421, code: 'wrong-host', detail });
  };
}

function withoutPort(host: string): string {
  const bracketed = /^\[([^\]]*)\](?::\d{0,5})?$/.exec(host);
  return bracketed?.[1] ?? host.replace(/:\d{0,5}$/, '');
}
