// What Foretide has to do with a group whose size an AWS policy of its own sets: to know what that
// policy's target should be, and when renewing it is worth a call. It recommends no size.

import type { QueueReading } from '../../queue/queue-reading.ts';
import type { BacklogPolicy, Policy } from '../policy.ts';

/**
 * A target that is off by less is left as it is: the mean of 256 durations with a coefficient of
 * variation of 1 is uncertain by 6 %, and with each new target AWS makes its alarms anew.
 */
const worthRatio = 0.05;
/** CloudWatch and people read no more of a target. */
const targetDigits = 4;

/**
 * Messages that may wait for each instance while the promise is kept: promise / mean duration, for
 * each message that an instance works on at a time; or the configured target. > 0; not rounded to whole
 * messages. A promise of 300 s and messages of 25 s are 12; of 50 s, with two at a time, 12 too.
 */
export function findAcceptableBacklog(
  { promiseMs, workersPerInstance, fixedTarget }: BacklogPolicy,
  meanMs: number,
): number {
  return fixedTarget ?? (promiseMs / Math.max(1, meanMs)) * workersPerInstance;
}

/** What AWS's policy is to be given: the acceptable backlog in four digits. */
export function findNativeTarget(policy: BacklogPolicy, meanMs: number): number {
  return Number(findAcceptableBacklog(policy, meanMs).toPrecision(targetDigits));
}

export interface TargetComparison {
  /** Of AWS's policy. > 0. */
  readonly present: number;
  readonly target: number;
  /** A target that somebody wrote is to be just that. */
  readonly isFixed: boolean;
}

/** Whether a target that AWS's policy has should be made another one. */
export function isWorthRenewing({ present, target, isFixed }: TargetComparison): boolean {
  return Math.abs(target - present) > (isFixed ? 1e-9 : worthRatio) * present;
}

/**
 * Messages that wait for each instance in service. Without one it is what a single one would have:
 * no division by zero, and a group of none is seen to be needed.
 */
export function findBacklogPerInstance({
  visible,
  inService,
}: Pick<QueueReading, 'visible' | 'inService'>): number {
  return visible / Math.max(1, inService);
}

/** The AWS policy that is in charge of the group's size; null where Foretide is. */
export function findNativeInCharge(policies: readonly Policy[]): string | null {
  for (const policy of policies) {
    if (policy.type === 'backlog' && policy.setter !== undefined) return policy.setter.nativePolicy;
  }
  return null;
}
