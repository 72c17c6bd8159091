// CloudWatch's state as plain JSON, and back.

import { createDeque } from '../collections/deque.ts';
import { refuse, succeed } from '../fault.ts';
import type { Outcome } from '../fault.ts';
import type { EpochMs } from '../time.ts';
import type { Alarm } from './alarms/alarm.ts';
import type { HistoryItem } from './alarms/history.ts';
import { createCloudWatch } from './cloudwatch.ts';
import type { CloudWatch, CloudWatchOptions } from './cloudwatch.ts';
import type { Dashboard } from './dashboards.ts';
import type { MetricId } from './metric.ts';
import { metricKey } from './metric.ts';
import type { MetricEntry, MetricStore, PendingSample } from './metric-store.ts';
import { readSeries, readSummary, writeSeries, writeSummary } from './series-state.ts';
import type { SeriesState, SummaryState } from './series-state.ts';

export const CLOUDWATCH_STATE_VERSION = 1;

export interface CloudWatchState {
  readonly version: typeof CLOUDWATCH_STATE_VERSION;
  readonly now: EpochMs;
  readonly sweptAt: EpochMs;
  readonly metrics: readonly MetricState[];
  readonly pending: readonly PendingQueueState[];
  readonly alarms: readonly Alarm[];
  readonly history: readonly HistoryItem[];
  readonly dashboards: readonly Dashboard[];
}

interface MetricState {
  readonly id: MetricId;
  readonly updatedAt: EpochMs;
  readonly units: readonly SeriesState[];
}

interface PendingQueueState {
  readonly delayMs: number;
  readonly samples: readonly PendingState[];
}

interface PendingState {
  readonly visibleAt: EpochMs;
  readonly key: string;
  readonly unit: string;
  readonly at: EpochMs;
  readonly isHighResolution: boolean;
  readonly summary: SummaryState;
}

/** Everything but the options. It shares nothing that changes with the model. */
export function snapshotCloudWatch(cloudWatch: CloudWatch): CloudWatchState {
  const { store } = cloudWatch;
  return {
    version: CLOUDWATCH_STATE_VERSION,
    now: cloudWatch.now,
    sweptAt: store.sweptAt,
    metrics: [...store.entries.values()].map(({ id, updatedAt, units }) => {
      return { id, updatedAt, units: [...units.values()].map(writeSeries) };
    }),
    pending: [...store.pending].map(([delayMs, queue]) => {
      return { delayMs, samples: queue.values().map(writePending) };
    }),
    alarms: [...cloudWatch.alarms.values()],
    history: cloudWatch.history.values(),
    dashboards: [...cloudWatch.dashboards.values()],
  };
}

function writePending({ visibleAt, key, unit, sample }: PendingSample): PendingState {
  const { at, isHighResolution, summary } = sample;
  return { visibleAt, key, unit, at, isHighResolution, summary: writeSummary(summary) };
}

/** The options are not part of the state: they must be those that the state was made with. */
export function restoreCloudWatch(
  state: CloudWatchState,
  options: CloudWatchOptions = {},
): Outcome<CloudWatch> {
  if (state.version !== CLOUDWATCH_STATE_VERSION) {
    return refuse(
      'IncompatibleState',
      `CloudWatch state of version ${String(state.version)} was found; version ` +
        `${CLOUDWATCH_STATE_VERSION} is allowed.`,
    );
  }
  const cloudWatch = createCloudWatch(state.now, options);
  restoreMetrics(cloudWatch.store, state);
  for (const alarm of state.alarms) cloudWatch.alarms.set(alarm.definition.name, alarm);
  for (const item of state.history) cloudWatch.history.push(item);
  for (const dashboard of state.dashboards) cloudWatch.dashboards.set(dashboard.name, dashboard);
  return succeed(cloudWatch);
}

function restoreMetrics(store: MetricStore, state: CloudWatchState): void {
  store.sweptAt = state.sweptAt;
  for (const { id, updatedAt, units } of state.metrics) {
    const entry: MetricEntry = { key: metricKey(id), id, units: new Map(), updatedAt };
    for (const series of units) {
      entry.units.set(series.unit, readSeries(series, store.limits.rules));
      store.seriesCount += 1;
    }
    store.entries.set(entry.key, entry);
  }
  for (const { delayMs, samples } of state.pending) {
    const queue = samples.map(({ visibleAt, key, unit, ...sample }) => {
      return { visibleAt, key, unit, sample: { ...sample, summary: readSummary(sample.summary) } };
    });
    store.pending.set(delayMs, createDeque(queue));
  }
}
