import { describe, expect, it } from 'vitest';
import { fakeForecast, fakeSeries } from '../testing/fake-fleet.ts';
import { joinChartData } from './chart-data.ts';

const now = Date.UTC(2026, 0, 15, 12);
const from = now - 3_600_000;
const query = new URLSearchParams({ from: String(from), to: String(now), points: '60' });
const series = fakeSeries('web', query);
const present = { at: now, desired: 9, inService: 8, demand: 7.5 };
const bounds = { from, to: now };

describe('the chart of a group', () => {
  it('goes from the past over the present into the forecast, in ascending times', () => {
    const data = joinChartData({ series, present, forecast: fakeForecast('web', now), bounds });
    const { desired, low, middle, times } = data;
    expect(times).toEqual(times.toSorted((one, other) => one - other));
    expect(new Set(times).size).toBe(times.length);
    const place = times.indexOf(now / 1000);
    expect(desired[place]).toBe(9);
    expect(low.slice(0, place).every((value) => value === null)).toBe(true);
    expect(middle.slice(place + 1).every((value) => value !== null)).toBe(true);
    expect(times.at(-2)).toBeLessThanOrEqual((now + 0.3 * 3_600_000) / 1000);
    expect(times.at(-1)).toBeGreaterThan((now + 0.3 * 3_600_000) / 1000);
  });

  it('draws the forecast in instances, each step at its middle, from what is measured now', () => {
    const forecast = {
      ...fakeForecast('web', now),
      start: now,
      stepMs: 60_000,
      levels: [0.05, 0.5, 0.95, 0.999],
      quantiles: [
        [400, 500, 700, 2000],
        [410, 510, 710, 2010],
      ],
    };
    const data = joinChartData({ series, present, forecast, bounds });
    const place = data.times.indexOf(now / 1000);
    expect(data.times.slice(place)).toEqual([0, 30, 90].map((after) => now / 1000 + after));
    expect(data.low.slice(place)).toEqual([7.5, 4, 4.1]);
    expect(data.middle.slice(place)).toEqual([7.5, 5, 5.1]);
    expect(data.high.slice(place)).toEqual([7.5, 7, 7.1]);
  });

  it('draws none where a forecast is of no use, or where nobody knows what an instance can do', () => {
    const forecast = fakeForecast('web', now);
    const unsized = { ...forecast, sizing: { ...forecast.sizing, perInstance: null } };
    for (const one of [unsized, { ...forecast, isUsable: false, code: 'not-finite' } as const]) {
      const { middle } = joinChartData({ series, present, forecast: one, bounds });
      expect(middle.every((value) => value === null)).toBe(true);
    }
  });

  it('has columns that are all as long as its times', () => {
    const { times, ...columns } = joinChartData({ series, present, forecast: null, bounds });
    for (const column of Object.values(columns)) expect(column).toHaveLength(times.length);
  });

  it('ends with the past where the span does not reach the present', () => {
    const data = joinChartData({ series, present: null, forecast: null, bounds });
    expect(data.times.at(-1)).toBeLessThan(now / 1000);
  });
});
