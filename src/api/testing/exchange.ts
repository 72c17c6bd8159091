// One HTTP request as a test writes it, over a Unix socket or TCP, with nothing added by a client
// library.

import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Served, ServeProblem } from '../serve.ts';

export interface Exchange {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** `address` is a socket's path or `http://HOST:PORT`. */
export function exchange(
  address: string,
  { body, headers = {}, method = 'GET', path }: Exchange,
): Promise<Reply> {
  const url = address.startsWith('http') ? new URL(address) : null;
  const where =
    url === null
      ? { socketPath: address }
      : { host: url.hostname.replaceAll(/[[\]]/g, ''), port: url.port };
  return new Promise((resolve, reject) => {
    const asked = request({ ...where, path, method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
      });
    });
    asked.once('error', reject);
    asked.end(body);
  });
}

/** A folder that its user removes. */
export function makeFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'foretide-api-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

export function expectServing(outcome: Served | ServeProblem): Served {
  if (outcome.kind === 'problem') throw new Error(outcome.message);
  return outcome;
}
