import { describe, expect, it } from 'vitest';
import { fittedNames } from '../../core/forecasting/experts/fitted-expert.ts';
import { fitModel } from '../../core/forecasting/fit-model.ts';
import { backtestForecast } from './backtest-forecast.ts';
import { listFitTasks } from './fit-schedule.ts';
import { firstBlockOf, toBlocks, type ForecastTrace } from './trace-blocks.ts';

/** Thursday, 00:01:00: not the beginning of a step. */
const startSeconds = 1_767_225_660;
/** A day and a half is forecast, on a machine that may be busy. */
const limitMs = 60_000;

function traceOf(hours: number): ForecastTrace {
  const values = Float64Array.from({ length: hours * 60 }, (_, minute) => {
    return 100 + 40 * Math.sin((2 * Math.PI * minute) / 1440) + ((minute * 7919) % 11);
  });
  return { startSeconds, stepSeconds: 60, values };
}

describe('the fits of a backtest', () => {
  it('are made at the end of days, of nothing but the past', () => {
    const trace = traceOf(100);
    const blocks = toBlocks(trace);
    const tasks = listFitTasks(blocks, firstBlockOf(trace), fittedNames);
    expect(tasks.map(({ name, task }) => `${name} ${task.means.length}`)).toEqual([
      'arima 288',
      'arima 576',
      'lstm 576',
      'arima 864',
      'arima 1152',
      'lstm 1152',
    ]);
    for (const { task } of tasks) {
      const end = ((task.until + 1) * 300 - startSeconds) / 60;
      const last = trace.values.slice(end - 5, end);
      const mean = last.reduce((sum, value) => sum + value, 0) / 5;
      expect(task.means.at(-1)).toBeCloseTo(mean, 9);
    }
  });

  it('are none of a trace that is over before they are of use', () => {
    const trace = traceOf(24);
    expect(listFitTasks(toBlocks(trace), firstBlockOf(trace), fittedNames)).toEqual([]);
  });

  it(
    'let an expert speak from then on, and change nothing without it',
    { timeout: limitMs },
    () => {
      const trace = traceOf(31);
      const tasks = listFitTasks(toBlocks(trace), firstBlockOf(trace), ['arima']);
      const models = tasks.flatMap(({ name, task }) => {
        const packed = fitModel(name, task);
        return typeof packed === 'string' ? [] : [{ name, until: task.until, packed }];
      });
      const ask = { stepSeconds: 300, horizonSeconds: [1800] };
      const [fitted] = backtestForecast(trace, { ...ask, models });
      const [plain] = backtestForecast(trace, ask);
      const namesOf = (table = fitted) => table?.scores().map(({ name }) => name) ?? [];
      expect(namesOf(fitted)).toContain('arima');
      expect(namesOf(plain)).toEqual(namesOf(fitted).filter((name) => name !== 'arima'));
    },
  );
});
