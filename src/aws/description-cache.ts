// Lets callers who ask for the same group in the same instant share one call. An answer is shared
// while it is being fetched and for a moment after; nothing here outlives that moment.

import type { DescribeOutcome, TargetAddress } from '../controller/ports/scaling-target.ts';
import type { EpochMs } from '../core/time.ts';

/** Fetches the groups that nobody has asked for yet; one outcome each, in order. */
export type FetchDescriptions = (
  addresses: readonly TargetAddress[],
) => readonly Promise<DescribeOutcome>[];

export interface DescriptionCache {
  describe(addresses: readonly TargetAddress[]): Promise<readonly DescribeOutcome[]>;
  /** The group is about to change, or has: later callers get a call of their own. */
  forget(address: TargetAddress): void;
}

export interface DescriptionCacheOptions {
  readonly now: () => EpochMs;
  readonly freshMs: number;
  readonly fetch: FetchDescriptions;
}

interface Entry {
  readonly askedAt: EpochMs;
  readonly outcome: Promise<DescribeOutcome>;
  isSettled: boolean;
}

export function createDescriptionCache(options: DescriptionCacheOptions): DescriptionCache {
  const entries = new Map<string, Entry>();

  async function describe(
    addresses: readonly TargetAddress[],
  ): Promise<readonly DescribeOutcome[]> {
    const now = options.now();
    dropStale(entries, now, options.freshMs);
    const unknown = new Map<string, TargetAddress>();
    for (const address of addresses) {
      const key = addressKey(address);
      if (!entries.has(key)) unknown.set(key, address);
    }
    const fetched = options.fetch([...unknown.values()]);
    [...unknown.keys()].forEach((key, index) => {
      const outcome = fetched[index];
      if (outcome !== undefined) entries.set(key, createEntry(now, outcome));
    });
    return await Promise.all(addresses.map((address) => outcomeOf(entries, address)));
  }

  /** With its warm pool or without. */
  function forget(address: TargetAddress): void {
    for (const withWarmPool of [false, true]) {
      entries.delete(addressKey({ ...address, withWarmPool }));
    }
  }

  return { describe, forget };
}

function createEntry(askedAt: EpochMs, outcome: Promise<DescribeOutcome>): Entry {
  const entry: Entry = { askedAt, outcome, isSettled: false };
  const settle = (): void => {
    entry.isSettled = true;
  };
  outcome.then(settle, settle);
  return entry;
}

/** An entry still being fetched is kept: a second call beside a slow one would only add load. */
function dropStale(entries: Map<string, Entry>, now: EpochMs, freshMs: number): void {
  for (const [key, entry] of entries) {
    const ageMs = now - entry.askedAt;
    // A clock that was set back makes ages negative: stale, or it would stay for ever.
    const isFresh = ageMs >= 0 && ageMs < freshMs;
    if (entry.isSettled && !isFresh) entries.delete(key);
  }
}

function outcomeOf(
  entries: ReadonlyMap<string, Entry>,
  address: TargetAddress,
): Promise<DescribeOutcome> {
  const entry = entries.get(addressKey(address));
  if (entry === undefined) throw new Error(`no description was fetched: ${addressKey(address)}`);
  return entry.outcome;
}

function addressKey(address: TargetAddress): string {
  const { region, roleArn, autoScalingGroup, withWarmPool = false } = address;
  return JSON.stringify([region, roleArn, autoScalingGroup, withWarmPool]);
}
