// Metric math: the worked examples of the CloudWatch User Guide, and laws that hold for any data.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluate } from './evaluate.ts';
import { DEPTH_MAX, parseExpression } from './parse.ts';
import { found, problem } from './value.ts';
import type { Result, TimeSeries, Value } from './value.ts';

type Points = readonly (number | undefined)[];
const _ = undefined;

function seriesOf(values: Points, label: string, periodMs = 60_000): TimeSeries {
  return { kind: 'series', grid: { from: 0, periodMs, count: values.length }, values, label };
}

function compute(source: string, metrics: Readonly<Record<string, Points>> = {}): Result<Value> {
  const parsed = parseExpression(source);
  if (!parsed.ok) return parsed;
  const entries = Object.entries(metrics).map(([id, values]) => ({
    id,
    series: seriesOf(values, id),
  }));
  return evaluate(parsed.expression, {
    resolve(id) {
      const entry = entries.find((candidate) => candidate.id === id);
      return entry ? found(entry.series) : problem(`unknown ${id}`);
    },
    metrics: () => entries,
    grid: entries[0]?.series.grid,
  });
}

function points(source: string, metrics: Readonly<Record<string, Points>>): Points {
  const result = compute(source, metrics);
  if (!result.ok) throw new Error(result.problem);
  if (result.value.kind !== 'series') throw new Error(`${source} is a ${result.value.kind}`);
  return result.value.values;
}

function numberOf(source: string, metrics: Readonly<Record<string, Points>> = {}): number {
  const result = compute(source, metrics);
  if (!result.ok) throw new Error(result.problem);
  if (result.value.kind !== 'number') throw new Error(`${source} is a ${result.value.kind}`);
  return result.value.value;
}

describe('the grammar', () => {
  it.each([
    ['2+3*4', 14],
    ['(2+3)*4', 20],
    ['10-4-3', 3],
    ['2*3/4', 1.5],
    ['-2^2', -4],
    ['2^-1', 0.5],
    ['2^3^2', 64],
    ['1 + 2 > 2 AND 3 == 3', 1],
    ['0 || 1 && 0', 0],
    ['1e3/.5', 2000],
    ['5-1e-3', 4.999],
  ])('reads %s as %d', (source, expected) => {
    expect(numberOf(source)).toBeCloseTo(expected, 12);
  });

  it.each(['', '1+', '(1', '1)', 'm1 m2', '[1', 'SUM(', '1 $ 2', '"open', 'SUM(m1,)'])(
    'refuses %s',
    (source) => {
      expect(parseExpression(source).ok).toBe(false);
    },
  );

  it('refuses nesting that could exhaust the stack', () => {
    const deep = (depth: number) => '('.repeat(depth) + '1' + ')'.repeat(depth);
    expect(parseExpression(deep(DEPTH_MAX)).ok).toBe(true);
    expect(parseExpression(deep(DEPTH_MAX + 1))).toMatchObject({ ok: false });
    expect(parseExpression('-'.repeat(5000) + '1')).toMatchObject({ ok: false });
    expect(parseExpression('1' + '+1'.repeat(5000))).toMatchObject({ ok: false });
  });

  it('never throws, whatever it is given', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), (source) => {
        expect(() => compute(source, { m1: [1] })).not.toThrow();
      }),
    );
  });

  it('reads any sum of products of numbers as JavaScript does', () => {
    const terms = fc.array(fc.array(fc.integer({ min: 0, max: 99 }), { minLength: 1 }), {
      minLength: 1,
      maxLength: 5,
    });
    fc.assert(
      fc.property(terms, (sum) => {
        const source = sum.map((product) => product.slice(0, 4).join('*')).join(' + ');
        const expected = sum
          .map((product) => product.slice(0, 4).reduce((a, b) => a * b))
          .reduce((a, b) => a + b);
        expect(numberOf(source)).toBe(expected);
      }),
    );
  });
});

describe('arithmetic on time series', () => {
  it('treats a value missing in one of two series as 0', () => {
    expect(points('m1+m2', { m1: [1, _, 3, _], m2: [10, 20, _, _] })).toEqual([11, 20, 3, _]);
  });

  it('drops the data point of a division by zero', () => {
    expect(points('m1/m2', { m1: [1, 2, 3], m2: [2, 0, _] })).toEqual([0.5, _, _]);
  });

  it('has points only where the series has them when the other side is a number', () => {
    expect(points('100*m1', { m1: [1, _, 3] })).toEqual([100, _, 300]);
  });

  it('compares as the User Guide does ("Comparison and logical operators")', () => {
    const metrics = { metric1: [30, 20, 0, 0], metric2: [20, _, 20, _] };
    expect(points('(metric1 < metric2)', metrics)).toEqual([0, 0, 1, 0]);
    expect(points('(metric1 >= 30)', metrics)).toEqual([1, 0, 0, 0]);
    expect(points('(metric1 > 15 AND metric2 > 15)', metrics)).toEqual([1, 0, 0, 0]);
  });

  it('refuses to combine metrics with different periods', () => {
    const parsed = parseExpression('m1+m2');
    if (!parsed.ok) throw new Error(parsed.problem);
    const bySource = new Map([
      ['m1', seriesOf([1], 'm1', 60_000)],
      ['m2', seriesOf([1], 'm2', 10_000)],
    ]);
    const resolve = (id: string): Result<Value> => {
      const series = bySource.get(id);
      return series ? found(series) : problem('unknown');
    };
    const result = evaluate(parsed.expression, { resolve, metrics: () => [], grid: undefined });
    expect(result).toMatchObject({ ok: false });
  });
});

describe('functions', () => {
  it('make a number of one series and a series of an array', () => {
    const metrics = { m1: [1, 2, _], m2: [10, _, _] };
    expect(numberOf('SUM(m1)', metrics)).toBe(3);
    expect(numberOf('AVG(m1)', metrics)).toBe(1.5);
    expect(numberOf('MAX(m1)', metrics)).toBe(2);
    expect(points('SUM([m1,m2])', metrics)).toEqual([11, 2, _]);
    expect(points('SUM(METRICS())', metrics)).toEqual([11, 2, _]);
    expect(points('AVG(METRICS())', metrics)).toEqual([5.5, 1, _]);
    expect(points('MIN([m1,m2])', metrics)).toEqual([1, 2, _]);
    expect(points('MAX([m1,m2])', metrics)).toEqual([10, 2, _]);
    expect(points('DATAPOINT_COUNT([m1,m2])', metrics)).toEqual([2, 1, _]);
  });

  it('select metrics by a part of their id', () => {
    const metrics = { errors_a: [1], errors_b: [2], requests: [10] };
    expect(points('SUM(METRICS("errors"))/SUM(METRICS("requests"))*100', metrics)).toEqual([30]);
    expect(points('SUM([METRICS("_a"), METRICS("_b")])', metrics)).toEqual([3]);
  });

  it('fill with a number, the last value, a line, or another series', () => {
    const metrics = { m1: [_, 1, _, _, 4, _], m2: [9, 9, 9, 9, 9, 9] };
    expect(points('FILL(m1,0)', metrics)).toEqual([0, 1, 0, 0, 4, 0]);
    expect(points('FILL(m1,REPEAT)', metrics)).toEqual([_, 1, 1, 1, 4, 4]);
    expect(points('FILL(m1,LINEAR)', metrics)).toEqual([_, 1, 2, 3, 4, _]);
    expect(points('FILL(m1,m2)', metrics)).toEqual([9, 1, 9, 9, 4, 9]);
  });

  it('rate and difference look back to the last point there is', () => {
    const metrics = { m1: [60, _, 180, 240] };
    expect(points('DIFF(m1)', metrics)).toEqual([_, _, 120, 60]);
    expect(points('RATE(m1)', metrics)).toEqual([_, _, 1, 1]);
  });

  it('choose as the User Guide does ("Using IF expressions")', () => {
    const metrics = {
      metric1: [1, 1, 0, 0, _],
      metric2: [30, _, 0, 0, 30],
      metric3: [0, 0, 20, _, 20],
    };
    expect(points('IF(metric1, metric2, metric3)', metrics)).toEqual([30, 0, 20, _, _]);
    expect(points('IF(metric1, 5, metric3)', metrics)).toEqual([5, 5, 20, _, _]);
    expect(points('IF(metric1, metric2, 5)', metrics)).toEqual([30, 0, 5, 5, _]);
    expect(points('IF(metric1, metric2)', metrics)).toEqual([30, 0, _, _, _]);
    expect(points('IF(metric3 < 10, 10, 2)', metrics)).toEqual([10, 10, 2, _, 2]);
  });

  it('make the backlog per instance that scaling needs', () => {
    const metrics = { queue: [100, 90, _], fleet: [4, _, 5] };
    expect(points('queue / FILL(fleet, REPEAT)', metrics)).toEqual([25, 22.5, 0]);
  });

  it('know the period and make constant series', () => {
    expect(points('m1/PERIOD(m1)', { m1: [60, 120] })).toEqual([1, 2]);
    expect(points('TIME_SERIES(10)', { m1: [_, _] })).toEqual([10, 10]);
  });

  it.each(['SEARCH("x")', 'sum(m1)', 'SUM()', 'SUM(m1,m1)', 'IF(1,2,3)', 'FILL(m1,CUBIC)', 'm9'])(
    'refuse %s',
    (source) => {
      expect(compute(source, { m1: [1] }).ok).toBe(false);
    },
  );
});
