// The arithmetic of simple and step adjustments (EC2 Auto Scaling user guide, "Step and simple
// scaling policies").

import type { Adjustment, StepAdjustment } from './scaling-policy.ts';

/**
 * Returns the capacity that the adjustment asks for, unbounded but never negative. A percentage
 * that comes to more than one instance is cut towards zero, to less than one becomes one:
 * 10 + 25 % = 12, 10 + 5 % = 11, 10 − 25 % = 8.
 */
export function adjustCapacity(capacity: number, adjustment: Adjustment): number {
  switch (adjustment.type) {
    case 'ExactCapacity':
      return Math.max(0, adjustment.value);
    case 'ChangeInCapacity':
      return Math.max(0, capacity + adjustment.value);
    case 'PercentChangeInCapacity':
      return Math.max(0, capacity + percentChange(capacity, adjustment));
    default:
      return adjustment.type satisfies never;
  }
}

function percentChange(capacity: number, { value, minMagnitude }: Adjustment): number {
  const exact = (capacity * value) / 100;
  const whole = exact === 0 ? 0 : Math.sign(exact) * Math.max(1, Math.trunc(Math.abs(exact)));
  const least = value === 0 ? 0 : (minMagnitude ?? 0);
  return Math.abs(whole) >= least ? whole : Math.sign(value) * least;
}

/**
 * Returns the step for a breach (metric − threshold). Above the threshold a lower bound is
 * inclusive and an upper one exclusive; below it the other way round.
 */
export function findStep(
  steps: readonly StepAdjustment[],
  breach: number,
): StepAdjustment | undefined {
  return steps.find(({ lowerBound, upperBound }) => {
    const lower = lowerBound ?? Number.NEGATIVE_INFINITY;
    const upper = upperBound ?? Number.POSITIVE_INFINITY;
    const isBelow = upper <= 0;
    return isBelow ? lower < breach && breach <= upper : lower <= breach && breach < upper;
  });
}

/** Returns what is wrong with a set of steps, in AWS's words, or `undefined`. */
export function stepsProblem(steps: readonly StepAdjustment[]): string | undefined {
  const sorted = steps
    .map(({ lowerBound, upperBound }) => ({
      lower: lowerBound ?? Number.NEGATIVE_INFINITY,
      upper: upperBound ?? Number.POSITIVE_INFINITY,
    }))
    .toSorted((a, b) => a.lower - b.lower);
  if (sorted.length === 0) return 'At least one StepAdjustment must be specified.';
  for (const [index, step] of sorted.entries()) {
    if (step.lower >= step.upper) {
      return 'The lower bound of a step adjustment must be below its upper bound.';
    }
    const previous = sorted[index - 1];
    if (previous === undefined) continue;
    if (step.lower < previous.upper) return "StepAdjustment intervals can't overlap.";
    if (step.lower > previous.upper) {
      return 'There is a gap between the stepAdjustment intervals specified.';
    }
  }
  return undefined;
}
