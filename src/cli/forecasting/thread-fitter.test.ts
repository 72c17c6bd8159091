import { describe, expect, it } from 'vitest';
import { fitModel } from '../../core/forecasting/fit-model.ts';
import { ThreadFitter } from './thread-fitter.ts';

/** Threads start on a machine that may be busy. */
const limitMs = 120_000;
const module = new URL('../testing/faulty-fitting-thread.ts', import.meta.url);
const taskOf = (length: number) => ({ until: 5_891_947, means: new Float64Array(length).fill(7) });

describe('a thread that fits', { timeout: limitMs }, () => {
  it('gives what the same task gives here, or why there is nothing', async () => {
    const fitter = new ThreadFitter();
    const means = Float64Array.from({ length: 620 }, (_, step) => {
      return 100 + 40 * Math.sin(step / 46) + ((step * 7919) % 23);
    });
    const task = { until: 5_891_947, means };
    expect(await fitter.fit('arima', task)).toEqual({
      ok: true,
      packed: fitModel('arima', task),
    });
    expect(await fitter.fit('lstm', taskOf(4))).toEqual({ ok: false, code: 'too-little-history' });
    await fitter.close();
  });

  it('that hangs, ends or throws costs its own fit, and the next has another thread', async () => {
    const fitter = new ThreadFitter({ module, fitMsMax: 2000 });
    expect(await fitter.fit('arima', taskOf(0))).toEqual({ ok: false, code: 'took-too-long' });
    const patient = new ThreadFitter({ module });
    for (const length of [1, 2]) {
      expect(await patient.fit('arima', taskOf(length))).toEqual({
        ok: false,
        code: 'thread-failed',
      });
    }
    expect(await patient.fit('arima', taskOf(3))).toEqual({
      ok: true,
      packed: taskOf(3).means,
    });
    await Promise.all([fitter.close(), patient.close()]);
  });

  it('that is closed in the middle of a fit fails it', async () => {
    const fitter = new ThreadFitter({ module });
    const fit = fitter.fit('lstm', taskOf(0));
    await fitter.close();
    expect(await fit).toEqual({ ok: false, code: 'thread-failed' });
  });
});
