// What a forecaster says of itself: weights and the running scorecard per horizon and expert.

import type { Expert } from './experts/expert.ts';
import type { Horizon } from './horizon.ts';
import { blockMs, forecastLevels, medianIndex } from './levels.ts';
import { readScore, type ExpertScore } from './scorecard.ts';

export interface ForecastReport {
  readonly horizons: readonly HorizonReport[];
}

export interface HorizonReport {
  readonly kind: 'mean' | 'max';
  readonly leadMs: number;
  readonly spanMs: number;
  /** Outcomes learnt from. */
  readonly updates: number;
  readonly ensemble: ExpertScore | null;
  readonly experts: readonly {
    readonly name: string;
    /** In the median. Ratio, the sum over experts is 1. */
    readonly weight: number;
    /** At the highest level. */
    readonly tailWeight: number;
    readonly score: ExpertScore | null;
  }[];
}

export function reportHorizon(horizon: Horizon, experts: readonly Expert[]): HorizonReport {
  const { channel, key } = horizon;
  const scores = channel.scorecard();
  return {
    kind: key.kind,
    leadMs: key.lead * blockMs,
    spanMs: key.count * blockMs,
    updates: channel.updates(),
    ensemble: readScore(scores, 0),
    experts: experts.map(({ name }, index) => ({
      name,
      weight: channel.weightOf(index, medianIndex),
      tailWeight: channel.weightOf(index, forecastLevels.length - 1),
      score: readScore(scores, index + 1),
    })),
  };
}
