// `foretide backtest-forecast`: how well demand can be forecast on recorded traffic, by every expert and
// by their ensemble, beside seasonal naive.

import { backtestForecast } from '../../simulation/forecast/backtest-forecast.ts';
import { bareNaive, ensembleName, type NamedScore } from '../../simulation/forecast/score-table.ts';
import { listFitTasks, type TimedModel } from '../../simulation/forecast/fit-schedule.ts';
import {
  firstBlockOf,
  toBlocks,
  type ForecastTrace,
} from '../../simulation/forecast/trace-blocks.ts';
import { fittedNames } from '../../core/forecasting/experts/fitted-expert.ts';
import { forecastLevels } from '../../core/forecasting/levels.ts';
import type { forecastSteps, LoadOptions } from '../simulation/options.ts';
import { readLoad } from '../simulation/read-load.ts';
import { fitInThreads } from '../forecasting/fit-in-threads.ts';
import { StartError } from '../start-error.ts';
import { formatTable } from '../table.ts';

export interface BacktestForecastOptions extends LoadOptions {
  readonly step: (typeof forecastSteps)[number];
  readonly json?: boolean;
  /** Leaves out what has to be fitted. */
  readonly quick?: boolean;
}

const stepSecondsOf = { '1m': 60, '5m': 300 } as const;
/** How far ahead, in seconds, besides the next step. */
const horizonSeconds = [600, 1800, 3600, 7200];
/** What is fitted has to be worth its cost: the same ensemble, had it not been. */
const ensembleWithoutName = 'ensemble without fitted';
const toldLevels = [0.5, 0.9, 0.99];

interface HorizonScores {
  readonly horizonSeconds: number;
  readonly scores: readonly NamedScore[];
}

export async function backtestForecastCommand(options: BacktestForecastOptions): Promise<void> {
  const { name, load, notes } = await readLoad(options);
  const values = load.workPerSecond;
  for (const { fromSecond, toSecond } of load.telemetryGaps) {
    values.fill(Number.NaN, fromSecond, toSecond);
  }
  const trace: ForecastTrace = { startSeconds: load.startSeconds, stepSeconds: 1, values };
  const stepSeconds = stepSecondsOf[options.step];
  const horizons = [stepSeconds, ...horizonSeconds];
  const models = options.quick === true ? [] : await fitAll(trace);
  const ask = { stepSeconds, horizonSeconds: horizons };
  const tables = backtestForecast(trace, { ...ask, models });
  const plain = models.length === 0 ? [] : backtestForecast(trace, ask);
  const results = tables.map((table, index): HorizonScores => {
    const [ensemble, ...others] = table.scores();
    const without = plain[index]?.scores()[0];
    const named = without === undefined ? [] : [{ ...without, name: ensembleWithoutName }];
    return {
      horizonSeconds: horizons[index] ?? 0,
      scores: ensemble === undefined ? [] : [ensemble, ...named, ...others],
    };
  });
  if (results.every(({ scores }) => scores.length === 0)) {
    throw new StartError(`${name} is too short to score; needed are more than 27 hours`, 2);
  }
  for (const note of notes) process.stderr.write(`foretide: ${note}\n`);
  process.stdout.write(
    options.json === true
      ? `${JSON.stringify({ name, stepSeconds, levels: forecastLevels, horizons: results })}\n`
      : `${results.map(formatHorizon).join('\n\n')}\n`,
  );
}

/** A model of each dear expert for every day or few, fitted to the days before alone. */
async function fitAll(trace: ForecastTrace): Promise<readonly TimedModel[]> {
  const tasks = listFitTasks(toBlocks(trace), firstBlockOf(trace), fittedNames);
  const isTold = process.stderr.isTTY;
  const models = await fitInThreads(tasks, (done) => {
    if (isTold) {
      process.stderr.write(`\rforetide: fitting ARIMA and LSTM, ${done} of ${tasks.length}`);
    }
  });
  if (isTold) process.stderr.write('\r\u001B[K');
  return models;
}

function formatHorizon({ horizonSeconds: ahead, scores }: HorizonScores): string {
  const naive = scores.filter(({ name }) => Object.values<string>(bareNaive).includes(name));
  const bestOf = (pick: (score: NamedScore) => number): number => Math.min(...naive.map(pick));
  const rows = scores.map((score) => [
    score.name === ensembleName ? 'ensemble' : score.name,
    sayRatio(
      score.absoluteError,
      bestOf(({ absoluteError }) => absoluteError),
    ),
    sayRatio(
      score.crps,
      bestOf(({ crps }) => crps),
    ),
    sayRatio(
      score.pinball,
      bestOf(({ pinball }) => pinball),
    ),
    ...toldLevels.map((level) =>
      ((score.coverage[forecastLevels.indexOf(level)] ?? 0) * 100).toFixed(1),
    ),
  ]);
  const head = ['', 'MASE', 'CRPS', 'pinball', ...toldLevels.map((level) => `≤ q${level} %`)];
  const title = `${ahead / 60} min ahead, ${scores[0]?.count ?? 0} forecasts; errors over those of the better bare seasonal naive`;
  return `${title}\n${formatTable([head, ...rows])}`;
}

function sayRatio(value: number, base: number): string {
  return base > 0 && Number.isFinite(base) ? (value / base).toFixed(3) : '-';
}
