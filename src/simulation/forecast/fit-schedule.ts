// When dear experts are fitted in a backtest, and to what: now and then, to nothing but the past.

import type { FittedName } from '../../core/forecasting/experts/fitted-expert.ts';
import {
  fitStepsMax,
  stepBlocks as blocksPerStep,
  stepsPerDay,
  type FitTask,
} from '../../core/forecasting/fit-series.ts';
import { meanOf } from './trace-blocks.ts';

/** A model that is taken up once the step that it was fitted until has closed. */
export interface TimedModel {
  readonly until: number;
  readonly name: FittedName;
  /** Packed. */
  readonly packed: Float64Array;
}

export interface TimedTask {
  readonly name: FittedName;
  readonly task: FitTask;
}

/** Days between two fits of one expert: what a network learns changes slowly, and costs seconds. */
const refitDays: Readonly<Record<FittedName, number>> = { arima: 1, lstm: 2 };
/** Ends of days from which on each is fitted. */
const firstDays: Readonly<Record<FittedName, number>> = { arima: 1, lstm: 2 };

/** In the order in which they end; `firstBlock` is numbered from the epoch. */
export function listFitTasks(
  blocks: Float64Array,
  firstBlock: number,
  names: readonly FittedName[],
): readonly TimedTask[] {
  const firstStep = Math.ceil(firstBlock / blocksPerStep);
  const offset = firstStep * blocksPerStep - firstBlock;
  const steps = Math.floor((blocks.length - offset) / blocksPerStep);
  const means = new Float64Array(Math.max(0, steps));
  for (let step = 0; step < means.length; step += 1) {
    means[step] = meanOf(blocks, offset + step * blocksPerStep, blocksPerStep);
  }
  const tasks: TimedTask[] = [];
  for (let day = 1; day * stepsPerDay < means.length; day += 1) {
    const end = day * stepsPerDay;
    const task = {
      until: firstStep + end - 1,
      means: means.slice(Math.max(0, end - fitStepsMax), end),
    };
    for (const name of names) {
      const since = day - firstDays[name];
      if (since >= 0 && since % refitDays[name] === 0) tasks.push({ name, task });
    }
  }
  return tasks;
}
