// A trained network at work, packed into one array of numbers, which is its whole state.
//
//   [header | weights | hidden state | cell]

import { fillHints, fillInput, headSteps, lstmShape, type ReadLog } from './lstm-features.ts';
import { advance, countWeights, readHead, type LstmState } from './lstm-network.ts';
import type { FittedLstm } from './train-lstm.ts';

const untilAt = 0;
const floorAt = 1;
const lowestAt = 2;
const highestAt = 3;
const newestAt = 4;
const meanAt = 5;
const sizeAt = 6;
const changeAt = 7;
const headerLength = 8;

export interface LstmFilter {
  readonly packed: Float64Array;
  readonly weights: Float64Array;
  readonly state: LstmState;
}

export function packLstm(fitted: FittedLstm, until: number): Float64Array {
  const { weights, scale, state, newest, floor, lowest, highest } = fitted;
  const { mean, size, change } = scale;
  const header = [until, floor, lowest, highest, newest, mean, size, change];
  return Float64Array.from([...header, ...weights, ...state.hidden, ...state.cell]);
}

export function openLstmFilter(packed: Float64Array): LstmFilter {
  let at = headerLength;
  const take = (count: number): Float64Array => packed.subarray(at, (at += count));
  const weights = take(countWeights(lstmShape));
  return {
    packed,
    weights,
    state: { hidden: take(lstmShape.hidden), cell: take(lstmShape.hidden) },
  };
}

export function newestLstmStep({ packed }: LstmFilter): number {
  return packed[untilAt] ?? 0;
}

/** Reads a step's mean as the network knows it; `readMean` gives NaN where it is missing. */
export function logReader({ packed }: LstmFilter, readMean: (step: number) => number): ReadLog {
  return (step) => {
    const mean = readMean(step);
    return mean >= 0 && Number.isFinite(mean) ? toLog(packed, mean) : Number.NaN;
  };
}

/** Takes in the next step's mean; NaN: the step before stands for it. */
export function takeLstmStep(filter: LstmFilter, mean: number, readLog: ReadLog): void {
  const { packed, weights, state } = filter;
  const before = packed[newestAt] ?? 0;
  const value = mean >= 0 && Number.isFinite(mean) ? toLog(packed, mean) : before;
  const step = newestLstmStep(filter) + 1;
  const input = new Float64Array(lstmShape.inputs);
  fillInput(input, { step, value, before }, scaleOf(packed), readLog);
  advance(lstmShape, weights, input, state);
  packed[untilAt] = step;
  packed[newestAt] = value;
}

/** Demand so many steps after the newest one, 0 to two days of them; ≥ 0. */
export function forecastLstm(filter: LstmFilter, steps: number, readLog: ReadLog): number {
  const { packed, weights, state } = filter;
  const scale = scaleOf(packed);
  const newest = packed[newestAt] ?? 0;
  const step = newestLstmStep(filter);
  const input = new Float64Array(lstmShape.inputs);
  fillInput(input, { step, value: newest, before: newest }, scale, readLog);
  const hints = new Float64Array(lstmShape.hints);
  const ahead = Math.max(1, Math.round(steps));
  fillHints(hints, { step, ahead, input }, scale, readLog);
  const upper = Math.max(
    0,
    headSteps.findIndex((one) => one >= ahead),
  );
  const lower = Math.max(0, upper - 1);
  const from = headSteps[lower] ?? 1;
  const to = headSteps[upper] ?? 1;
  const share = to > from ? (ahead - from) / (to - from) : 0;
  const read = { hidden: state.hidden, hints };
  const low = readHead(lstmShape, weights, lower, read);
  const high = readHead(lstmShape, weights, upper, read);
  // Before the first head the change is a part of that head's.
  const reach = Math.min(1, steps);
  const change = scale.size * reach * (low + (high - low) * share);
  return Math.max(0, Math.exp(clamp(packed, newest + change)) - (packed[floorAt] ?? 0));
}

function toLog(packed: Float64Array, mean: number): number {
  return clamp(packed, Math.log(mean + (packed[floorAt] ?? 0)));
}

function clamp(packed: Float64Array, log: number): number {
  const lowest = packed[lowestAt] ?? 0;
  return log >= lowest ? Math.min(packed[highestAt] ?? 0, log) : lowest;
}

function scaleOf(packed: Float64Array) {
  return { mean: packed[meanAt] ?? 0, size: packed[sizeAt] ?? 1, change: packed[changeAt] ?? 1 };
}
