// A small recurrent network, trained elsewhere, on log demand in steps of five minutes.

import type { BlockHistory } from '../block-history.ts';
import { readStep } from '../fit-series.ts';
import type { ReadLog } from '../lstm/lstm-features.ts';
import {
  forecastLstm,
  logReader,
  newestLstmStep,
  openLstmFilter,
  takeLstmStep,
  type LstmFilter,
} from '../lstm/lstm-filter.ts';
import { createFittedExpert, type FittedExpert, type StepModel } from './fitted-expert.ts';

/** Two days and an hour. */
const stepsMax = 588;

export function createLstm(): FittedExpert {
  return createFittedExpert('lstm', openLstm);
}

/** Steps that are looked back at: a week and the newest one, to a power of two. */
const stepsKept = 2048;

function openLstm(packed: Float64Array): StepModel {
  const filter = openLstmFilter(packed);
  const read = createStepLogs(filter);
  return {
    packed,
    newestStep: () => newestLstmStep(filter),
    take: (mean, history) => takeLstmStep(filter, mean, read(history)),
    forecast: (steps, history) => {
      if (!(steps >= 0 && steps <= stepsMax)) return Number.NaN;
      return forecastLstm(filter, steps, read(history));
    },
  };
}

/** Logs of closed steps, read from the history once: each horizon asks for ten of them each time. */
function createStepLogs(filter: LstmFilter): (history: BlockHistory) => ReadLog {
  const logs = new Float64Array(stepsKept);
  let newest = Number.NaN;
  return (history) => {
    const readHistory = logReader(filter, (step) => readStep(step, history));
    const until = newestLstmStep(filter);
    const from = newest >= until - stepsKept ? newest + 1 : until - stepsKept + 1;
    for (let step = from; step <= until; step += 1) logs[step % stepsKept] = readHistory(step);
    newest = until;
    return (step) => {
      const isKept = step <= newest && step > newest - stepsKept;
      return isKept ? (logs[step % stepsKept] ?? Number.NaN) : readHistory(step);
    };
  };
}
