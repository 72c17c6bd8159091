// What is read back against what was put in, computed from all samples one by one.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addToDistribution, BINS_MAX, mergeDistribution, quantileOf } from './distribution.ts';
import type { Distribution } from './distribution.ts';
import { addToSeries, ageSeries, createSeries, summarizeWindows } from './series.ts';
import type { Sample, Windows } from './series.ts';
import { RETENTION_RULES } from './retention.ts';
import { computeStatistic, parseStatistic } from './statistic.ts';
import { mergeSummary, summarizeSet, summarizeValue } from './summary.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** 2026-01-15T10:00:00Z. */
const START = 1_768_471_200_000;

function distributionOf(values: readonly number[]): Distribution {
  const distribution: Distribution = new Map();
  for (const value of values) addToDistribution(distribution, value, 1);
  return distribution;
}

function rankOf(values: readonly number[], ratio: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(Math.ceil(ratio * sorted.length) - 1, 0)] ?? Number.NaN;
}

describe('quantiles', () => {
  it('are within 0.8 % of the nearest rank, also after merging two halves', () => {
    const values = fc.array(fc.double({ min: 1e-9, max: 1e12, noNaN: true }), { minLength: 1 });
    fc.assert(
      fc.property(values, values, fc.double({ min: 0.01, max: 1, noNaN: true }), (a, b, ratio) => {
        const merged = distributionOf(a);
        mergeDistribution(merged, distributionOf(b));
        const exact = rankOf([...a, ...b], ratio);
        expect(Math.abs(quantileOf(merged, ratio) - exact)).toBeLessThanOrEqual(exact / 128);
      }),
    );
  });

  it('are exact for whole numbers up to 255', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 1 }),
        fc.constantFrom(0.25, 0.5, 0.9, 0.99, 1),
        (values, ratio) => {
          expect(quantileOf(distributionOf(values), ratio)).toBe(rankOf(values, ratio));
        },
      ),
    );
  });

  it('keep the upper ranks when there are more bins than are kept', () => {
    const values = Array.from({ length: 3000 }, (_, i) => 1.02 ** i);
    const distribution = distributionOf(values);
    expect(distribution.size).toBeLessThanOrEqual(BINS_MAX);
    const exact = rankOf(values, 0.9);
    expect(Math.abs(quantileOf(distribution, 0.9) - exact)).toBeLessThanOrEqual(exact / 128);
  });
});

describe('statistic names', () => {
  it.each(['Average', 'SampleCount', 'p0', 'p50', 'p99.9', 'p100'])('know %s', (name) => {
    expect(parseStatistic(name)?.name).toBe(name);
  });

  it.each(['average', 'p', 'p101', 'p-1', 'tm90', 'TM(10%:90%)', '', 'pp5'])(
    'refuse %s',
    (name) => {
      expect(parseStatistic(name)).toBeUndefined();
    },
  );
});

interface Given {
  readonly at: number;
  readonly value: number;
  readonly isHighResolution: boolean;
}

/** What a reader should see of one window, from all samples one by one. */
function bruteForce(given: readonly Given[], from: number, to: number) {
  const values = given.filter(({ at }) => at >= from && at < to).map(({ value }) => value);
  if (values.length === 0) return undefined;
  const sum = values.reduce((a, b) => a + b, 0);
  const minimum = Math.min(...values);
  return { count: values.length, sum, minimum, maximum: Math.max(...values) };
}

function seriesOf(given: readonly Given[], now: number) {
  const series = createSeries('None');
  for (const { at, value, isHighResolution } of given) {
    const sample: Sample = { at, isHighResolution, summary: summarizeValue(value) };
    addToSeries(series, sample, RETENTION_RULES, now);
  }
  return series;
}

function figuresOf(series: ReturnType<typeof createSeries>, windows: Windows, now: number) {
  return summarizeWindows(series, windows, { end: Infinity, now }).map((summary) => {
    if (summary === undefined) return undefined;
    const { count, sum, minimum, maximum } = summary;
    return { count, sum, minimum, maximum };
  });
}

const givenArbitrary = fc.array(
  fc.record({
    at: fc.integer({ min: 0, max: 2 * HOUR - 1 }).map((offset) => START + offset),
    value: fc.integer({ min: -1000, max: 1000 }),
    isHighResolution: fc.constant(true),
  }),
  { maxLength: 200 },
);

describe('a series', () => {
  it('summarizes any window of any period exactly', () => {
    fc.assert(
      fc.property(givenArbitrary, fc.constantFrom(1, 5, 10, 30, 60, 300), (given, periodS) => {
        const periodMs = periodS * 1000;
        const windows = { from: START, periodMs, count: (2 * HOUR) / periodMs };
        const now = START + 2 * HOUR;
        const found = figuresOf(seriesOf(given, now), windows, now);
        for (const [index, figures] of found.entries()) {
          const from = START + index * periodMs;
          expect(figures).toEqual(bruteForce(given, from, from + periodMs));
        }
      }),
      { numRuns: 30 },
    );
  });

  it('loses no sample as it ages into coarser tiers, and forgets it after 455 days', () => {
    fc.assert(
      fc.property(givenArbitrary, (given) => {
        const series = seriesOf(given, START + 2 * HOUR);
        const hours = { from: START, periodMs: HOUR, count: 2 };
        const expected = [0, 1].map((h) =>
          bruteForce(given, START + h * HOUR, START + (h + 1) * HOUR),
        );
        for (const ageDays of [0, 1, 14, 16, 62, 64, 100, 454]) {
          const now = START + 3 * HOUR + ageDays * DAY;
          ageSeries(series, RETENTION_RULES, now);
          expect(figuresOf(series, hours, now)).toEqual(expected);
        }
        const late = START + 3 * HOUR + 456 * DAY;
        ageSeries(series, RETENTION_RULES, late);
        expect(figuresOf(series, hours, late)).toEqual([undefined, undefined]);
      }),
      { numRuns: 30 },
    );
  });

  it('shows one-minute data to a ten-second period at the full minute', () => {
    const given = [{ at: START + 25_000, value: 4, isHighResolution: false }];
    const windows = { from: START, periodMs: 10_000, count: 3 };
    const now = START + MINUTE;
    const found = figuresOf(seriesOf(given, now), windows, now);
    expect(found.map((figures) => figures?.sum)).toEqual([4, undefined, undefined]);
  });

  it('shows nothing to sub-minute periods after three hours', () => {
    const given = [{ at: START, value: 4, isHighResolution: true }];
    const windows = { from: START, periodMs: 10_000, count: 1 };
    const now = START + 4 * HOUR;
    const series = seriesOf(given, START);
    ageSeries(series, RETENTION_RULES, now);
    expect(figuresOf(series, windows, now)).toEqual([undefined]);
  });

  it('shows nothing to one-minute periods after 15 days, and all to five-minute ones', () => {
    const given = [{ at: START, value: 4, isHighResolution: false }];
    const series = seriesOf(given, START);
    const now = START + 16 * DAY;
    ageSeries(series, RETENTION_RULES, now);
    const minute = { from: START, periodMs: MINUTE, count: 1 };
    const five = { from: START, periodMs: 5 * MINUTE, count: 1 };
    expect(figuresOf(series, minute, now)).toEqual([undefined]);
    expect(figuresOf(series, five, now)[0]?.sum).toBe(4);
  });
});

describe('percentiles of a summary', () => {
  const p50 = parseStatistic('p50');
  const read = (summary: ReturnType<typeof summarizeValue>) =>
    p50 === undefined ? undefined : computeStatistic(summary, p50);

  it('are read from merged values', () => {
    const summary = summarizeValue(1);
    for (const value of [2, 3, 4, 100]) mergeSummary(summary, summarizeValue(value));
    expect(read(summary)).toBe(3);
  });

  it('cannot be had from a statistic set whose values differ', () => {
    const set = { sampleCount: 2, sum: 3, minimum: 1, maximum: 2 };
    expect(read(summarizeSet(set))).toBeUndefined();
  });

  it('can be had from a statistic set whose values are equal', () => {
    expect(read(summarizeSet({ sampleCount: 3, sum: 6, minimum: 2, maximum: 2 }))).toBe(2);
  });

  it('cannot be had once a negative value came in', () => {
    const summary = summarizeValue(5);
    mergeSummary(summary, summarizeValue(-1));
    expect(read(summary)).toBeUndefined();
  });
});
