// Adjustments and steps: the examples of the EC2 Auto Scaling user guide and their edges.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adjustCapacity, findStep, stepsProblem } from './adjust-capacity.ts';
import type { Adjustment, AdjustmentType, StepAdjustment } from './scaling-policy.ts';

function adjustment(type: AdjustmentType, value: number, minMagnitude?: number): Adjustment {
  return { type, value, minMagnitude };
}

function step(
  lowerBound: number | undefined,
  upperBound: number | undefined,
  value: number,
): StepAdjustment {
  return { lowerBound, upperBound, value };
}

describe('adjustments', () => {
  it.each([
    ['ChangeInCapacity', 3, undefined, 2, 5],
    ['ChangeInCapacity', 3, undefined, -5, 0],
    ['ExactCapacity', 3, undefined, 7, 7],
    ['PercentChangeInCapacity', 10, undefined, 10, 11],
    ['PercentChangeInCapacity', 10, undefined, 25, 12],
    ['PercentChangeInCapacity', 10, undefined, 5, 11],
    ['PercentChangeInCapacity', 10, undefined, -5, 9],
    ['PercentChangeInCapacity', 10, undefined, -25, 8],
    ['PercentChangeInCapacity', 4, 2, 25, 6],
    ['PercentChangeInCapacity', 4, 2, -25, 2],
    ['PercentChangeInCapacity', 0, undefined, 50, 0],
    ['PercentChangeInCapacity', 4, 2, 0, 4],
  ] as const)('%s of %i (at least %s) by %i gives %i', (type, capacity, least, value, expected) => {
    expect(adjustCapacity(capacity, adjustment(type, value, least))).toBe(expected);
  });

  it('never go below nothing', () => {
    const types = fc.constantFrom<AdjustmentType>(
      'ChangeInCapacity',
      'ExactCapacity',
      'PercentChangeInCapacity',
    );
    fc.assert(
      fc.property(
        types,
        fc.nat(1000),
        fc.integer({ min: -500, max: 500 }),
        (type, capacity, value) => {
          const adjusted = adjustCapacity(capacity, adjustment(type, value));
          expect(adjusted).toBeGreaterThanOrEqual(0);
          expect(Number.isInteger(adjusted)).toBe(true);
        },
      ),
    );
  });
});

describe('steps', () => {
  // The guide's example: thresholds 60 and 40, steps at +0, +10, +20 and −0, −10, −20.
  const out = [step(0, 10, 0), step(10, 20, 10), step(20, undefined, 30)];
  const into = [step(-10, 0, 0), step(-20, -10, -10), step(undefined, -20, -30)];

  it.each([
    [0, 0],
    [9.99, 0],
    [10, 10],
    [20, 30],
    [500, 30],
  ])('above the threshold a breach of %d finds %d', (breach, value) => {
    expect(findStep(out, breach)?.value).toBe(value);
  });

  it.each([
    [0, 0],
    [-9.99, 0],
    [-10, -10],
    [-20, -30],
    [-500, -30],
  ])('below the threshold a breach of %d finds %d', (breach, value) => {
    expect(findStep(into, breach)?.value).toBe(value);
  });

  it('finds none outside of all', () => {
    expect(findStep(out, -1)).toBeUndefined();
  });

  it.each([
    [[], /At least one/u],
    [[step(0, 10, 1), step(5, undefined, 2)], /overlap/u],
    [[step(0, 10, 1), step(20, undefined, 2)], /gap/u],
    [[step(10, 0, 1)], /below its upper bound/u],
  ])('says what is wrong with %j', (steps, problem) => {
    expect(stepsProblem(steps)).toMatch(problem);
  });

  it('has nothing to say about sound ones, in any order', () => {
    expect(stepsProblem(out.toReversed())).toBeUndefined();
    expect(stepsProblem(into)).toBeUndefined();
  });
});
