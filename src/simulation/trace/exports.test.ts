// The readers of monitoring exports: CloudWatch and Prometheus.
import { describe, expect, it } from 'vitest';
import { readDatapoints, readMetricData } from './cloudwatch.ts';
import { readPrometheusRange } from './prometheus.ts';
import type { TraceReading } from './trace.ts';

function complaint(reading: TraceReading): string {
  return reading.kind === 'refused' ? (reading.problems[0]?.message ?? '') : 'accepted';
}

function seriesOf(reading: TraceReading): readonly number[] {
  if (reading.kind === 'refused') throw new Error(complaint(reading));
  const { startSeconds, stepSeconds, values } = reading.trace;
  return [startSeconds, stepSeconds, ...values];
}

describe('readMetricData', () => {
  const result = {
    Id: 'm1',
    Label: 'RequestCount',
    Timestamps: ['2026-11-22T04:02:00+00:00', '2026-11-22T04:01:00+00:00', '2026-11-22T04:00:00Z'],
    Values: [30, 20, 10],
    StatusCode: 'Complete',
  };
  const other = { ...result, Id: 'm2', Label: 'Latency', Values: [3, 2, 1] };

  it('reads newest-first results oldest first', () => {
    const text = JSON.stringify({ MetricDataResults: [result] });
    expect(seriesOf(readMetricData(text))).toEqual([1_795_320_000, 60, 10, 20, 30]);
  });

  it('takes one of several by Id or Label, and asks where none is named', () => {
    const text = JSON.stringify({ MetricDataResults: [result, other] });
    expect(seriesOf(readMetricData(text, { series: 'm2' })).slice(2)).toEqual([1, 2, 3]);
    expect(seriesOf(readMetricData(text, { series: 'Latency' })).slice(2)).toEqual([1, 2, 3]);
    expect(complaint(readMetricData(text))).toBe("found 2 series: 'm1', 'm2'");
    expect(complaint(readMetricData(text, { series: 'm3' }))).toBe(
      "no series named 'm3'; found: 'm1', 'm2'",
    );
    const twice = { MetricDataResults: [result, { ...other, Label: result.Label }] };
    expect(complaint(readMetricData(JSON.stringify(twice), { series: result.Label }))).toBe(
      `2 series named '${result.Label}'; found: 'm1', 'm2'`,
    );
  });

  it('refuses a page, a gap, a duplicate and what is something else', () => {
    const page = { MetricDataResults: [result], NextToken: 'x' };
    expect(complaint(readMetricData(JSON.stringify(page)))).toMatch(/one page of several/);
    const gapped = { ...result, Timestamps: [180, 60, 0], Values: [3, 2, 1] };
    const gappedText = JSON.stringify({ MetricDataResults: [gapped] });
    expect(complaint(readMetricData(gappedText))).toMatch(/^point 3: 1 values of 60 s are missing/);
    expect(seriesOf(readMetricData(gappedText, { gaps: 'zero' })).slice(2)).toEqual([1, 2, 0, 3]);
    const doubled = { ...result, Timestamps: [60, 60, 0], Values: [3, 2, 1] };
    expect(complaint(readMetricData(JSON.stringify({ MetricDataResults: [doubled] })))).toMatch(
      /^point 3: timestamp 60 stands on point 2 already/,
    );
    const uneven = { ...result, Values: [1] };
    expect(complaint(readMetricData(JSON.stringify({ MetricDataResults: [uneven] })))).toMatch(
      /two lists of one length/,
    );
    expect(complaint(readMetricData('{}'))).toMatch(/MetricDataResults/);
    expect(complaint(readMetricData('{'))).toBe('the text is not JSON');
    expect(complaint(readMetricData('{"MetricDataResults": []}'))).toMatch(/it has no series/);
  });
});

describe('readDatapoints', () => {
  const rows = [
    { Timestamp: '2026-11-22T04:10:00Z', Average: 5.5, Unit: 'Percent' },
    { Timestamp: '2026-11-22T04:00:00Z', Average: 3.5, Unit: 'Percent' },
    { Timestamp: '2026-11-22T04:05:00Z', Average: 4.5, Unit: 'Percent' },
  ];

  it('reads unsorted datapoints, alone or under their key', () => {
    const expected = [1_795_320_000, 300, 3.5, 4.5, 5.5];
    expect(seriesOf(readDatapoints(JSON.stringify(rows)))).toEqual(expected);
    expect(seriesOf(readDatapoints(JSON.stringify({ Label: 'CPU', Datapoints: rows })))).toEqual(
      expected,
    );
  });

  it('takes the named statistic', () => {
    const both = rows.map((row) => ({ ...row, Sum: row.Average * 10 }));
    const reading = readDatapoints(JSON.stringify(both), { statistic: 'Sum' });
    expect(seriesOf(reading).slice(2)).toEqual([35, 45, 55]);
  });

  it('says what is missing', () => {
    expect(complaint(readDatapoints('[]'))).toBe('the trace is empty: it has no value');
    expect(complaint(readDatapoints('7'))).toMatch(/no list of datapoints/);
    expect(complaint(readDatapoints('[{"Timestamp": 0}]'))).toMatch(/^point 1: none of Average/);
    expect(complaint(readDatapoints('[{"Average": 1}, {"Average": 2}]'))).toMatch(
      /^point 1: undefined is not a timestamp/,
    );
    const missing = JSON.stringify([...rows, { Timestamp: '2026-11-22T04:15:00Z' }]);
    expect(complaint(readDatapoints(missing))).toMatch(/^point 4: undefined is not a number/);
  });
});

describe('readPrometheusRange', () => {
  function answer(...result: readonly unknown[]): string {
    return JSON.stringify({ status: 'success', data: { resultType: 'matrix', result } });
  }
  const metric = { __name__: 'http_requests', job: 'web' };
  const values = [
    [1_435_781_430.781, '1'],
    [1_435_781_445.781, '2.5'],
    [1_435_781_460.781, '0'],
  ];

  it('reads a range, dropping the fraction that all its timestamps share', () => {
    expect(seriesOf(readPrometheusRange(answer({ metric, values })))).toEqual([
      1_435_781_430, 15, 1, 2.5, 0,
    ]);
  });

  it('names the series to choose from', () => {
    const text = answer({ metric, values }, { metric: { job: 'api' }, values });
    expect(complaint(readPrometheusRange(text))).toBe(
      `found 2 series: 'http_requests{job="web"}', '{job="api"}'`,
    );
    const chosen = readPrometheusRange(text, { series: '{job="api"}' });
    expect(seriesOf(chosen).slice(2)).toEqual([1, 2.5, 0]);
  });

  it('refuses NaN, an instant vector, an error and what is something else', () => {
    const broken = answer({
      metric,
      values: [
        [0, '1'],
        [15, 'NaN'],
        [30, '2'],
      ],
    });
    expect(complaint(readPrometheusRange(broken))).toBe(
      'point 2: [15,"NaN"] is not [seconds, "number"]',
    );
    const vector = { status: 'success', data: { resultType: 'vector', result: [] } };
    expect(complaint(readPrometheusRange(JSON.stringify(vector)))).toMatch(/'vector'/);
    const failed = { status: 'error', error: 'query timed out' };
    expect(complaint(readPrometheusRange(JSON.stringify(failed)))).toMatch(/query timed out/);
    expect(complaint(readPrometheusRange('[]'))).toMatch(/query_range/);
    expect(complaint(readPrometheusRange('nothing'))).toBe('the text is not JSON');
  });
});
