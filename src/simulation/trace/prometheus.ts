// Reads the answer of Prometheus's `query_range`.
import { isList, isRecord, parseJson } from './json.ts';
import { chooseSeries, readPoints } from './points.ts';
import type { Point, PointsOptions } from './points.ts';
import type { TraceReading } from './trace.ts';
import { refuseTrace } from './trace.ts';

interface Series {
  readonly name: string;
  readonly values: readonly unknown[];
}

/**
 * The trace in a range answer (`resultType` `matrix`). With several series `series` names one as
 * Prometheus prints it, `name{label="value"}`. All timestamps of a range query share one fraction
 * of a second, that of its start; it is dropped.
 */
export function readPrometheusRange(text: string, options: PointsOptions = {}): TraceReading {
  const root = parseJson(text);
  if (root === undefined) return refuseTrace('bad-json', 'the text is not JSON');
  if (isRecord(root) && root['status'] === 'error') {
    return refuseTrace('unknown-shape', `Prometheus answered an error: ${String(root['error'])}`);
  }
  const data = isRecord(root) ? root['data'] : undefined;
  if (!isRecord(data) || !isList(data['result'])) {
    return refuseTrace('unknown-shape', "no 'data.result'; is this a query_range answer?");
  }
  if (data['resultType'] !== 'matrix') {
    const message = `resultType is '${String(data['resultType'])}'; a range query gives 'matrix'`;
    return refuseTrace('unknown-shape', message);
  }
  const all = data['result'].filter(isRecord).map(seriesOf);
  const choice = chooseSeries(all, (one) => [one.name], options.series);
  return 'refused' in choice ? choice.refused : readValues(choice.chosen.values, options);
}

function seriesOf(result: Readonly<Record<string, unknown>>): Series {
  const metric = isRecord(result['metric']) ? result['metric'] : {};
  const labels = Object.entries(metric)
    .filter(([label]) => label !== '__name__')
    .map(([label, value]) => `${label}="${String(value)}"`);
  const name = `${String(metric['__name__'] ?? '')}{${labels.join(',')}}`;
  return { name, values: isList(result['values']) ? result['values'] : [] };
}

function readValues(values: readonly unknown[], options: PointsOptions): TraceReading {
  const points: Point[] = [];
  for (const [index, pair] of values.entries()) {
    const [time, text] = isList(pair) ? pair : [];
    // Number('') is 0, which an empty text is not.
    const value = typeof text === 'string' && text !== '' ? Number(text) : Number.NaN;
    if (typeof time !== 'number' || !Number.isFinite(value)) {
      const message = `point ${index + 1}: ${JSON.stringify(pair)} is not [seconds, "number"]`;
      return refuseTrace('bad-value', message);
    }
    points.push({ seconds: Math.floor(time), value });
  }
  return readPoints(points, options);
}
