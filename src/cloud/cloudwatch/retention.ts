// How long data is kept, and how coarsely, as it ages.

/** Buckets of `resolutionMs` stay until `keepMs` after their start, then join those of the next. */
export interface RetentionRule {
  readonly resolutionMs: number;
  readonly keepMs: number;
}

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/**
 * CloudWatch's own rules ("Metrics retention", CloudWatch User Guide): below one minute for
 * 3 hours, one minute for 15 days, 5 minutes for 63 days, one hour for 455 days.
 */
export const RETENTION_RULES: readonly RetentionRule[] = [
  { resolutionMs: SECOND_MS, keepMs: 3 * HOUR_MS },
  { resolutionMs: MINUTE_MS, keepMs: 15 * DAY_MS },
  { resolutionMs: 5 * MINUTE_MS, keepMs: 63 * DAY_MS },
  { resolutionMs: HOUR_MS, keepMs: 455 * DAY_MS },
];
