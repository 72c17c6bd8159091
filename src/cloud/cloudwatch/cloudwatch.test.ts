// Putting, reading and listing metrics through the model, and carrying its state over.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../fault.ts';
import { putAlarm } from './alarms/alarm-book.ts';
import { advanceCloudWatch, createCloudWatch, record } from './cloudwatch.ts';
import type { CloudWatch } from './cloudwatch.ts';
import { deleteDashboards, getDashboard, listDashboards, putDashboard } from './dashboards.ts';
import { getMetricData } from './get-metric-data.ts';
import type { DataRequest, DataResult } from './get-metric-data.ts';
import { getMetricStatistics } from './get-metric-statistics.ts';
import { listMetrics, METRICS_PER_PAGE } from './list-metrics.ts';
import type { MetricQueryInput } from './metric-query.ts';
import { putMetricData } from './put-metric-data.ts';
import type { MetricDatum } from './put-metric-data.ts';
import { restoreCloudWatch, snapshotCloudWatch } from './snapshot.ts';
import type { CloudWatchState } from './snapshot.ts';

/** 2026-01-15T10:00:00Z. */
const START = 1_768_471_200_000;
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

function unwrap<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(`${outcome.fault.code}: ${outcome.fault.message}`);
  return outcome.value;
}

function put(cloudWatch: CloudWatch, datum: Partial<MetricDatum>, now = START): Outcome<true> {
  const full = { metricName: 'm', dimensions: [], ...datum };
  return putMetricData(cloudWatch.store, 'Custom', [full], now);
}

const metric = { namespace: 'Custom', metricName: 'm', dimensions: [] };

describe('PutMetricData', () => {
  const refusals: [string, Partial<MetricDatum>, string, string][] = [
    [
      'NaN',
      { value: Number.NaN },
      'InvalidParameterValue',
      'The value NaN for parameter MetricData.member.1.Value is invalid.',
    ],
    [
      'values past 2^360',
      { value: 1e200 },
      'InvalidParameterValue',
      'The value 1e+200 for parameter MetricData.member.1.Value is invalid.',
    ],
    [
      'value and values',
      { value: 1, values: [1] },
      'InvalidParameterCombination',
      'The parameters MetricData.member.1.Value and MetricData.member.1.Values are mutually ' +
        'exclusive and you have specified both.',
    ],
    [
      'counts that do not match',
      { values: [1, 2], counts: [1] },
      'InvalidParameterValue',
      'The parameters MetricData.member.1.Values and MetricData.member.1.Counts must be of the ' +
        'same size.',
    ],
    [
      '151 values',
      { values: Array.from({ length: 151 }, (_, i) => i) },
      'InvalidParameterValue',
      'The collection MetricData.member.1.Values must not have a size greater than 150.',
    ],
    [
      '31 dimensions',
      {
        value: 1,
        dimensions: Array.from({ length: 31 }, (_, i) => ({ name: `d${i}`, value: 'x' })),
      },
      'InvalidParameterValue',
      'The collection MetricData.member.1.Dimensions must not have a size greater than 30.',
    ],
    [
      'data older than two weeks',
      { value: 1, timestamp: START - 14 * DAY - 1 },
      'InvalidParameterValue',
      'The parameter MetricData.member.1.Timestamp must specify a time within the past two weeks.',
    ],
    [
      'data more than two hours ahead',
      { value: 1, timestamp: START + 2 * 60 * MINUTE + 1 },
      'InvalidParameterValue',
      'The parameter MetricData.member.1.Timestamp must specify a time no more than two hours in ' +
        'the future.',
    ],
    [
      'no value at all',
      {},
      'InvalidParameterCombination',
      'At least one of the parameters must be specified.',
    ],
    [
      'an unknown unit',
      { value: 1, unit: 'Furlongs' },
      'InvalidParameterValue',
      'The value Furlongs for parameter MetricData.member.1.Unit is invalid.',
    ],
    [
      'a statistic set without its sum',
      { statisticValues: { sampleCount: 1, minimum: 1, maximum: 1 } },
      'MissingParameter',
      'The parameter MetricData.member.1.StatisticValues.Sum is required.',
    ],
  ];
  it.each(refusals)('refuses %s', (_name, datum, queryCode, message) => {
    const cloudWatch = createCloudWatch(START);
    expect(put(cloudWatch, datum)).toMatchObject({ ok: false, fault: { queryCode, message } });
    expect(cloudWatch.store.entries.size).toBe(0);
  });

  it('refuses the AWS namespaces and more than 1000 metrics', () => {
    const { store } = createCloudWatch(START);
    const datum: MetricDatum = { metricName: 'm', dimensions: [], value: 1 };
    expect(putMetricData(store, 'AWS/EC2', [datum], START)).toMatchObject({
      fault: { message: 'The value AWS/ for parameter Namespace is invalid.' },
    });
    const many = Array.from({ length: 1001 }, () => datum);
    expect(putMetricData(store, 'Custom', many, START)).toMatchObject({
      fault: { message: 'The collection MetricData must not have a size greater than 1000.' },
    });
  });

  it('stores nothing of a call that is refused', () => {
    const { store } = createCloudWatch(START);
    const good: MetricDatum = { metricName: 'good', dimensions: [], value: 1 };
    const bad: MetricDatum = { metricName: 'bad', dimensions: [], value: Number.NaN };
    expect(putMetricData(store, 'Custom', [good, bad], START).ok).toBe(false);
    expect(store.entries.size).toBe(0);
  });

  it('refuses metrics past the bound on their number', () => {
    const cloudWatch = createCloudWatch(START, { seriesMax: 2 });
    expect(put(cloudWatch, { metricName: 'a', value: 1 }).ok).toBe(true);
    expect(put(cloudWatch, { metricName: 'b', value: 1 }).ok).toBe(true);
    expect(put(cloudWatch, { metricName: 'a', value: 2 }).ok).toBe(true);
    expect(put(cloudWatch, { metricName: 'c', value: 1 })).toMatchObject({
      fault: { queryCode: 'LimitExceeded' },
    });
  });
});

describe('GetMetricStatistics', () => {
  const query = {
    metric,
    span: { start: START, end: START + 10 * MINUTE },
    periodS: 60,
    statistics: ['Sum', 'Maximum', 'SampleCount'],
    extendedStatistics: [],
  };

  it('joins values, counts and statistic sets', () => {
    const cloudWatch = createCloudWatch(START);
    put(cloudWatch, { values: [1, 10], counts: [2, 4] });
    put(cloudWatch, { statisticValues: { sampleCount: 2, sum: 30, minimum: 5, maximum: 25 } });
    const points = unwrap(getMetricStatistics(cloudWatch.store, query, START + MINUTE));
    expect(points).toMatchObject([
      { at: START, unit: 'None', statistics: { Sum: 72, Maximum: 25, SampleCount: 8 } },
    ]);
  });

  it('keeps units apart', () => {
    const cloudWatch = createCloudWatch(START);
    put(cloudWatch, { value: 5, unit: 'Count' });
    put(cloudWatch, { value: 1, unit: 'Seconds' });
    const all = unwrap(getMetricStatistics(cloudWatch.store, query, START + MINUTE));
    expect(all.map(({ unit, statistics }) => [unit, statistics['Sum']])).toEqual([
      ['Count', 5],
      ['Seconds', 1],
    ]);
    const one = { ...query, unit: 'Seconds' };
    expect(unwrap(getMetricStatistics(cloudWatch.store, one, START + MINUTE))).toHaveLength(1);
  });

  it('starts its periods at the start asked for, rounded down to the minute', () => {
    const cloudWatch = createCloudWatch(START);
    put(cloudWatch, { value: 1, timestamp: START + 7 * MINUTE });
    const span = { start: START + 2 * MINUTE + 34_000, end: START + 12 * MINUTE };
    const now = START + 12 * MINUTE;
    const hour = { ...query, span, periodS: 300 };
    const points = unwrap(getMetricStatistics(cloudWatch.store, hour, now));
    expect(points.map(({ at }) => at)).toEqual([START + 7 * MINUTE]);
  });

  it('refuses more than 1,440 data points, and spans that end before they start', () => {
    const { store } = createCloudWatch(START);
    const day = { ...query, span: { start: START - DAY, end: START }, periodS: 1 };
    expect(getMetricStatistics(store, day, START)).toMatchObject({
      fault: {
        queryCode: 'InvalidParameterCombination',
        message:
          'You have requested up to 86400 datapoints, which exceeds the limit of 1440. You may ' +
          'reduce the datapoints requested by increasing Period, or decreasing the time range.',
      },
    });
    const backwards = { ...query, span: { start: START, end: START } };
    expect(getMetricStatistics(store, backwards, START)).toMatchObject({
      fault: { message: 'The parameter StartTime must be less than the parameter EndTime.' },
    });
  });
});

function metricQuery(id: string, extra: Partial<MetricQueryInput['metricStat']> = {}) {
  return { id, metricStat: { ...metric, periodS: 60, stat: 'Sum', ...extra } };
}

describe('GetMetricData', () => {
  const span = { start: START, end: START + 60 * MINUTE };

  it('gives each data point once, whatever the size of its pages', () => {
    const courses = fc.array(
      fc.array(fc.option(fc.integer({ min: 1, max: 99 }), { nil: undefined }), { maxLength: 12 }),
      { minLength: 1, maxLength: 4 },
    );
    fc.assert(
      fc.property(
        courses,
        fc.integer({ min: 1, max: 9 }),
        fc.boolean(),
        (all, pointsMax, isAscending) => {
          const cloudWatch = createCloudWatch(START);
          for (const [index, values] of all.entries()) {
            for (const [minute, value] of values.entries()) {
              if (value === undefined) continue;
              const timestamp = START + minute * MINUTE;
              unwrap(put(cloudWatch, { metricName: `m${index}`, value, timestamp }));
            }
          }
          const queries = all.map((_, i) => metricQuery(`q${i}`, { metricName: `m${i}` }));
          const request: DataRequest = { queries, span, isAscending };
          const now = START + 60 * MINUTE;
          const whole = unwrap(getMetricData(cloudWatch.store, request, now)).results;
          const pages: DataResult[] = [];
          let nextToken: string | undefined;
          do {
            const page = unwrap(
              getMetricData(cloudWatch.store, { ...request, pointsMax, nextToken }, now),
            );
            const size = page.results.reduce((sum, { points }) => sum + points.length, 0);
            expect(size).toBeLessThanOrEqual(pointsMax);
            pages.push(...page.results);
            nextToken = page.nextToken;
          } while (nextToken !== undefined);
          for (const result of whole) {
            const parts = pages.filter(({ id }) => id === result.id);
            expect(parts.flatMap(({ points }) => points)).toEqual(result.points);
            expect(parts.at(-1)?.isComplete).toBe(true);
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  it('works expressions out that refer to each other, and returns what is asked for', () => {
    const cloudWatch = createCloudWatch(START);
    put(cloudWatch, { metricName: 'visible', value: 100 });
    put(cloudWatch, { metricName: 'fleet', value: 4 });
    const queries: MetricQueryInput[] = [
      { id: 'perInstance', expression: 'backlog / fleet', label: 'Backlog per instance' },
      { id: 'backlog', expression: 'FILL(visible, 0)', returnData: false },
      { ...metricQuery('visible', { metricName: 'visible' }), returnData: false },
      { ...metricQuery('fleet', { metricName: 'fleet' }), returnData: false },
    ];
    const request = { queries, span, isAscending: true };
    const { results } = unwrap(getMetricData(cloudWatch.store, request, START + MINUTE));
    expect(results).toMatchObject([
      { id: 'perInstance', label: 'Backlog per instance', points: [{ at: START, value: 25 }] },
    ]);
  });

  it('names metrics by what tells them apart', () => {
    const { store } = createCloudWatch(START);
    const labels = (queries: MetricQueryInput[]) =>
      unwrap(getMetricData(store, { queries, span, isAscending: true }, START)).results.map(
        ({ label }) => label,
      );
    expect(labels([metricQuery('a')])).toEqual(['m']);
    expect(labels([metricQuery('a'), metricQuery('b', { stat: 'Minimum', periodS: 30 })])).toEqual([
      'm Sum 60',
      'm Minimum 30',
    ]);
  });

  it('reads the first of several units and says so', () => {
    const cloudWatch = createCloudWatch(START);
    put(cloudWatch, { value: 1, unit: 'Seconds' });
    put(cloudWatch, { value: 60_000, unit: 'Milliseconds' });
    const request = { queries: [metricQuery('a')], span, isAscending: true };
    const { results } = unwrap(getMetricData(cloudWatch.store, request, START + MINUTE));
    expect(results).toMatchObject([
      { points: [{ value: 60_000 }], mixedUnits: ['Milliseconds', 'Seconds'] },
    ]);
  });

  const chain = Array.from({ length: 30 }, (_, i) => ({ id: `e${i}`, expression: `e${i + 1}` }));
  it.each<[string, MetricQueryInput[], string]>([
    [
      'a circle',
      [
        { id: 'a', expression: 'b' },
        { id: 'b', expression: 'a+1' },
      ],
      'refers to itself',
    ],
    ['an unknown id', [{ id: 'a', expression: 'zz' }], "Unrecognized metric id 'zz'"],
    ['an unknown function', [{ id: 'a', expression: 'MAGIC(1)' }], "Function 'MAGIC' not found"],
    ['a mere number', [{ id: 'a', expression: '1+1' }], 'not a time series'],
    ['a long chain', chain, 'expressions refer to each other'],
    ['two equal ids', [metricQuery('a'), metricQuery('a')], 'not unique'],
    ['a capital id', [metricQuery('A')], 'The value A for parameter'],
    ['an odd period', [metricQuery('a', { periodS: 7 })], 'must be 1, 5, 10, 20, 30 or a multiple'],
    ['neither metric nor expression', [{ id: 'a' }], 'exactly one of Expression and MetricStat'],
  ])('refuses %s', (_name, queries, message) => {
    const { store } = createCloudWatch(START);
    const outcome = getMetricData(store, { queries, span, isAscending: true }, START);
    expect(outcome.ok ? '' : outcome.fault.message).toContain(message);
  });

  it('refuses a token that was never given out', () => {
    const { store } = createCloudWatch(START);
    const request = { queries: [metricQuery('a')], span, isAscending: true, nextToken: 'made up' };
    expect(getMetricData(store, request, START)).toMatchObject({
      fault: { code: 'InvalidNextToken' },
    });
  });
});

describe('ListMetrics', () => {
  it('lists each metric once, page by page', () => {
    const cloudWatch = createCloudWatch(START);
    const count = METRICS_PER_PAGE * 2 + 7;
    for (let i = 0; i < count; i += 1) put(cloudWatch, { metricName: `m${i}`, value: 1 });
    const seen = new Set<string>();
    let nextToken: string | undefined;
    do {
      const filter = { dimensions: [], isRecentlyActive: false, nextToken };
      const page = unwrap(listMetrics(cloudWatch.store, filter, START));
      for (const { metricName } of page.metrics) seen.add(metricName);
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    expect(seen.size).toBe(count);
  });

  it('filters by dimension, with or without a value, and by recent data', () => {
    const cloudWatch = createCloudWatch(START);
    put(cloudWatch, { value: 1, dimensions: [{ name: 'Host', value: 'a' }] });
    put(
      cloudWatch,
      { value: 1, dimensions: [{ name: 'Host', value: 'b' }] },
      START + 4 * 60 * MINUTE,
    );
    put(cloudWatch, { value: 1 });
    const now = START + 4 * 60 * MINUTE;
    const count = (dimensions: { name: string; value?: string }[], isRecentlyActive = false) =>
      unwrap(listMetrics(cloudWatch.store, { dimensions, isRecentlyActive }, now)).metrics.length;
    expect(count([])).toBe(3);
    expect(count([{ name: 'Host' }])).toBe(2);
    expect(count([{ name: 'Host', value: 'a' }])).toBe(1);
    expect(count([], true)).toBe(1);
  });

  it('forgets metrics without data for two weeks', () => {
    const cloudWatch = createCloudWatch(START);
    put(cloudWatch, { value: 1 });
    const filter = { dimensions: [], isRecentlyActive: false };
    const later = START + 15 * DAY;
    expect(unwrap(listMetrics(cloudWatch.store, filter, later)).metrics).toEqual([]);
  });
});

describe('memory', () => {
  it('does not grow with the age of a metric that reports for ever', () => {
    const minute = { resolutionMs: MINUTE, keepMs: 60 * MINUTE };
    const retention = [{ resolutionMs: 1000, keepMs: MINUTE }, minute];
    const cloudWatch = createCloudWatch(START, { retention });
    for (let i = 0; i < 5000; i += 1) {
      const now = START + i * MINUTE;
      unwrap(put(cloudWatch, { value: i }, now));
      advanceCloudWatch(cloudWatch, now);
    }
    const [entry] = cloudWatch.store.entries.values();
    const tier = entry?.units.get('None')?.tiers[1];
    expect(tier?.rows.length).toBeLessThan(5 * 512);
  });

  it('is not confused by namespaces that are named like members of objects', () => {
    const cloudWatch = createCloudWatch(START);
    const datum = { metricName: 'm', dimensions: [], value: 1 };
    for (const namespace of ['constructor', '__proto__', 'toString']) {
      unwrap(putMetricData(cloudWatch.store, namespace, [datum], START));
      const query = { namespace, metricName: 'm', dimensions: [] };
      const request = {
        metric: query,
        span: { start: START, end: START + MINUTE },
        periodS: 60,
        statistics: ['Sum'],
        extendedStatistics: [],
      };
      expect(unwrap(getMetricStatistics(cloudWatch.store, request, START))).toHaveLength(1);
    }
  });

  it('drops metrics whose data is gone', () => {
    const retention = [
      { resolutionMs: 1000, keepMs: MINUTE },
      { resolutionMs: MINUTE, keepMs: DAY },
    ];
    const cloudWatch = createCloudWatch(START, { retention });
    put(cloudWatch, { value: 1 });
    advanceCloudWatch(cloudWatch, START + 3 * DAY);
    expect(cloudWatch.store).toMatchObject({ seriesCount: 0 });
    expect(cloudWatch.store.entries.size).toBe(0);
  });
});

describe('dashboards', () => {
  it('are stored, listed and deleted', () => {
    const { dashboards } = createCloudWatch(START);
    unwrap(putDashboard(dashboards, { name: 'b', body: '{"widgets":[]}' }, START));
    unwrap(putDashboard(dashboards, { name: 'a', body: '{}' }, START));
    expect(unwrap(getDashboard(dashboards, 'b')).body).toBe('{"widgets":[]}');
    expect(listDashboards(dashboards, '').map(({ name }) => name)).toEqual(['a', 'b']);
    expect(deleteDashboards(dashboards, ['a', 'nope'])).toMatchObject({
      fault: { code: 'DashboardNotFoundError', status: 404 },
    });
    unwrap(deleteDashboards(dashboards, ['a', 'b']));
    expect(dashboards.size).toBe(0);
  });

  it.each([
    ['with spaces', '{}', 'InvalidParameterValue'],
    ['good', 'no json', 'InvalidParameterInput'],
    ['good', '[]', 'InvalidParameterInput'],
  ])('refuse the name %j with the body %j', (name, body, queryCode) => {
    const { dashboards } = createCloudWatch(START);
    expect(putDashboard(dashboards, { name, body }, START)).toMatchObject({ fault: { queryCode } });
  });
});

describe('a snapshot', () => {
  /** Puts pseudo-random data in and lets an alarm run. */
  function live(cloudWatch: CloudWatch, minutes: number, seed: number): void {
    for (let i = 0; i < minutes; i += 1) {
      const at = cloudWatch.now;
      const value = ((seed + i) * 7919) % 100;
      const measurement = { namespace: 'AWS/EC2', metricName: 'm', dimensions: [], value, at };
      unwrap(record(cloudWatch, measurement, at + MINUTE));
      unwrap(put(cloudWatch, { values: [value, value + 1, 3.5], storageResolution: 1 }, at));
      advanceCloudWatch(cloudWatch, at + MINUTE);
    }
  }

  it('restored from JSON goes on as the original would have', () => {
    const original = createCloudWatch(START);
    const alarm = { ...metricQueryAlarm, namespace: 'AWS/EC2' };
    unwrap(putAlarm(original, alarm, START));
    putDashboard(original.dashboards, { name: 'd', body: '{}' }, START);
    live(original, 50, 3);
    const text = JSON.stringify(snapshotCloudWatch(original));
    // The text was written by the line above.
    const restored = unwrap(restoreCloudWatch(JSON.parse(text) as CloudWatchState));
    expect(JSON.stringify(snapshotCloudWatch(restored))).toBe(text);
    for (const cloudWatch of [original, restored]) live(cloudWatch, 300, 11);
    expect(snapshotCloudWatch(restored)).toEqual(snapshotCloudWatch(original));
  });

  it('of another version is refused with one line', () => {
    const state = { ...snapshotCloudWatch(createCloudWatch(START)), version: 7 };
    // A version that the type does not know is the point.
    const outcome = restoreCloudWatch(state as unknown as CloudWatchState);
    expect(outcome).toMatchObject({
      fault: { message: 'CloudWatch state of version 7 was found; version 1 is allowed.' },
    });
  });
});

const metricQueryAlarm = {
  name: 'a',
  metricName: 'm',
  dimensions: [],
  statistic: 'Average',
  periodS: 60,
  evaluationPeriods: 2,
  threshold: 50,
  comparisonOperator: 'GreaterThanThreshold',
  okActions: [],
  alarmActions: ['arn:aws:sns:us-east-1:123456789012:t'],
  insufficientDataActions: [],
  metrics: [],
};
