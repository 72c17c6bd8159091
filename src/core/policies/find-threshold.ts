// At which reading a policy would move the group: what a policy's word hangs on, for people who ask.

import type { Direction } from '../decision.ts';
import type { PolicyContext } from './opinion.ts';
import type { Policy, StepPolicy, TargetTrackingPolicy, TrackedSignal } from './policy.ts';
import { readPerInstance, readSignal } from './read-signal.ts';

export interface Threshold {
  readonly signal: string;
  /** Null without a reading. In the terms of one instance, as the policy's reason tells it. */
  readonly value: number | null;
  /**
   * The policy recommends fewer below this, or more above it; null: at no reading, as things stand.
   */
  readonly bound: number | null;
}

/** One for each signal that the policy looks at; for fewer all of them must hold, for more one. */
export function findThresholds(
  policy: Policy,
  context: PolicyContext,
  direction: Direction,
): readonly Threshold[] {
  switch (policy.type) {
    case 'target-tracking':
      return [policy, ...(policy.others ?? [])].map((tracked) =>
        findTrackedThreshold(policy, tracked, context, direction),
      );
    case 'step':
      return [findStepThreshold(policy, context, direction)];
    // What these add and keep is a matter of sizes, not of one reading.
    case 'backlog':
    case 'demand':
    case 'fixed':
    case 'forecast':
    case 'schedule':
      return [];
  }
}

function findTrackedThreshold(
  { tolerance }: TargetTrackingPolicy,
  { selector, target }: TrackedSignal,
  context: PolicyContext,
  direction: Direction,
): Threshold {
  const { current, warmed } = context;
  const { signal } = selector;
  const value = readPerInstance(selector, context);
  if (warmed === 0) return { signal, value, bound: direction === 'scale-out' ? 0 : null };
  const needed =
    direction === 'scale-in'
      ? Math.min(current - 1, warmed * (1 - tolerance.scaleInRatio))
      : Math.max(current, warmed * (1 + tolerance.scaleOutRatio));
  const isOutOfReach = direction === 'scale-in' && current <= 1 && !context.canWake;
  return { signal, value, bound: isOutOfReach ? null : (needed * target) / warmed };
}

function findStepThreshold(
  policy: StepPolicy,
  context: PolicyContext,
  direction: Direction,
): Threshold {
  const read = readSignal(policy.selector, context);
  const least = policy.adjustment === 'exact-capacity' ? context.current : 0;
  const bounds = policy.steps.flatMap(({ lower, upper, change }) => {
    if (direction === 'scale-in') return change < least ? [upper ?? Number.POSITIVE_INFINITY] : [];
    return change > least ? [lower ?? Number.NEGATIVE_INFINITY] : [];
  });
  const bound = direction === 'scale-in' ? Math.max(...bounds) : Math.min(...bounds);
  return {
    signal: policy.selector.signal,
    value: typeof read === 'number' ? read : null,
    bound: Number.isFinite(bound) ? bound : null,
  };
}
