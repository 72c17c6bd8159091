// An expert whose model is fitted elsewhere, off the loop: it has nothing to say until it is handed one,
// then takes in steps of five minutes as they close.

import type { BlockHistory } from '../block-history.ts';
import { readStep, stepBlocks, stepMinutes } from '../fit-series.ts';
import { blocksPerMinute, type ForecastTarget } from '../levels.ts';
import { minutesAhead, type Expert } from './expert.ts';

/** The names that models are handed over by. */
export const fittedNames = ['arima', 'lstm'] as const;
export type FittedName = (typeof fittedNames)[number];

export interface FittedExpert extends Expert {
  readonly name: FittedName;
  /** Takes up a packed model, at the step that it was fitted until; an empty one takes it away. */
  adopt(packed: Float64Array): void;
}

/** What goes on from step to step. Everything is in `packed`. */
export interface StepModel {
  readonly packed: Float64Array;
  newestStep(): number;
  /** The mean of the next step; NaN: missing. */
  take(mean: number, history: BlockHistory): void;
  /** Demand so many steps after the newest one, which need not be whole; ≥ 0. NaN: too far. */
  forecast(steps: number, history: BlockHistory): number;
}

/** After a day without a step a model has to be fitted anew. */
const missedMax = 288;

export function createFittedExpert(
  name: FittedName,
  open: (packed: Float64Array) => StepModel,
): FittedExpert {
  let model: StepModel | null = null;
  return {
    name,
    leansOnPast: false,
    get state() {
      return model?.packed ?? new Float64Array(0);
    },
    adopt: (packed) => {
      model = packed.length === 0 ? null : open(packed.slice());
    },
    learnMinute: (minute, _mean, history) => {
      if (model === null || (minute + 1) % stepMinutes !== 0) return;
      const closed = (minute + 1) / stepMinutes - 1;
      if (closed - model.newestStep() > missedMax) return;
      while (model.newestStep() < closed) {
        model.take(readStep(model.newestStep() + 1, history), history);
      }
    },
    forecast: (target, history) => {
      if (model === null) return Number.NaN;
      const closed = Math.floor((target.origin + 1) / stepBlocks) - 1;
      if (closed - model.newestStep() > missedMax) return Number.NaN;
      const forecast = model.forecast(stepsAhead(target, model.newestStep()), history);
      return Number.isFinite(forecast) ? forecast : Number.NaN;
    },
  };
}

/** From the middle of a step to the middle of the target, in steps. */
function stepsAhead(target: ForecastTarget, step: number): number {
  const end = (target.origin + 1) / blocksPerMinute;
  return (end + minutesAhead(target)) / stepMinutes - (step + 0.5);
}
