// A number in the JSON that an HTTP endpoint answers with.

import type { SignalSource, SourceOutcome } from '../controller/ports/signal-source.ts';
import { readToken, type TokenReference } from './bearer-token.ts';
import { fetchText, type Resolve } from './fetch-text.ts';
import { findByPointer } from './json-pointer.ts';
import type { SourceSurroundings } from './surroundings.ts';

export interface HttpOrigin {
  readonly type: 'http';
  readonly url: string;
  /** RFC 6901; empty for an answer that is the number. */
  readonly pointer: string;
  readonly token: TokenReference | null;
  readonly timeoutMs: number;
}

export function createHttpSource(
  origin: HttpOrigin,
  { now }: SourceSurroundings,
  resolve?: Resolve,
): SignalSource {
  return {
    read: async () => {
      const measuredAt = now();
      const answer = await getJson(origin, resolve);
      if (answer.kind !== 'json') return answer;
      const pointed = findByPointer(answer.json, origin.pointer);
      if (!pointed.ok) return fail(`the answer has nothing at ${pointed.at}`);
      const { value } = pointed;
      if (typeof value === 'number') return { kind: 'value', value, measuredAt };
      const place = origin.pointer === '' ? 'the answer' : origin.pointer;
      if (value === null) return { kind: 'nothing', message: `${place} is null` };
      return fail(`${place} is ${describeKind(value)}, allowed: a number`);
    },
  };
}

export type JsonAnswer =
  | { readonly kind: 'json'; readonly status: number; readonly json: unknown }
  | Exclude<SourceOutcome, { kind: 'value' }>;

type JsonRequest = Pick<HttpOrigin, 'url' | 'token' | 'timeoutMs'> & {
  /** Whether JSON that comes with an error's status is handed on, for what it says. */
  readonly takesErrors?: boolean;
};

/** What the endpoint answered, as far as it is JSON. Never rejects. */
export async function getJson(request: JsonRequest, resolve?: Resolve): Promise<JsonAnswer> {
  const { url, token, timeoutMs, takesErrors = false } = request;
  const found = await readToken(token);
  if (!found.ok) return fail(found.message);
  const fetched = await fetchText({ url, bearerToken: found.token, timeoutMs }, resolve);
  if (!fetched.ok) return fail(fetched.message);
  const { status, body } = fetched;
  if (status === 204) return { kind: 'nothing', message: 'an empty answer (HTTP 204)' };
  const isError = status < 200 || status >= 300;
  if (isError && !takesErrors) return fail(`HTTP ${status}`);
  try {
    const json: unknown = JSON.parse(body);
    return { kind: 'json', status, json };
  } catch {
    return fail(isError ? `HTTP ${status}` : 'the answer is no JSON');
  }
}

function describeKind(value: unknown): string {
  if (typeof value === 'object') return Array.isArray(value) ? 'a list' : 'an object';
  return typeof value === 'string' ? 'text' : String(value);
}

function fail(message: string): Extract<SourceOutcome, { kind: 'failed' }> {
  return { kind: 'failed', message };
}
