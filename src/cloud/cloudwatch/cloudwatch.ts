// CloudWatch on virtual time: metrics, alarms, dashboards. Callers give the time, which never goes
// back, and are told when to come again.

import { createDeque } from '../collections/deque.ts';
import type { Outcome } from '../fault.ts';
import type { EpochMs } from '../time.ts';
import type { AlarmActionPort } from './alarms/alarm.ts';
import type { AlarmBook } from './alarms/alarm-book.ts';
import { evaluateDue, nextEvaluationAt } from './alarms/evaluate-due.ts';
import type { Dashboards } from './dashboards.ts';
import type { Measurement, PublicationDelays } from './metric-store.ts';
import {
  createMetricStore,
  PUBLICATION_DELAYS,
  publishDue,
  recordMeasurement,
} from './metric-store.ts';
import type { RetentionRule } from './retention.ts';
import { RETENTION_RULES } from './retention.ts';

export interface CloudWatchOptions {
  /** Where alarm actions go; nowhere when left out. */
  readonly onAlarmAction?: AlarmActionPort;
  readonly delays?: PublicationDelays;
  readonly retention?: readonly RetentionRule[];
  readonly seriesMax?: number;
}

export interface CloudWatch extends AlarmBook {
  readonly dashboards: Dashboards;
  /** Up to when everything that was due has been done. */
  now: EpochMs;
}

/** How many metrics, by unit, are stored unless told otherwise. */
export const SERIES_MAX = 200_000;

/** An empty CloudWatch at `now`; the options are those of AWS unless told otherwise. */
export function createCloudWatch(now: EpochMs, options: CloudWatchOptions = {}): CloudWatch {
  const { onAlarmAction = () => {}, delays = PUBLICATION_DELAYS } = options;
  const { retention: rules = RETENTION_RULES, seriesMax = SERIES_MAX } = options;
  return {
    store: createMetricStore({ rules, delays, seriesMax }),
    alarms: new Map(),
    history: createDeque(),
    onAlarmAction,
    dashboards: new Map(),
    now,
  };
}

/**
 * Does what is due up to and including `now`: makes data visible and evaluates alarms, in order of
 * time. What was measured up to `now` must have been recorded before.
 */
export function advanceCloudWatch(cloudWatch: CloudWatch, now: EpochMs): void {
  for (;;) {
    const at = nextEvaluationAt(cloudWatch, cloudWatch.now);
    if (at === undefined || at > now) break;
    publishDue(cloudWatch.store, at);
    cloudWatch.now = at;
    evaluateDue(cloudWatch, at);
  }
  publishDue(cloudWatch.store, now);
  cloudWatch.now = Math.max(cloudWatch.now, now);
}

/** When `advanceCloudWatch` has something to do again; `undefined`: not by itself. */
export function nextCloudWatchWakeAt(cloudWatch: CloudWatch): EpochMs | undefined {
  return nextEvaluationAt(cloudWatch, cloudWatch.now);
}

/** Feeds a service's own metric in: the way for the models of other services. */
export function record(
  cloudWatch: CloudWatch,
  measurement: Measurement,
  now: EpochMs,
): Outcome<true> {
  return recordMeasurement(cloudWatch.store, measurement, now);
}
