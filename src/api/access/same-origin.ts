// Whether a browser sent a request for our own page or for somebody else's. SameSite=Strict keeps the
// cookie from strangers already; this is the second lock, and the first for what needs no cookie.

import type { Context } from 'hono';
import type { ApiEnv } from './person.ts';

export type Origin = 'own' | 'foreign' | 'no-browser';

/**
 * By `Sec-Fetch-Site`, which no script can set (https://www.w3.org/TR/fetch-metadata/), else by
 * `Origin`. What has neither comes from no browser of this decade.
 */
export function findOrigin({ req }: Context<ApiEnv>): Origin {
  const site = req.header('sec-fetch-site');
  // `none`: the person typed the address.
  if (site !== undefined) return site === 'same-origin' || site === 'none' ? 'own' : 'foreign';
  const origin = req.header('origin');
  if (origin === undefined) return 'no-browser';
  return readHost(origin) === (req.header('host') ?? '').toLowerCase() ? 'own' : 'foreign';
}

function readHost(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null;
}
