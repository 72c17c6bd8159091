// By how much a counter grows in a second: of an instance's signal or of a source. What stands in a
// window is the business of the reading.

import type { SignalSelector } from '../core/signal.ts';
import type { EpochMs } from '../core/time.ts';

/**
 * Counts nearer to each other than this make no rate: samples are dated by their arrival, and two
 * that waited on the way would come to a growth of seconds within a millisecond.
 */
const spanMsMin = 500;

export class CounterRate {
  #value: number | null = null;
  #at: EpochMs = 0;
  #perSecond: number | null = null;

  /** Per second, ≥ 0; null before the second count. */
  get perSecond(): number | null {
    return this.#perSecond;
  }

  /**
   * A counter that is lower than before has begun anew at 0, as one does with its process: it has
   * grown by what it shows, at least. An older count than the last is not taken.
   */
  take(value: number, at: EpochMs): void {
    if (this.#value !== null) {
      const spanMs = at - this.#at;
      if (spanMs < spanMsMin) return;
      const growth = value >= this.#value ? value - this.#value : Math.max(0, value);
      this.#perSecond = (growth * 1000) / spanMs;
    }
    this.#value = value;
    this.#at = at;
  }
}

/** The signals that some selector reads as counters. */
export function listCounters(selectors: readonly SignalSelector[]): ReadonlySet<string> {
  return new Set(selectors.filter(({ read }) => read === 'rate').map(({ signal }) => signal));
}

/** What a selector takes of a signal; null of a counter that was seen once. */
export function takenBy(
  { read }: SignalSelector,
  { value, counter }: { readonly value: number; readonly counter?: CounterRate | undefined },
): number | null {
  return read === 'rate' ? (counter?.perSecond ?? null) : value;
}
