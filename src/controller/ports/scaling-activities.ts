// What an Auto Scaling group did lately and why, in AWS's words: which launches failed, and who
// asked for a change.

import type { EpochMs } from '../../core/time.ts';
import type { DescribeOutcome, TargetAddress } from './scaling-target.ts';

export interface ScalingActivity {
  readonly kind: 'launch' | 'other';
  readonly status: 'open' | 'successful' | 'failed' | 'cancelled';
  readonly startedAt: EpochMs;
  /** Null while it is open. */
  readonly endedAt: EpochMs | null;
  /** Why it began: sentences of AWS. */
  readonly cause: string;
  /** Why it failed, in one line; null if it did not. */
  readonly failure: string | null;
}

export type ActivitiesOutcome =
  /** Newest first; the newest ones alone. */
  | { readonly kind: 'listed'; readonly activities: readonly ScalingActivity[] }
  | Exclude<DescribeOutcome, { kind: 'described' }>;

export interface ScalingActivities {
  /** Never rejects. */
  listActivities(address: TargetAddress): Promise<ActivitiesOutcome>;
}

/** How many are listed at most. */
export const activitiesListedMax = 50;
