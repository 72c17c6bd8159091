// What a scaling policy is. How each kind acts is in execute-policy.ts and target-tracking.ts.

import type { EpochMs } from './time.ts';

export type AdjustmentType = 'ChangeInCapacity' | 'ExactCapacity' | 'PercentChangeInCapacity';

/** A change of capacity as simple and step policies state it. */
export interface Adjustment {
  readonly type: AdjustmentType;
  readonly value: number;
  /** For percentages only: the least number of instances to add or remove. */
  readonly minMagnitude: number | undefined;
}

/** Bounds count from the alarm's threshold; an absent bound is infinite. */
export interface StepAdjustment {
  readonly lowerBound: number | undefined;
  readonly upperBound: number | undefined;
  readonly value: number;
}

/** Which metric a target tracking policy follows, in CloudWatch's words. */
export interface TrackedMetric {
  /** AWS's name of a predefined metric, or `undefined` for a customised one. */
  readonly predefinedType: string | undefined;
  readonly resourceLabel: string | undefined;
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: readonly { readonly name: string; readonly value: string }[];
  readonly statistic: 'Average' | 'Minimum' | 'Maximum' | 'SampleCount' | 'Sum';
  readonly unit: string | undefined;
  readonly periodSeconds: number;
}

export type PolicyRule =
  | {
      readonly kind: 'simple';
      readonly adjustment: Adjustment;
      readonly cooldownSeconds: number | undefined;
    }
  | {
      readonly kind: 'step';
      readonly adjustmentType: AdjustmentType;
      readonly minMagnitude: number | undefined;
      readonly steps: readonly StepAdjustment[];
      readonly aggregation: 'Average' | 'Minimum' | 'Maximum';
      readonly warmupSeconds: number | undefined;
    }
  | {
      readonly kind: 'target-tracking';
      readonly target: number;
      readonly metric: TrackedMetric;
      readonly disablesScaleIn: boolean;
      readonly warmupSeconds: number | undefined;
    };

export interface ScalingPolicy {
  readonly name: string;
  readonly arn: string;
  readonly groupName: string;
  readonly createdAt: EpochMs;
  readonly rule: PolicyRule;
  readonly isEnabled: boolean;
  /** Names of the alarms that target tracking has made for itself: high, then low. */
  readonly alarmNames: readonly string[];
}
