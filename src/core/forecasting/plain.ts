// The plain forecast: the next step of one signal from its past means. Seasonal where there are two
// days to learn a day's shape from, else a damped trend. Finite whatever the past looks like. It owns
// which method answers and within which limits, not the methods.

import type { EpochMs } from '../time.ts';
import { learnDailyShape, type DailyShape } from './daily-shape.ts';
import { forecastDampedTrend, type SeriesPoint } from './damped-trend.ts';

/** One step of a signal's past: a minute as a rule, another period in a file from elsewhere. */
export interface PastMean {
  readonly start: EpochMs;
  /** ≥ 0. */
  readonly mean: number;
}

export interface Forecast {
  /** Finite, ≥ 0, at most twice the highest mean of the past; within the clamp, where one is given. */
  readonly value: number;
  /** The step that is forecast: one step after the newest mean. */
  readonly start: EpochMs;
  /** The median distance of the newest means; a minute where there is only one. */
  readonly stepMs: number;
  readonly method: 'seasonal' | 'damped-trend';
}

/** Bounds of the answer: 0 and 1 for a signal that is a ratio. */
export interface Clamp {
  readonly lowest: number;
  readonly highest: number;
}

const minuteMs = 60_000;
const dayMs = 86_400_000;
/** A day's shape is learnt from at least this much. */
const seasonalPastMs = 2 * dayMs;
/** What the recent level and trend are fitted to. */
const recentPointsMax = 180;
const recentSpanMs = dayMs / 2;
/** After a gap longer than this many steps the level before it says nothing. */
const gapStepsMax = 60;
/** Means above this are left out as faults, so that no sum overflows. */
const meanMax = 1e15;
/** How many of the newest distances the step is the median of. */
const stepSamplesMax = 60;
/** Added to both sides of a ratio, as a share of the mean level: calm near zero. */
const calmingShare = 0.01;
const calmingMin = 1e-9;

/**
 * The next step, or null without any usable mean. `past` ascends by `start`; means that are not
 * finite, negative, beyond 1e15 or out of order are left out. For example the minutes 10, 20, 30, 40
 * give a little below 50.
 *
 * Seasonal: the climatology of the time of day (`daily-shape.ts`) times the recent level relative to
 * it, whose logarithm is forecast as a damped trend: a geometric, not an arithmetic, deviation.
 * Otherwise the damped trend of the recent means themselves (`damped-trend.ts`).
 */
export function forecastNext(past: readonly PastMean[], clamp?: Clamp): Forecast | null {
  const usable = keepUsable(past);
  const first = usable[0];
  const newest = usable.at(-1);
  if (first === undefined || newest === undefined) return null;
  const stepMs = findStep(usable);
  const start = newest.start + stepMs;
  const recent = takeRecent(usable, stepMs);
  const seasonal =
    newest.start - first.start >= seasonalPastMs
      ? forecastSeasonal({ usable, recent, start, stepMs })
      : null;
  const value =
    seasonal ?? forecastDampedTrend(recent.map((one) => toPoint(one, stepMs, one.mean)));
  return {
    value: limit(value, usable, clamp),
    start,
    stepMs,
    method: seasonal === null ? 'damped-trend' : 'seasonal',
  };
}

function keepUsable(past: readonly PastMean[]): readonly PastMean[] {
  const usable: PastMean[] = [];
  let latest = Number.NEGATIVE_INFINITY;
  for (const one of past) {
    const isUsable = one.mean >= 0 && one.mean <= meanMax && Number.isFinite(one.start);
    if (!isUsable || one.start <= latest) continue;
    usable.push(one);
    latest = one.start;
  }
  return usable;
}

function findStep(usable: readonly PastMean[]): number {
  const newest = usable.slice(-(stepSamplesMax + 1));
  const distances = newest.slice(1).map(({ start }, index) => start - (newest[index]?.start ?? 0));
  return median(distances) ?? minuteMs;
}

/** The newest means, back to the last long gap. At least one. */
function takeRecent(usable: readonly PastMean[], stepMs: number): readonly PastMean[] {
  const newest = usable.at(-1)?.start ?? 0;
  let from = usable.length - 1;
  for (; from > 0 && usable.length - from < recentPointsMax; from -= 1) {
    const start = usable[from]?.start ?? 0;
    const before = usable[from - 1]?.start ?? 0;
    if (start - before > gapStepsMax * stepMs || newest - before > recentSpanMs) break;
  }
  return usable.slice(from);
}

interface SeasonalTask {
  readonly usable: readonly PastMean[];
  readonly recent: readonly PastMean[];
  readonly start: EpochMs;
  readonly stepMs: number;
}

/** Null where no earlier day was seen at this time of day, or at none of the recent times. */
function forecastSeasonal({ usable, recent, start, stepMs }: SeasonalTask): number | null {
  const earlier = usable.slice(0, usable.length - recent.length);
  const shape = learnDailyShape(earlier);
  const expected = shape.at(start);
  if (expected === null) return null;
  const calming = Math.max(calmingMin, calmingShare * shape.level);
  const deviations = findDeviations(recent, { shape, calming, stepMs });
  if (deviations.length === 0) return null;
  return (expected + calming) * Math.exp(forecastDampedTrend(deviations)) - calming;
}

function findDeviations(
  recent: readonly PastMean[],
  basis: { readonly shape: DailyShape; readonly calming: number; readonly stepMs: number },
): readonly SeriesPoint[] {
  const { shape, calming, stepMs } = basis;
  return recent.flatMap((one) => {
    const usual = shape.at(one.start);
    if (usual === null) return [];
    return [toPoint(one, stepMs, Math.log((one.mean + calming) / (usual + calming)))];
  });
}

function toPoint({ start }: PastMean, stepMs: number, value: number): SeriesPoint {
  return { step: Math.round(start / stepMs), value };
}

function limit(value: number, usable: readonly PastMean[], clamp: Clamp | undefined): number {
  const highest = usable.reduce((most, { mean }) => Math.max(most, mean), 0);
  const within = Math.min(Math.max(value, 0), 2 * highest);
  if (clamp === undefined) return within;
  return Math.min(Math.max(within, clamp.lowest), clamp.highest);
}

/** The middle value, the lower one of two; null of none. */
function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? null;
}
