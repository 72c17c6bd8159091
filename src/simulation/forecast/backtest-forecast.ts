// Runs the forecaster over a recorded trace as it would have run live, and scores every expert and the
// ensemble at steps up to two hours ahead, beside seasonal naive forecasts. It reads no files.

import { createDemandForecaster } from '../../core/forecasting/demand-forecaster.ts';
import { createScoreTable, type ScoreTable } from './score-table.ts';

export interface ForecastTrace {
  /** Epoch seconds; taken for the multiple of 10 before it. */
  readonly startSeconds: number;
  readonly stepSeconds: number;
  /** NaN: missing. */
  readonly values: Float64Array;
}

export interface BacktestOptions {
  /** Length of a forecast step; not below the trace's own. */
  readonly stepSeconds: number;
  /** Ends of the forecast steps after the origin, multiples of the step. */
  readonly horizonSeconds: readonly number[];
}

const secondsPerDay = 86_400;
/** Time between two origins. */
const originSeconds = 300;

/** Per horizon, in the order of `horizonSeconds`. */
export function backtestForecast(
  trace: ForecastTrace,
  options: BacktestOptions,
): readonly ScoreTable[] {
  const { stepSeconds, horizonSeconds } = options;
  const blocks = toBlocks(trace);
  const forecaster = createDemandForecaster();
  const startMs = Math.floor(trace.startSeconds / 10) * 10_000;
  const warmUp = warmUpSeconds(blocks.length * 10) / 10;
  const stepBlocks = stepSeconds / 10;
  const every = Math.max(originSeconds, trace.stepSeconds) / 10;
  const tables = horizonSeconds.map(() => createScoreTable());
  for (let block = 0; block < blocks.length; block += 1) {
    const demand = blocks[block] ?? Number.NaN;
    const startsAt = startMs + block * 10_000;
    const isKnown = demand >= 0;
    forecaster.observe({ startsAt, demand: isKnown ? demand : null, isCensored: false });
    if ((startsAt / 10_000 + 1) % every !== 0) continue;
    for (const [index, horizon] of horizonSeconds.entries()) {
      const first = block + 1 + horizon / 10 - stepBlocks;
      const leadMs = (horizon - stepSeconds) * 1000;
      const forecast = forecaster.forecastMean(leadMs, stepSeconds * 1000);
      const outcome = meanOf(blocks, first, stepBlocks);
      if (block < warmUp || !(outcome >= 0) || !forecast.isUsable) continue;
      const naive = new Map(
        [1, 7].map((days) => [days, meanOf(blocks, first - days * 8640, stepBlocks)]),
      );
      tables[index]?.add({
        outcome,
        ensemble: forecast.quantiles,
        experts: forecaster.compareExperts(leadMs, stepSeconds * 1000),
        naiveDaily: naive.get(1) ?? Number.NaN,
        naiveWeekly: naive.get(7) ?? Number.NaN,
      });
    }
  }
  return tables;
}

/** Seven days; of traces below ten days one day and a tenth. */
function warmUpSeconds(spanSeconds: number): number {
  return spanSeconds >= 10 * secondsPerDay ? 7 * secondsPerDay : secondsPerDay + spanSeconds / 10;
}

function toBlocks({ stepSeconds, values }: ForecastTrace): Float64Array {
  if (stepSeconds >= 10) {
    const repeats = Math.round(stepSeconds / 10);
    const blocks = new Float64Array(values.length * repeats);
    for (const [index, value] of values.entries()) {
      blocks.fill(value, index * repeats, (index + 1) * repeats);
    }
    return blocks;
  }
  const inBlock = Math.round(10 / stepSeconds);
  const blocks = new Float64Array(Math.floor(values.length / inBlock));
  for (let block = 0; block < blocks.length; block += 1) {
    blocks[block] = meanOf(values, block * inBlock, inBlock);
  }
  return blocks;
}

/** NaN unless at least half is known and inside. */
function meanOf(values: Float64Array, from: number, count: number): number {
  if (from < 0 || from + count > values.length) return Number.NaN;
  let sum = 0;
  let known = 0;
  for (let index = from; index < from + count; index += 1) {
    const value = values[index] ?? Number.NaN;
    if (!(value >= 0)) continue;
    sum += value;
    known += 1;
  }
  return known * 2 >= count ? sum / known : Number.NaN;
}
