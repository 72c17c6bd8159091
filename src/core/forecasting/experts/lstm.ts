// A small recurrent network, trained elsewhere, on log demand in steps of five minutes.

import { readStep } from '../fit-series.ts';
import {
  forecastLstm,
  logReader,
  newestLstmStep,
  openLstmFilter,
  takeLstmStep,
} from '../lstm/lstm-filter.ts';
import { createFittedExpert, type FittedExpert, type StepModel } from './fitted-expert.ts';

/** Two days and an hour. */
const stepsMax = 588;

export function createLstm(): FittedExpert {
  return createFittedExpert('lstm', openLstm);
}

function openLstm(packed: Float64Array): StepModel {
  const filter = openLstmFilter(packed);
  return {
    packed,
    newestStep: () => newestLstmStep(filter),
    take: (mean, history) => {
      takeLstmStep(
        filter,
        mean,
        logReader(filter, (step) => readStep(step, history)),
      );
    },
    forecast: (steps, history) => {
      if (!(steps >= 0 && steps <= stepsMax)) return Number.NaN;
      return forecastLstm(
        filter,
        steps,
        logReader(filter, (step) => readStep(step, history)),
      );
    },
  };
}
