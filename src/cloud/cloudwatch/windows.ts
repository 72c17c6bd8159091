// Which periods a request for a span of time reads: CloudWatch's rounding rules.

import type { EpochMs } from '../time.ts';
import type { Windows } from './series.ts';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** Data may be put this far ahead of the time of the call. */
const FUTURE_MS = 2 * HOUR_MS;

export interface TimeSpan {
  /** Inclusive. */
  readonly start: EpochMs;
  /** Exclusive. */
  readonly end: EpochMs;
}

/** Sub-minute periods that metrics can be read at, in seconds. */
const SHORT_PERIODS_S: readonly number[] = [1, 5, 10, 20, 30];

/** Whether a period (seconds) can be asked for when reading: 1, 5, 10, 20, 30 or 60n. */
export function isReadPeriod(periodS: number): boolean {
  return SHORT_PERIODS_S.includes(periodS) || (periodS > 0 && periodS % 60 === 0);
}

/**
 * The windows of `periodMs` that cover the span. The first starts at the span's start, rounded down
 * to a minute, 5 minutes or an hour by its age, or to the period if that is below a minute
 * ("StartTime" of `GetMetricStatistics`, CloudWatch API reference). Windows in which there can be
 * no data are left out: those past the retention of the period, and those in the far future.
 */
export function planWindows(span: TimeSpan, periodMs: number, now: EpochMs): Windows {
  const rounding = roundingOf(span.start, periodMs, now);
  const start = Math.floor(span.start / rounding) * rounding;
  const skipped = Math.max(0, Math.floor((now - reachOf(periodMs) - start) / periodMs));
  const from = start + skipped * periodMs;
  const end = Math.min(span.end, now + FUTURE_MS);
  return { from, periodMs, count: Math.max(0, Math.ceil((end - from) / periodMs)) };
}

function roundingOf(start: EpochMs, periodMs: number, now: EpochMs): number {
  if (periodMs < MINUTE_MS) return periodMs;
  const ageMs = now - start;
  if (ageMs < 15 * DAY_MS) return MINUTE_MS;
  return ageMs < 63 * DAY_MS ? 5 * MINUTE_MS : HOUR_MS;
}

/** How far back data for the period can lie, with a margin for whole coarse buckets. */
function reachOf(periodMs: number): number {
  if (periodMs < MINUTE_MS) return 3 * HOUR_MS;
  if (periodMs % (5 * MINUTE_MS) !== 0) return 15 * DAY_MS + HOUR_MS;
  return periodMs % HOUR_MS === 0 ? 455 * DAY_MS + HOUR_MS : 63 * DAY_MS + HOUR_MS;
}
