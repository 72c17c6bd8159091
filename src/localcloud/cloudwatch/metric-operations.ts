// PutMetricData, GetMetricStatistics, GetMetricData and ListMetrics with AWS's member names.

import type { CloudWatch } from '../../cloud/cloudwatch/cloudwatch.ts';
import { refuseEnumeration, refuseMissing } from '../../cloud/cloudwatch/faults.ts';
import { getMetricData } from '../../cloud/cloudwatch/get-metric-data.ts';
import type { DataResult } from '../../cloud/cloudwatch/get-metric-data.ts';
import { getMetricStatistics } from '../../cloud/cloudwatch/get-metric-statistics.ts';
import { listMetrics } from '../../cloud/cloudwatch/list-metrics.ts';
import { putMetricData } from '../../cloud/cloudwatch/put-metric-data.ts';
import type { MetricDatum } from '../../cloud/cloudwatch/put-metric-data.ts';
import { succeed } from '../../cloud/fault.ts';
import type { Structure } from '../json-shape.ts';
import {
  listOf,
  readDouble,
  readInteger,
  readText,
  readTimestamp,
  structureOf,
} from '../json-shape.ts';
import type { Operation } from '../service.ts';
import { defineOperation } from './define-operation.ts';
import {
  fromDimensions,
  readDimensions,
  readMetricQueries,
  toDimensions,
  toMetricId,
  toMetricQuery,
} from './metric-shapes.ts';

const datumShape = {
  MetricName: readText,
  Dimensions: readDimensions,
  Timestamp: readTimestamp,
  Value: readDouble,
  Values: listOf(readDouble),
  Counts: listOf(readDouble),
  StatisticValues: structureOf({
    SampleCount: readDouble,
    Sum: readDouble,
    Minimum: readDouble,
    Maximum: readDouble,
  }),
  Unit: readText,
  StorageResolution: readInteger,
};
const readData = listOf(structureOf(datumShape));

function toDatum(given: Structure<typeof datumShape>): MetricDatum {
  const { StatisticValues: set } = given;
  return {
    metricName: given.MetricName,
    dimensions: toDimensions(given.Dimensions),
    timestamp: given.Timestamp,
    value: given.Value,
    values: given.Values,
    counts: given.Counts,
    statisticValues: set && {
      ...(set.SampleCount === undefined ? {} : { sampleCount: set.SampleCount }),
      ...(set.Sum === undefined ? {} : { sum: set.Sum }),
      ...(set.Minimum === undefined ? {} : { minimum: set.Minimum }),
      ...(set.Maximum === undefined ? {} : { maximum: set.Maximum }),
    },
    unit: given.Unit,
    storageResolution: given.StorageResolution,
  };
}

export function putMetricDataOperation(cloudWatch: CloudWatch): Operation {
  const readInput = structureOf({
    Namespace: readText,
    MetricData: readData,
    // The entities themselves are not modelled; the metrics that come with them are stored.
    EntityMetricData: listOf(structureOf({ MetricData: readData })),
  });
  return defineOperation(cloudWatch, readInput, (input, { now }) => {
    const withEntities = input.EntityMetricData ?? [];
    const given = [
      ...(input.MetricData ?? []),
      ...withEntities.flatMap(({ MetricData }) => MetricData ?? []),
    ];
    const outcome = putMetricData(cloudWatch.store, input.Namespace, given.map(toDatum), now);
    return outcome.ok ? succeed({}) : outcome;
  });
}

export function getMetricStatisticsOperation(cloudWatch: CloudWatch): Operation {
  const readInput = structureOf({
    Namespace: readText,
    MetricName: readText,
    Dimensions: readDimensions,
    StartTime: readTimestamp,
    EndTime: readTimestamp,
    Period: readInteger,
    Statistics: listOf(readText),
    ExtendedStatistics: listOf(readText),
    Unit: readText,
  });
  return defineOperation(cloudWatch, readInput, (input, { now }) => {
    const { Namespace, MetricName, StartTime, EndTime, Period } = input;
    if (Namespace === undefined) return refuseMissing('Namespace');
    if (MetricName === undefined) return refuseMissing('MetricName');
    if (StartTime === undefined) return refuseMissing('StartTime');
    if (EndTime === undefined) return refuseMissing('EndTime');
    if (Period === undefined) return refuseMissing('Period');
    const query = {
      metric: toMetricId(Namespace, MetricName, input.Dimensions),
      span: { start: StartTime, end: EndTime },
      periodS: Period,
      statistics: input.Statistics ?? [],
      extendedStatistics: input.ExtendedStatistics ?? [],
      unit: input.Unit,
    };
    const points = getMetricStatistics(cloudWatch.store, query, now);
    if (!points.ok) return points;
    const Datapoints = points.value.map(({ at, unit, statistics, extendedStatistics }) => ({
      Timestamp: at / 1000,
      Unit: unit,
      ...statistics,
      ...(query.extendedStatistics.length > 0 ? { ExtendedStatistics: extendedStatistics } : {}),
    }));
    return succeed({ Label: MetricName, Datapoints });
  });
}

const SCAN_ORDERS: readonly string[] = ['TimestampDescending', 'TimestampAscending'];

export function getMetricDataOperation(cloudWatch: CloudWatch): Operation {
  const readInput = structureOf({
    MetricDataQueries: readMetricQueries,
    StartTime: readTimestamp,
    EndTime: readTimestamp,
    NextToken: readText,
    ScanBy: readText,
    MaxDatapoints: readInteger,
  });
  return defineOperation(cloudWatch, readInput, (input, { now }) => {
    const { StartTime, EndTime, ScanBy = 'TimestampDescending' } = input;
    if (StartTime === undefined) return refuseMissing('StartTime');
    if (EndTime === undefined) return refuseMissing('EndTime');
    if (!SCAN_ORDERS.includes(ScanBy)) return refuseEnumeration('scanBy', ScanBy, SCAN_ORDERS);
    const request = {
      queries: (input.MetricDataQueries ?? []).map(toMetricQuery),
      span: { start: StartTime, end: EndTime },
      isAscending: ScanBy === 'TimestampAscending',
      pointsMax: input.MaxDatapoints,
      nextToken: input.NextToken,
    };
    const page = getMetricData(cloudWatch.store, request, now);
    if (!page.ok) return page;
    const { results, nextToken } = page.value;
    const MetricDataResults = results.map(fromResult);
    return succeed({ MetricDataResults, NextToken: nextToken, Messages: [] });
  });
}

function fromResult({ id, label, points, isComplete, mixedUnits }: DataResult) {
  const message = `Multiple units returned: '[${mixedUnits.join(', ')}]'`;
  return {
    Id: id,
    Label: label,
    Timestamps: points.map(({ at }) => at / 1000),
    Values: points.map(({ value }) => value),
    StatusCode: isComplete ? 'Complete' : 'PartialData',
    ...(mixedUnits.length > 1 ? { Messages: [{ Code: 'MultipleUnits', Value: message }] } : {}),
  };
}

export function listMetricsOperation(cloudWatch: CloudWatch): Operation {
  const readInput = structureOf({
    Namespace: readText,
    MetricName: readText,
    Dimensions: readDimensions,
    NextToken: readText,
    RecentlyActive: readText,
  });
  return defineOperation(cloudWatch, readInput, (input, { now }) => {
    const { RecentlyActive } = input;
    if (RecentlyActive !== undefined && RecentlyActive !== 'PT3H') {
      return refuseEnumeration('recentlyActive', RecentlyActive, ['PT3H']);
    }
    const filter = {
      namespace: input.Namespace,
      metricName: input.MetricName,
      dimensions: (input.Dimensions ?? []).map(({ Name = '', Value }) => ({
        name: Name,
        value: Value,
      })),
      isRecentlyActive: RecentlyActive === 'PT3H',
      nextToken: input.NextToken,
    };
    const page = listMetrics(cloudWatch.store, filter, now);
    if (!page.ok) return page;
    const Metrics = page.value.metrics.map(({ namespace, metricName, dimensions }) => ({
      Namespace: namespace,
      MetricName: metricName,
      Dimensions: fromDimensions(dimensions),
    }));
    return succeed({ Metrics, NextToken: page.value.nextToken });
  });
}
