// Runs the forecaster over a recorded trace as it would have run live, and scores every expert and the
// ensemble at steps up to two hours ahead, beside seasonal naive forecasts. It reads no files.

import {
  createDemandForecaster,
  type DemandForecaster,
} from '../../core/forecasting/demand-forecaster.ts';
import type { fitModel } from '../../core/forecasting/fit-model.ts';
import { stepBlocks as fitStepBlocks } from '../../core/forecasting/fit-series.ts';
import type { FittedReport } from '../../core/forecasting/report.ts';
import type { TimedModel } from './fit-schedule.ts';
import { createScoreTable, type ScoreTable } from './score-table.ts';
import { firstBlockOf, meanOf, toBlocks, type ForecastTrace } from './trace-blocks.ts';

export interface BacktestOptions {
  /** Length of a forecast step; not below the trace's own. */
  readonly stepSeconds: number;
  /** Ends of the forecast steps after the origin, multiples of the step. */
  readonly horizonSeconds: readonly number[];
  /** Of the experts that have to be fitted, which are admitted at once; without them they are silent. */
  readonly models?: readonly TimedModel[];
  /** Fits as a live group does instead: on trial first, and admitted where the gain is worth it. */
  readonly fit?: typeof fitModel;
  /** What is said of the fitted experts at the end. */
  readonly onFitted?: (fitted: readonly FittedReport[]) => void;
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
  const forecaster = createDemandForecaster({ admitsAtOnce: options.models !== undefined });
  const startMs = firstBlockOf(trace) * 10_000;
  const models = Map.groupBy(options.models ?? [], ({ until }) => until);
  const warmUp = warmUpSeconds(blocks.length * 10) / 10;
  const stepBlocks = stepSeconds / 10;
  const every = Math.max(originSeconds, trace.stepSeconds) / 10;
  const tables = horizonSeconds.map(() => createScoreTable());
  for (let block = 0; block < blocks.length; block += 1) {
    const demand = blocks[block] ?? Number.NaN;
    const startsAt = startMs + block * 10_000;
    const isKnown = demand >= 0;
    forecaster.observe({ startsAt, demand: isKnown ? demand : null, isCensored: false });
    const next = startsAt / 10_000 + 1;
    if (next % fitStepBlocks === 0) {
      for (const { name, packed } of models.get(next / fitStepBlocks - 1) ?? []) {
        forecaster.adopt(name, packed);
      }
      if (options.fit !== undefined) fitDue(forecaster, options.fit);
    }
    if (next % every !== 0) continue;
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
  options.onFitted?.(forecaster.describe().fitted);
  return tables;
}

function fitDue(forecaster: DemandForecaster, fit: typeof fitModel): void {
  for (let due = forecaster.findFitDue(); due !== null; due = forecaster.findFitDue()) {
    const task = forecaster.readFitTask();
    if (task === null) return;
    const packed = fit(due.name, task);
    if (typeof packed === 'string') forecaster.decline(due.name, packed);
    else forecaster.adopt(due.name, packed);
  }
}

/** Seven days; of traces below ten days one day and a tenth. */
function warmUpSeconds(spanSeconds: number): number {
  return spanSeconds >= 10 * secondsPerDay ? 7 * secondsPerDay : secondsPerDay + spanSeconds / 10;
}
