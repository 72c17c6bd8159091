// Trains the network on log demand in steps of five minutes: stretches in their order, their state carried
// on, Adam (D. Kingma, J. Ba, 2015) with a rate that falls along a cosine. The same series and seed give
// the same weights. The work is bounded by a number of stretches, whatever the series.

import { prepareSeries, type FitRefusal, type FitTask } from '../fit-series.ts';
import { fillHints, fillInput, headSteps, lstmShape, type LogScale } from './lstm-features.ts';
import { createScratch, learnStretch, type Stretch } from './lstm-gradient.ts';
import {
  advance,
  countWeights,
  forgetGate,
  gateRowLength,
  headRowLength,
  headsFrom,
  type LstmShape,
  type LstmState,
} from './lstm-network.ts';

export const stretchSteps = 96;
const stretchesMax = 450;
const epochsMax = 40;
/** Two days: with less there is no yesterday to compare with. */
const stepsMin = 576;
const rateFirst = 0.01;
const rateLast = 0.0005;
const momentumKept = 0.9;
const squaresKept = 0.999;
const gradientMax = 1;
/** Before anything is learnt half of what the days before did is expected. */
const dailyHintFirst = 0.5;
const sizeMin = 0.02;

export interface FittedLstm {
  readonly weights: Float64Array;
  readonly scale: LogScale;
  /** At the end of the series. */
  readonly state: LstmState;
  readonly newest: number;
  readonly floor: number;
  readonly lowest: number;
  readonly highest: number;
  /** Mean loss of the last epoch, in units of the scale. */
  readonly loss: number;
}

/** `seed` is a whole number ≥ 0. */
export function trainLstm({ means, until }: FitTask, seed = 1): FittedLstm | FitRefusal {
  if (means.length < stepsMin) return 'too-little-history';
  const prepared = prepareSeries(means);
  if (typeof prepared === 'string') return prepared;
  const { logs, known, floor, lowest, highest } = prepared;
  const scale = findScale(logs);
  const first = until - logs.length + 1;
  const stretches = cutStretches(logs, known, { first, scale });
  const weights = drawWeights(lstmShape, seed);
  const loss = descend(weights, stretches);
  if (!weights.every((value) => Number.isFinite(value))) return 'not-finite';
  const state = createState(lstmShape);
  for (const { inputs, steps } of stretches) {
    for (let step = 0; step < steps; step += 1) {
      const at = step * lstmShape.inputs;
      advance(lstmShape, weights, inputs.subarray(at, at + lstmShape.inputs), state);
    }
  }
  const newest = logs.at(-1) ?? 0;
  return { weights, scale, state, newest, floor, lowest, highest, loss };
}

export function createState({ hidden }: LstmShape): LstmState {
  return { hidden: new Float64Array(hidden), cell: new Float64Array(hidden) };
}

function findScale(logs: Float64Array): LogScale {
  const mean = logs.reduce((sum, value) => sum + value, 0) / logs.length;
  let squares = 0;
  let changes = 0;
  for (let index = 0; index < logs.length; index += 1) {
    const value = logs[index] ?? 0;
    squares += (value - mean) * (value - mean);
    const change = index === 0 ? 0 : value - (logs[index - 1] ?? 0);
    changes += change * change;
  }
  return {
    mean,
    size: Math.max(sizeMin, Math.sqrt(squares / logs.length)),
    change: Math.max(sizeMin, Math.sqrt(changes / logs.length)),
  };
}

/** Every step belongs to one stretch; the last may be shorter. */
function cutStretches(
  logs: Float64Array,
  known: Uint8Array,
  { first, scale }: { readonly first: number; readonly scale: LogScale },
): readonly Stretch[] {
  const { inputs, heads, hints } = lstmShape;
  const readLog = (step: number): number => {
    const index = step - first;
    return index >= 0 && index < logs.length ? (logs[index] ?? 0) : Number.NaN;
  };
  const stretches: Stretch[] = [];
  for (let from = 0; from < logs.length; from += stretchSteps) {
    const steps = Math.min(stretchSteps, logs.length - from);
    const stretch: Stretch = {
      steps,
      inputs: new Float64Array(steps * inputs),
      hints: new Float64Array(steps * heads * hints),
      targets: new Float64Array(steps * heads).fill(Number.NaN),
    };
    stretches.push(stretch);
    for (let index = 0; index < steps; index += 1) {
      const at = from + index;
      const step = first + at;
      const value = logs[at] ?? 0;
      const before = at === 0 ? value : (logs[at - 1] ?? 0);
      const input = stretch.inputs.subarray(index * inputs, (index + 1) * inputs);
      fillInput(input, { step, value, before }, scale, readLog);
      for (const [head, ahead] of headSteps.entries()) {
        const target = at + ahead;
        const place = (index * heads + head) * hints;
        const own = stretch.hints.subarray(place, place + hints);
        fillHints(own, { step, ahead, input }, scale, readLog);
        if (known[at] !== 1 || target >= logs.length || known[target] !== 1) continue;
        stretch.targets[index * heads + head] = ((logs[target] ?? 0) - value) / scale.size;
      }
    }
  }
  return stretches;
}

/** Uniform within 1 / √units, from a linear congruential generator; forget gates begin open. */
function drawWeights(shape: LstmShape, seed: number): Float64Array {
  let drawn = (Math.imul(seed, 2_654_435_761) + 1) >>> 0;
  const draw = (): number => {
    drawn = (Math.imul(drawn, 1_664_525) + 1_013_904_223) >>> 0;
    return drawn / 2_147_483_648 - 1;
  };
  const spread = 1 / Math.sqrt(shape.hidden);
  const weights = new Float64Array(countWeights(shape)).map(() => spread * draw());
  const rowLength = gateRowLength(shape);
  for (let unit = 0; unit < shape.hidden; unit += 1) {
    weights[(forgetGate * shape.hidden + unit + 1) * rowLength - 1] = 1;
  }
  for (let head = 0; head < shape.heads; head += 1) {
    const row = headsFrom(shape) + head * headRowLength(shape);
    for (let unit = 0; unit < shape.hidden; unit += 1) {
      weights[row + unit] = 0.1 * (weights[row + unit] ?? 0);
    }
    weights.fill(0, row + shape.hidden, row + headRowLength(shape));
    weights[row + shape.hidden] = dailyHintFirst;
  }
  return weights;
}

/** Changes the weights; returns the mean loss of the last epoch. */
function descend(weights: Float64Array, stretches: readonly Stretch[]): number {
  const epochs = Math.max(1, Math.min(epochsMax, Math.floor(stretchesMax / stretches.length)));
  const scratch = createScratch(lstmShape, stretchSteps);
  const momentum = new Float64Array(weights.length);
  const squares = new Float64Array(weights.length);
  const total = epochs * stretches.length;
  let taken = 0;
  let loss = 0;
  let momentumLeft = 1;
  let squaresLeft = 1;
  for (let epoch = 0; epoch < epochs; epoch += 1) {
    const state = createState(lstmShape);
    loss = 0;
    for (const stretch of stretches) {
      loss += learnStretch(lstmShape, weights, { stretch, state }, scratch) / stretches.length;
      const progress = taken / total;
      const rate = rateLast + ((rateFirst - rateLast) * (1 + Math.cos(Math.PI * progress))) / 2;
      taken += 1;
      momentumLeft *= momentumKept;
      squaresLeft *= squaresKept;
      const norm = Math.sqrt(scratch.gradient.reduce((sum, value) => sum + value * value, 0));
      const shrink = norm > gradientMax ? gradientMax / norm : 1;
      for (let index = 0; index < weights.length; index += 1) {
        const slope = shrink * (scratch.gradient[index] ?? 0);
        const mean = momentumKept * (momentum[index] ?? 0) + (1 - momentumKept) * slope;
        const square = squaresKept * (squares[index] ?? 0) + (1 - squaresKept) * slope * slope;
        momentum[index] = mean;
        squares[index] = square;
        const size = Math.sqrt(square / (1 - squaresLeft)) + 1e-8;
        weights[index] = (weights[index] ?? 0) - (rate * mean) / (1 - momentumLeft) / size;
      }
    }
  }
  return loss;
}
