// The API's servers: on a Unix socket that only its owner can open, and on TCP for the page.
// What could keep either from listening is an outcome with one clear line.

import { X509Certificate } from 'node:crypto';
import type { Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { ListenOptions } from 'node:net';
import type { SecureContextOptions } from 'node:tls';
import { createAdaptorServer, type HttpBindings } from '@hono/node-server';
import type { Log } from '../controller/ports/log.ts';
import type { Api } from './create-api.ts';
import { isLoopback, isOwnHost, refuseHost } from './loopback-host.ts';
import { claimSocketPath } from './socket-path.ts';

export type ServeProblemCode =
  | 'in-use'
  | 'path-too-long'
  | 'not-a-socket'
  | 'not-loopback'
  | 'bad-certificate'
  | 'denied'
  | 'failed';

export interface ServeProblem {
  readonly kind: 'problem';
  readonly code: ServeProblemCode;
  readonly message: string;
}

export interface Served {
  readonly kind: 'serving';
  /** The socket's path, or `http://HOST:PORT`. */
  readonly address: string;
  /** Stops listening at once, lets answers under way end, and resolves within a second or so. */
  close(): Promise<void>;
}

/** Pages keep one open each for events, and ask over a few more. */
const connectionsMax = 1024;
const requestLimitMs = 15_000;
const headersLimitMs = 10_000;
const idleLimitMs = 5000;
const closeGraceMs = 1000;

/** Neither group nor others: reaching the socket is the authorization. */
const othersMask = 0o177;

/**
 * Serves on a Unix socket of mode 0600. A socket file that a crashed process left behind is replaced;
 * one that somebody answers on never is. A missing folder is made, with mode 0700.
 */
export async function serveSocket(
  { socket }: Pick<Api, 'socket'>,
  { log, path }: { readonly path: string; readonly log: Log },
): Promise<Served | ServeProblem> {
  const claim = await claimSocketPath(path);
  if (claim.kind === 'obstacle') return { ...claim, kind: 'problem' };
  const server = createServer((request, bindings) => socket.fetch(request, bindings));
  try {
    const error = await listenPrivately(server, path);
    if (error !== null) return describeFailure(error, path);
  } finally {
    await claim.release();
  }
  watch(server, path, log);
  return { kind: 'serving', address: path, close: () => close(server) };
}

/** `listen` binds before it returns, so that the file never stands there with a wider mode. */
function listenPrivately(server: Server, path: string): Promise<NodeJS.ErrnoException | null> {
  const mask = process.umask(othersMask);
  try {
    return listen(server, { path });
  } finally {
    process.umask(mask);
  }
}

export interface WebServerOptions {
  readonly host?: string;
  readonly port: number;
  /** PEM texts; null serves plain HTTP, on loopback only. */
  readonly tls?: { readonly certificate: string; readonly key: string } | null;
  readonly log: Log;
}

/**
 * Serves on TCP, 127.0.0.1 as a rule; port 0 takes a free one. Off loopback with TLS only. Requests
 * that came under another machine's name are refused: a page in a browser that has its own name
 * resolve to us reads nothing (DNS rebinding).
 */
export async function serveWeb(
  { web }: Pick<Api, 'web'>,
  { host = '127.0.0.1', log, port, tls = null }: WebServerOptions,
): Promise<Served | ServeProblem> {
  if (!isLoopback(host) && tls === null) {
    const message = `${host} is no loopback address; 127.0.0.1, ::1 and localhost are served without TLS`;
    return { kind: 'problem', code: 'not-loopback', message };
  }
  // By number: what localhost resolves to is not ours to say.
  const address = host.toLowerCase() === 'localhost' ? '127.0.0.1' : host;
  const opened = openWebServer(web, tls);
  if ('kind' in opened) return opened;
  const { server } = opened;
  const error = await listen(server, { host: address, port });
  if (error !== null) return describeFailure(error, `${address}:${port}`);
  watch(server, `${address}:${port}`, log);
  const bound = server.address();
  const boundPort = typeof bound === 'object' && bound !== null ? bound.port : port;
  const shown = address.includes(':') ? `[${address}]` : address;
  return {
    kind: 'serving',
    address: `${tls === null ? 'http' : 'https'}://${shown}:${boundPort}`,
    close: () => close(server),
  };
}

function openWebServer(
  web: Api['web'],
  tls: WebServerOptions['tls'],
): { readonly server: Server } | ServeProblem {
  if (tls === null || tls === undefined) return { server: createServer(guardHost(web, null)) };
  try {
    const certificate = new X509Certificate(tls.certificate);
    return {
      server: createServer(guardHost(web, certificate), {
        cert: tls.certificate,
        key: tls.key,
        minVersion: 'TLSv1.2',
      }),
    };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return {
      kind: 'problem',
      code: 'bad-certificate',
      message: `the API's certificate or key cannot be used: ${message}`,
    };
  }
}

function guardHost(web: Api['web'], certificate: X509Certificate | null): Fetch {
  return (request, bindings) => {
    const host = request.headers.get('host') ?? 'localhost';
    return isOwnHost(host, certificate) ? web.fetch(request, bindings) : refuseHost(host);
  };
}

type Fetch = (request: Request, bindings: HttpBindings) => Response | Promise<Response>;

function createServer(fetch: Fetch, tls: SecureContextOptions | null = null): Server {
  const server = createAdaptorServer({
    // An HTTP/1.1 server hands on its own request and response.
    fetch: (request, bindings) => fetch(request, bindings as HttpBindings),
    ...(tls !== null && { createServer: createTlsServer }),
    // What a client is taken to have asked that sends no Host.
    hostname: 'localhost',
    serverOptions: {
      ...tls,
      requestTimeout: requestLimitMs,
      headersTimeout: headersLimitMs,
      keepAliveTimeout: idleLimitMs,
      connectionsCheckingInterval: idleLimitMs,
    },
    // An HTTP/1.1 server is made from these options; the adapter's type names all that it can make.
  }) as Server;
  server.maxConnections = connectionsMax;
  return server;
}

/** Null once it listens. */
function listen(server: Server, where: ListenOptions): Promise<NodeJS.ErrnoException | null> {
  return new Promise((resolve) => {
    server.once('error', resolve);
    server.listen(where, () => {
      server.off('error', resolve);
      resolve(null);
    });
  });
}

/** A connection that cannot be accepted, for want of descriptors say, is no reason to end. */
function watch(server: Server, place: string, log: Log): void {
  server.on('error', (error) => log.write('error', `${place}: ${error.message}`));
}

function describeFailure({ code, message }: NodeJS.ErrnoException, place: string): ServeProblem {
  switch (code) {
    case 'EADDRINUSE':
      return { kind: 'problem', code: 'in-use', message: `${place} is in use already` };
    case 'EACCES':
    case 'EPERM':
      return { kind: 'problem', code: 'denied', message: `${place} may not be opened: ${message}` };
    default:
      return { kind: 'problem', code: 'failed', message: `${place} cannot be opened: ${message}` };
  }
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const force = setTimeout(() => server.closeAllConnections(), closeGraceMs);
    server.close(() => {
      clearTimeout(force);
      resolve();
    });
    server.closeIdleConnections();
  });
}
