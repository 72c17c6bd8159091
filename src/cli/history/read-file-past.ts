// A past from a file, or from a Prometheus by its address: the same readers as recorded traffic has,
// but holes stay holes.

import { readFileSync, statSync } from 'node:fs';
import { readDatapoints } from '../../api/datapoints.ts';
import { readPrometheusRange } from '../../simulation/trace/prometheus.ts';
import type { TraceReading } from '../../simulation/trace/trace.ts';
import { fetchText } from '../../sources/fetch-text.ts';
import { describeError } from '../describe-error.ts';
import { describeRefusal } from '../simulation/describe-refusal.ts';
import { readTraceFile } from '../simulation/read-trace-file.ts';
import { StartError } from '../start-error.ts';
import type { HistoryImportOptions } from './options.ts';
import type { PastValue } from './to-minutes.ts';

const dayMs = 86_400_000;
/** Prometheus answers 11,000 values of a series at most: a week of minutes is 10,080. */
const prometheusSpanMs = 7 * dayMs;
const prometheusPastMs = 60 * dayMs;
const fetchTimeoutMs = 30_000;
const datapointsBytesMax = 64 * 1024 * 1024;
/** Datapoints have no step of their own: the mean of a minute, or of the time to the next one. */
const datapointsStepMaxMs = 3_600_000;
const minuteMs = 60_000;

type Series = Pick<HistoryImportOptions, 'series'>;

/** CSV, or the JSON of CloudWatch or Prometheus: told by how the file begins. */
export async function readFilePast(
  path: string,
  { series }: Series,
): Promise<readonly PastValue[]> {
  const { reading } = await readTraceFile(path, {
    gaps: 'hold',
    ...(series !== undefined && { series }),
  });
  return listValues(path, reading);
}

/** CPU percents of a mean instance, as ratios. */
export function readDatapointsPast(path: string): readonly PastValue[] {
  const read = readDatapoints(readWhole(path));
  if (!read.ok) throw new StartError(`${path}: ${read.message}`, 2);
  const { means } = read;
  return means.map(({ start, mean }, index) => {
    const next = means[index + 1]?.start ?? start + minuteMs;
    const stepMs = Math.min(datapointsStepMaxMs, Math.max(minuteMs, next - start));
    return { start, stepMs, value: mean };
  });
}

function readWhole(path: string): string {
  try {
    const { size } = statSync(path);
    if (size > datapointsBytesMax) throw new StartError(`${path} is longer than 64 MB`, 2);
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof StartError) throw error;
    throw new StartError(`${path} cannot be read: ${describeError(error)}`, 2);
  }
}

/** The address of `/api/v1/query_range` with a query in it; the time and the step are put in here. */
export async function readPrometheusPast(
  address: string,
  { series, now }: Series & { readonly now: number },
): Promise<readonly PastValue[]> {
  const values: PastValue[] = [];
  for (let from = now - prometheusPastMs; from < now; from += prometheusSpanMs) {
    const url = toRangeUrl(address, { from, to: Math.min(now, from + prometheusSpanMs - 1) });
    const fetched = await fetchText({ url, bearerToken: null, timeoutMs: fetchTimeoutMs });
    if (!fetched.ok) throw new StartError(`${address}: ${fetched.message}`, 1);
    const options = { gaps: 'hold' as const, ...(series !== undefined && { series }) };
    const reading = readPrometheusRange(fetched.body, options);
    // Before the first value that is kept there is none.
    const isNothing =
      reading.kind === 'refused' &&
      reading.problems.every(({ code }) => code === 'empty' || code === 'too-short');
    if (!isNothing) values.push(...listValues(address, reading));
  }
  return values;
}

function toRangeUrl(
  address: string,
  { from, to }: { readonly from: number; readonly to: number },
): string {
  const target = URL.canParse(address) ? new URL(address) : null;
  const isRange = target?.pathname.endsWith('/api/v1/query_range') === true;
  if (target === null || !isRange || !target.searchParams.has('query')) {
    const allowed = 'an address such as http://host:9090/api/v1/query_range?query=sum(rate(…))';
    throw new StartError(`${address} is no query of a range; allowed: a file, or ${allowed}`, 2);
  }
  const minute = (at: number): string => String(Math.floor(at / minuteMs) * 60);
  target.searchParams.set('start', minute(from));
  target.searchParams.set('end', minute(to));
  target.searchParams.set('step', '60');
  return target.href;
}

function listValues(name: string, reading: TraceReading): readonly PastValue[] {
  if (reading.kind === 'refused') throw new StartError(describeRefusal(name, reading), 2);
  const { gaps, trace } = reading;
  const { startSeconds, stepSeconds, values } = trace;
  const filled = new Set<number>();
  for (const { fromSeconds, steps } of gaps) {
    for (let step = 0; step < steps; step += 1) filled.add(fromSeconds + step * stepSeconds);
  }
  return Array.from(values, (value, index) => {
    const seconds = startSeconds + index * stepSeconds;
    return { start: seconds * 1000, stepMs: stepSeconds * 1000, value };
  }).filter(({ start }) => !filled.has(start / 1000));
}
