import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitModel } from '../fit-model.ts';
import { createDraw, createNormal } from '../testing/simulated-series.ts';
import { headSteps, lstmShape } from './lstm-features.ts';
import {
  forecastLstm,
  logReader,
  newestLstmStep,
  openLstmFilter,
  packLstm,
  takeLstmStep,
  type LstmFilter,
} from './lstm-filter.ts';
import { createScratch, learnStretch, type Stretch } from './lstm-gradient.ts';
import { advance, countWeights, readHead, type LstmShape } from './lstm-network.ts';
import { createState, trainLstm } from './train-lstm.ts';

/** A network is trained in seconds, on a machine that may be busy. */
const limitMs = 120_000;
const stepsPerDay = 288;
/** A Monday, 00:00. */
const firstStep = 5_891_328;

/** A wave a day, whose level wanders, and a ramp that comes at one time of the day in every other. */
function demandAt(seed: number, steps: number): Float64Array {
  const normal = createNormal(seed);
  let level = 0;
  return Float64Array.from({ length: steps }, (_, step) => {
    level = 0.98 * level + 0.03 * normal();
    const day = Math.floor(step / stepsPerDay);
    const minute = step % stepsPerDay;
    const ramp = minute >= 200 && minute < 240 && day % 7 < 5 ? 0.8 : 0;
    return Math.exp(3 + 0.5 * Math.sin((2 * Math.PI * minute) / stepsPerDay) + ramp + level);
  });
}

function openOn(means: Float64Array): LstmFilter {
  const task = { until: firstStep + means.length - 1, means };
  const fitted = trainLstm(task);
  if (typeof fitted === 'string') throw new Error(fitted);
  return openLstmFilter(packLstm(fitted, task.until));
}

describe('the gradient of a stretch', () => {
  const shape: LstmShape = { inputs: 3, hidden: 4, heads: 2, hints: 2 };

  it.each([1, 2, 3])('is that of finite differences in every weight, seed %i', (seed) => {
    const draw = createDraw(seed);
    const fill = (length: number): Float64Array =>
      Float64Array.from({ length }, () => 2 * draw() - 1);
    const steps = 7;
    const stretch: Stretch = {
      steps,
      inputs: fill(steps * shape.inputs),
      hints: fill(steps * shape.heads * shape.hints),
      targets: fill(steps * shape.heads),
    };
    stretch.targets[3] = Number.NaN;
    const weights = fill(countWeights(shape));
    const start = { hidden: fill(shape.hidden), cell: fill(shape.hidden) };
    const lossAt = (at: Float64Array): number => {
      const state = { hidden: start.hidden.slice(), cell: start.cell.slice() };
      return learnStretch(shape, at, { stretch, state }, createScratch(shape, steps));
    };
    const scratch = createScratch(shape, steps);
    const state = { hidden: start.hidden.slice(), cell: start.cell.slice() };
    learnStretch(shape, weights, { stretch, state }, scratch);
    for (let index = 0; index < weights.length; index += 1) {
      const up = weights.slice();
      const down = weights.slice();
      up[index] = (up[index] ?? 0) + 1e-6;
      down[index] = (down[index] ?? 0) - 1e-6;
      const slope = (lossAt(up) - lossAt(down)) / 2e-6;
      expect(Math.abs((scratch.gradient[index] ?? 0) - slope)).toBeLessThan(1e-6);
    }
  });

  it('leaves the state where single steps lead, and nothing where no target is known', () => {
    const draw = createDraw(4);
    const fill = (length: number): Float64Array =>
      Float64Array.from({ length }, () => 2 * draw() - 1);
    const steps = 5;
    const weights = fill(countWeights(shape));
    const stretch: Stretch = {
      steps,
      inputs: fill(steps * shape.inputs),
      hints: fill(steps * shape.heads * shape.hints),
      targets: new Float64Array(steps * shape.heads).fill(Number.NaN),
    };
    const state = createState(shape);
    const scratch = createScratch(shape, steps);
    expect(learnStretch(shape, weights, { stretch, state }, scratch)).toBe(0);
    expect(scratch.gradient.every((slope) => slope === 0)).toBe(true);
    const single = createState(shape);
    for (let step = 0; step < steps; step += 1) {
      const input = stretch.inputs.subarray(step * shape.inputs, (step + 1) * shape.inputs);
      advance(shape, weights, input, single);
    }
    for (const [unit, value] of state.hidden.entries()) {
      expect(single.hidden[unit]).toBeCloseTo(value, 12);
    }
    const read = { hidden: new Float64Array(shape.hidden), hints: new Float64Array(shape.hints) };
    expect(readHead(shape, weights, 1, read)).toBe(weights.at(-1));
  });
});

describe('a trained network', () => {
  it('forecasts better than persistence what it was not shown', { timeout: limitMs }, () => {
    const shown = 10 * stepsPerDay;
    const demand = demandAt(1, 14 * stepsPerDay);
    const filter = openOn(demand.subarray(0, shown));
    const readLog = logReader(filter, (step) => demand[step - firstStep] ?? Number.NaN);
    const errors = new Map([6, 12, 24].map((ahead) => [ahead, { own: 0, naive: 0, daily: 0 }]));
    for (let step = shown; step + 24 < demand.length; step += 1) {
      takeLstmStep(filter, demand[step] ?? 0, readLog);
      for (const [ahead, sums] of errors) {
        const truth = demand[step + ahead] ?? 0;
        sums.own += Math.abs(forecastLstm(filter, ahead, readLog) - truth);
        sums.naive += Math.abs((demand[step] ?? 0) - truth);
        sums.daily += Math.abs((demand[step + ahead - stepsPerDay] ?? 0) - truth);
      }
    }
    for (const { own, naive, daily } of errors.values()) {
      expect(own).toBeLessThan(0.95 * naive);
      expect(own).toBeLessThan(0.95 * daily);
    }
  });

  it(
    'is the same for the same series and seed, and another for another',
    { timeout: limitMs },
    () => {
      const task = { until: firstStep, means: demandAt(2, 3 * stepsPerDay) };
      const [one, same, other] = [trainLstm(task, 1), trainLstm(task, 1), trainLstm(task, 2)];
      expect(same).toEqual(one);
      expect(other).not.toEqual(one);
    },
  );

  it('goes on from its packed numbers as if it had not been put away', { timeout: limitMs }, () => {
    const demand = demandAt(3, 4 * stepsPerDay);
    const shown = 3 * stepsPerDay;
    const one = openOn(demand.subarray(0, shown));
    const readMean = (step: number): number => demand[step - firstStep] ?? Number.NaN;
    for (let step = shown; step < shown + 20; step += 1) {
      takeLstmStep(one, demand[step] ?? 0, logReader(one, readMean));
    }
    const other = openLstmFilter(structuredClone(one.packed));
    expect(newestLstmStep(other)).toBe(firstStep + shown + 19);
    for (const filter of [one, other]) {
      takeLstmStep(filter, Number.NaN, logReader(filter, readMean));
    }
    expect(other.packed).toEqual(one.packed);
    for (const ahead of [0, 0.5, ...headSteps]) {
      expect(forecastLstm(other, ahead, logReader(other, readMean))).toBe(
        forecastLstm(one, ahead, logReader(one, readMean)),
      );
    }
  });
});

describe('a training', () => {
  it('abstains with a reason where there is less than two days, or mostly gaps', () => {
    const short = new Float64Array(575).fill(4);
    expect(fitModel('lstm', { until: 9, means: short })).toBe('too-little-history');
    const gaps = new Float64Array(1000).fill(Number.NaN).fill(3, 0, 400);
    expect(fitModel('lstm', { until: 9, means: gaps })).toBe('too-many-gaps');
  });

  it.each([0, 5])('on a constant %d forecasts it', { timeout: limitMs }, (level) => {
    const means = new Float64Array(600).fill(level);
    const filter = openOn(means);
    const readLog = logReader(filter, () => level);
    for (const ahead of [1, 12, 288]) {
      expect(Math.abs(forecastLstm(filter, ahead, readLog) - level)).toBeLessThan(
        0.05 * level + 1e-6,
      );
    }
  });

  it('stays within bounds whatever comes', { timeout: limitMs }, () => {
    const demand = demandAt(5, 3 * stepsPerDay);
    demand[800] = 1e9;
    demand.fill(Number.NaN, 100, 180);
    const packed = openOn(demand).packed;
    const anyMean = fc.oneof(
      { weight: 3, arbitrary: fc.double({ min: 0, max: 100, noNaN: true }) },
      fc.constantFrom(0, Number.NaN, -1, Number.POSITIVE_INFINITY, 1e12, 1e-300),
    );
    fc.assert(
      fc.property(fc.array(anyMean, { maxLength: 30 }), anyMean, (means, before) => {
        const filter = openLstmFilter(packed.slice());
        const readLog = logReader(filter, () => before);
        for (const mean of means) takeLstmStep(filter, mean, readLog);
        for (const ahead of [0, 1, 13, 588]) {
          const forecast = forecastLstm(filter, ahead, readLog);
          expect(forecast).toBeGreaterThanOrEqual(0);
          expect(forecast).toBeLessThan(10_000);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('has a head for every step that it says it has', () => {
    expect(lstmShape.heads).toBe(headSteps.length);
    expect(headSteps.toSorted((one, other) => one - other)).toEqual([...headSteps]);
  });
});
