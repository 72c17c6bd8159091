// What the network is told of a step and of a step ahead: the same while it is trained and at work.

import { stepsPerDay, stepsPerWeek } from '../fit-series.ts';
import type { LstmShape } from './lstm-network.ts';

/** Steps of five minutes ahead that heads answer; between them their weights are mixed. */
export const headSteps: readonly number[] = [1, 2, 3, 6, 12, 18, 24, 48, 96, 192, 288, 588];

export const lstmShape: LstmShape = {
  inputs: 7,
  hidden: 8,
  heads: headSteps.length,
  hints: 4,
};

const daysMax = 4;
/** Inputs further out than this tell no more. */
const inputMax = 5;

/** What logs are measured in. */
export interface LogScale {
  readonly mean: number;
  /** Standard deviation, with a bound below. */
  readonly size: number;
  /** The usual change from step to step. */
  readonly change: number;
}

/** log demand of a step; NaN: not known. */
export type ReadLog = (step: number) => number;

/** `value` is the step's own log, `before` that of the step before. */
export function fillInput(
  input: Float64Array,
  at: { readonly step: number; readonly value: number; readonly before: number },
  scale: LogScale,
  readLog: ReadLog,
): void {
  const { step, value, before } = at;
  const yesterday = readLog(step - stepsPerDay);
  const day = (2 * Math.PI * (step % stepsPerDay)) / stepsPerDay;
  const week = (2 * Math.PI * (step % stepsPerWeek)) / stepsPerWeek;
  input[0] = bound((value - scale.mean) / scale.size);
  input[1] = bound((value - before) / scale.change);
  input[2] = Number.isNaN(yesterday) ? 0 : bound((value - yesterday) / scale.size);
  input[3] = Math.sin(day);
  input[4] = Math.cos(day);
  input[5] = Math.sin(week);
  input[6] = Math.cos(week);
}

/** How much the days and the week before rose over as many steps ahead, and where the level stands. */
export function fillHints(
  hints: Float64Array,
  at: { readonly step: number; readonly ahead: number; readonly input: Float64Array },
  scale: LogScale,
  readLog: ReadLog,
): void {
  const { step, ahead, input } = at;
  const first = Math.ceil(ahead / stepsPerDay);
  let sum = 0;
  let known = 0;
  for (let day = first; day < first + daysMax; day += 1) {
    const ago = step - day * stepsPerDay;
    const rise = readLog(ago + ahead) - readLog(ago);
    if (Number.isNaN(rise)) continue;
    sum += rise;
    known += 1;
  }
  const daily = known === 0 ? 0 : sum / known;
  const ago = step - stepsPerWeek;
  const weekly = readLog(ago + ahead) - readLog(ago);
  hints[0] = bound(daily / scale.size);
  hints[1] = bound((Number.isNaN(weekly) ? daily : weekly) / scale.size);
  hints[2] = input[0] ?? 0;
  hints[3] = input[2] ?? 0;
}

function bound(value: number): number {
  return Math.max(-inputMax, Math.min(inputMax, value));
}
