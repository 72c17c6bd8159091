import { describe, expect, it } from 'vitest';
import { createDemandForecaster, type DemandForecaster } from '../demand-forecaster.ts';
import { fitModel } from '../fit-model.ts';
import { createNormal } from '../testing/simulated-series.ts';

const limitMs = 60_000;
const startsAt = 1_767_225_600_000;
const blocksPerDay = 8640;

/** AR(1) around a level in steps of five minutes, and as many blocks as asked for. */
function feed(forecaster: DemandForecaster, from: number, until: number): void {
  const normal = createNormal(7);
  let level = 0;
  for (let block = 0; block < until; block += 1) {
    if (block % 30 === 0) level = 0.9 * level + 0.1 * normal();
    if (block < from) continue;
    const demand = 100 * Math.exp(level);
    forecaster.observe({ startsAt: startsAt + block * 10_000, demand, isCensored: false });
  }
}

function fitArima(forecaster: DemandForecaster): Float64Array {
  const task = forecaster.readFitTask();
  const packed = task === null ? 'no task' : fitModel('arima', task);
  if (typeof packed === 'string') throw new Error(packed);
  return packed;
}

const ahead = 900_000;
const step = 300_000;
const centreOf = (forecaster: DemandForecaster): readonly number[] | undefined =>
  forecaster.compareExperts(ahead, step).get('arima');
const namesIn = (forecaster: DemandForecaster): readonly string[] =>
  forecaster.describe().horizons.flatMap(({ experts }) => experts.map(({ name }) => name));

describe('an expert that is fitted elsewhere', { timeout: limitMs }, () => {
  it('says nothing, and is not told of, until it is handed a model', () => {
    const forecaster = createDemandForecaster();
    expect(forecaster.readFitTask()).toBeNull();
    feed(forecaster, 0, blocksPerDay);
    forecaster.forecastMean(ahead, step);
    expect(centreOf(forecaster)).toBeUndefined();
    expect(namesIn(forecaster)).not.toContain('arima');
    forecaster.adopt('arima', fitArima(forecaster));
    expect(centreOf(forecaster)?.[3]).toBeGreaterThan(0);
    const [horizon] = forecaster.describe().horizons;
    const total = horizon?.experts.reduce((sum, { weight }) => sum + weight, 0);
    expect(total).toBeCloseTo(1, 9);
    expect(namesIn(forecaster)).toContain('arima');
    expect(namesIn(forecaster)).not.toContain('lstm');
    forecaster.adopt('arima', new Float64Array(0));
    expect(centreOf(forecaster)).toBeUndefined();
  });

  it('is weighed by what it is worth: on its own process it comes to lead', () => {
    const forecaster = createDemandForecaster({ admitsAtOnce: true });
    feed(forecaster, 0, blocksPerDay);
    forecaster.adopt('arima', fitArima(forecaster));
    for (let block = blocksPerDay; block < 3 * blocksPerDay; block += 30) {
      feed(forecaster, block, block + 30);
      forecaster.forecastMean(ahead, step);
    }
    const [horizon] = forecaster.describe().horizons;
    const ranked = horizon?.experts.toSorted((one, other) => other.weight - one.weight);
    expect(ranked?.slice(0, 3).map(({ name }) => name)).toContain('arima');
  });

  it('takes up steps that it has missed, and sleeps when a day is missing', () => {
    const [one, late] = [createDemandForecaster(), createDemandForecaster()];
    for (const forecaster of [one, late]) feed(forecaster, 0, blocksPerDay);
    const packed = fitArima(one);
    one.adopt('arima', packed);
    for (const forecaster of [one, late]) feed(forecaster, blocksPerDay, blocksPerDay + 90);
    late.adopt('arima', packed);
    for (const forecaster of [one, late]) feed(forecaster, blocksPerDay + 90, blocksPerDay + 121);
    expect(centreOf(late)?.[3]).toBeCloseTo(centreOf(one)?.[3] ?? Number.NaN, 6);
    const after = startsAt + 3 * blocksPerDay * 10_000;
    for (let block = 0; block < 60; block += 1) {
      one.observe({ startsAt: after + block * 10_000, demand: 100, isCensored: false });
    }
    expect(one.forecastMean(ahead, step).isUsable).toBe(true);
    expect(centreOf(one)).toBeUndefined();
  });

  it('goes on after a snapshot as if nothing had happened', () => {
    const one = createDemandForecaster();
    feed(one, 0, blocksPerDay);
    one.adopt('arima', fitArima(one));
    one.forecastMean(ahead, step);
    feed(one, blocksPerDay, blocksPerDay + 500);
    const two = createDemandForecaster({}, structuredClone(one.snapshot()));
    for (const forecaster of [one, two]) feed(forecaster, blocksPerDay + 500, blocksPerDay + 900);
    expect(centreOf(two)).toEqual(centreOf(one));
    expect(two.forecastMean(ahead, step)).toEqual(one.forecastMean(ahead, step));
  });
});
