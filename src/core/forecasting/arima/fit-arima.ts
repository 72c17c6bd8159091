// The coefficients of one order: conditional least squares from Hannan and Rissanen's start values, by
// the Levenberg–Marquardt method (D. Marquardt, 1963) in coordinates that are always stationary and
// invertible.

import { solveDefinite } from '../solve.ts';
import { findErrors, type ArimaModel, type ArimaOrder } from './arima-model.ts';
import { fromCoefficients, toStableCoefficients } from './stable-polynomial.ts';
import { findStartValues } from './start-values.ts';

/** The differenced series, and what its fits share. */
export interface FitGround {
  readonly differenced: Float64Array;
  /** 1 where an error counts: not at the start, nor where values were missing. */
  readonly counts: Uint8Array;
  readonly mean: number;
  readonly longErrors: Float64Array;
}

export interface ArimaFit {
  readonly model: ArimaModel;
  /** Akaike's criterion, corrected (C. Hurvich, C.-L. Tsai, 1989): smaller is better. */
  readonly aicc: number;
}

const differenceStep = 1e-4;
const dampingMax = 1e8;
/** Less of a gain than this share of the squares ends a fit. */
const gainMin = 1e-6;
/** tanh of it is 1 but for a few billionths. */
const unboundedMax = 8;

interface Shape {
  readonly order: ArimaOrder;
  readonly hasMean: boolean;
}

/** `iterationsMax` bounds the work: each takes one pass over the series for each coefficient. */
export function fitArima(
  ground: FitGround,
  order: ArimaOrder,
  iterationsMax: number,
): ArimaFit | null {
  const { differenced, counts, mean } = ground;
  const shape = { order, hasMean: order.differences + order.seasonalDifferences === 0 };
  const starts = findStartValues(
    differenced.map((value) => value - mean),
    ground.longErrors,
    order,
  );
  let point = Float64Array.from([
    ...fromCoefficients(starts.ar),
    ...fromCoefficients(starts.ma.map((value) => -value)),
    ...fromCoefficients(starts.seasonalAr),
    ...fromCoefficients(starts.seasonalMa.map((value) => -value)),
    ...(shape.hasMean ? [mean] : []),
  ]);
  const counted = counts.reduce((sum, one) => sum + one, 0);
  if (counted <= point.length + 2) return null;
  let errors = new Float64Array(differenced.length);
  findErrors(differenced, toModel(shape, point), errors);
  let squares = sumSquares(errors, counts);
  let damping = 1e-3;
  for (let iteration = 0; iteration < iterationsMax && point.length > 0; iteration += 1) {
    const step = findStep({ ground, shape, point, errors });
    let gain = 0;
    while (damping < dampingMax) {
      const moved = step(damping);
      damping *= 4;
      if (moved === null) continue;
      const next = new Float64Array(differenced.length);
      findErrors(differenced, toModel(shape, moved), next);
      const nextSquares = sumSquares(next, counts);
      if (!(nextSquares < squares)) continue;
      gain = (squares - nextSquares) / squares;
      [point, errors, squares] = [moved, next, nextSquares];
      damping /= 40;
      break;
    }
    if (gain < gainMin) break;
  }
  const variance = squares / counted;
  const parameters = point.length + 1;
  const correction = (2 * parameters * (parameters + 1)) / (counted - parameters - 1);
  const aicc = counted * Math.log(variance + 1e-300) + 2 * parameters + correction;
  return Number.isFinite(aicc) ? { model: { ...toModel(shape, point), variance }, aicc } : null;
}

function toModel({ order, hasMean }: Shape, point: Float64Array): Omit<ArimaModel, 'variance'> {
  let at = 0;
  const take = (count: number): Float64Array => {
    return toStableCoefficients(point.subarray(at, (at += count)));
  };
  const ar = take(order.ar);
  const ma = take(order.ma).map((value) => -value);
  const seasonalAr = take(order.seasonalAr);
  const seasonalMa = take(order.seasonalMa).map((value) => -value);
  return { order, ar, ma, seasonalAr, seasonalMa, mean: hasMean ? (point[at] ?? 0) : 0 };
}

function sumSquares(errors: Float64Array, counts: Uint8Array): number {
  let sum = 0;
  for (let index = 0; index < errors.length; index += 1) {
    if (counts[index] === 1) sum += (errors[index] ?? 0) * (errors[index] ?? 0);
  }
  return sum;
}

/** The step of a damped Gauss–Newton iteration from a point, for any damping. */
function findStep(at: {
  readonly ground: FitGround;
  readonly shape: Shape;
  readonly point: Float64Array;
  readonly errors: Float64Array;
}): (damping: number) => Float64Array<ArrayBuffer> | null {
  const { ground, shape, point, errors } = at;
  const { differenced, counts } = ground;
  const size = point.length;
  const slopes = Array.from({ length: size }, (_, index) => {
    const moved = point.slice();
    moved[index] = (moved[index] ?? 0) + differenceStep;
    const slope = new Float64Array(differenced.length);
    findErrors(differenced, toModel(shape, moved), slope);
    for (let t = 0; t < slope.length; t += 1) {
      slope[t] = ((slope[t] ?? 0) - (errors[t] ?? 0)) / differenceStep;
    }
    return slope;
  });
  const matrix = new Float64Array(size * size);
  const right = new Float64Array(size);
  const dot = (one: Float64Array, other: Float64Array): number => {
    let sum = 0;
    for (let t = 0; t < one.length; t += 1) {
      if (counts[t] === 1) sum += (one[t] ?? 0) * (other[t] ?? 0);
    }
    return sum;
  };
  for (const [row, slope] of slopes.entries()) {
    right[row] = -dot(slope, errors);
    for (let column = 0; column <= row; column += 1) {
      matrix[row * size + column] = dot(slope, slopes[column] ?? slope);
    }
  }
  // A saturated coordinate moves nothing, and must not stop the others.
  const trace = slopes.reduce((sum, slope) => sum + dot(slope, slope), 0);
  for (let row = 0; row < size; row += 1) {
    matrix[row * size + row] = (matrix[row * size + row] ?? 0) + 1e-12 * trace + 1e-300;
  }
  const bounded = shape.hasMean ? size - 1 : size;
  return (damping) => {
    const step = solveDefinite(matrix, right, damping);
    if (step === null) return null;
    return point.map((value, index) => {
      const moved = value + (step[index] ?? 0);
      return index < bounded ? Math.max(-unboundedMax, Math.min(unboundedMax, moved)) : moved;
    });
  };
}
