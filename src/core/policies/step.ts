// Step scaling: how much to add or remove depends on the interval in which the reading lies.
// Rules of AWS's step scaling (EC2 Auto Scaling user guide, "Step and simple scaling policies").

import type { Wake } from '../decision.ts';
import { abstain, type Opinion, type PolicyContext } from './opinion.ts';
import type { Step, StepPolicy } from './policy.ts';
import { readSignal } from './read-signal.ts';

/**
 * Recommends the size that the reading's step asks for; the current one where no step holds it.
 * What is still warming up counts as already added: a step that asks for 2 more while 2 are warming
 * adds none. Abstains, blocking scale-in, without a reading. The last instance is only removed by
 * steps while something is seen that could bring it back.
 */
export function scaleByStep(policy: StepPolicy, context: PolicyContext): Opinion {
  const { name, selector } = policy;
  const { signal } = selector;
  const value = readSignal(selector, context);
  if (typeof value !== 'number') return abstain(name, value);
  const step = policy.steps.find((candidate) => holds(candidate, value));
  const wakes = listWakes(policy, value);
  if (step === undefined) {
    const reason = { code: 'no-step', signal, value } as const;
    const { current } = context;
    return {
      recommendation: { kind: 'desired', policy: name, desired: current, reason },
      wakes,
    };
  }
  const { lower, upper, change } = step;
  const reason = { code: 'step', signal, value, lower, upper, change } as const;
  const desired = applyStep(policy, change, context);
  return { recommendation: { kind: 'desired', policy: name, desired, reason }, wakes };
}

/** The size that a reading asks for. */
export function findStepSize(policy: StepPolicy, value: number, context: PolicyContext): number {
  const step = policy.steps.find((candidate) => holds(candidate, value));
  return step === undefined ? context.current : applyStep(policy, step.change, context);
}

/** Steps that add hold their lower bound, steps that remove hold their upper one. */
function holds(step: Step, value: number): boolean {
  if (step.change < 0) {
    return (
      (step.lower === null || value > step.lower) && (step.upper === null || value <= step.upper)
    );
  }
  return (
    (step.lower === null || value >= step.lower) && (step.upper === null || value < step.upper)
  );
}

function applyStep(policy: StepPolicy, change: number, context: PolicyContext): number {
  const { current, warming, canWake } = context;
  if (policy.adjustment === 'exact-capacity') return change;
  if (change < 0) {
    const least = canWake ? 0 : Math.min(1, current);
    return Math.max(least, current + sizeOfChange(policy, change, current));
  }
  // Of nothing a percentage is nothing, and would be so for ever.
  if (current === 0 && warming === 0 && policy.adjustment === 'percent-change-in-capacity') {
    return change > 0 ? policy.minAdjustment : 0;
  }
  const base = Math.max(0, current - warming);
  return Math.max(current, base + sizeOfChange(policy, change, base));
}

/** Whole instances, with the sign of `change`. Percents: beyond 1 towards 0, below 1 to 1, of nothing 0. */
function sizeOfChange(policy: StepPolicy, change: number, base: number): number {
  if (policy.adjustment === 'change-in-capacity' || change === 0) return change;
  const exact = Math.abs(change) * base;
  if (exact === 0) return 0;
  const whole = exact < 1 ? 1 : Math.floor(exact * (1 + 1e-12));
  return Math.sign(change) * Math.max(whole, policy.minAdjustment);
}

/** The next step above the value. What an expression comes to is only known at a tick. */
function listWakes({ selector, steps }: StepPolicy, value: number): readonly Wake[] {
  if (selector.expression !== undefined) return [];
  let atLeast = Number.POSITIVE_INFINITY;
  for (const { lower } of steps) {
    if (lower !== null && lower > value && lower < atLeast) atLeast = lower;
  }
  return Number.isFinite(atLeast) ? [{ key: selector.key, atLeast }] : [];
}
