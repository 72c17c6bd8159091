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
    expect(low.slice(0, place + 1).every((value) => value === null)).toBe(true);
    expect(middle.slice(place + 1).every((value) => value !== null)).toBe(true);
    expect(times.at(-1)).toBeLessThanOrEqual((now + 0.3 * 3_600_000) / 1000);
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
