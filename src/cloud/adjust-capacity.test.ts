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
    { type: 'ChangeInCapacity', capacity: 3, value: 2, expected: 5 },
    { type: 'ChangeInCapacity', capacity: 3, value: -5, expected: 0 },
    { type: 'ExactCapacity', capacity: 3, value: 7, expected: 7 },
    { type: 'PercentChangeInCapacity', capacity: 10, value: 10, expected: 11 },
    { type: 'PercentChangeInCapacity', capacity: 10, value: 25, expected: 12 },
    { type: 'PercentChangeInCapacity', capacity: 10, value: 5, expected: 11 },
    { type: 'PercentChangeInCapacity', capacity: 10, value: -5, expected: 9 },
    { type: 'PercentChangeInCapacity', capacity: 10, value: -25, expected: 8 },
    { type: 'PercentChangeInCapacity', capacity: 4, value: 25, minMagnitude: 2, expected: 6 },
    { type: 'PercentChangeInCapacity', capacity: 4, value: -25, minMagnitude: 2, expected: 2 },
    { type: 'PercentChangeInCapacity', capacity: 0, value: 50, expected: 0 },
    { type: 'PercentChangeInCapacity', capacity: 4, value: 0, minMagnitude: 2, expected: 4 },
  ] as const)('$type of $capacity by $value gives $expected', (row) => {
    const least = 'minMagnitude' in row ? row.minMagnitude : undefined;
    const adjusted = adjustCapacity(row.capacity, adjustment(row.type, row.value, least));
    expect(adjusted).toBe(row.expected);
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
