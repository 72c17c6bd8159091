// Changes of an Auto Scaling group that are not ours: found by comparing two descriptions.

import type { Capacity } from './capacity.ts';
import type { EpochMs } from './time.ts';

export interface ForeignChange {
  readonly what: 'desired' | 'min' | 'max';
  readonly from: number;
  readonly to: number;
  /** When it was noticed; it was made between the descriptions before. */
  readonly at: EpochMs;
  /** Who made it, in words for people; null if that is not known. */
  readonly by: string | null;
}

const fields = ['desired', 'min', 'max'] as const;

/**
 * What differs from one description to a later one, except sizes of our own: all that we have asked
 * for lately, whether or not it was shown yet. Nobody is named: a description does not tell.
 */
export function findForeignChanges(
  before: Pick<Capacity, 'desired' | 'min' | 'max'>,
  after: Capacity,
  ownSizes: readonly number[],
): readonly ForeignChange[] {
  return fields
    .filter((what) => before[what] !== after[what])
    .filter((what) => what !== 'desired' || !ownSizes.includes(after.desired))
    .map((what) => ({
      what,
      from: before[what],
      to: after[what],
      at: after.describedAt,
      by: null,
    }));
}

/** The newest of each kind, of those noticed after `since`. At most three. */
export function keepNewest(
  known: readonly ForeignChange[],
  found: readonly ForeignChange[],
  since: EpochMs,
): readonly ForeignChange[] {
  const others = known.filter(({ what }) => !found.some((change) => change.what === what));
  return [...others, ...found].filter(({ at }) => at > since);
}
