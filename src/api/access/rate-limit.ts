// How often one client may ask: a bucket of permits for each address, which refills with time.

import { isIPv6 } from 'node:net';

export interface RateLimit {
  /** Takes a permit; else how many whole seconds until there is one again. */
  take(client: string): number | null;
  /** The same, without taking one. */
  look(client: string): number | null;
}

export interface RateLimitOptions {
  /** Permits of a client that has not asked for a while. */
  readonly burst: number;
  readonly perSecond: number;
  /** Never going back. */
  readonly elapsedMs: () => number;
}

interface Bucket {
  permits: number;
  filledAtMs: number;
}

/** Clients remembered; the one that has been silent for longest is forgotten. */
const clientsMax = 10_000;

export function createRateLimit({ burst, elapsedMs, perSecond }: RateLimitOptions): RateLimit {
  const buckets = new Map<string, Bucket>();
  const fill = (client: string): Bucket => {
    const key = networkOf(client);
    const at = elapsedMs();
    const before = buckets.get(key) ?? { permits: burst, filledAtMs: at };
    const gained = ((at - before.filledAtMs) / 1000) * perSecond;
    const bucket = { permits: Math.min(burst, before.permits + gained), filledAtMs: at };
    // Put in anew, so that the map's order is that of the last question.
    buckets.delete(key);
    buckets.set(key, bucket);
    const [silent] = buckets.keys();
    if (buckets.size > clientsMax && silent !== undefined) buckets.delete(silent);
    return bucket;
  };
  const wait = ({ permits }: Bucket): number | null =>
    permits >= 1 ? null : Math.max(1, Math.ceil((1 - permits) / perSecond));
  return {
    take: (client) => {
      const bucket = fill(client);
      const seconds = wait(bucket);
      if (seconds === null) bucket.permits -= 1;
      return seconds;
    },
    look: (client) => wait(fill(client)),
  };
}

/** An IPv6 client has a network of 64 bits to itself, and with it any number of addresses. */
function networkOf(address: string): string {
  if (!isIPv6(address) || address.startsWith('::')) return address;
  const [head = '', tail] = address.split('::');
  const groups = head.split(':');
  const missing = tail === undefined ? 0 : 8 - groups.length - tail.split(':').length;
  const all = [...groups, ...Array.from({ length: Math.max(0, missing) }, () => '0')];
  return `${all.slice(0, 4).join(':')}::/64`;
}
