// The structures that several CloudWatch operations take: dimensions and metric queries.

import type { Dimension, MetricId } from '../../cloud/cloudwatch/metric.ts';
import type { MetricQueryInput } from '../../cloud/cloudwatch/metric-query.ts';
import type { Structure } from '../json-shape.ts';
import { listOf, readFlag, readInteger, readText, structureOf } from '../json-shape.ts';
import type { Output } from './define-operation.ts';

const dimensionShape = { Name: readText, Value: readText };

export const readDimensions = listOf(structureOf(dimensionShape));

const metricQueryShape = {
  Id: readText,
  Expression: readText,
  Label: readText,
  ReturnData: readFlag,
  Period: readInteger,
  MetricStat: structureOf({
    Metric: structureOf({ Namespace: readText, MetricName: readText, Dimensions: readDimensions }),
    Period: readInteger,
    Stat: readText,
    Unit: readText,
  }),
};

export const readMetricQueries = listOf(structureOf(metricQueryShape));

type GivenDimension = Structure<typeof dimensionShape>;

/** Dimensions as they were given, parts of which may be missing. */
export function toDimensions(given: readonly GivenDimension[] | undefined): Partial<Dimension>[] {
  return (given ?? []).map(({ Name, Value }) => ({
    ...(Name === undefined ? {} : { name: Name }),
    ...(Value === undefined ? {} : { value: Value }),
  }));
}

/** Dimensions with a part missing match no metric: they are left as empty texts. */
export function toMetricId(
  namespace: string,
  metricName: string,
  given: readonly GivenDimension[] | undefined,
): MetricId {
  const dimensions = toDimensions(given).map(({ name = '', value = '' }) => ({ name, value }));
  return { namespace, metricName, dimensions };
}

/** Dimensions with AWS's member names. */
export function fromDimensions(dimensions: readonly Partial<Dimension>[]): readonly Output[] {
  return dimensions.map(({ name, value }) => ({ Name: name, Value: value }));
}

/** A query for the model, which checks it. */
export function toMetricQuery(given: Structure<typeof metricQueryShape>): MetricQueryInput {
  const { MetricStat: stat } = given;
  return {
    id: given.Id,
    expression: given.Expression,
    label: given.Label,
    returnData: given.ReturnData,
    periodS: given.Period,
    metricStat: stat && {
      namespace: stat.Metric?.Namespace,
      metricName: stat.Metric?.MetricName,
      dimensions: toDimensions(stat.Metric?.Dimensions),
      periodS: stat.Period,
      stat: stat.Stat,
      unit: stat.Unit,
    },
  };
}

/** A query with AWS's member names, as it was given. */
export function fromMetricQuery(query: MetricQueryInput): Output {
  const { metricStat: stat } = query;
  return {
    Id: query.id,
    Expression: query.expression,
    Label: query.label,
    ReturnData: query.returnData,
    Period: query.periodS,
    MetricStat: stat && {
      Metric: {
        Namespace: stat.namespace,
        MetricName: stat.metricName,
        Dimensions: fromDimensions(stat.dimensions),
      },
      Period: stat.periodS,
      Stat: stat.stat,
      Unit: stat.unit,
    },
  };
}
