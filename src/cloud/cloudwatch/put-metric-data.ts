// `PutMetricData`: the limits of the CloudWatch API reference, then storage. A refused call stores
// nothing, but for one that hits the limit on the number of metrics midway.

import { succeed } from '../fault.ts';
import type { Outcome } from '../fault.ts';
import type { EpochMs } from '../time.ts';
import { parseSamples } from './datum-samples.ts';
import { refuseFound, refuseMissing, refuseSize, refuseValue } from './faults.ts';
import { METRIC_UNITS } from './metric.ts';
import type { Dimension } from './metric.ts';
import { recordSummary } from './metric-store.ts';
import type { MetricStore } from './metric-store.ts';
import type { StatisticSet, Summary } from './summary.ts';

/** One entry of `MetricData`. Exactly one of `value`, `values` and `statisticValues` is allowed. */
export interface MetricDatum {
  readonly metricName?: string | undefined;
  readonly dimensions: readonly Partial<Dimension>[];
  /** The time of the call when left out. */
  readonly timestamp?: EpochMs | undefined;
  readonly value?: number | undefined;
  readonly values?: readonly number[] | undefined;
  readonly counts?: readonly number[] | undefined;
  readonly statisticValues?: Partial<StatisticSet> | undefined;
  readonly unit?: string | undefined;
  /** 1 or 60 (seconds). */
  readonly storageResolution?: number | undefined;
}

export const DATA_PER_CALL_MAX = 1000;
export const DIMENSIONS_MAX = 30;
const NAME_LENGTH_MAX = 255;
const DIMENSION_VALUE_LENGTH_MAX = 1024;
const OLDEST_MS = 14 * 24 * 60 * 60_000;
const NEWEST_MS = 2 * 60 * 60_000;

/** Stores the data of one call; `namespace` may be missing because clients may leave it out. */
export function putMetricData(
  store: MetricStore,
  namespace: string | undefined,
  data: readonly MetricDatum[],
  now: EpochMs,
): Outcome<true> {
  if (namespace === undefined || namespace === '') return refuseMissing('Namespace');
  if (namespace.startsWith('AWS/')) {
    return refuseValue('The value AWS/ for parameter Namespace is invalid.');
  }
  if (namespace.startsWith(':') || namespace.length > NAME_LENGTH_MAX) {
    return refuseValue(`The value ${namespace} for parameter Namespace is invalid.`);
  }
  if (data.length === 0) return refuseMissing('MetricData');
  if (data.length > DATA_PER_CALL_MAX) return refuseSize('MetricData', DATA_PER_CALL_MAX);
  const parsed: ParsedDatum[] = [];
  for (const [index, datum] of data.entries()) {
    const outcome = parseDatum(datum, `MetricData.member.${index + 1}`, now);
    if (!outcome.ok) return outcome;
    parsed.push(outcome.value);
  }
  for (const datum of parsed) {
    const outcome = recordSummary(store, { namespace, ...datum }, datum.summary, now);
    if (!outcome.ok) return outcome;
  }
  return succeed(true);
}

interface ParsedDatum {
  readonly metricName: string;
  readonly dimensions: readonly Dimension[];
  readonly at: EpochMs;
  readonly unit: string;
  readonly isHighResolution: boolean;
  readonly summary: Summary;
}

function parseDatum(datum: MetricDatum, path: string, now: EpochMs): Outcome<ParsedDatum> {
  const { metricName, timestamp: at = now, unit = 'None', storageResolution = 60 } = datum;
  if (metricName === undefined || metricName === '') return refuseMissing(`${path}.MetricName`);
  if (metricName.length > NAME_LENGTH_MAX) return refuseFound(metricName, `${path}.MetricName`);
  if (!METRIC_UNITS.includes(unit)) return refuseFound(unit, `${path}.Unit`);
  if (storageResolution !== 1 && storageResolution !== 60) {
    return refuseFound(String(storageResolution), `${path}.StorageResolution`);
  }
  if (at > now + NEWEST_MS) {
    const limit = 'must specify a time no more than two hours in the future.';
    return refuseValue(`The parameter ${path}.Timestamp ${limit}`);
  }
  if (at < now - OLDEST_MS) {
    return refuseValue(
      `The parameter ${path}.Timestamp must specify a time within the past two weeks.`,
    );
  }
  const dimensions = parseDimensions(datum.dimensions, `${path}.Dimensions`);
  if (!dimensions.ok) return dimensions;
  const summary = parseSamples(datum, path);
  if (!summary.ok) return summary;
  const isHighResolution = storageResolution === 1;
  const parsed = { metricName, dimensions: dimensions.value, at, unit, isHighResolution };
  return succeed({ ...parsed, summary: summary.value });
}

/** The dimensions with both of their parts; `path` as `MetricData.member.1.Dimensions`. */
export function parseDimensions(
  given: readonly Partial<Dimension>[],
  path: string,
): Outcome<readonly Dimension[]> {
  if (given.length > DIMENSIONS_MAX) return refuseSize(path, DIMENSIONS_MAX);
  const dimensions: Dimension[] = [];
  for (const [index, { name, value }] of given.entries()) {
    const member = `${path}.member.${index + 1}`;
    if (name === undefined) return refuseMissing(`${member}.Name`);
    if (value === undefined) return refuseMissing(`${member}.Value`);
    const isNameGood = isPlainText(name, NAME_LENGTH_MAX) && !name.startsWith(':');
    if (!isNameGood) return refuseFound(name, `${member}.Name`);
    if (!isPlainText(value, DIMENSION_VALUE_LENGTH_MAX)) {
      return refuseFound(value, `${member}.Value`);
    }
    dimensions.push({ name, value });
  }
  return succeed(dimensions);
}

/** ASCII without control characters, and not blank ("Dimension", CloudWatch API reference). */
function isPlainText(text: string, lengthMax: number): boolean {
  return text.length <= lengthMax && text.trim() !== '' && /^[ -~]*$/.test(text);
}
