// The samples inside one entry of `MetricData`: a value, values with counts, or a statistic set.

import { succeed } from '../fault.ts';
import type { Outcome } from '../fault.ts';
import {
  refuseCombination,
  refuseFound,
  refuseMissing,
  refuseSize,
  refuseValue,
} from './faults.ts';
import type { MetricDatum } from './put-metric-data.ts';
import { mergeSummary, summarizeSet, summarizeValue } from './summary.ts';
import type { StatisticSet, Summary } from './summary.ts';

export const VALUES_PER_DATUM_MAX = 150;
/** 2^360: "Values must be in the range of -2^360 to 2^360" (`MetricDatum`, API reference). */
const VALUE_MAX = 2.3485425827738332e108;

/** The samples of a datum in one summary; `path` as `MetricData.member.1`. */
export function parseSamples(datum: MetricDatum, path: string): Outcome<Summary> {
  const { value, values, counts, statisticValues } = datum;
  if (value !== undefined && values !== undefined) return refuseBoth(path, 'Value', 'Values');
  if (value !== undefined && statisticValues !== undefined) {
    return refuseBoth(path, 'Value', 'StatisticValues');
  }
  if (values !== undefined && statisticValues !== undefined) {
    return refuseBoth(path, 'Values', 'StatisticValues');
  }
  if (value !== undefined) {
    if (!isInRange(value)) return refuseFound(String(value), `${path}.Value`);
    return succeed(summarizeValue(value));
  }
  if (values !== undefined) return parseValues(values, counts, path);
  if (statisticValues !== undefined) return parseSet(statisticValues, `${path}.StatisticValues`);
  return refuseCombination('At least one of the parameters must be specified.');
}

function parseValues(
  values: readonly number[],
  counts: readonly number[] | undefined,
  path: string,
): Outcome<Summary> {
  if (values.length > VALUES_PER_DATUM_MAX) {
    return refuseSize(`${path}.Values`, VALUES_PER_DATUM_MAX);
  }
  if (counts !== undefined && counts.length !== values.length) {
    return refuseValue(
      `The parameters ${path}.Values and ${path}.Counts must be of the same size.`,
    );
  }
  let total: Summary | undefined;
  for (const [index, value] of values.entries()) {
    const count = counts?.[index] ?? 1;
    const member = `member.${index + 1}`;
    if (!isInRange(value)) return refuseFound(String(value), `${path}.Values.${member}`);
    if (!isInRange(count) || count <= 0) {
      return refuseFound(String(count), `${path}.Counts.${member}`);
    }
    const summary = summarizeValue(value, count);
    if (total === undefined) total = summary;
    else mergeSummary(total, summary);
  }
  return total === undefined ? refuseMissing(`${path}.Values`) : succeed(total);
}

function parseSet(given: Partial<StatisticSet>, path: string): Outcome<Summary> {
  const { sampleCount, sum, minimum, maximum } = given;
  if (sampleCount === undefined) return refuseMissing(`${path}.SampleCount`);
  if (sum === undefined) return refuseMissing(`${path}.Sum`);
  if (minimum === undefined) return refuseMissing(`${path}.Minimum`);
  if (maximum === undefined) return refuseMissing(`${path}.Maximum`);
  const members = { SampleCount: sampleCount, Sum: sum, Minimum: minimum, Maximum: maximum };
  for (const [name, figure] of Object.entries(members)) {
    if (!isInRange(figure)) return refuseFound(String(figure), `${path}.${name}`);
  }
  if (sampleCount <= 0) return refuseFound(String(sampleCount), `${path}.SampleCount`);
  if (maximum < minimum) {
    return refuseValue(
      `The parameter ${path}.Maximum must be greater than or equal to ${path}.Minimum.`,
    );
  }
  return succeed(summarizeSet({ sampleCount, sum, minimum, maximum }));
}

/** False for NaN and the infinities, too. */
function isInRange(value: number): boolean {
  return value >= -VALUE_MAX && value <= VALUE_MAX;
}

function refuseBoth(path: string, one: string, other: string): Outcome<never> {
  return refuseCombination(
    `The parameters ${path}.${one} and ${path}.${other} are mutually exclusive and you have ` +
      'specified both.',
  );
}
