// The level-by-level programme against brute force over every sequence of group sizes.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutIntoLevels } from './levels.ts';
import type { LevelProblem, SwitchCosts } from './levels.ts';
import { boundCost, boundFromFrontier, traceFrontier, zeroViolationCost } from './optimum.ts';
import { priceLevels } from './price-levels.ts';

interface Plan {
  readonly cost: number;
  readonly unservedWork: number;
}

/** Every plan that changes size only between slices of `sliceSeconds`. */
function enumeratePlans(
  problem: LevelProblem,
  costs: SwitchCosts,
  sliceSeconds = problem.blockSeconds,
): readonly Plan[] {
  const slices = (problem.means.length * problem.blockSeconds) / sliceSeconds;
  const plans: Plan[] = [];
  const extend = (slice: number, size: number, plan: Plan): void => {
    if (slice === slices) {
      plans.push(plan);
      return;
    }
    const block = Math.floor((slice * sliceSeconds) / problem.blockSeconds);
    const mean = problem.means[block] ?? 0;
    const capacity = problem.capacities[block] ?? 0;
    for (let next = problem.minInstances; next <= problem.maxInstances; next += 1) {
      const change = slice === 0 ? 0 : next - size;
      const switching = change > 0 ? change * costs.startSeconds : -change * costs.stopSeconds;
      extend(slice + 1, next, {
        cost: plan.cost + switching + next * sliceSeconds,
        unservedWork: plan.unservedWork + Math.max(0, mean - next * capacity) * sliceSeconds,
      });
    }
  };
  extend(0, 0, { cost: 0, unservedWork: 0 });
  return plans;
}

/** The lowest point of the convex hull of all plans at an allowance. */
function hullAt(plans: readonly Plan[], allowedWork: number): number {
  let lowest = Number.POSITIVE_INFINITY;
  for (const inside of plans) {
    if (inside.unservedWork > allowedWork) continue;
    lowest = Math.min(lowest, inside.cost);
    for (const outside of plans) {
      if (outside.unservedWork <= allowedWork || outside.cost >= lowest) continue;
      const share =
        (allowedWork - inside.unservedWork) / (outside.unservedWork - inside.unservedWork);
      lowest = Math.min(lowest, inside.cost + share * (outside.cost - inside.cost));
    }
  }
  return lowest;
}

function cheapest(plans: readonly Plan[], price: number): number {
  return Math.min(...plans.map((plan) => plan.cost + price * plan.unservedWork));
}

const problems = fc
  .record({
    blocks: fc.integer({ min: 1, max: 5 }),
    blockSeconds: fc.constantFrom(1, 10),
    capacity: fc.constantFrom(1, 2.5, 7),
    laterCapacity: fc.constantFrom(1, 2.5, 7),
    changeAt: fc.integer({ min: 0, max: 5 }),
    // Half units: a demand so small that even the dearest price leaves it says nothing here.
    demand: fc.array(
      fc.integer({ min: 0, max: 40 }).map((halves) => halves / 2),
      { minLength: 5, maxLength: 5 },
    ),
    minInstances: fc.integer({ min: 0, max: 1 }),
    spread: fc.integer({ min: 0, max: 2 }),
  })
  .map((drawn): LevelProblem => {
    const capacities = drawn.demand
      .slice(0, drawn.blocks)
      .map((_, block) => (block < drawn.changeAt ? drawn.capacity : drawn.laterCapacity));
    return {
      blockSeconds: drawn.blockSeconds,
      means: Float64Array.from(drawn.demand.slice(0, drawn.blocks)),
      capacities: Float64Array.from(capacities),
      minInstances: drawn.minInstances,
      maxInstances: drawn.minInstances + drawn.spread,
    };
  });

const switchCosts = fc.record({
  startSeconds: fc.constantFrom(0, 5, 14, 104),
  stopSeconds: fc.constantFrom(0, 3, 30),
});

const prices = fc.oneof(
  fc.constantFrom(0, 0.01, 1, 1e4),
  fc.double({ min: 1e-3, max: 10, noNaN: true }),
);

describe('priceLevels', () => {
  it('finds what brute force finds, at every price', () => {
    fc.assert(
      fc.property(problems, switchCosts, prices, (problem, costs, price) => {
        const plan = priceLevels(cutIntoLevels(problem), costs, price);
        const expected = cheapest(enumeratePlans(problem, costs), price);
        expect(plan.value).toBeCloseTo(expected, 6);
        expect(plan.cost + price * plan.unservedWork).toBeCloseTo(plan.value, 6);
      }),
      { numRuns: 400 },
    );
  });

  it('loses nothing by switching only between blocks', () => {
    const small = fc.record({
      means: fc.float64Array({ min: 0, max: 3, minLength: 2, maxLength: 2, noNaN: true }),
      costs: switchCosts,
      price: fc.double({ min: 0, max: 20, noNaN: true }),
    });
    fc.assert(
      fc.property(small, ({ means, costs, price }) => {
        const problem: LevelProblem = {
          blockSeconds: 4,
          means,
          capacities: new Float64Array(2).fill(1),
          minInstances: 0,
          maxInstances: 2,
        };
        const bySecond = cheapest(enumeratePlans(problem, costs, 1), price);
        const { value } = priceLevels(cutIntoLevels(problem), costs, price);
        expect(value).toBeCloseTo(bySecond, 6);
      }),
      { numRuns: 60 },
    );
  });

  it('prices long runs of one demand like the same blocks taken one by one', () => {
    const shape = fc.array(
      fc.record({
        length: fc.integer({ min: 1, max: 40 }),
        demand: fc.constantFrom(0, 0.3, 1, 1.7, 3),
      }),
      { minLength: 1, maxLength: 8 },
    );
    fc.assert(
      fc.property(shape, switchCosts, prices, (runs, costs, price) => {
        const means = Float64Array.from(
          runs.flatMap((run) => Array.from({ length: run.length }, () => run.demand)),
        );
        const even = new Float64Array(means.length).fill(1);
        // A capacity that is never quite the same cuts every run into single blocks.
        const uneven = even.map((_, block) => 1 + (block % 2) * 1e-12);
        const bounds = { blockSeconds: 10, means, minInstances: 0, maxInstances: 9 };
        const whole = priceLevels(cutIntoLevels({ ...bounds, capacities: even }), costs, price);
        const cut = priceLevels(cutIntoLevels({ ...bounds, capacities: uneven }), costs, price);
        expect(Math.abs(whole.value - cut.value)).toBeLessThan(1e-6 * (1 + whole.value));
      }),
      { numRuns: 300 },
    );
  });
});

describe('boundCost', () => {
  it('is the convex hull of all plans, and so below every plan that keeps the allowance', () => {
    fc.assert(
      fc.property(
        problems,
        switchCosts,
        fc.double({ min: 0, max: 0.5, noNaN: true }),
        (...drawn) => {
          const [problem, costs, share] = drawn;
          const levels = cutIntoLevels(problem);
          const plans = enumeratePlans(problem, costs);
          const allowedWork = share * levels.totalWork;
          const { bound } = boundCost(levels, costs, problem.capacities[0] ?? 1, share);
          const hull = hullAt(plans, allowedWork);
          expect(bound).toBeLessThanOrEqual(hull + 1e-6 * (1 + hull));
          // At the dearest price of the search a plan may still leave a trace of work.
          if (Number.isFinite(hull)) expect(bound).toBeGreaterThan(hull * (1 - 1e-3) - 1e-3);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('falls with the allowance, and meets the zero-violation cost at none', () => {
    fc.assert(
      fc.property(problems, switchCosts, (problem, costs) => {
        const levels = cutIntoLevels({ ...problem, maxInstances: 100 });
        const capacity = problem.capacities[0] ?? 1;
        const bounds = [0, 0.001, 0.01, 0.1, 1].map(
          (share) => boundCost(levels, costs, capacity, share).bound,
        );
        for (const [index, bound] of bounds.entries()) {
          expect(bound).toBeLessThanOrEqual((bounds[index - 1] ?? bound) + 1e-6);
        }
        const zero = zeroViolationCost(levels, costs);
        expect(bounds[0]).toBeLessThanOrEqual(zero + 1e-6);
      }),
    );
  });

  it('is above what the frontier alone gives, by little', () => {
    const means = Float64Array.from(
      { length: 2000 },
      (_, block) => 5 + 4 * Math.sin(block / 50) + ((block * 7919) % 13) / 6,
    );
    const capacities = new Float64Array(2000).fill(1);
    const levels = cutIntoLevels({
      blockSeconds: 10,
      means,
      capacities,
      minInstances: 1,
      maxInstances: 1000,
    });
    const costs = { startSeconds: 104, stopSeconds: 30 };
    const frontier = traceFrontier(levels, costs, 1);
    for (const share of [0.001, 0.005, 0.01, 0.1]) {
      const { bound, gapRatio } = boundCost(levels, costs, 1, share);
      const quick = boundFromFrontier(frontier, levels.totalWork, share);
      expect(gapRatio).toBeLessThan(1e-6);
      expect(quick).toBeLessThanOrEqual(bound * (1 + 1e-9));
      expect(quick).toBeGreaterThan(bound * 0.99);
    }
    for (const [index, point] of frontier.entries()) {
      const before = frontier[index - 1];
      if (before === undefined) continue;
      expect(point.violationShare).toBeGreaterThan(before.violationShare);
      expect(point.cost).toBeLessThanOrEqual(before.cost);
    }
  });
});

describe('worked cases', () => {
  const costs = { startSeconds: 104, stopSeconds: 30 };

  function levelsOf(...demand: readonly number[]): ReturnType<typeof cutIntoLevels> {
    return cutIntoLevels({
      blockSeconds: 10,
      means: Float64Array.from(demand),
      capacities: new Float64Array(demand.length).fill(1),
      minInstances: 1,
      maxInstances: 1000,
    });
  }

  it('keeps an instance through a short lull and stops it for a long one', () => {
    // One instance always on; the second costs 10 s a block to keep, 134 s to stop and start again.
    const short = levelsOf(2, ...Array.from({ length: 13 }, () => 1), 2);
    expect(zeroViolationCost(short, costs)).toBe(15 * 10 + 15 * 10);
    const long = levelsOf(2, ...Array.from({ length: 14 }, () => 1), 2);
    expect(zeroViolationCost(long, costs)).toBe(16 * 10 + 20 + 134);
  });

  it('leaves a spike unserved where the allowance covers it', () => {
    // The spike is 1 of 101 units.
    const levels = levelsOf(
      ...Array.from({ length: 50 }, () => 1),
      2,
      ...Array.from({ length: 49 }, () => 1),
    );
    expect(boundCost(levels, costs, 1, 1 / 101).bound).toBeCloseTo(1000, 3);
    expect(zeroViolationCost(levels, costs)).toBe(1000 + 10 + 134);
    // Half the allowance buys half of it: the dual is a line between the two.
    expect(boundCost(levels, costs, 1, 0.5 / 101).bound).toBeCloseTo(1072, 3);
  });

  it('cannot serve what the largest group cannot', () => {
    const levels = cutIntoLevels({
      blockSeconds: 10,
      means: Float64Array.of(5, 1),
      capacities: Float64Array.of(1, 1),
      minInstances: 1,
      maxInstances: 3,
    });
    expect(levels.unreachableWork).toBe(20);
    expect(zeroViolationCost(levels, costs)).toBe(Number.POSITIVE_INFINITY);
  });

  it('a span without demand costs its minimum', () => {
    const levels = levelsOf(0, 0, 0);
    expect(boundCost(levels, costs, 1, 0.005).bound).toBe(30);
    expect(zeroViolationCost(levels, costs)).toBe(30);
  });
});
