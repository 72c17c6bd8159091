// What an expert is: something that names the middle of a window ahead, from the history or from a
// state of its own. Its spread is learnt from its residuals, by the channel that asks it.

import type { BlockHistory } from '../block-history.ts';
import type { ForecastTarget } from '../levels.ts';

export interface Expert {
  readonly name: string;
  /** True where it leans on the past at the same phase: what a change point devalues. */
  readonly isSeasonal: boolean;
  /** ≥ 0; NaN: it has nothing to say yet. */
  forecast(target: ForecastTarget, history: BlockHistory): number;
  /** Once a minute, after the minute `minute` is complete; NaN where it is missing. */
  learnMinute?(minute: number, mean: number): void;
  /** Its own state, all of it; absent where it has none. Copied into on restore. */
  readonly state?: Float64Array;
}
