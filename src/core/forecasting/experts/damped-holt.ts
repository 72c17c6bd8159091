// Holt's linear trend, damped (E. S. Gardner, E. McKenzie, "Forecasting Trends in Time Series",
// Management Science 31(10), 1985), in its error-correction form, minute by minute.

import type { Expert } from './expert.ts';
import { minutesAhead } from './expert.ts';

export interface HoltOptions {
  /** Share of the newest error that moves the level. 0–1. */
  readonly level: number;
  /** Share of the newest error that moves the trend. 0–1. */
  readonly trend: number;
  /** What is left of the trend after a minute. Below 1. */
  readonly damping: number;
}

/** A trend multiplies or divides the level by no more than this. */
const growthMax = 3;
/** An error counts at most as so many levels: one spike is no trend. */
const errorMax = 3;
const levelAt = 0;
const trendAt = 1;
const isBegunAt = 2;

export function createDampedHolt(name: string, options: HoltOptions): Expert {
  const { damping } = options;
  const state = new Float64Array(3);
  return {
    name,
    leansOnPast: false,
    state,
    forecast: (target) => {
      if (state[isBegunAt] === 0) return Number.NaN;
      const level = state[levelAt] ?? 0;
      const steps = minutesAhead(target);
      // φ + φ² + … + φ^h, for a fraction of a minute too.
      const reach = (damping * (1 - Math.exp(steps * Math.log(damping)))) / (1 - damping);
      const ahead = level + (state[trendAt] ?? 0) * reach;
      return Math.max(level / growthMax, Math.min(level * growthMax, ahead));
    },
    learnMinute: (_minute, mean) => {
      if (state[isBegunAt] === 0) {
        if (mean >= 0) state.set([mean, 0, 1]);
        return;
      }
      const level = state[levelAt] ?? 0;
      const trend = damping * (state[trendAt] ?? 0);
      const expected = Math.max(0, level + trend);
      const bound = errorMax * Math.max(level, 1e-9);
      const error = mean >= 0 ? Math.max(-bound, Math.min(bound, mean - expected)) : 0;
      state[levelAt] = Math.max(0, expected + options.level * error) + (mean > 0 ? 1e-12 : 0);
      state[trendAt] = trend + options.trend * error;
    },
  };
}
