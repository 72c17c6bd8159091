// The data points an alarm looks at: its evaluation range, ending at the time of the evaluation.

import type { EpochMs } from '../../time.ts';
import { findSeries } from '../metric-store.ts';
import type { MetricStore } from '../metric-store.ts';
import { runQueries } from '../run-queries.ts';
import { summarizeWindows } from '../series.ts';
import type { Windows } from '../series.ts';
import { computeStatistic } from '../statistic.ts';
import type { AlarmDefinition, MathMeasure, MetricMeasure } from './alarm.ts';
import { EXTRA_PERIODS } from './decide-state.ts';

export interface AlarmDatapoint {
  /** The start of its period. */
  readonly at: EpochMs;
  /** `undefined`: missing. */
  readonly value: number | undefined;
  /** Unknown for metric math. */
  readonly sampleCount: number | undefined;
}

/** What could be read, or why the alarm's expression gives no single series. */
export type AlarmReading =
  | { readonly ok: true; readonly datapoints: readonly AlarmDatapoint[] }
  | { readonly ok: false; readonly problem: string };

/**
 * Oldest first: N periods and a few more, the last of which ends at `now`. The periods slide with
 * the evaluation ("sliding window", the default `EvaluationWindow`); they are not aligned to
 * multiples of themselves.
 */
export function readDatapoints(
  store: MetricStore,
  definition: AlarmDefinition,
  now: EpochMs,
): AlarmReading {
  const { measure, evaluationPeriods } = definition;
  const count = evaluationPeriods + EXTRA_PERIODS;
  const { periodMs } = measure;
  const windows: Windows = { from: now - count * periodMs, periodMs, count };
  if (measure.kind === 'math') return readMath(store, measure, windows, now);
  return { ok: true, datapoints: readMetric(store, measure, windows, now) };
}

function readMetric(
  store: MetricStore,
  measure: MetricMeasure,
  windows: Windows,
  now: EpochMs,
): AlarmDatapoint[] {
  const series = findSeries(store, measure.metric, measure.unit, now);
  const reading = series
    .map((one) => summarizeWindows(one, windows, { end: now, now }))
    .find((summaries) => summaries.some((summary) => summary !== undefined));
  return Array.from({ length: windows.count }, (_, index) => {
    const summary = reading?.[index];
    const value = summary && computeStatistic(summary, measure.statistic);
    const at = windows.from + index * windows.periodMs;
    return { at, value, sampleCount: value === undefined ? undefined : summary?.count };
  });
}

function readMath(
  store: MetricStore,
  measure: MathMeasure,
  windows: Windows,
  now: EpochMs,
): AlarmReading {
  const ran = runQueries(store, {
    queries: measure.queries,
    planWindows: () => windows,
    end: now,
    now,
  });
  if (!ran.ok) return { ok: false, problem: ran.fault.message };
  const watched = ran.value.find(({ query }) => query.id === measure.watchedId)?.series ?? [];
  const [series] = watched;
  if (series === undefined || watched.length > 1) {
    return { ok: false, problem: `'${measure.watchedId}' is not a single time series` };
  }
  const datapoints = series.values.map((value, index) => {
    return { at: windows.from + index * windows.periodMs, value, sampleCount: undefined };
  });
  return { ok: true, datapoints };
}
