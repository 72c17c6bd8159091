// Opens one address and hands over the connections that arrive there, after TLS where it has that.

import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import type { Admission } from './admission.ts';
import {
  type BrokerListener,
  type BrokerStartProblem,
  isLoopback,
  nameOf,
  secureContextOf,
} from './broker-options.ts';

export interface BoundAddress {
  readonly host: string;
  readonly port: number;
  readonly isEncrypted: boolean;
}

export interface OpenListener {
  readonly address: BoundAddress;
  /** Stops listening; resolves when the last connection has ended. */
  close(): Promise<void>;
}

export interface ListenerEvents {
  connected(socket: Socket | TLSSocket): void;
  /** A TLS handshake failed or took too long. */
  handshakeFailed(error: Error): void;
  /** The open address cannot take connections, for now. */
  acceptFailed(error: Error): void;
}

export type ListenOutcome =
  | { readonly ok: true; readonly listener: OpenListener }
  | { readonly ok: false; readonly problem: BrokerStartProblem };

/** How many connections the system keeps for us while we are busy: a fleet may come back at once. */
const backlog = 1_024;
/** Finds peers that vanished without a word, also where the client asked for no MQTT keep-alive. */
const probeAfterMs = 60_000;

export function openListener(
  listener: BrokerListener,
  admission: Admission,
  options: { readonly handshakeTimeoutMs: number; readonly events: ListenerEvents },
): Promise<ListenOutcome> {
  const { events } = options;
  const takeOver = listener.tls === null ? null : openTls(listener, options);
  const server = createServer((socket) => {
    if (!admission.admit(socket)) return;
    socket.setNoDelay(true);
    socket.setKeepAlive(true, probeAfterMs);
    if (takeOver === null) events.connected(socket);
    else takeOver(socket);
  });
  return new Promise((resolve) => {
    server.on('error', (error) => {
      if (server.listening) events.acceptFailed(error);
      else resolve({ ok: false, problem: problemOf(listener, error) });
    });
    server.listen({ host: listener.host, port: listener.port, backlog }, () => {
      resolve(describe(listener, server));
    });
  });
}

function openTls(
  listener: BrokerListener,
  options: { readonly handshakeTimeoutMs: number; readonly events: ListenerEvents },
): ((socket: Socket) => void) | null {
  if (listener.tls === null) return null;
  const asksForCertificate = listener.tls.clientAuthority !== null;
  const server = createTlsServer({
    ...secureContextOf(listener.tls),
    requestCert: asksForCertificate,
    rejectUnauthorized: asksForCertificate,
    handshakeTimeout: options.handshakeTimeoutMs,
  });
  server.on('secureConnection', (socket) => options.events.connected(socket));
  server.on('tlsClientError', (error, socket) => {
    options.events.handshakeFailed(error);
    socket.destroy();
  });
  return (socket) => void server.emit('connection', socket);
}

function describe(listener: BrokerListener, server: Server): ListenOutcome {
  const bound = server.address();
  if (bound === null || typeof bound === 'string') {
    return { ok: false, problem: problemOf(listener, new Error('no address')) };
  }
  if (isLoopback(listener.host) && !isLoopback(bound.address)) {
    server.close();
    const message = `broker: ${listener.host} is ${bound.address} on this machine, not loopback`;
    return { ok: false, problem: { code: 'bad-address', message } };
  }
  const isEncrypted = listener.tls !== null;
  return {
    ok: true,
    listener: {
      address: { host: bound.address, port: bound.port, isEncrypted },
      close: () => new Promise((resolve) => server.close(() => resolve())),
    },
  };
}

function problemOf(
  listener: BrokerListener,
  error: Error & { readonly code?: string },
): BrokerStartProblem {
  const where = nameOf(listener);
  if (error.code === 'EADDRINUSE') {
    return { code: 'address-in-use', message: `broker: ${where} is in use by another program` };
  }
  const message = `broker: cannot listen on ${where}: ${error.message}`;
  return { code: 'listen-failed', message };
}
