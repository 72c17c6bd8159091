// The thing that is scaled: looked at and set. Implemented over AWS, and over the cloud model in
// simulations; both pass the same contract suite.

import type { CallOutcome } from '../../core/decision.ts';
import type { EpochMs } from '../../core/time.ts';
import type { WarmPool, WarmPoolState } from '../../core/warm-pool/warm-pool.ts';

/** Which Auto Scaling group, and as whom it is reached. */
export interface TargetAddress {
  readonly autoScalingGroup: string;
  /** Null takes the region of the environment or profile. */
  readonly region: string | null;
  /** The role to assume, if any. */
  readonly roleArn: string | null;
  /** Whether its warm pool is described as well, which takes a call of its own. */
  readonly withWarmPool?: boolean;
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
  /** Where it was asked for: then the instances in the pool are among the others. */
  readonly warmPool?: WarmPoolOutcome;
}

export type WarmPoolOutcome =
  /** `pool` null: there is none. */
  | { readonly kind: 'described'; readonly pool: WarmPool | null }
  /** The group is described all the same. */
  | { readonly kind: 'failed'; readonly message: string };

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

export interface PutWarmPoolRequest {
  readonly address: TargetAddress;
  readonly state: WarmPoolState;
  readonly minSize: number;
  /** In service and waiting together. ≥ 0. */
  readonly prepared: number;
  readonly reusesOnScaleIn: boolean;
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
  /** Makes the group's warm pool, or changes it. Never rejects. */
  putWarmPool(request: PutWarmPoolRequest): Promise<CallOutcome>;
}
