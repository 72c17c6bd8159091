// What a policy is told and what it answers. Policies are functions of this alone.

import type { Recommendation, Wake } from '../decision.ts';
import type { SignalReading } from '../signal.ts';

/** Sizes are whole numbers of instances. */
export interface PolicyContext {
  /** The desired capacity now. */
  readonly current: number;
  /** Instances whose readings count. */
  readonly warmed: number;
  /** Instances that were asked for and do not count yet: pending, or in service and warming up. */
  readonly warming: number;
  /** Undefined where the policy's selector found nothing fresh. */
  readonly reading: SignalReading | undefined;
}

export interface Opinion {
  readonly recommendation: Recommendation;
  readonly wake: Wake | null;
}
