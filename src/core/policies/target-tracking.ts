// Target tracking: the size at which the reading would stand at its target, were the load shared
// evenly. Proportional, as in AWS's target tracking and the Kubernetes HPA (see `docs/policies.md`).

import type { Recommendation, Wake } from '../decision.ts';
import { abstain, isEmpty, type Opinion, type PolicyContext } from './opinion.ts';
import type { TargetTrackingPolicy, TrackedSignal } from './policy.ts';
import { readSignal } from './read-signal.ts';

/** Rounding noise of a division must not cost an instance: 10 × 0.6 / 0.6 is a little above 10. */
const roundingRatio = 1e-9;

/**
 * With r = reading / target (for `sum`, reading / (target × warmed)), recommends
 * `ceil(warmed × r)` outside the tolerance and the current size within it. Above the target never
 * less than the current size, below it never more. For example 4 warmed instances at 90 % with a
 * target of 60 %: 6. Never below 1, but for a reading of 0 while something is seen that could wake the
 * group: a mean cannot be measured without an instance.
 *
 * Of several signals the one that needs most counts, the first of them on a tie. Without a reading
 * of one of them it can still add, but no longer remove: it abstains then, blocking scale-in.
 */
export function trackTarget(policy: TargetTrackingPolicy, context: PolicyContext): Opinion {
  const first = track(policy, policy, context);
  if (policy.others === undefined) return first;
  let largest = first;
  let blind = first.recommendation.kind === 'abstain' ? first : null;
  const wakes: Wake[] = [...first.wakes];
  for (const other of policy.others) {
    const next = track(policy, other, context);
    wakes.push(...next.wakes);
    if (next.recommendation.kind === 'abstain') blind ??= next;
    if (sizeOf(next.recommendation) > sizeOf(largest.recommendation)) largest = next;
  }
  const isAdding = sizeOf(largest.recommendation) > context.current;
  const { recommendation } = blind === null || isAdding ? largest : blind;
  return { recommendation, wakes };
}

/** For comparing: an abstention is below every size. */
function sizeOf(recommendation: Recommendation): number {
  return recommendation.kind === 'desired' ? recommendation.desired : -1;
}

function track(
  policy: TargetTrackingPolicy,
  tracked: TrackedSignal,
  context: PolicyContext,
): Opinion {
  const { selector, target } = tracked;
  const { tolerance, name } = policy;
  const { warmed, current, canWake } = context;
  const value = readSignal(selector, context);
  if (typeof value !== 'number') return abstain(name, value);
  if (isEmpty(context)) return wake(policy, tracked, value);
  const needed = selector.statistic === 'sum' ? value / target : (warmed * value) / target;
  const isAbove = needed > warmed * (1 + tolerance.scaleOutRatio);
  const isBelow = needed < warmed * (1 - tolerance.scaleInRatio);
  const fitting = canWake && needed <= 0 ? 0 : fit(needed);
  const desired = isAbove
    ? Math.max(current, fitting)
    : isBelow
      ? Math.min(current, fitting)
      : current;
  const signal = selector.signal;
  // A sum is told as the share of one instance, for that is what its target is about.
  const told = selector.statistic === 'sum' && warmed > 0 ? value / warmed : value;
  const atLeast = nextBound(policy, tracked, warmed, Math.max(desired, current));
  return {
    recommendation: {
      kind: 'desired',
      policy: name,
      desired,
      reason:
        isAbove || isBelow
          ? { code: 'target-tracking', signal, value: told, target, instances: warmed }
          : {
              code: 'within-tolerance',
              signal,
              value: told,
              target,
              toleranceRatio: told > target ? tolerance.scaleOutRatio : tolerance.scaleInRatio,
            },
    },
    // What an expression comes to is only known at a tick.
    wakes: selector.expression === undefined ? [{ key: selector.key, atLeast }] : [],
  };
}

/** At least 1. */
function fit(needed: number): number {
  return Math.max(1, Math.ceil(needed * (1 - roundingRatio)));
}

/** Of a group without instances: what a reading above 0 needs, were there one to share it. */
function wake(policy: TargetTrackingPolicy, tracked: TrackedSignal, value: number): Opinion {
  const { selector, target } = tracked;
  const { signal } = selector;
  const desired = value > 0 ? fit(value / target) : 0;
  const reason = { code: 'empty', signal, value } as const;
  const atLeast = nextBound(policy, tracked, 0, desired);
  return {
    recommendation: { kind: 'desired', policy: policy.name, desired, reason },
    wakes: selector.expression === undefined ? [{ key: selector.key, atLeast }] : [],
  };
}

/** The least reading at which more than `size` instances would be recommended. */
function nextBound(
  { tolerance }: TargetTrackingPolicy,
  { selector, target }: TrackedSignal,
  warmed: number,
  size: number,
): number {
  const neededMin = Math.max(size, warmed * (1 + tolerance.scaleOutRatio));
  const bound = selector.statistic === 'sum' ? neededMin * target : (neededMin * target) / warmed;
  // Without a warmed instance there is no mean; any reading above 0 is then news.
  if (!Number.isFinite(bound) || bound <= 0) return Number.MIN_VALUE;
  return bound * (1 + 2 * roundingRatio);
}
