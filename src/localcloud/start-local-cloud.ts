// The local cloud as a server: one HTTP port on loopback, the model behind AWS's own protocols.

import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { World } from '../cloud/world.ts';
import type { WorldOptions } from '../cloud/world-options.ts';
import type { Switchboard } from './answer-call.ts';
import { answerCall } from './answer-call.ts';
import { createAutoScalingService } from './autoscaling/service.ts';
import type { Clock } from './clock.ts';
import { createClock } from './clock.ts';
import { createEc2Service } from './ec2/service.ts';
import type { FaultControl } from './fault-control.ts';
import { createFaultControl } from './fault-control.ts';
import type { Protocol, WireRequest, WireResponse } from './protocol.ts';
import { QUERY_DIALECTS } from './query-dialects.ts';
import { createQueryProtocol } from './query-protocol.ts';
import { BODY_MAX_BYTES, readBody } from './read-body.ts';
import type { Service } from './service.ts';
import type { Credentials } from './signature.ts';
import { createStsService } from './sts/service.ts';
import type { Throttling } from './throttle.ts';
import { createThrottle, DEFAULT_THROTTLING } from './throttle.ts';

export interface LocalCloudOptions {
  /** 0 (the default) takes a free one. */
  readonly port?: number;
  /** `127.0.0.1` by default: nobody else can reach it. */
  readonly host?: string;
  /** Default: the wall's time at its own speed. See `createClock` for others. */
  readonly clock?: Clock;
  /** A world made or restored before; else one is made with `worldOptions`. */
  readonly world?: World;
  readonly worldOptions?: Partial<WorldOptions>;
  /** Whose signatures are true. None named: any well-formed signature is let in. */
  readonly credentials?: readonly Credentials[];
  readonly throttling?: Throttling;
  /** Further services, and the protocols that reach them. */
  readonly services?: readonly Service[];
  readonly protocols?: readonly Protocol[];
}

export interface LocalCloud {
  /** `http://127.0.0.1:PORT`, for an SDK's `endpoint`. */
  readonly url: string;
  readonly world: World;
  readonly clock: Clock;
  readonly faults: FaultControl;
  /** Brings the model to the clock's present; every request does so by itself. */
  advance(): void;
  close(): Promise<void>;
}

/** Starts the server and resolves once it listens. */
export async function startLocalCloud(options: LocalCloudOptions = {}): Promise<LocalCloud> {
  const host = options.host ?? '127.0.0.1';
  const clock = options.clock ?? createClock();
  const world = options.world ?? new World(clock.now(), options.worldOptions);
  const faults = createFaultControl();
  const closing = new AbortController();
  const advance = (): number => {
    // A restored world may be ahead of the clock; it waits there.
    world.advanceTo(Math.max(world.now, clock.now()));
    return world.now;
  };
  const board: Switchboard = {
    protocols: [...(options.protocols ?? []), createQueryProtocol(QUERY_DIALECTS)],
    services: byName([
      createAutoScalingService(world),
      createEc2Service(world),
      createStsService(),
      ...(options.services ?? []),
    ]),
    credentials: options.credentials,
    region: world.options.region,
    accountId: world.options.accountId,
    clock,
    advance,
    throttle: createThrottle(options.throttling ?? DEFAULT_THROTTLING),
    takeFault: (operation) => faults.take(operation),
    wait: async (wallMs) => {
      await sleep(wallMs, undefined, { signal: closing.signal });
    },
  };
  const server = createServer((message, response) => {
    handle(board, message, response).catch((error: unknown) => fail(response, error));
  });
  const port = await listen(server, options.port ?? 0, host);
  return {
    url: `http://${host}:${port}`,
    world,
    clock,
    faults,
    advance: () => void advance(),
    close: async () => {
      closing.abort();
      await close(server);
    },
  };
}

function byName(services: readonly Service[]): ReadonlyMap<string, Service> {
  return new Map(services.map((service) => [service.signingName, service]));
}

async function handle(
  board: Switchboard,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const requestId = randomUUID();
  const body = await readBody(message);
  if (body === undefined) {
    send(response, tooLarge(requestId));
    return;
  }
  const answer = await answerCall(board, toWireRequest(message, body), requestId);
  if (answer !== undefined) send(response, answer);
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
  response.writeHead(answer.status, {
    ...answer.headers,
    'content-length': Buffer.byteLength(answer.body),
  });
  response.end(answer.body);
}

/** Said before the body is read, so the connection ends with it. */
function tooLarge(requestId: string): WireResponse {
  return {
    status: 413,
    headers: {
      'content-type': 'text/xml',
      'x-amzn-requestid': requestId,
      connection: 'close',
    },
    body:
      '<ErrorResponse><Error><Type>Sender</Type><Code>RequestEntityTooLarge</Code>' +
      `<Message>The request is larger than ${BODY_MAX_BYTES} bytes</Message></Error>` +
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

function listen(server: Server, port: number, host: string): Promise<number> {
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
