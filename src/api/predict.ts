// The answer of `/predict`, in the words and the percents of the predictor that it replaces.

import type { Forecast, PastMean } from '../core/forecasting/plain.ts';
import { loadCpuHistory, type CpuHistoryOptions } from './cpu-history.ts';
import { toPercent } from './percent.ts';
import { refuse, type Found } from './problem.ts';
import { tellTime } from './range.ts';

/** The contract: these three keys, percents of 0–100. */
export interface Prediction {
  /** Over the newest hour of history. */
  readonly current_avg: number;
  /** The mean of the next step. */
  readonly predicted_next: number;
  readonly recommendation: 'Scale Up' | 'Scale Down' | 'Maintain';
}

export interface PredictOptions extends CpuHistoryOptions {
  readonly forecastRatio: (past: readonly PastMean[]) => Forecast | null;
}

const hourMs = 3_600_000;
/** A day's shape is learnt over a week, and today is left over. */
const pastMs = 8 * 24 * hourMs;
/** Recorded means older than this say nothing about what comes next. */
const staleMs = 15 * 60_000;

const scaleUpAbovePercent = 60;
const scaleDownBelowPercent = 20;

/**
 * A refusal (503) without any history, and where the controller did record but has stopped hearing
 * anything; an imported file alone is answered from, however old.
 */
export async function predict(group: string, options: PredictOptions): Promise<Found<Prediction>> {
  const now = options.read.now();
  const history = await loadCpuHistory(group, { from: now - pastMs, to: now + 1 }, options);
  if (!history.ok) return history;
  const past = history.value;
  const newest = past.at(-1);
  const forecast = options.forecastRatio(past);
  if (newest === undefined || forecast === null) {
    return refuseForNow(`no CPU of ${group} has been recorded yet`);
  }
  const importedLast = options.importedHistory?.get(group)?.at(-1)?.start;
  if (newest.start !== importedLast && now - newest.start > staleMs) {
    return refuseForNow(`no CPU of ${group} has been recorded since ${tellTime(newest.start)}`);
  }
  const predicted = toPercent(findLive(group, options) ?? forecast.value);
  const lastHour = past.filter(({ start }) => start > newest.start - hourMs);
  return {
    ok: true,
    value: {
      current_avg: toPercent(average(lastHour)),
      predicted_next: predicted,
      recommendation: recommend(predicted),
    },
  };
}

/**
 * The CPU of the next five minutes by the group's demand forecast, shared among the instances that
 * it has; null where that is not of CPU, or not to be used.
 */
function findLive(group: string, { read }: PredictOptions): number | null {
  const live = read.forecast(group, 1);
  const instances = read.group(group)?.inService ?? 0;
  if (live === null || !live.isUsable || live.signal !== 'cpu' || instances === 0) return null;
  const median = live.quantiles[0]?.[live.levels.indexOf(0.5)];
  return median === undefined ? null : Math.min(1, median / instances);
}

function refuseForNow(detail: string): Found<never> {
  return refuse({ status: 503, code: 'no-data', detail });
}

function recommend(predictedPercent: number): Prediction['recommendation'] {
  if (predictedPercent > scaleUpAbovePercent) return 'Scale Up';
  return predictedPercent < scaleDownBelowPercent ? 'Scale Down' : 'Maintain';
}

function average(means: readonly PastMean[]): number {
  return means.reduce((sum, { mean }) => sum + mean, 0) / means.length;
}
