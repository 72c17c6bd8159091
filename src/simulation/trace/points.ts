// Points in any order, as monitoring systems export them, made into a trace.
import { addPoint, createSequence, finishSequence } from './sequence.ts';
import type { GapRule, TraceReading } from './trace.ts';
import { refuseTrace } from './trace.ts';

export interface Point {
  readonly seconds: number;
  readonly value: number;
}

export interface PointsOptions {
  readonly gaps?: GapRule;
  readonly stepSeconds?: number;
  /** Which series, where the text has several. */
  readonly series?: string;
}

/** How many names of series a message lists. */
const namesShown = 10;

/**
 * The trace of points in any order: neither `Datapoints` nor `MetricDataResults` come oldest first,
 * so sorting is reading the format, not mending it. The step is the shortest distance of two points
 * unless given. Messages count points in order of time.
 */
export function readPoints(points: readonly Point[], options: PointsOptions): TraceReading {
  const sorted = [...points].toSorted((one, other) => one.seconds - other.seconds);
  const stepSeconds = options.stepSeconds ?? shortestDistance(sorted);
  const gaps = options.gaps ?? 'refuse';
  const sequence = createSequence({ placeName: 'point', gaps, stepSeconds });
  for (const [index, point] of sorted.entries()) {
    addPoint(sequence, point.seconds, point.value, index + 1);
  }
  return finishSequence(sequence);
}

function shortestDistance(sorted: readonly Point[]): number | undefined {
  let shortest = Number.POSITIVE_INFINITY;
  let last = Number.NaN;
  for (const { seconds } of sorted) {
    if (seconds > last) shortest = Math.min(shortest, seconds - last);
    last = seconds;
  }
  return Number.isFinite(shortest) ? shortest : undefined;
}

/** The one series that is meant, or a refusal that names those there are. */
export function chooseSeries<T>(
  all: readonly T[],
  namesOf: (one: T) => readonly string[],
  wanted: string | undefined,
): { readonly chosen: T } | { readonly refused: TraceReading } {
  const chosen = all.filter((one) => wanted === undefined || namesOf(one).includes(wanted));
  const [first] = chosen;
  if (first !== undefined && chosen.length === 1) return { chosen: first };
  if (all.length === 0) {
    return { refused: refuseTrace('empty', 'the trace is empty: it has no series') };
  }
  const names = all.map((one) => namesOf(one)[0] ?? '');
  return { refused: askForSeries(names, wanted, chosen.length) };
}

/** A refusal of a text with several series that says which there are; `fitting` bear the name. */
export function askForSeries(
  names: readonly string[],
  wanted: string | undefined,
  fitting: number,
): TraceReading {
  const shown = names.slice(0, namesShown).map((name) => `'${name}'`);
  const more = names.length > namesShown ? ` and ${names.length - namesShown} more` : '';
  const there = `${shown.join(', ')}${more}`;
  if (wanted === undefined) {
    return refuseTrace('choose-series', `found ${names.length} series: ${there}`);
  }
  const asked = fitting > 1 ? `${fitting} series` : 'no series';
  return refuseTrace('choose-series', `${asked} named '${wanted}'; found: ${there}`);
}
