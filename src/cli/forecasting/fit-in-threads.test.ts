import { expect, it } from 'vitest';
import { fitModel } from '../../core/forecasting/fit-model.ts';
import { fitInThreads } from './fit-in-threads.ts';

/** Threads start, and a network is trained, on a machine that may be busy. */
const limitMs = 60_000;

it(
  'fits on threads what the same task gives here, and leaves out what refuses',
  { timeout: limitMs },
  async () => {
    const means = Float64Array.from({ length: 620 }, (_, step) => {
      return 100 + 40 * Math.sin(step / 46) + ((step * 7919) % 23);
    });
    const task = { until: 5_891_947, means };
    const empty = { until: 5_891_327, means: new Float64Array(0) };
    const told: number[] = [];
    const models = await fitInThreads(
      [
        { name: 'arima', task: empty },
        { name: 'lstm', task },
        { name: 'arima', task },
      ],
      (done) => told.push(done),
    );
    expect(told).toEqual([1, 2, 3]);
    expect(models).toEqual([
      { name: 'lstm', until: task.until, packed: fitModel('lstm', task) },
      { name: 'arima', until: task.until, packed: fitModel('arima', task) },
    ]);
  },
);
