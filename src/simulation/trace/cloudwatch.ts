// Reads what CloudWatch answers: `get-metric-data`, and the `Datapoints` of `get-metric-statistics`.
import { isList, isRecord, parseJson } from './json.ts';
import { chooseSeries, readPoints } from './points.ts';
import type { Point, PointsOptions } from './points.ts';
import { parseTimestamp } from './timestamp.ts';
import type { TraceReading } from './trace.ts';
import { refuseTrace } from './trace.ts';

/** The statistics of a datapoint, in the order in which one is looked for. */
const statistics = ['Average', 'Sum', 'Maximum', 'Minimum', 'SampleCount'] as const;

export interface DatapointsOptions extends PointsOptions {
  readonly statistic?: (typeof statistics)[number];
}

/**
 * The trace in a `get-metric-data` answer. With several results `series` names one by Id or Label.
 * An answer that is only a page (`NextToken`, `PartialData`) is refused.
 */
export function readMetricData(text: string, options: PointsOptions = {}): TraceReading {
  const root = parseJson(text);
  if (root === undefined) return refuseTrace('bad-json', 'the text is not JSON');
  const results = isRecord(root) ? root['MetricDataResults'] : undefined;
  if (!isRecord(root) || !isList(results)) {
    const message = "no list 'MetricDataResults' at the top; is this a get-metric-data answer?";
    return refuseTrace('unknown-shape', message);
  }
  const choice = chooseSeries(results.filter(isRecord), namesOfResult, options.series);
  if ('refused' in choice) return choice.refused;
  const { chosen } = choice;
  if (typeof root['NextToken'] === 'string' || chosen['StatusCode'] === 'PartialData') {
    return refuseTrace('partial', 'the answer is one page of several; ask for all with NextToken');
  }
  const times = chosen['Timestamps'];
  const values = chosen['Values'];
  if (!isList(times) || !isList(values) || times.length !== values.length) {
    const message = "a result has 'Timestamps' and 'Values', two lists of one length";
    return refuseTrace('unknown-shape', message);
  }
  return readPairs(times, values, options);
}

/**
 * The trace in `[{"Timestamp", "Average", "Unit"}]`, alone or under `Datapoints`. The statistic is
 * the named one, else the first of Average, Sum, Maximum, Minimum, SampleCount that is there.
 */
export function readDatapoints(text: string, options: DatapointsOptions = {}): TraceReading {
  const root = parseJson(text);
  if (root === undefined) return refuseTrace('bad-json', 'the text is not JSON');
  const list = isRecord(root) ? root['Datapoints'] : root;
  if (!isList(list)) {
    const message = "no list of datapoints: allowed is a list, alone or under 'Datapoints'";
    return refuseTrace('unknown-shape', message);
  }
  const rows = list.filter(isRecord);
  if (rows.length !== list.length) {
    return refuseTrace('unknown-shape', 'a datapoint is not an object with Timestamp and Average');
  }
  const [first] = rows;
  if (first === undefined) return readPoints([], options);
  const key = options.statistic ?? statistics.find((name) => name in first);
  if (key === undefined) {
    const message = `point 1: none of ${statistics.join(', ')} is there`;
    return refuseTrace('missing-column', message);
  }
  const times = rows.map((row) => row['Timestamp']);
  const values = rows.map((row) => row[key]);
  return readPairs(times, values, options);
}

function namesOfResult(result: Readonly<Record<string, unknown>>): readonly string[] {
  return [result['Id'], result['Label']].filter((name) => typeof name === 'string');
}

function readPairs(
  times: readonly unknown[],
  values: readonly unknown[],
  options: PointsOptions,
): TraceReading {
  const points: Point[] = [];
  for (const [index, time] of times.entries()) {
    const seconds = secondsOf(time);
    const value = values[index];
    if (seconds === undefined) {
      const message = `point ${index + 1}: ${JSON.stringify(time)} is not a timestamp`;
      return refuseTrace('bad-timestamp', message);
    }
    if (typeof value !== 'number') {
      const message = `point ${index + 1}: ${JSON.stringify(value)} is not a number`;
      return refuseTrace('bad-value', message);
    }
    points.push({ seconds, value });
  }
  return readPoints(points, options);
}

/** The command line prints ISO 8601, the wire has epoch seconds. */
function secondsOf(time: unknown): number | undefined {
  if (typeof time === 'number') return time;
  return typeof time === 'string' ? parseTimestamp(time) : undefined;
}
