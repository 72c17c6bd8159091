// `POST /v1/signals` and `POST /v1/work` on the loopback interface: how programs on the instance give
// their own signals, and what they have worked off.
// The HTTP module is loaded only when this is used: it costs megabytes.

import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Clock } from '../clock.ts';
import { isRecord } from '../../wire/report.ts';
import type { Boards } from './boards.ts';

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
  boards: Boards,
  clock: Clock,
): Promise<SignalServer> {
  const { createServer } = await import('node:http');
  const server = createServer(
    { requestTimeout: requestTimeoutMs, headersTimeout: requestTimeoutMs, maxHeaderSize: 8 * 1024 },
    (request, response) => answer(request, response, boards, clock),
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
  readonly state?: 'online' | 'draining';
  readonly withinMs?: number;
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  boards: Boards,
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
    const nowMs = clock.monotonicMs();
    const isWork = pathOf(request) === workPath;
    const take = isWork ? takeWork : takeSignals;
    const answered = takeBody(body, (record) => take(record, boards, nowMs));
    // A worker learns in passing that its instance is to take no new work.
    const isTaken = isWork && answered.status === 204;
    send(response, isTaken ? { status: 200, ...boards.state() } : answered);
  });
}

const signalsPath = '/v1/signals';
const workPath = '/v1/work';

function pathOf({ url }: IncomingMessage): string | undefined {
  return url?.split('?')[0];
}

type Body = Readonly<Record<string, unknown>>;

function takeSignals(body: Body, { signals }: Boards, nowMs: number): string | null {
  return signals.setAll(body, nowMs);
}

function takeWork(body: Body, { work }: Boards, nowMs: number): string | null {
  return work.take(body, nowMs);
}

/** What can be said before the body has come. */
function refuse(request: IncomingMessage): Answer | null {
  if (pathOf(request) !== signalsPath && pathOf(request) !== workPath) {
    return { status: 404, error: `there are only POST ${signalsPath} and POST ${workPath}` };
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

/** All of a body is taken, or nothing of it. */
function takeBody(text: string, take: (body: Body) => string | null): Answer {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return { status: 400, error: 'the body is not JSON' };
  }
  if (!isRecord(body)) return { status: 400, error: 'the body is not an object {"name": …}' };
  const problem = take(body);
  return problem === null ? { status: 204 } : { status: 400, error: problem };
}

function send(response: ServerResponse, { status, error, state, withinMs }: Answer): void {
  if (response.headersSent) return;
  const told = { error, state, withinMs };
  const hasBody = error !== undefined || state !== undefined;
  const body = hasBody ? `${JSON.stringify(told)}\n` : '';
  response.writeHead(status, {
    ...(hasBody && { 'content-type': 'application/json' }),
    ...(status === 405 && { allow: 'POST' }),
    // What is left of a refused body is not read to its end.
    ...(status >= 400 && { connection: 'close' }),
  });
  response.end(body);
}
