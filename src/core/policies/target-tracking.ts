// Target tracking: the size at which the reading would stand at its target, were the load shared
// evenly. Proportional, as in AWS's target tracking and the Kubernetes HPA (see `docs/policies.md`).

import type { Opinion, PolicyContext } from './opinion.ts';
import type { TargetTrackingPolicy } from './policy.ts';

/** Rounding noise of a division must not cost an instance: 10 × 0.6 / 0.6 is a little above 10. */
const roundingRatio = 1e-9;

/**
 * With r = reading / target (for `sum`, reading / (target × warmed)), recommends
 * `ceil(warmed × r)` outside the tolerance and the current size within it. Above the target never
 * less than the current size, below it never more. For example 4 warmed instances at 90 % with a
 * target of 60 %: 6. A mean cannot be measured without an instance, so never below 1.
 * Abstains, blocking scale-in, without a reading.
 */
export function trackTarget(policy: TargetTrackingPolicy, context: PolicyContext): Opinion {
  const { selector, target, tolerance } = policy;
  const { reading, warmed, current } = context;
  if (reading === undefined) {
    const reason = { code: 'no-reading', signal: selector.signal } as const;
    const abstention = {
      kind: 'abstain',
      policy: policy.name,
      blocksScaleIn: true,
      reason,
    } as const;
    return { recommendation: abstention, wake: null };
  }
  const { value } = reading;
  const needed = selector.statistic === 'sum' ? value / target : (warmed * value) / target;
  const isAbove = needed > warmed * (1 + tolerance.scaleOutRatio);
  const isBelow = needed < warmed * (1 - tolerance.scaleInRatio);
  const fitting = Math.max(1, Math.ceil(needed * (1 - roundingRatio)));
  const desired = isAbove
    ? Math.max(current, fitting)
    : isBelow
      ? Math.min(current, fitting)
      : current;
  const signal = selector.signal;
  return {
    recommendation: {
      kind: 'desired',
      policy: policy.name,
      desired,
      reason:
        isAbove || isBelow
          ? { code: 'target-tracking', signal, value, target, instances: warmed }
          : {
              code: 'within-tolerance',
              signal,
              value,
              target,
              toleranceRatio: value > target ? tolerance.scaleOutRatio : tolerance.scaleInRatio,
            },
    },
    wake: { key: selector.key, atLeast: nextBound(policy, warmed, Math.max(desired, current)) },
  };
}

/** The least reading at which more than `size` instances would be recommended. */
function nextBound(policy: TargetTrackingPolicy, warmed: number, size: number): number {
  const { selector, target, tolerance } = policy;
  const neededMin = Math.max(size, warmed * (1 + tolerance.scaleOutRatio));
  const bound = selector.statistic === 'sum' ? neededMin * target : (neededMin * target) / warmed;
  // Without a warmed instance there is no mean; any reading at all is then news.
  return Number.isFinite(bound) ? bound * (1 + 2 * roundingRatio) : 0;
}
