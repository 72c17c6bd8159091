// Dynamic harmonic regression with AR errors (R. Hyndman, G. Athanasopoulos, "Forecasting: Principles
// and Practice", ch. 10): log demand on sines of the day and the week, fitted by recursive least
// squares that forget (L. Ljung, "System Identification", ch. 11), and an AR(1) of what is left over.

import { blocksPerMinute } from '../levels.ts';
import type { Expert } from './expert.ts';
import { minutesAhead } from './expert.ts';

const stepMinutes = 5;
const minutesPerDay = 1440;
const dailyHarmonics = 6;
const weeklyHarmonics = 3;
const featureCount = 1 + 2 * (dailyHarmonics + weeklyHarmonics);
/** Steps of five minutes that are remembered: ten days. */
const memory = 2880;
/** Variance of what is left over that the prior supposes. */
const noiseVariance = 0.05;
/** A log residual beyond this is an event, not the shape of the day. */
const surpriseMax = 1;
/** Share of the mean demand that is added before logarithms. */
const floorRatio = 0.1;
const stepsMin = 36;

/** State: coefficients, covariance, then the scalars below. */
const covarianceAt = featureCount;
const scalarsAt = covarianceAt + featureCount * featureCount;
const stepsAt = scalarsAt;
const meanAt = scalarsAt + 1;
const errorAt = scalarsAt + 2;
const lagProductAt = scalarsAt + 3;
const squareAt = scalarsAt + 4;
const sumAt = scalarsAt + 5;
const knownAt = scalarsAt + 6;
const stateLength = scalarsAt + 7;

export function createHarmonicRegression(): Expert {
  const state = new Float64Array(stateLength);
  const features = new Float64Array(featureCount);
  const gain = new Float64Array(featureCount);
  setPrior(state);
  return {
    name: 'harmonic-ar',
    leansOnPast: true,
    state,
    forecast: (target) => {
      const steps = state[stepsAt] ?? 0;
      if (steps < stepsMin) return Number.NaN;
      const ahead = minutesAhead(target);
      fillFeatures(features, target.origin / blocksPerMinute + ahead);
      const floor = floorRatio * (state[meanAt] ?? 0) + 1e-9;
      const kept = keptError(state, ahead / stepMinutes);
      const value = Math.exp(Math.min(60, predict(state, features) + kept)) - floor;
      return Math.max(0, Math.min(value, 50 * (state[meanAt] ?? 0)));
    },
    learnMinute: (minute, mean) => {
      if (mean >= 0) {
        state[sumAt] = (state[sumAt] ?? 0) + mean;
        state[knownAt] = (state[knownAt] ?? 0) + 1;
      }
      if ((minute + 1) % stepMinutes !== 0) return;
      const known = state[knownAt] ?? 0;
      const value = (state[sumAt] ?? 0) / known;
      state[sumAt] = 0;
      state[knownAt] = 0;
      if (known === 0) return;
      fillFeatures(features, minute + 1 - stepMinutes / 2);
      learnStep(state, { features, gain }, value);
    },
  };
}

function setPrior(state: Float64Array): void {
  for (let index = 0; index < featureCount; index += 1) {
    const variance = index === 0 ? 100 : 0.5 / (1 + Math.floor((index - 1) / 2));
    state[covarianceAt + index * featureCount + index] = variance / noiseVariance;
  }
}

function fillFeatures(features: Float64Array, minute: number): void {
  features[0] = 1;
  const add = (at: number, harmonics: number, period: number): void => {
    const angle = (2 * Math.PI * (minute % period)) / period;
    for (let harmonic = 1; harmonic <= harmonics; harmonic += 1) {
      features[at + 2 * (harmonic - 1)] = Math.sin(harmonic * angle);
      features[at + 2 * (harmonic - 1) + 1] = Math.cos(harmonic * angle);
    }
  };
  add(1, dailyHarmonics, minutesPerDay);
  add(1 + 2 * dailyHarmonics, weeklyHarmonics, 7 * minutesPerDay);
}

function predict(state: Float64Array, features: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < featureCount; index += 1) {
    sum += (state[index] ?? 0) * (features[index] ?? 0);
  }
  return sum;
}

/** What is left of the newest error after so many steps. */
function keptError(state: Float64Array, steps: number): number {
  const square = state[squareAt] ?? 0;
  if (square <= 0) return 0;
  const correlation = Math.max(1e-3, Math.min(0.999, (state[lagProductAt] ?? 0) / square));
  return (state[errorAt] ?? 0) * Math.exp(steps * Math.log(correlation));
}

function learnStep(
  state: Float64Array,
  scratch: { readonly features: Float64Array; readonly gain: Float64Array },
  value: number,
): void {
  const { features, gain } = scratch;
  const steps = (state[stepsAt] ?? 0) + 1;
  state[stepsAt] = steps;
  const mean = state[meanAt] ?? 0;
  const bounded = steps < 12 ? value : Math.min(value, 20 * mean + 1e-9);
  state[meanAt] = mean + Math.max(1 / steps, 1 / memory) * (bounded - mean);
  const log = Math.log(value + floorRatio * (state[meanAt] ?? 0) + 1e-9);
  const error = log - predict(state, features);
  const surprise = steps < stepsMin ? error : Math.max(-surpriseMax, Math.min(surpriseMax, error));
  updateCoefficients(state, features, gain, surprise);
  const before = state[errorAt] ?? 0;
  const rate = 1 / Math.min(steps, memory);
  if (steps >= stepsMin) {
    state[lagProductAt] =
      (state[lagProductAt] ?? 0) * (1 - rate) + rate * clip(error) * clip(before);
    state[squareAt] = (state[squareAt] ?? 0) * (1 - rate) + rate * clip(before) * clip(before);
  }
  state[errorAt] = error;
}

function clip(error: number): number {
  return Math.max(-surpriseMax, Math.min(surpriseMax, error));
}

function updateCoefficients(
  state: Float64Array,
  features: Float64Array,
  gain: Float64Array,
  error: number,
): void {
  const forgetting = 1 - 1 / memory;
  let spread = forgetting;
  for (let row = 0; row < featureCount; row += 1) {
    let sum = 0;
    const at = covarianceAt + row * featureCount;
    for (let column = 0; column < featureCount; column += 1) {
      sum += (state[at + column] ?? 0) * (features[column] ?? 0);
    }
    gain[row] = sum;
    spread += sum * (features[row] ?? 0);
  }
  for (let row = 0; row < featureCount; row += 1) {
    const share = (gain[row] ?? 0) / spread;
    state[row] = (state[row] ?? 0) + share * error;
    const at = covarianceAt + row * featureCount;
    for (let column = 0; column < featureCount; column += 1) {
      const next = ((state[at + column] ?? 0) - share * (gain[column] ?? 0)) / forgetting;
      // A direction that is never seen would grow for ever.
      state[at + column] = Math.max(-1e4, Math.min(1e4, next));
    }
  }
}
