// Which changes of one Auto Scaling group were not ours: remembers the sizes that were asked for, and
// what others changed for as long as it matters.

import { findForeignChanges, keepNewest, type ForeignChange } from '../core/foreign-change.ts';
import type { Capacity } from '../core/capacity.ts';
import type { TimedSize } from '../core/state.ts';
import type { EpochMs } from '../core/time.ts';
import type { ScalingActivity } from './ports/scaling-activities.ts';
import { findAuthor } from './read-activities.ts';

/** AWS may show a size of ours as late as this after it was asked for. */
const ownSizeKeptMs = 120_000;
/** One act is in flight at a time, and refused ones wait: this is far more than 2 min can hold. */
const ownSizesMax = 128;

export class ForeignChanges {
  #keptMs: number;
  #ownSizes: readonly TimedSize[] = [];
  #changes: readonly ForeignChange[] = [];

  constructor(keptMs: number) {
    this.#keptMs = keptMs;
  }

  reconfigure(keptMs: number): void {
    this.#keptMs = keptMs;
  }

  /** A size that is about to be asked for: when it shows, it is not foreign. */
  expect(size: number, now: EpochMs): void {
    const recent = this.#ownSizes.filter(({ at }) => at > now - ownSizeKeptMs);
    this.#ownSizes = [...recent, { at: now, size }].slice(-ownSizesMax);
  }

  compare(before: Pick<Capacity, 'desired' | 'min' | 'max'>, after: Capacity): void {
    const since = after.describedAt - ownSizeKeptMs;
    const ownSizes = this.#ownSizes.filter(({ at }) => at > since).map(({ size }) => size);
    const found = findForeignChanges(before, after, ownSizes);
    if (found.length === 0) return;
    this.#changes = keepNewest(this.#changes, found, after.describedAt - this.#keptMs);
  }

  /** Whether a change that has not settled has no name to it. */
  hasUnnamed(now: EpochMs): boolean {
    return this.list(now).some(({ by }) => by === null);
  }

  /** Names who made a change, where the group's activities tell. */
  name(activities: readonly ScalingActivity[]): void {
    this.#changes = this.#changes.map((change) =>
      change.by === null ? { ...change, by: findAuthor(change, activities) } : change,
    );
  }

  /** Those that have not settled yet. */
  list(now: EpochMs): readonly ForeignChange[] {
    return this.#changes.filter(({ at }) => at > now - this.#keptMs);
  }
}
