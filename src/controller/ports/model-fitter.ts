// Where experts that are too dear for the loop are fitted: beside it, one at a time.

import type { FittedName } from '../../core/forecasting/experts/fitted-expert.ts';
import type { FitRefusal, FitTask } from '../../core/forecasting/fit-series.ts';

export type FitOutcome =
  | { readonly ok: true; readonly packed: Float64Array }
  | { readonly ok: false; readonly code: FitRefusal | 'took-too-long' | 'thread-failed' };

export interface ModelFitter {
  /** Never rejects. The same task gives the same model, unless the machine fails it. */
  fit(name: FittedName, task: FitTask): Promise<FitOutcome>;
}
