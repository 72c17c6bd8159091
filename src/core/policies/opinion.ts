// What a policy is shown and what it says. Policies see one moment of one group and nothing of each
// other: combining them is not their business.

import type { ScheduleReading } from '../calendar.ts';
import type { DemandReading } from '../demand/demand-reading.ts';
import type { Recommendation, Wake } from '../decision.ts';
import type { Reason } from '../reason.ts';
import type { SignalReadings } from '../signal.ts';
import type { EpochMs } from '../time.ts';

/** Sizes are whole numbers of instances. */
export interface PolicyContext {
  /** The desired capacity now. */
  readonly current: number;
  /** Instances whose readings count. */
  readonly warmed: number;
  /** Instances that were asked for and do not count yet: pending, or in service and warming up. */
  readonly warming: number;
  /** Without an entry where a selector found nothing fresh. */
  readonly signals: SignalReadings;
  /** By name of the policy. */
  readonly schedules: Readonly<Record<string, ScheduleReading>> | undefined;
  /** What is known of the demand; absent until something is. */
  readonly demand?: DemandReading | undefined;
  readonly now: EpochMs;
}

export interface Opinion {
  readonly recommendation: Recommendation;
  readonly wakes: readonly Wake[];
}

/** Nothing to say because something cannot be seen: until it can, nothing is removed. */
export function abstainBlindly(policy: string, reason: Reason): Opinion {
  return { recommendation: { kind: 'abstain', policy, blocksScaleIn: true, reason }, wakes: [] };
}
