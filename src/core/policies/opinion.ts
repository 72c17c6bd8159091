// What a policy is shown and what it says. Policies see one moment of one group and nothing of each
// other: combining them is not their business.

import type { ScheduleReading } from '../calendar.ts';
import type { DemandReading } from '../demand/demand-reading.ts';
import type { Recommendation, Wake } from '../decision.ts';
import type { ForecastReading } from './forecast.ts';
import type { Reason } from '../reason.ts';
import type { NativeReading } from '../queue/native-reading.ts';
import type { QueueReading } from '../queue/queue-reading.ts';
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
  /** By name of the policy. */
  readonly forecasts?: Readonly<Record<string, ForecastReading>> | undefined;
  /** The same of the group's queue. */
  readonly queue?: QueueReading | undefined;
  /** Of the AWS policy that is in charge, where one is. */
  readonly native?: NativeReading | undefined;
  readonly now: EpochMs;
  /** Whether something is seen that no instance measures, so that a group of none can be woken. */
  readonly canWake: boolean;
}

/** Whether there is no instance and none on its way: no report is missing then. */
export function isEmpty({
  current,
  warmed,
  warming,
}: Pick<PolicyContext, 'current' | 'warmed' | 'warming'>): boolean {
  return current === 0 && warmed === 0 && warming === 0;
}

export interface Opinion {
  readonly recommendation: Recommendation;
  readonly wakes: readonly Wake[];
}

/** Nothing to say: as `abstainBlindly`, but where there is no instance nothing is unseen. */
export function abstain(policy: string, reason: Reason): Opinion {
  if (reason.code !== 'no-instances') return abstainBlindly(policy, reason);
  return { recommendation: { kind: 'abstain', policy, blocksScaleIn: false, reason }, wakes: [] };
}

/** Nothing to say because something cannot be seen: until it can, nothing is removed. */
export function abstainBlindly(policy: string, reason: Reason): Opinion {
  return { recommendation: { kind: 'abstain', policy, blocksScaleIn: true, reason }, wakes: [] };
}
