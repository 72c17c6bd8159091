// Pages of sorted lists. A token holds the key of the last item shown, so that items which come
// and go between two calls neither repeat nor hide others.

import type { Outcome } from '../cloud/fault.ts';
import { refuse, succeed } from '../cloud/fault.ts';

export interface Page<T> {
  readonly items: readonly T[];
  readonly nextToken: string | undefined;
}

export interface PageRequest {
  readonly size: number;
  readonly token: string | undefined;
}

/** Returns the items after the token's; `items` are in the ascending order of their keys. */
export function takePage<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  request: PageRequest,
): Outcome<Page<T>> {
  const after = request.token === undefined ? undefined : readToken(request.token);
  if (request.token !== undefined && after === undefined) {
    return refuse('InvalidNextToken', `The token '${request.token.slice(0, 100)}' is invalid.`);
  }
  const start = after === undefined ? 0 : items.findIndex((item) => keyOf(item) > after);
  const taken = start < 0 ? [] : items.slice(start, start + request.size);
  const last = taken.at(-1);
  const isMore = start >= 0 && start + request.size < items.length;
  const nextToken = isMore && last !== undefined ? writeToken(keyOf(last)) : undefined;
  return succeed({ items: taken, nextToken });
}

/** Marks our tokens, so that anything else is refused. */
const TOKEN_PREFIX = 'after:';

function writeToken(key: string): string {
  return Buffer.from(TOKEN_PREFIX + key, 'utf8').toString('base64url');
}

function readToken(token: string): string | undefined {
  const text = Buffer.from(token, 'base64url').toString('utf8');
  return text.startsWith(TOKEN_PREFIX) ? text.slice(TOKEN_PREFIX.length) : undefined;
}

/** Returns the list sorted by key, as `takePage` needs it. */
export function sortByKey<T>(items: Iterable<T>, keyOf: (item: T) => string): T[] {
  return [...items].toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}
