import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitModel } from '../fit-model.ts';
import { createNormal, simulateArima, type Process } from '../testing/simulated-series.ts';
import { forecastPath, openFilter, packArima, takeStep } from './arima-filter.ts';
import { difference, nameOrder } from './arima-model.ts';
import { findExplained, findSeason } from './find-season.ts';
import { countDifferences, findKpss } from './kpss.ts';
import { fitDemandArima, searchArima, type ArimaSearch } from './search-arima.ts';
import { fromCoefficients, toStableCoefficients } from './stable-polynomial.ts';

const seeds = [1, 2, 3, 4];
const limitMs = 30_000;

function search(series: Float64Array, periods: readonly number[] = []): ArimaSearch {
  const found = searchArima(series, new Uint8Array(series.length).fill(1), periods);
  if (found === null) throw new Error('no model was found');
  return found;
}

/** Coefficients ψ₀…ψ_n of the errors in the series, which all orders of one process share. */
function toPsi(ar: ArrayLike<number>, ma: ArrayLike<number>, count: number): readonly number[] {
  const psi = [1];
  for (let lag = 1; lag <= count; lag += 1) {
    let value = ma[lag - 1] ?? 0;
    for (let index = 0; index < ar.length && index < lag; index += 1) {
      value += (ar[index] ?? 0) * (psi[lag - 1 - index] ?? 0);
    }
    psi.push(value);
  }
  return psi;
}

/** Forecasts from the end of a series, which is taken as logs as it stands. */
function forecast(series: Float64Array, { model }: ArimaSearch, steps: number): Float64Array {
  const bounds = { floor: 0, lowest: -1e6, highest: 1e6 };
  const filter = openFilter(packArima({ model, logs: series, ...bounds }, 0));
  const path = new Float64Array(steps + 1);
  forecastPath(filter, path);
  return path;
}

describe('stationary polynomials', () => {
  it('follow the recursion of Durbin and Levinson', () => {
    const unbounded = [0.5, -0.4].map((partial) => Math.atanh(partial / 0.999));
    const [first, second] = toStableCoefficients(unbounded);
    expect(first).toBeCloseTo(0.7, 10);
    expect(second).toBeCloseTo(-0.4, 10);
  });

  it('come back from their own coefficients, and are stationary whatever is asked', () => {
    const anyNumbers = fc.array(fc.double({ min: -1.8, max: 1.8, noNaN: true }), {
      minLength: 1,
      maxLength: 5,
    });
    fc.assert(
      fc.property(anyNumbers, (unbounded) => {
        const coefficients = toStableCoefficients(unbounded);
        const back = toStableCoefficients(fromCoefficients(coefficients));
        for (const [index, one] of coefficients.entries()) expect(back[index]).toBeCloseTo(one, 6);
      }),
    );
    const anything = fc.array(fc.double({ noDefaultInfinity: true }), { maxLength: 5 });
    fc.assert(
      fc.property(anything, (coefficients) => {
        const drawnIn = toStableCoefficients(fromCoefficients(coefficients));
        // What a stationary series was hit by does not grow.
        const psi = toPsi(drawnIn, [], 8000).map((value) => Math.abs(value));
        const early = Math.max(...psi.slice(0, 4000));
        expect(Math.max(...psi.slice(4000))).toBeLessThanOrEqual(early);
      }),
      { numRuns: 30 },
    );
  });
});

describe('differences', () => {
  it('are none for noise, one for a random walk, and none is needed for a constant', () => {
    // A test at 5 % is wrong of noise in two of forty, as a rule.
    let noise = 0;
    let walks = 0;
    for (let seed = 1; seed <= 40; seed += 1) {
      noise += countDifferences(simulateArima(1000, {}, seed)) === 0 ? 1 : 0;
      walks += countDifferences(simulateArima(1000, { differences: 1 }, seed)) === 1 ? 1 : 0;
    }
    expect(noise).toBeGreaterThanOrEqual(34);
    expect(walks).toBeGreaterThanOrEqual(34);
    expect(findKpss(new Float64Array(500).fill(7))).toBe(0);
    expect(countDifferences(new Float64Array(0))).toBe(0);
  });

  it('have the statistic that the definition gives by hand', () => {
    // Four values leave no lags: Σ S² / (n Σ e²) with S = −1, 0, −1, 0 of the mean 0.
    expect(findKpss(Float64Array.from([-1, 1, -1, 1]))).toBeCloseTo(2 / (4 * 4), 12);
  });
});

describe('a season', () => {
  const normal = createNormal(5);
  const wave = (period: number, noise: number) =>
    Float64Array.from({ length: period * 40 }, (_, index) => {
      return Math.sin((2 * Math.PI * index) / period) + noise * normal();
    });

  it('is found by what the other cycles say of each', () => {
    expect(findExplained(wave(24, 0), 24)).toBeCloseTo(1, 10);
    expect(findSeason(wave(24, 0.3), [6, 24, 48])).toEqual({ season: 24, differences: 1 });
    expect(findSeason(wave(24, 1.2), [6, 24, 48])).toEqual({ season: 24, differences: 0 });
  });

  it('is none in noise, nor where fewer than three cycles were seen', () => {
    expect(findSeason(simulateArima(600, {}, 3), [6, 24, 48]).season).toBe(0);
    expect(findSeason(wave(24, 0).subarray(0, 71), [24]).season).toBe(0);
  });
});

describe.each<[string, Process]>([
  ['AR(1)', { ar: [0.7], mean: 3 }],
  ['AR(2) with a cycle', { ar: [1.2, -0.5] }],
  ['MA(1)', { ma: [0.6] }],
  ['ARMA(1,1)', { ar: [0.8], ma: [0.4], mean: -5 }],
  ['ARIMA(1,1,1)', { ar: [0.5], ma: [0.3], differences: 1 }],
  ['ARIMA(0,1,1)', { ma: [-0.5], differences: 1 }],
])('the search on %s', { timeout: limitMs }, (_name, process) => {
  it.each(seeds)('recovers its dynamics and the variance of its errors, seed %i', (seed) => {
    const series = simulateArima(3000, process, seed);
    const { model, tried } = search(series);
    expect(Math.abs(model.variance - 1)).toBeLessThan(0.12);
    expect(tried).toBeLessThanOrEqual(40);
    if (model.order.differences !== (process.differences ?? 0)) return;
    const wanted = toPsi(process.ar ?? [], process.ma ?? [], 5);
    for (const [lag, psi] of toPsi(model.ar, model.ma, 5).entries()) {
      expect(Math.abs(psi - (wanted[lag] ?? 0))).toBeLessThan(0.12);
    }
    if (process.differences === undefined) {
      expect(Math.abs(model.mean - (process.mean ?? 0))).toBeLessThan(0.4);
    }
  });
});

describe('forecasts', { timeout: limitMs }, () => {
  it('of AR(1) fade to the mean as φ to the power of the step', () => {
    const series = simulateArima(3000, { ar: [0.8], mean: 10 }, 2);
    const found = search(series);
    expect(nameOrder(found.model.order)).toBe('ARIMA(1,0,0)');
    const { mean, ar } = found.model;
    const path = forecast(series, found, 10);
    const last = series.at(-1) ?? 0;
    for (let ahead = 1, kept = ar[0] ?? 0; ahead <= 10; ahead += 1, kept *= ar[0] ?? 0) {
      expect(path[ahead]).toBeCloseTo(mean + kept * (last - mean), 9);
    }
  });

  it('of a random walk are flat, of MA(1) the mean from the second step on', () => {
    const walk = simulateArima(1500, { differences: 1 }, 1);
    const found = search(walk);
    expect(nameOrder(found.model.order)).toBe('ARIMA(0,1,0)');
    expect([...forecast(walk, found, 5)]).toEqual(Array.from({ length: 6 }, () => walk.at(-1)));
    const noise = simulateArima(3000, { ma: [0.6], mean: 4 }, 6);
    const path = forecast(noise, search(noise), 9);
    expect(path[9]).toBeCloseTo(4, 0);
  });

  it('go on with a season, and with a season under noise better than any last value', () => {
    const normal = createNormal(9);
    const period = 48;
    const values = Float64Array.from({ length: period * 20 }, (_, index) => {
      return 3 * Math.sin((2 * Math.PI * index) / period) + 0.3 * normal();
    });
    const known = values.subarray(0, period * 18);
    const found = search(known, [period]);
    expect(found.model.order).toMatchObject({ season: period, seasonalDifferences: 1 });
    const path = forecast(known, found, 2 * period);
    let own = 0;
    let naive = 0;
    for (let ahead = 1; ahead <= 2 * period; ahead += 1) {
      const truth = values[known.length + ahead - 1] ?? 0;
      own += Math.abs((path[ahead] ?? 0) - truth);
      naive += Math.abs((known.at(-1) ?? 0) - truth);
    }
    expect(own).toBeLessThan(naive / 4);
    expect(own / (2 * period)).toBeLessThan(0.4);
  });

  it('go on step by step as if they had been fitted there', () => {
    const series = simulateArima(800, { ar: [0.6], ma: [0.3], mean: 2 }, 4);
    const found = search(series.subarray(0, 700));
    const bounds = { floor: 0, lowest: -100, highest: 100 };
    const pack = (until: number) =>
      openFilter(
        packArima({ model: found.model, logs: series.subarray(0, until), ...bounds }, until),
      );
    const early = pack(700);
    for (const value of series.subarray(700)) takeStep(early, Math.exp(value));
    const late = pack(800);
    const [one, other] = [new Float64Array(9), new Float64Array(9)];
    forecastPath(early, one);
    forecastPath(late, other);
    for (const [step, value] of one.entries()) expect(value).toBeCloseTo(other[step] ?? 0, 8);
  });
});

describe('a fit of demand', { timeout: limitMs }, () => {
  it('abstains with a reason where there is too little, or too many gaps', () => {
    expect(fitModel('arima', { until: 9, means: Float64Array.from([5]) })).toBe(
      'too-little-history',
    );
    expect(fitModel('arima', { until: 9, means: new Float64Array(0) })).toBe('too-little-history');
    const gaps = new Float64Array(600).fill(Number.NaN).fill(3, 0, 100);
    expect(fitModel('arima', { until: 9, means: gaps })).toBe('too-many-gaps');
  });

  it.each([0, 5])('of a constant %d is that constant', (level) => {
    const packed = fitModel('arima', { until: 599, means: new Float64Array(600).fill(level) });
    if (typeof packed === 'string') throw new Error(packed);
    const path = new Float64Array(589);
    const filter = openFilter(packed);
    forecastPath(filter, path);
    const floor = packed[1] ?? 0;
    for (const log of path) expect(Math.exp(log) - floor).toBeCloseTo(level, 6);
  });

  it('does not follow one spike of a thousand times the usual', () => {
    const normal = createNormal(8);
    const means = Float64Array.from({ length: 900 }, () => 100 + 5 * normal());
    means[895] = 100_000;
    const packed = fitModel('arima', { until: 899, means });
    if (typeof packed === 'string') throw new Error(packed);
    const path = new Float64Array(25);
    forecastPath(openFilter(packed), path);
    const ahead = Math.exp(path[24] ?? 0) - (packed[1] ?? 0);
    expect(ahead).toBeGreaterThan(80);
    expect(ahead).toBeLessThan(160);
  });

  it('is finite and bounded for anything that is measured, and then for anything that comes', () => {
    const anyMean = fc.oneof(
      { weight: 6, arbitrary: fc.double({ min: 0, max: 1000, noNaN: true }) },
      fc.constantFrom(0, Number.NaN, -1, Number.POSITIVE_INFINITY, 1e9, 1e-300),
    );
    fc.assert(
      fc.property(
        fc.array(fc.tuple(anyMean, fc.constantFrom(1, 2, 60)), { minLength: 1, maxLength: 60 }),
        fc.array(anyMean, { maxLength: 20 }),
        (pieces, later) => {
          const means = Float64Array.from(
            pieces.flatMap(([value, count]) => Array.from({ length: count }, () => value)),
          );
          const fitted = fitDemandArima({ until: 100, means });
          if (typeof fitted === 'string') return;
          const filter = openFilter(packArima(fitted, 100));
          for (const mean of later) takeStep(filter, mean);
          const path = new Float64Array(589);
          forecastPath(filter, path);
          for (const log of path) {
            expect(log).toBeGreaterThanOrEqual(fitted.lowest);
            expect(log).toBeLessThanOrEqual(fitted.highest);
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it('is the same each time', () => {
    const means = Float64Array.from(simulateArima(700, { ar: [0.8], mean: 50 }, 3));
    const task = { until: 700, means };
    expect(fitModel('arima', task)).toEqual(fitModel('arima', task));
  });
});

describe('the difference', () => {
  it('is shorter by the lag, and nothing of what is shorter than that', () => {
    expect([...difference(Float64Array.from([1, 4, 9, 16]), 2)]).toEqual([8, 12]);
    expect(difference(Float64Array.from([1]), 2)).toHaveLength(0);
  });
});
