// ARIMA with an order found by itself, on log demand in steps of five minutes.

import { forecastPath, newestStep, openFilter, takeStep, toDemand } from '../arima/arima-filter.ts';
import { createFittedExpert, type FittedExpert, type StepModel } from './fitted-expert.ts';

/** Two days and an hour. */
const stepsMax = 588;

export function createArima(): FittedExpert {
  return createFittedExpert('arima', openArima);
}

function openArima(packed: Float64Array): StepModel {
  const filter = openFilter(packed);
  const path = new Float64Array(stepsMax + 1);
  let pathFrom = Number.NaN;
  return {
    packed,
    newestStep: () => newestStep(filter),
    take: (mean) => takeStep(filter, mean),
    forecast: (steps) => {
      if (!(steps >= 0 && steps <= stepsMax)) return Number.NaN;
      if (pathFrom !== newestStep(filter)) forecastPath(filter, path);
      pathFrom = newestStep(filter);
      const before = Math.floor(steps);
      const from = path[before] ?? 0;
      const to = path[Math.min(stepsMax, before + 1)] ?? from;
      return toDemand(filter, from + (to - from) * (steps - before));
    },
  };
}
