import { describe, expect, it } from 'vitest';
import { createDemandForecaster } from './demand-forecaster.ts';

const startsAt = 1_767_225_600_000;

describe('a forecast of demand', () => {
  it('abstains before anything was seen', () => {
    const forecast = createDemandForecaster().forecastMax(120_000, 60_000);
    expect(forecast.isUsable).toBe(false);
    expect(forecast.code).toBe('too-little-history');
  });

  it('goes on after a snapshot as if nothing had happened', () => {
    const demandAt = (index: number): number =>
      100 + 40 * Math.sin(index / 500) + ((index * 7919) % 13);
    const one = createDemandForecaster();
    const feed = (to: typeof one, from: number, until: number): number[] => {
      const seen: number[] = [];
      for (let index = from; index < until; index += 1) {
        const demand = index % 97 === 0 ? null : demandAt(index);
        to.observe({ startsAt: startsAt + index * 10_000, demand, isCensored: false });
        seen.push(...to.forecastMax(120_000, 60_000).quantiles);
        if (index % 50 === 0) seen.push(...to.forecastMean(3_600_000, 300_000).quantiles);
      }
      return seen;
    };
    feed(one, 0, 5000);
    const two = createDemandForecaster({}, structuredClone(one.snapshot()));
    expect(feed(two, 5000, 6000)).toEqual(feed(one, 5000, 6000));
  });
});
