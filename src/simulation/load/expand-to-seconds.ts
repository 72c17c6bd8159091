// Turns a trace of any step into demand by the second.
import { createRandom, drawPoisson } from '../random.ts';
import type { Trace } from '../trace/trace.ts';
import type { Load } from './load.ts';

export interface ExpandOptions {
  /** A value is work per second, or work per step (which is divided by the step). */
  readonly value: 'rate' | 'count';
  /**
   * How a step's work lies within the step. `mean`: evenly. `poisson`: each second is a Poisson
   * count with the step's rate as its mean. `none`: nothing is assumed between the points, so all
   * of a step's work arrives in its first second. A trace of 1 s steps is taken as it is.
   */
  readonly within: 'mean' | 'poisson' | 'none';
  /** Of the Poisson seconds. */
  readonly seed?: number;
}

/** The load of a trace. 60 s of the count 30 as `mean` are 60 seconds of 0.5. */
export function expandToSeconds(trace: Trace, options: ExpandOptions): Load {
  const { stepSeconds, startSeconds, values } = trace;
  // The very values: a year of seconds is a quarter of a gigabyte.
  if (stepSeconds === 1) return { startSeconds, workPerSecond: values, telemetryGaps: [] };
  const scale = options.value === 'count' ? 1 / stepSeconds : 1;
  const workPerSecond = new Float64Array(values.length * stepSeconds);
  const random = createRandom(options.seed ?? 1, 'seconds');
  const isDrawn = options.within === 'poisson';
  for (let step = 0; step < values.length; step += 1) {
    const rate = (values[step] ?? 0) * scale;
    const from = step * stepSeconds;
    if (isDrawn) {
      for (let second = 0; second < stepSeconds; second += 1) {
        workPerSecond[from + second] = drawPoisson(random, rate);
      }
    } else if (options.within === 'none') {
      workPerSecond[from] = rate * stepSeconds;
    } else {
      workPerSecond.fill(rate, from, from + stepSeconds);
    }
  }
  return { startSeconds, workPerSecond, telemetryGaps: [] };
}
