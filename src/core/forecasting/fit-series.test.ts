import { describe, expect, it } from 'vitest';
import { createBlockHistory } from './block-history.ts';
import { prepareSeries, readFitTask, type PreparedSeries } from './fit-series.ts';

function prepare(means: readonly number[]): PreparedSeries {
  const prepared = prepareSeries(Float64Array.from(means));
  if (typeof prepared === 'string') throw new Error(prepared);
  return prepared;
}

const usual = Array.from({ length: 60 }, (_, index) => 10 + (index % 5));

describe('the series of a fit', () => {
  it('is of closed steps of five minutes, back to the first', () => {
    const history = createBlockHistory();
    const first = 30_000_015;
    for (let block = 0; block < 200; block += 1) {
      history.push(first + block, block < 100 ? 4 : Number.NaN);
    }
    const { until, means } = readFitTask(history, 1_000_005);
    expect(until).toBe(1_000_005);
    expect([...means]).toEqual([4, 4, 4, Number.NaN, Number.NaN]);
  });

  it('has its gaps closed by straight lines, and says which values were measured', () => {
    const { logs, known, floor } = prepare([...usual, Number.NaN, -1, 13, Number.NaN]);
    expect(Array.from(known.slice(-5))).toEqual([1, 0, 0, 1, 0]);
    const [before, one, two, after, last] = logs.slice(-5);
    expect(before).toBeCloseTo(Math.log(14 + floor), 12);
    expect((one ?? 0) - (before ?? 0)).toBeCloseTo(((after ?? 0) - (before ?? 0)) / 3, 12);
    expect((after ?? 0) - (two ?? 0)).toBeCloseTo(((after ?? 0) - (before ?? 0)) / 3, 12);
    expect(last).toBe(after);
  });

  it('believes a spike no further than what is usual reaches', () => {
    const calm = prepare(usual);
    const { logs, floor, highest } = prepare([...usual, 12_000]);
    expect(floor).toBeLessThan(2 * calm.floor);
    const told = Math.exp(logs.at(-1) ?? 0) - floor;
    expect(told).toBeGreaterThan(14);
    expect(told).toBeLessThan(80);
    expect(Math.exp(highest) - floor).toBeLessThan(400);
  });

  it('of nothing but zeros is level', () => {
    const { logs, lowest } = prepare(Array.from({ length: 50 }, () => 0));
    expect(new Set(logs).size).toBe(1);
    expect(lowest).toBeLessThanOrEqual(logs[0] ?? 0);
  });

  it('is refused with a reason', () => {
    expect(prepareSeries(Float64Array.from(usual.slice(0, 35)))).toBe('too-little-history');
    const gaps = usual.map((value, index) => (index % 20 === 0 ? value : Number.NaN));
    expect(prepareSeries(Float64Array.from([...gaps, ...usual.slice(0, 36), ...gaps]))).toBe(
      'too-many-gaps',
    );
  });
});
