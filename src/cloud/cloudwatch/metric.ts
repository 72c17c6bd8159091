// What names a metric: namespace, name and dimensions, and the units CloudWatch knows.

export interface Dimension {
  readonly name: string;
  readonly value: string;
}

export interface MetricId {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: readonly Dimension[];
}

/** Equal for the same namespace, name and set of dimensions, in whatever order they are given. */
export function metricKey(metric: MetricId): string {
  const dimensions = metric.dimensions.map(({ name, value }) => JSON.stringify([name, value]));
  return JSON.stringify([metric.namespace, metric.metricName, dimensions.toSorted()]);
}

/** The values of `StandardUnit` in the CloudWatch API reference (`MetricDatum.Unit`). */
export const METRIC_UNITS: readonly string[] = [
  'Seconds',
  'Microseconds',
  'Milliseconds',
  'Bytes',
  'Kilobytes',
  'Megabytes',
  'Gigabytes',
  'Terabytes',
  'Bits',
  'Kilobits',
  'Megabits',
  'Gigabits',
  'Terabits',
  'Percent',
  'Count',
  'Bytes/Second',
  'Kilobytes/Second',
  'Megabytes/Second',
  'Gigabytes/Second',
  'Terabytes/Second',
  'Bits/Second',
  'Kilobits/Second',
  'Megabits/Second',
  'Gigabits/Second',
  'Terabits/Second',
  'Count/Second',
  'None',
];

/** The unit of data that names none. */
export const NO_UNIT = 'None';
