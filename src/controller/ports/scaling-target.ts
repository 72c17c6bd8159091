// The thing that is scaled: looked at and set. Implemented over AWS, and over the cloud model in
// simulations; both pass the same contract suite.

import type { CallOutcome } from '../../core/decision.ts';
import type { EpochMs } from '../../core/time.ts';

/** Which Auto Scaling group, and as whom it is reached. */
export interface TargetAddress {
  readonly autoScalingGroup: string;
  /** Null takes the region of the environment or profile. */
  readonly region: string | null;
  /** The role to assume, if any. */
  readonly roleArn: string | null;
}

/** What an instance is doing, in the states of AWS folded to what a controller can act upon. */
export type InstancePhase = 'pending' | 'in-service' | 'terminating' | 'standby' | 'warm-pool';

export interface TargetInstance {
  readonly id: string;
  readonly phase: InstancePhase;
  /** AWS's own word, for people: `Pending:Wait`, `InService`, … */
  readonly lifecycleState: string;
  readonly zone: string;
  readonly instanceType: string;
  readonly isHealthy: boolean;
  readonly isProtectedFromScaleIn: boolean;
}

export interface TargetDescription {
  /** When the description was asked for. */
  readonly describedAt: EpochMs;
  readonly min: number;
  readonly max: number;
  readonly desired: number;
  readonly instances: readonly TargetInstance[];
  /** `units` is the only type that can be sized so far; others are refused by `check`. */
  readonly desiredCapacityType: string;
  /** Whether instances count with different weights towards the capacity. */
  readonly isWeighted: boolean;
}

export type DescribeFailureCode = 'throttled' | 'denied' | 'timed-out' | 'unreachable' | 'failed';

export type DescribeOutcome =
  | { readonly kind: 'described'; readonly description: TargetDescription }
  /** AWS answered and knows no group of this name. */
  | { readonly kind: 'missing' }
  | {
      readonly kind: 'failed';
      readonly code: DescribeFailureCode;
      readonly message: string;
    };

export interface SetDesiredRequest {
  readonly address: TargetAddress;
  readonly desired: number;
  /** AWS then refuses while the group's own cooldown runs. */
  readonly honorCooldown: boolean;
}

export interface CancelLaunchRequest {
  readonly address: TargetAddress;
  readonly instance: string;
}

export interface ScalingTarget {
  /** One outcome for each address, in their order. Never rejects. */
  describe(addresses: readonly TargetAddress[]): Promise<readonly DescribeOutcome[]>;
  /** Never rejects: refusals and time-outs are outcomes. */
  setDesired(request: SetDesiredRequest): Promise<CallOutcome>;
  /**
   * Ends one instance that is being launched, and lowers the desired capacity by it. One that has
   * come into service meanwhile ends all the same. Never rejects.
   */
  cancelLaunch(request: CancelLaunchRequest): Promise<CallOutcome>;
}
