// Blocks in which a saturated fleet hid demand: what was served is a lower bound. The bounds are kept
// until no forecast waits for them; what stands in the history instead goes on at the last growth.

import type { BlockHistory } from './block-history.ts';
import type { ForecastTarget } from './levels.ts';

/** A day of saturation; of more the oldest are forgotten and count as seen. */
const boundsMax = 8640;
/** Hidden demand is taken for so many times the bound at most. */
const hiddenMax = 2;

export interface CensoredBlocks {
  add(block: number, bound: number): void;
  /** The outcome of a window, and whether it is a lower bound; NaN: not known. */
  outcomeOf(
    target: ForecastTarget,
    history: BlockHistory,
  ): { readonly value: number; readonly isCensored: boolean };
  snapshot(): readonly (readonly [block: number, bound: number])[];
}

export function createCensoredBlocks(
  from: readonly (readonly [block: number, bound: number])[] = [],
): CensoredBlocks {
  const bounds = new Map(from);
  return {
    add: (block, bound) => {
      bounds.set(block, bound);
      const [oldest] = bounds.keys();
      if (bounds.size > boundsMax && oldest !== undefined) bounds.delete(oldest);
    },
    outcomeOf: (target, history) => {
      const { kind, from: first, count } = target;
      const seen = kind === 'max' ? history.max(first, count) : history.mean(first, count);
      if (bounds.size === 0 || !(seen >= 0)) return { value: seen, isCensored: false };
      let sum = 0;
      let known = 0;
      let greatest = 0;
      let isCensored = false;
      for (let block = first; block < first + count; block += 1) {
        const bound = bounds.get(block);
        if (bound !== undefined) isCensored = true;
        const value = bound ?? history.at(block);
        if (!(value >= 0)) continue;
        sum += value;
        known += 1;
        greatest = Math.max(greatest, value);
      }
      if (!isCensored) return { value: seen, isCensored: false };
      return { value: kind === 'max' ? greatest : sum / known, isCensored: true };
    },
    snapshot: () => [...bounds],
  };
}

/** What is put into the history for a censored block: the trend's value within [bound, 2 × bound]. */
export function guessHidden(bound: number, trend: number): number {
  return trend >= bound ? Math.min(trend, hiddenMax * bound) : bound;
}
