// What an alarm is: its definition, its state, and the change of state that its actions are told.

import type { EpochMs } from '../../time.ts';
import type { MetricId } from '../metric.ts';
import type { MetricQuery, MetricQueryInput } from '../metric-query.ts';
import type { Statistic } from '../statistic.ts';

export const ALARM_STATES = ['INSUFFICIENT_DATA', 'ALARM', 'OK'] as const;
export type AlarmState = (typeof ALARM_STATES)[number];

export const COMPARISON_OPERATORS = [
  'GreaterThanOrEqualToThreshold',
  'GreaterThanThreshold',
  'LessThanThreshold',
  'LessThanOrEqualToThreshold',
] as const;
export type ComparisonOperator = (typeof COMPARISON_OPERATORS)[number];

export const MISSING_DATA_TREATMENTS = ['breaching', 'notBreaching', 'ignore', 'missing'] as const;
export type MissingDataTreatment = (typeof MISSING_DATA_TREATMENTS)[number];

/** What an alarm watches. */
export type AlarmMeasure = MetricMeasure | MathMeasure;

export interface MetricMeasure {
  readonly kind: 'metric';
  readonly metric: MetricId;
  readonly statistic: Statistic;
  readonly periodMs: number;
  readonly unit: string | undefined;
}

export interface MathMeasure {
  readonly kind: 'math';
  /** As they were given, to be shown again. */
  readonly inputs: readonly MetricQueryInput[];
  readonly queries: readonly MetricQuery[];
  /** The query whose result is compared with the threshold. */
  readonly watchedId: string;
  readonly periodMs: number;
}

export interface AlarmDefinition {
  readonly name: string;
  readonly description: string | undefined;
  readonly actionsEnabled: boolean;
  /** Actions by the state that the alarm enters: ARNs. */
  readonly actions: Readonly<Record<AlarmState, readonly string[]>>;
  readonly measure: AlarmMeasure;
  /** N: how many periods are looked at. */
  readonly evaluationPeriods: number;
  /** M: how many of them must breach; all of them when left out. */
  readonly datapointsToAlarm: number | undefined;
  readonly threshold: number;
  readonly comparisonOperator: ComparisonOperator;
  /** `missing` when left out. */
  readonly treatMissingData: MissingDataTreatment | undefined;
  /** `ignore`: percentiles of few samples change nothing. */
  readonly evaluateLowSampleCountPercentile: 'evaluate' | 'ignore' | undefined;
}

/*
 *             enough data, threshold crossed
 *      ┌──────────────────────────────────────────┐
 *      │                                          ▼
 *   INSUFFICIENT_DATA ◀──── no data ────────── ALARM
 *      │        ▲                               ▲  │
 *      │        └──── no data ──── OK ──────────┘  │
 *      └─── enough data ─────────▶  ▲◀─────────────┘
 *
 * A new alarm starts in INSUFFICIENT_DATA. `SetAlarmState` reaches any state until the next
 * evaluation.
 */
export interface Alarm {
  readonly definition: AlarmDefinition;
  readonly state: AlarmState;
  readonly stateReason: string;
  /** JSON; empty when the state was set without. */
  readonly stateReasonData: string;
  readonly configuredAt: EpochMs;
  readonly stateUpdatedAt: EpochMs;
  /** When the state last became another one. */
  readonly stateTransitionedAt: EpochMs;
  /** When the actions of the state were last due; `undefined` until the first change of state. */
  readonly actedAt: EpochMs | undefined;
}

/** What an action is told besides its alarm. */
export interface StateChange {
  /** Auto Scaling actions are repeated each minute while the state lasts. */
  readonly kind: 'transition' | 'repeat';
  readonly from: AlarmState;
  readonly to: AlarmState;
  readonly at: EpochMs;
  readonly reason: string;
  /** The values that were compared with the threshold, oldest first; empty without data. */
  readonly recentValues: readonly number[];
}

/** Where alarm actions go: the Auto Scaling model takes those whose ARN is one of its policies. */
export type AlarmActionPort = (actionArn: string, alarm: Alarm, change: StateChange) => void;
