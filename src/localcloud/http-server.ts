// Plain HTTP on one address: requests read whole within a bound, answers written, nothing known
// about AWS.

import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { WireRequest, WireResponse } from './protocol.ts';

/** More than any call of AWS's APIs here: 1 MiB of message text, every character escaped. */
const BODY_MAX_BYTES = 10 * 1024 * 1024;

/** Answers a request, or never does (`undefined`). */
export type Responder = (
  request: WireRequest,
  caller: { readonly requestId: string; readonly gone: AbortSignal },
) => Promise<WireResponse | undefined>;

export interface HttpServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Resolves once the server listens; port 0 takes a free one. */
export async function openHttpServer(
  address: { readonly host: string; readonly port: number },
  respond: Responder,
): Promise<HttpServer> {
  const server = createServer((message, response) => {
    handle(respond, message, response).catch((error: unknown) => fail(response, error));
  });
  const port = await listen(server, address);
  return { port, close: () => close(server) };
}

async function handle(
  respond: Responder,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const requestId = randomUUID();
  const leaving = new AbortController();
  response.once('close', () => leaving.abort());
  const body = await readBody(message);
  if (body === undefined) {
    send(response, tooLarge(requestId, message.headers['content-type'] ?? ''));
    return;
  }
  const answer = await respond(toWireRequest(message, body), {
    requestId,
    gone: leaving.signal,
  });
  if (answer !== undefined) send(response, answer);
}

/** Resolves with the body, or `undefined` once it is known to be too large. */
function readBody(message: IncomingMessage): Promise<Uint8Array | undefined> {
  const declared = Number(message.headers['content-length'] ?? 0);
  if (declared > BODY_MAX_BYTES) return Promise.resolve(undefined);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    message.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= BODY_MAX_BYTES) chunks.push(chunk);
      else resolve(undefined);
    });
    message.on('end', () => resolve(Buffer.concat(chunks)));
    message.on('error', reject);
    message.on('close', () => reject(new Error('the request ended early')));
  });
}

function toWireRequest(message: IncomingMessage, body: Uint8Array): WireRequest {
  const target = message.url ?? '/';
  const queryAt = target.indexOf('?');
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(message.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(',') : value;
  }
  return {
    method: message.method ?? 'GET',
    path: queryAt < 0 ? target : target.slice(0, queryAt),
    query: queryAt < 0 ? '' : target.slice(queryAt + 1),
    headers,
    body,
  };
}

function send(response: ServerResponse, answer: WireResponse): void {
  if (response.destroyed) return;
  response.writeHead(answer.status, {
    ...answer.headers,
    'content-length': Buffer.byteLength(answer.body),
  });
  response.end(answer.body);
}

/** Said before the body is read, so the connection ends with it. */
function tooLarge(requestId: string, contentType: string): WireResponse {
  const headers = { 'x-amzn-requestid': requestId, connection: 'close' };
  const sentence = `The request is larger than ${BODY_MAX_BYTES} bytes`;
  if (contentType.startsWith('application/x-amz-json')) {
    const body = JSON.stringify({ __type: 'RequestEntityTooLarge', message: sentence });
    return { status: 413, headers: { ...headers, 'content-type': contentType }, body };
  }
  return {
    status: 413,
    headers: { ...headers, 'content-type': 'text/xml' },
    body:
      '<ErrorResponse><Error><Type>Sender</Type><Code>RequestEntityTooLarge</Code>' +
      `<Message>${sentence}</Message></Error>` +
      `<RequestId>${requestId}</RequestId></ErrorResponse>`,
  };
}

/** A request that broke off has nobody to answer; anything else is a bug, and is said to be one. */
function fail(response: ServerResponse, error: unknown): void {
  if (response.destroyed || response.headersSent) return;
  const message = error instanceof Error ? error.message : String(error);
  response.writeHead(500, { 'content-type': 'text/plain' });
  response.end(`InternalFailure: ${message}\n`);
}

function listen(
  server: Server,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
