// What an expert is: something that names the middle of a window ahead, from the history or from a
// state of its own. Its spread is learnt from its residuals, by the channel that asks it.

import type { BlockHistory } from '../block-history.ts';
import type { ForecastTarget } from '../levels.ts';

export interface Expert {
  readonly name: string;
  /** True where it holds on to the level of earlier periods: what a change point devalues. */
  readonly leansOnPast: boolean;
  /** ≥ 0; NaN: it has nothing to say yet. */
  forecast(target: ForecastTarget, history: BlockHistory): number;
  /** For each complete minute, ascending; `mean` is NaN where it is missing. */
  learnMinute?(minute: number, mean: number, history: BlockHistory): void;
  /** All that it has learnt; absent where it reads the history alone. */
  readonly state?: Float64Array;
}

/** Minutes from the end of the origin's block to the middle of the window. */
export function minutesAhead({ origin, from, count }: ForecastTarget): number {
  return (from + (count - 1) / 2 - origin) / 6;
}
