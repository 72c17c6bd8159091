// One GET to an address of the config: bounded in time and size, never redirected, and never to a
// link-local address, which is checked after the name was resolved and before anything is sent.

import { lookup, type LookupAddress } from 'node:dns';
import { request as requestHttp, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { LookupFunction } from 'node:net';

import { toPublicMessage } from '../aws/public-message.ts';
import { isForbiddenAddress } from './forbidden-address.ts';

/** Longest body that is read. */
export const bodyBytesMax = 1_048_576;

export interface FetchRequest {
  /** `http:` or `https:`. */
  readonly url: string;
  readonly bearerToken: string | null;
  /** For everything: the name, the connection, the whole answer. */
  readonly timeoutMs: number;
}

export type Fetched =
  /** Any status but a redirect. */
  | { readonly ok: true; readonly status: number; readonly body: string }
  | { readonly ok: false; readonly message: string };

/** How names are resolved; `node:dns` unless a test has other names. */
export type Resolve = (
  hostname: string,
  options: { readonly all: true },
  done: (error: Error | null, addresses: LookupAddress[]) => void,
) => void;

/** Never rejects. */
export async function fetchText(
  { url, bearerToken, timeoutMs }: FetchRequest,
  resolve: Resolve = lookup,
): Promise<Fetched> {
  const target = new URL(url);
  // An address needs no resolving, so that `lookup` is never asked about it.
  if (isForbiddenAddress(target.hostname)) return fail(describeForbidden(target.hostname));
  const { promise, resolve: settle } = Promise.withResolvers<Fetched>();
  const options: RequestOptions = {
    headers: {
      accept: 'application/json',
      'accept-encoding': 'identity',
      'user-agent': 'foretide',
      ...(bearerToken !== null && { authorization: `Bearer ${bearerToken}` }),
    },
    lookup: guardLookup(resolve),
    // A connection of its own each time: nothing outlives the check of its address.
    agent: false,
  };
  const send = target.protocol === 'https:' ? requestHttps : requestHttp;
  const sent = send(target, options);
  const timer = setTimeout(() => {
    settle(fail(`no complete answer within ${timeoutMs} ms`));
    sent.destroy();
  }, timeoutMs);
  sent.on('response', (response) => void readResponse(response).then(settle));
  sent.on('error', (error) => settle(fail(toPublicMessage(describeError(error)))));
  sent.end();
  const fetched = await promise;
  clearTimeout(timer);
  sent.destroy();
  return fetched;
}

async function readResponse(response: IncomingMessage): Promise<Fetched> {
  const status = response.statusCode ?? 0;
  if (status >= 300 && status < 400) {
    return fail(`a redirect (HTTP ${status}), which is not followed`);
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response) {
      if (!Buffer.isBuffer(chunk)) continue;
      bytes += chunk.length;
      if (bytes > bodyBytesMax) return fail(`a body of more than ${bodyBytesMax} bytes`);
      chunks.push(chunk);
    }
  } catch (error) {
    return fail(toPublicMessage(`the answer broke off: ${describeError(error)}`));
  }
  return { ok: true, status, body: Buffer.concat(chunks).toString('utf8') };
}

/** Resolves as usual, and refuses a name if any of its addresses is forbidden. */
function guardLookup(resolve: Resolve): LookupFunction {
  return (hostname, options, done) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return done(error, []);
      const bad = addresses.find(({ address }) => isForbiddenAddress(address));
      if (bad !== undefined) {
        return done(new Error(`${hostname} is ${describeForbidden(bad.address)}`), []);
      }
      const [first] = addresses;
      if (options.all === true || first === undefined) return done(null, addresses);
      return done(null, first.address, first.family);
    });
  };
}

function describeForbidden(address: string): string {
  return `${address}, a link-local address, which no source may read`;
}

function fail(message: string): Fetched {
  return { ok: false, message };
}

/** An error of several attempts has no message of its own. */
function describeError(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(describeError).join('; ');
  return error instanceof Error ? error.message : String(error);
}
