// A group's past as columns for a chart: sizes and demand at no more points than it can draw, with the
// least and the greatest of each point kept, so that no peak is averaged away.

import type { ReadModel } from '../controller/ports/control.ts';
import type { EpochMs } from '../core/time.ts';
import type { SeriesAnswer, SeriesColumn } from './answers.ts';
import { refuse, type Found } from './problem.ts';

export interface SeriesRange {
  readonly from: EpochMs;
  readonly to: EpochMs;
  /** At most so many places a column. */
  readonly points: number;
}

/** Up to here 10 s means are read, beyond it minutes. */
const fineSpanMaxMs = 6 * 3_600_000;
const fineStepMs = 10_000;
const coarseStepMs = 60_000;

interface Sample {
  readonly start: EpochMs;
  readonly mean: number;
  readonly highest: number;
}

export async function readSeries(
  read: ReadModel,
  group: string,
  range: SeriesRange,
): Promise<Found<SeriesAnswer>> {
  const { from, points, to } = range;
  const isFine = to - from <= fineSpanMaxMs;
  const unitMs = isFine ? fineStepMs : coarseStepMs;
  // One place more than asked for could be needed where the range begins within a step.
  const stepMs = Math.max(1, Math.ceil((to - from) / Math.max(1, points - 1) / unitMs)) * unitMs;
  const start = Math.floor(from / stepMs) * stepMs;
  const grid = { start, stepMs, count: Math.max(1, Math.ceil((to - start) / stepMs)) };
  const columns: Columns[] = [];
  for (const signal of ['@desired', '@inService', '@demand']) {
    const samples = await readSamples(read, group, { signal, from: start, to, isFine });
    if (!samples.ok) return samples;
    columns.push(fold(samples.value, grid));
  }
  const [desired = empty, inService = empty, demand = empty] = columns;
  return {
    ok: true,
    value: {
      group,
      start,
      stepMs,
      desired: desired.mean,
      desiredMin: desired.min,
      desiredMax: desired.max,
      inService: inService.mean,
      inServiceMin: inService.min,
      inServiceMax: inService.max,
      demand: demand.mean,
      demandMin: demand.min,
      demandMax: demand.max,
    },
  };
}

interface SampleQuery {
  readonly signal: string;
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly isFine: boolean;
}

async function readSamples(
  read: ReadModel,
  group: string,
  { isFine, ...query }: SampleQuery,
): Promise<Found<readonly Sample[]>> {
  const found = isFine ? await read.tenSeconds(group, query) : await read.minutes(group, query);
  if (!found.ok) return refuse({ status: 503, code: 'store', detail: found.message });
  const samples = found.value.map((one) => ({
    start: one.start,
    mean: one.mean,
    highest: 'highest' in one ? one.highest : one.mean,
  }));
  return { ok: true, value: samples };
}

interface Columns {
  readonly mean: SeriesColumn;
  readonly min: SeriesColumn;
  readonly max: SeriesColumn;
}

const empty: Columns = { mean: [], min: [], max: [] };
const digitsShown = 6;

function fold(
  samples: readonly Sample[],
  { count, start, stepMs }: { readonly start: EpochMs; readonly stepMs: number; count: number },
): Columns {
  const sums = Array.from({ length: count }, () => 0);
  const counts = Array.from({ length: count }, () => 0);
  const least = Array.from({ length: count }, () => Number.POSITIVE_INFINITY);
  const most = Array.from({ length: count }, () => Number.NEGATIVE_INFINITY);
  for (const sample of samples) {
    const index = Math.floor((sample.start - start) / stepMs);
    if (index < 0 || index >= count) continue;
    sums[index] = (sums[index] ?? 0) + sample.mean;
    counts[index] = (counts[index] ?? 0) + 1;
    least[index] = Math.min(least[index] ?? sample.mean, sample.mean);
    most[index] = Math.max(most[index] ?? sample.highest, sample.highest);
  }
  const known = (values: readonly number[]): SeriesColumn =>
    values.map((value, index) => (counts[index] === 0 ? null : shorten(value)));
  return {
    mean: sums.map((sum, index) => {
      const samplesThere = counts[index] ?? 0;
      return samplesThere === 0 ? null : shorten(sum / samplesThere);
    }),
    min: known(least),
    max: known(most),
  };
}

function shorten(value: number): number {
  return Number(value.toPrecision(digitsShown));
}
