// The least server that lets AWS SDK clients reach services of the JSON protocols: one port on
// loopback, requests dispatched by `x-amz-target`, time under the test's control.

import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  decodeJsonRequest,
  dialectOf,
  encodeJsonResponse,
  JSON_TARGETS,
  refuseUnknownOperation,
} from '../../src/localcloud/json-protocol.ts';
import type { Headers } from '../../src/localcloud/json-protocol.ts';
import { callOperation } from '../../src/localcloud/polling.ts';
import type { PollClock } from '../../src/localcloud/polling.ts';
import type { Service } from '../../src/localcloud/service.ts';

export const ACCOUNT_ID = '123456789012';
export const REGION = 'us-east-1';

export interface Harness {
  /** For example `http://127.0.0.1:41234`. */
  readonly endpoint: string;
  /** What every SDK client of the tests is made with. */
  readonly clientConfig: {
    readonly endpoint: string;
    readonly region: string;
    readonly maxAttempts: number;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
  close(): Promise<void>;
}

/** `makeServices` is told the endpoint: queue URLs contain it. */
export async function startHarness(
  clock: PollClock,
  makeServices: (endpoint: string) => readonly Service[],
): Promise<Harness> {
  let services: readonly Service[] = [];
  const server = createServer((request, response) => {
    void answer(request, response, services, clock);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const endpoint = `http://127.0.0.1:${address.port}`;
  services = makeServices(endpoint);
  const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
  return {
    endpoint,
    clientConfig: { endpoint, region: REGION, maxAttempts: 1, credentials },
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}

let requestCount = 0;

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  services: readonly Service[],
  clock: PollClock,
): Promise<void> {
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  const headers = joinHeaders(request);
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const decoded = decodeJsonRequest(headers, Buffer.concat(chunks));
  const requestId = `request-${(requestCount += 1)}`;
  const outcome = decoded.ok ? await dispatch() : decoded;
  const encoded = encodeJsonResponse(outcome, dialectOf(headers), requestId);
  response.writeHead(encoded.status, encoded.headers).end(encoded.body);

  async function dispatch() {
    if (!decoded.ok) return decoded;
    const { targetPrefix, operation, input } = decoded.value;
    const signingName = JSON_TARGETS.get(targetPrefix)?.signingName;
    const service = services.find((candidate) => candidate.signingName === signingName);
    if (service === undefined) return refuseUnknownOperation();
    const context = { now: clock.now(), requestId, region: REGION, accountId: ACCOUNT_ID };
    return callOperation(service, { operation, input, context, signal: gone.signal }, clock);
  }
}

function joinHeaders(request: IncomingMessage): Headers {
  const entries = Object.entries(request.headers);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, Array.isArray(value) ? value.join(',') : value]),
  );
}
