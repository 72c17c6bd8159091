// `POST /v1/signals` on the loopback interface: how a program on the instance gives its own signals.
// The HTTP module is loaded only when this is used: it costs megabytes.

import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Clock } from '../clock.ts';
import { isRecord } from '../../wire/report.ts';
import type { SignalBoard } from './signal-board.ts';

export const bodyBytesMax = 16 * 1024;
export const connectionsMax = 64;
const requestTimeoutMs = 5_000;

export interface SignalServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Listens on 127.0.0.1; port 0 takes any free one. Rejects when the port is taken. */
export async function openSignalServer(
  port: number,
  board: SignalBoard,
  clock: Clock,
): Promise<SignalServer> {
  const { createServer } = await import('node:http');
  const server = createServer(
    { requestTimeout: requestTimeoutMs, headersTimeout: requestTimeoutMs, maxHeaderSize: 8 * 1024 },
    (request, response) => answer(request, response, board, clock),
  );
  server.maxConnections = connectionsMax;
  await listen(server, port);
  const address = server.address();
  return {
    port: address !== null && typeof address === 'object' ? address.port : port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
}

interface Answer {
  readonly status: number;
  readonly error?: string;
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  board: SignalBoard,
  clock: Clock,
): void {
  const refusal = refuse(request);
  if (refusal !== null) {
    send(response, refusal);
    return;
  }
  const pieces: Buffer[] = [];
  let length = 0;
  request.on('data', (piece: Buffer) => {
    length += piece.length;
    if (length <= bodyBytesMax) pieces.push(piece);
    else send(response, { status: 413, error: `at most ${bodyBytesMax} bytes` });
  });
  request.on('end', () => {
    if (length > bodyBytesMax) return;
    const body = Buffer.concat(pieces).toString('utf8');
    send(response, takeBody(body, board, clock.monotonicMs()));
  });
}

/** What can be said before the body has come. */
function refuse(request: IncomingMessage): Answer | null {
  if (request.url?.split('?')[0] !== '/v1/signals') {
    return { status: 404, error: 'there is only POST /v1/signals' };
  }
  if (request.method !== 'POST') return { status: 405, error: 'only POST is allowed' };
  // A web page must not reach this through a browser on the same machine, neither directly nor by a
  // name that was made to point here.
  const host = request.headers.host?.replace(/:\d+$/, '');
  if (request.headers.origin !== undefined || (host !== '127.0.0.1' && host !== 'localhost')) {
    return { status: 403, error: 'only for programs on this machine' };
  }
  return null;
}

/** All of the signals are taken, or none is. */
function takeBody(text: string, board: SignalBoard, nowMs: number): Answer {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return { status: 400, error: 'the body is not JSON' };
  }
  if (!isRecord(body)) return { status: 400, error: 'the body is not an object {"name": number}' };
  const problem = board.setAll(body, nowMs);
  return problem === null ? { status: 204 } : { status: 400, error: problem };
}

function send(response: ServerResponse, { status, error }: Answer): void {
  if (response.headersSent) return;
  const body = error === undefined ? '' : `${JSON.stringify({ error })}\n`;
  response.writeHead(status, {
    ...(error !== undefined && { 'content-type': 'application/json' }),
    ...(status === 405 && { allow: 'POST' }),
    // What is left of a refused body is not read to its end.
    ...(status >= 400 && { connection: 'close' }),
  });
  response.end(body);
}
