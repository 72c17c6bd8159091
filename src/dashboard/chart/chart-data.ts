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
  const [low, middle, high] = pickLevels(forecast);
  const end = present.at + (bounds.to - bounds.from) * aheadRatio;
  for (const [index, value] of (middle ?? []).entries()) {
    const at = forecast.start + index * forecast.stepMs;
    if (at <= present.at) continue;
    if (at > end) break;
    add(data, at, [null, null, null, low?.[index], high?.[index], value]);
  }
}

/** The outermost quantiles and the one next to the median. */
function pickLevels({
  levels,
  quantiles,
}: ForecastAnswer): readonly (readonly number[] | undefined)[] {
  const distances = levels.map((level) => Math.abs(level - 0.5));
  const middle = distances.indexOf(Math.min(...distances));
  return [quantiles[0], quantiles[middle], quantiles.at(-1)];
}

function add(data: ChartData, at: number, values: readonly (number | null | undefined)[]): void {
  const { demand, desired, high, inService, low, middle, times } = data;
  times.push(at / 1000);
  for (const [index, column] of [inService, desired, demand, low, high, middle].entries()) {
    column.push(values[index] ?? null);
  }
}
