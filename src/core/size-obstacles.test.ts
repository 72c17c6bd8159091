import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyGlimpse, anyGroup, makeGroup, startMs } from '../../test/arbitraries/core.ts';
import { decide } from './decide.ts';
import { explainSizeObstacles } from './explain-size-obstacles.ts';
import type { Policy } from './policies/policy.ts';
import { findSizeObstacles } from './size-obstacles.ts';
import { initialState } from './state.ts';
import { inputOf, sight, stepping, tracking } from './testing/sighted-input.ts';

const steps = stepping([
  { lower: null, upper: 0.3, change: -1 },
  { lower: 0.7, upper: 0.9, change: 1 },
  { lower: 0.9, upper: null, change: 3 },
]);
const floor: Policy = { type: 'fixed', name: 'floor', size: 12 };

function explainWhyNot(size: number, ...input: Parameters<typeof inputOf>) {
  return explainSizeObstacles(findSizeObstacles(inputOf(...input), size));
}

describe('why a size is not another', () => {
  it('is who asks for more, and the reading at which it would ask for that', () => {
    expect(explainWhyNot(3, makeGroup([tracking]), sight(0.9, 4))).toEqual({
      summary: '6, not 3: 1 word for more',
      details: [
        'cpu recommends 6: cpu is 90% over 4 instances, above its target of 60%; it recommends 3 with cpu between 30% and 45% (45% away)',
      ],
    });
  });

  it('is each word for more, where several are', () => {
    const { details } = explainWhyNot(9, makeGroup([tracking, floor]), sight(0.9, 8));
    expect(details.slice(0, 2)).toEqual([
      'cpu recommends 12: cpu is 90% over 8 instances, above its target of 60%; it recommends 9 with cpu between 66% and 67.5% (22.5% away)',
      'floor recommends 12: its size is 12',
    ]);
    expect(details[2]).toBe('no word is for 9: together they come to 12');
  });

  it('is that nobody asks for as many', () => {
    const { summary, details } = explainWhyNot(13, makeGroup([steps]), sight(0.5, 10));
    expect(summary).toBe('held at 10, not 13: 1 word for fewer');
    expect(details).toEqual([
      'steps recommends 10: cpu is 50%, which is in no step; it recommends 13 with cpu above 90% (40% away)',
    ]);
    expect(explainWhyNot(17, makeGroup([steps]), sight(0.5, 10)).details[0]).toContain(
      'it recommends 17 at no value of cpu, as things stand',
    );
  });

  it('is each rule that would have made another of it, and when it ends', () => {
    const group = makeGroup([tracking], {
      max: 14,
      rate: { scaleOut: { instances: 3, ratio: null, periodMs: 60_000 } },
    });
    const before = { ...initialState, changes: [{ at: startMs - 20_000, added: 1, removed: 0 }] };
    const { summary, details } = explainWhyNot(15, group, sight(0.9, 10), before);
    expect(summary).toBe('12, not 15: 2 rules against it');
    expect(details).toEqual([
      expect.stringMatching(/^rate would make 12 of it: .*; it ends in 40 s$/u),
      'size-bounds would make 14 of it: the bounds are 0 to 14; it ends with other bounds, in the config or of the Auto Scaling group',
    ]);
  });

  it('is nothing where that size is decided', () => {
    expect(explainWhyNot(15, makeGroup([tracking]), sight(0.9, 10))).toEqual({
      summary: 'nothing stands against 15: it is what is decided',
      details: [],
    });
  });

  it('is a reading range: within one the policy asks for that size, and outside for another', () => {
    const policies = fc.constantFrom(tracking, steps);
    const sizes = fc.integer({ min: 1, max: 30 });
    const shares = fc.double({ min: 0.01, max: 0.99, noNaN: true });
    fc.assert(
      fc.property(policies, sizes, sizes, fc.tuple(shares, shares), (...drawn) => {
        const [policy, current, size, [cpu, share]] = drawn;
        const group = makeGroup([policy]);
        const { dissents } = findSizeObstacles(inputOf(group, sight(cpu, current)), size);
        const wantedAt = (value: number): number => {
          const { observation } = inputOf(group, sight(value, current));
          return decide(group, initialState, observation, startMs).decision.wanted;
        };
        const [readings] = dissents[0]?.readings ?? [];
        if (readings === undefined) {
          expect(wantedAt(cpu)).toBe(size);
          return;
        }
        for (const { lower, upper } of readings.ranges) {
          const low = lower ?? 0;
          expect(wantedAt(low + share * ((upper ?? low + 1) - low))).toBe(size);
        }
        const isWithin = readings.ranges.some(
          ({ lower, upper }) => share > (lower ?? 0) && share < (upper ?? Infinity),
        );
        if (!isWithin && wantedAt(share) === size) {
          // The ends belong to one side or the other.
          const ends = readings.ranges.flatMap(({ lower, upper }) => [lower, upper]);
          expect(ends.some((end) => end !== null && Math.abs(end - share) < 1e-6)).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('is never nothing where another size is decided, and something in every sentence', () => {
    fc.assert(
      fc.property(anyGroup, anyGlimpse, fc.nat({ max: 40 }), (group, glimpse, size) => {
        const found = findSizeObstacles(inputOf(group, glimpse), size);
        const { summary, details } = explainSizeObstacles(found);
        expect(`${summary} ${details.join(' ')}`).not.toMatch(/NaN|undefined|null|Infinity/u);
        expect(details.length > 0).toBe(!found.isDecided);
        if (found.isDecided) expect(found.holders).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });
});
