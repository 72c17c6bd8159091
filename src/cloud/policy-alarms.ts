// Where the alarms of target tracking policies live. The world only says which there shall be.

import type { Outcome } from './fault.ts';
import type { ScalingPolicy } from './scaling-policy.ts';

export interface PolicyAlarms {
  /** Makes the alarms of `policy.alarmNames`, or brings them up to date; all of them or none. */
  put(policy: ScalingPolicy): Outcome<null>;
  /** The names of the alarms that act on the policy of that ARN, whoever made them, sorted. */
  actingOn(policyArn: string): readonly string[];
  delete(names: readonly string[]): void;
}
