// AWS's own scaling policies where they stay in charge: looked at, given a target, and fed with the
// metric that they follow.

import type { CallOutcome } from '../../core/actuation.ts';
import type { EpochMs } from '../../core/time.ts';
import type { DescribeFailureCode, TargetAddress } from './scaling-target.ts';

/** What tells one metric of CloudWatch from any other. */
export interface MetricIdentity {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** What a target-tracking policy keeps at its target. */
export type FollowedMetric =
  | {
      readonly kind: 'custom';
      readonly metric: MetricIdentity;
      /** In AWS's words: `Average`, … */
      readonly statistic: string;
      /** CloudWatch counts values of this unit alone; null: of any. */
      readonly unit: string | null;
    }
  /** One of AWS's own, such as `ASGAverageCPUUtilization`. */
  | { readonly kind: 'predefined'; readonly name: string }
  /** Metric math over these. */
  | { readonly kind: 'math'; readonly metrics: readonly MetricIdentity[] };

export type NativePolicy =
  | {
      readonly kind: 'target-tracking';
      /** > 0. */
      readonly target: number;
      readonly isEnabled: boolean;
      readonly followed: FollowedMetric;
    }
  /** `type` in AWS's words: `StepScaling`, … */
  | { readonly kind: 'other'; readonly type: string };

export type NativePolicyOutcome =
  | { readonly kind: 'described'; readonly policy: NativePolicy }
  /** AWS answered, and the group has no policy of this name, or AWS knows no such group. */
  | { readonly kind: 'missing' }
  | { readonly kind: 'failed'; readonly code: DescribeFailureCode; readonly message: string };

export interface NativePolicyName {
  readonly address: TargetAddress;
  readonly policy: string;
}

export interface PublishedValue {
  readonly metric: MetricIdentity;
  readonly at: EpochMs;
  /** Finite. */
  readonly value: number;
  readonly unit: string | null;
  /** Of the metric's storage: 1 where it is published more often than each minute. */
  readonly resolutionSeconds: 1 | 60;
}

export interface NativeScaling {
  /** Never rejects. */
  describePolicy(name: NativePolicyName): Promise<NativePolicyOutcome>;
  /**
   * Gives a target-tracking policy another target, > 0, and leaves all else of it as it is at that
   * moment. Any other kind of policy, and one that is missing, is refused. Never rejects.
   */
  renewTarget(name: NativePolicyName, target: number): Promise<CallOutcome>;
  /** To CloudWatch where the group is. Never rejects. */
  publish(address: TargetAddress, published: PublishedValue): Promise<CallOutcome>;
}
