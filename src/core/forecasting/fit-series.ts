// The series that dear experts are fitted to: log demand in steps of five minutes, with its gaps closed
// and its spikes bounded. A fit needs nothing else, so that it can be made anywhere.

import type { BlockHistory } from './block-history.ts';
import { blocksPerMinute } from './levels.ts';

export const stepMinutes = 5;
export const stepBlocks = stepMinutes * blocksPerMinute;
export const stepsPerDay = 1440 / stepMinutes;
export const stepsPerWeek = 7 * stepsPerDay;
/** Four weeks are fitted to. */
export const fitStepsMax = 4 * stepsPerWeek;

/** What is handed to a fit, wherever it is made. */
export interface FitTask {
  /** The last step, numbered from the epoch in steps of five minutes. */
  readonly until: number;
  /** Means of the steps, oldest first, as many as are known of at most four weeks; NaN: missing. */
  readonly means: Float64Array;
}

/** Why a series cannot be fitted. */
export type FitRefusal = 'too-little-history' | 'too-many-gaps' | 'not-finite';

export interface PreparedSeries {
  /** log(mean + floor), gaps closed by straight lines, within `lowest` and `highest`. */
  readonly logs: Float64Array;
  /** 1 where it was measured. */
  readonly known: Uint8Array;
  readonly floor: number;
  /** Nothing is forecast or taken in beyond them. */
  readonly lowest: number;
  readonly highest: number;
}

/** Three hours. */
const knownMin = 36;
const knownShareMin = 0.5;
/** A spike counts as so many times the usual at most. */
const spikeFactor = 20;
const floorShare = 0.1;
/** Median absolute deviations from the median that are believed, and logarithms at least. */
const believedDeviations = 8;
const believedLogsMin = 1.5;
/** How far beyond what was seen demand may go. */
const beyondLogs = Math.log(4);

/** The mean of a closed step; NaN where less than half is known. */
export function readStep(step: number, history: BlockHistory): number {
  return history.mean(step * stepBlocks, stepBlocks);
}

/** The steps up to `until`, from the first one known on. */
export function readFitTask(history: BlockHistory, until: number): FitTask {
  const oldest = Math.ceil(history.oldest() / stepBlocks);
  const count = Math.max(0, Math.min(fitStepsMax, until - oldest + 1));
  const means = new Float64Array(count);
  for (let index = 0; index < count; index += 1) {
    means[index] = readStep(until - count + 1 + index, history);
  }
  return { until, means };
}

export function prepareSeries(means: Float64Array): PreparedSeries | FitRefusal {
  const usable = means.filter((value) => value >= 0 && value < 1e30);
  if (usable.length < knownMin) return 'too-little-history';
  if (usable.length < knownShareMin * means.length) return 'too-many-gaps';
  const floor = floorShare * usualMean(usable) + 1e-9;
  const known = Uint8Array.from(means, (value) => (value >= 0 && value < 1e30 ? 1 : 0));
  const logs = means.map((value, index) => (known[index] === 1 ? Math.log(value + floor) : 0));
  const { lowest, highest } = findBounds(logs.filter((_, index) => known[index] === 1));
  for (let index = 0; index < logs.length; index += 1) {
    logs[index] = Math.max(lowest, Math.min(highest, logs[index] ?? 0));
  }
  closeGaps(logs, known);
  return {
    logs,
    known,
    floor,
    lowest: Math.max(Math.log(floor), lowest - beyondLogs),
    highest: highest + beyondLogs,
  };
}

/** The mean, with spikes bounded by what is usual where there is anything. */
function usualMean(usable: Float64Array): number {
  const positive = usable.filter((value) => value > 0);
  if (positive.length === 0) return 0;
  const most = spikeFactor * medianOf(positive);
  return usable.reduce((sum, value) => sum + Math.min(value, most), 0) / usable.length;
}

/** The range of what is believed: the bulk, and spikes no further than some deviations from it. */
function findBounds(logs: Float64Array): { readonly lowest: number; readonly highest: number } {
  const middle = medianOf(logs);
  const deviation = medianOf(logs.map((value) => Math.abs(value - middle)));
  const reach = Math.max(believedLogsMin, believedDeviations * deviation);
  const seen = logs.reduce(
    ({ low, high }, value) => ({ low: Math.min(low, value), high: Math.max(high, value) }),
    { low: middle, high: middle },
  );
  return {
    lowest: Math.max(seen.low, middle - reach),
    highest: Math.min(seen.high, middle + reach),
  };
}

export function medianOf(values: Float64Array): number {
  return values.toSorted()[Math.floor(values.length / 2)] ?? 0;
}

function closeGaps(logs: Float64Array, known: Uint8Array): void {
  let before = -1;
  for (let index = 0; index <= logs.length; index += 1) {
    if (index < logs.length && known[index] !== 1) continue;
    const from = before < 0 ? (logs[index] ?? 0) : (logs[before] ?? 0);
    const to = index < logs.length ? (logs[index] ?? 0) : from;
    for (let gap = before + 1; gap < index; gap += 1) {
      logs[gap] = from + ((to - from) * (gap - before)) / (index - before);
    }
    before = index;
  }
}
