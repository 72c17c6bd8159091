// From the API's columns to the chart's: one ascending row of times for the past, the present and
// what is forecast, with a column a line.

import type { ForecastAnswer, SeriesAnswer } from '../contract.ts';
import type { Bounds } from './chart-span.ts';
import { aheadRatio } from './chart-span.ts';

export type Column = (number | null)[];

/** In the order of the chart's series. Times in seconds. */
export interface ChartData {
  readonly times: number[];
  readonly inService: Column;
  readonly desired: Column;
  readonly demand: Column;
  readonly low: Column;
  readonly high: Column;
  readonly middle: Column;
}

export interface Present {
  readonly at: number;
  readonly desired: number | null;
  readonly inService: number;
  readonly demand: number | null;
}

export interface ChartSources {
  readonly series: SeriesAnswer;
  /** Null where the span does not reach the present. */
  readonly present: Present | null;
  readonly forecast: ForecastAnswer | null;
  readonly bounds: Bounds;
}

export function joinChartData({ bounds, forecast, present, series }: ChartSources): ChartData {
  const data: ChartData = {
    times: [],
    inService: [],
    desired: [],
    demand: [],
    low: [],
    high: [],
    middle: [],
  };
  for (const [index] of series.demand.entries()) {
    const at = series.start + index * series.stepMs;
    if (present !== null && at >= present.at) break;
    const point = [series.inService[index], series.desired[index], series.demand[index]];
    if (point.some((value) => value !== null)) add(data, at, point);
  }
  if (present === null) return data;
  add(data, present.at, [present.inService, present.desired, present.demand]);
  if (forecast !== null) addForecast(data, forecast, { present, bounds });
  return data;
}

interface Ahead {
  readonly present: Present;
  readonly bounds: Bounds;
}

function addForecast(data: ChartData, forecast: ForecastAnswer, { bounds, present }: Ahead): void {
  const { isUsable, levels, quantiles, sizing, start, stepMs } = forecast;
  if (!isUsable) return;
  const { perInstance } = sizing;
  // What a demand comes to in instances is not known: it has no place on their scale.
  if (perInstance === null) return;
  const places = pickLevels(levels);
  const end = present.at + (bounds.to - bounds.from) * aheadRatio;
  // What is measured now is no forecast, and where the band begins.
  const last = data.times.length - 1;
  for (const column of [data.low, data.high, data.middle]) column[last] = present.demand;
  for (const [index, step] of quantiles.entries()) {
    // A step is a mean over its length: it stands at its middle.
    const at = start + (index + 0.5) * stepMs;
    if (at <= present.at) continue;
    const band = places.map((place) => inInstances(step[place], perInstance));
    add(data, at, [null, null, null, ...band]);
    // The first one beyond the end too: the line goes on to the edge.
    if (at > end) break;
  }
}

function inInstances(demand: number | undefined, perInstance: number): number | null {
  return demand === undefined ? null : demand / perInstance;
}

/** The band that is drawn. Wider ones, which a forecast has too, are far above what mostly comes. */
const bandLevels = { low: 0.05, high: 0.95 } as const;

/** Of the low end, the high end and the median: the place of the level that is nearest to each. */
export function pickLevels(levels: readonly number[]): readonly [number, number, number] {
  const nearest = (wanted: number): number => {
    const distances = levels.map((level) => Math.abs(level - wanted));
    return distances.indexOf(Math.min(...distances));
  };
  return [nearest(bandLevels.low), nearest(bandLevels.high), nearest(0.5)];
}

function add(data: ChartData, at: number, values: readonly (number | null | undefined)[]): void {
  const { demand, desired, high, inService, low, middle, times } = data;
  times.push(at / 1000);
  for (const [index, column] of [inService, desired, demand, low, high, middle].entries()) {
    column.push(values[index] ?? null);
  }
}
