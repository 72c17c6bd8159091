// The queue's programme against brute force over every sequence of worker counts.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SearchState } from './dual-bound.ts';
import type { SwitchCosts } from './levels.ts';
import { boundQueueCost, layQueueGrid, longestWork, priceQueue } from './queue-bound.ts';
import type { QueueProblem } from './queue-bound.ts';

interface Plan {
  readonly cost: number;
  readonly lateWork: number;
}

/** Every sequence of worker counts, served first come first served in exact arithmetic. */
function enumeratePlans(problem: QueueProblem, costs: SwitchCosts): readonly Plan[] {
  const promiseSteps = Math.ceil(problem.promiseSeconds / problem.stepSeconds);
  const steps = problem.arrivals.length + promiseSteps;
  const arrived = [0];
  for (let step = 0; step < steps; step += 1) {
    arrived.push((arrived[step] ?? 0) + (problem.arrivals[step] ?? 0));
  }
  const plans: Plan[] = [];
  const extend = (step: number, workers: number, served: number, plan: Plan): void => {
    if (step === steps) {
      plans.push(plan);
      return;
    }
    for (let next = problem.minWorkers; next <= problem.maxWorkers; next += 1) {
      const change = step === 0 ? 0 : next - workers;
      const switching = change > 0 ? change * costs.startSeconds : -change * costs.stopSeconds;
      const reached = Math.min(arrived[step + 1] ?? 0, served + next * problem.stepSeconds);
      const due = arrived[step + 1 - promiseSteps] ?? 0;
      extend(step + 1, next, Math.max(reached, due), {
        cost: plan.cost + switching + next * problem.stepSeconds,
        lateWork: plan.lateWork + Math.max(0, due - reached),
      });
    }
  };
  extend(0, 0, 0, { cost: 0, lateWork: 0 });
  return plans;
}

function cheapest(plans: readonly Plan[], price: number): number {
  return Math.min(...plans.map((plan) => plan.cost + price * plan.lateWork));
}

const shape = fc.record({
  arrivals: fc.array(fc.integer({ min: 0, max: 8 }), { minLength: 1, maxLength: 3 }),
  promiseSteps: fc.integer({ min: 1, max: 2 }),
  minWorkers: fc.integer({ min: 0, max: 1 }),
  spread: fc.integer({ min: 0, max: 2 }),
  partsPerStep: fc.constantFrom(1, 2, 5),
});

const switchCosts = fc.record({
  startSeconds: fc.constantFrom(0, 14, 104),
  stopSeconds: fc.constantFrom(0, 30),
});

interface Drawn {
  readonly arrivals: readonly number[];
  readonly promiseSteps: number;
  readonly minWorkers: number;
  readonly spread: number;
  readonly partsPerStep: number;
}

/** A scale of 10 puts every arrival on the grid of a worker's step; 2.3 puts few there. */
function problemOf(drawn: Drawn, scale: number): QueueProblem {
  return {
    stepSeconds: 10,
    arrivals: Float64Array.from(drawn.arrivals, (units) => units * scale),
    promiseSeconds: drawn.promiseSteps * 10,
    minWorkers: drawn.minWorkers,
    maxWorkers: drawn.minWorkers + drawn.spread,
    partsPerStep: drawn.partsPerStep,
  };
}

describe('priceQueue', () => {
  it('finds what brute force finds where arrivals lie on the grid', () => {
    const price = fc.double({ min: 0, max: 30, noNaN: true });
    fc.assert(
      fc.property(shape, switchCosts, price, (drawn, costs, workPrice) => {
        const problem = problemOf(drawn, 10);
        const plan = priceQueue(layQueueGrid(problem), costs, workPrice);
        const expected = cheapest(enumeratePlans(problem, costs), workPrice);
        expect(plan.value).toBeCloseTo(expected, 6);
        expect(plan.cost + workPrice * plan.unservedWork).toBeCloseTo(plan.value, 6);
      }),
      { numRuns: 300 },
    );
  });

  it('is never above brute force where they do not', () => {
    const price = fc.double({ min: 0, max: 30, noNaN: true });
    fc.assert(
      fc.property(shape, switchCosts, price, (drawn, costs, workPrice) => {
        const problem = problemOf(drawn, 2.3);
        const plan = priceQueue(layQueueGrid(problem), costs, workPrice);
        const expected = cheapest(enumeratePlans(problem, costs), workPrice);
        expect(plan.value).toBeLessThanOrEqual(expected + 1e-6);
      }),
      { numRuns: 300 },
    );
  });

  it('comes closer to brute force as the grid of work gets finer', () => {
    const base = { stepSeconds: 10, promiseSeconds: 20, minWorkers: 0, maxWorkers: 3 };
    const arrivals = Float64Array.of(17, 4, 33, 9, 21, 0, 13);
    const values = [1, 2, 4, 8].map((partsPerStep) => {
      const grid = layQueueGrid({ ...base, arrivals, partsPerStep });
      return priceQueue(grid, { startSeconds: 20, stopSeconds: 0 }, 7).value;
    });
    for (const [index, value] of values.entries()) {
      expect(value).toBeGreaterThanOrEqual((values[index - 1] ?? 0) - 1e-9);
    }
  });
});

describe('boundQueueCost', () => {
  it('is below every plan that keeps the allowance', () => {
    const allowance = fc.double({ min: 0, max: 60, noNaN: true });
    fc.assert(
      fc.property(shape, switchCosts, allowance, (drawn, costs, allowedWork) => {
        const problem = problemOf(drawn, 10);
        const kept = enumeratePlans(problem, costs).filter((plan) => plan.lateWork <= allowedWork);
        const found = boundQueueCost(layQueueGrid(problem), costs, allowedWork);
        const bound = found.kind === 'bound' ? found.bound : Number.NaN;
        expect(bound).toBeLessThanOrEqual(Math.min(...kept.map((plan) => plan.cost)) + 1e-6);
      }),
      { numRuns: 200 },
    );
  });

  it('is below what real workers cost that take whole messages one at a time', () => {
    const messages = fc.array(
      fc.record({
        atSeconds: fc.integer({ min: 0, max: 99 }),
        seconds: fc.integer({ min: 1, max: 40 }),
      }),
      { minLength: 1, maxLength: 12 },
    );
    fc.assert(
      fc.property(messages, fc.integer({ min: 1, max: 4 }), (all, workers) => {
        const promiseSeconds = 60;
        const arrivals = new Float64Array(10);
        for (const { atSeconds, seconds } of all) {
          const step = Math.floor(atSeconds / 10);
          arrivals[step] = (arrivals[step] ?? 0) + seconds;
        }
        const late = countLate(all, workers, promiseSeconds);
        const durations = all.map((message) => message.seconds);
        const grid = layQueueGrid({
          stepSeconds: 10,
          arrivals,
          promiseSeconds,
          minWorkers: 0,
          maxWorkers: 5,
          partsPerStep: 2,
        });
        const allowedWork = longestWork(durations, (late + 0.5) / all.length);
        const found = boundQueueCost(grid, { startSeconds: 14, stopSeconds: 0 }, allowedWork);
        const bound = found.kind === 'bound' ? found.bound : Number.NaN;
        expect(bound).toBeLessThanOrEqual(workers * grid.stepCount * 10 + 1e-6);
      }),
      { numRuns: 200 },
    );
  });

  it('tells of each price once it is tried, and how much may be missing by then', () => {
    const allowance = fc.double({ min: 0, max: 60, noNaN: true });
    fc.assert(
      fc.property(shape, switchCosts, allowance, (drawn, costs, allowedWork) => {
        const told: SearchState[] = [];
        const grid = layQueueGrid(problemOf(drawn, 10));
        const found = boundQueueCost(grid, costs, allowedWork, {
          onTried: (search) => told.push(search),
        });
        const evaluations = found.kind === 'bound' ? found.evaluations : 0;
        expect(told.map((one) => one.evaluations)).toEqual(
          Array.from({ length: evaluations }, (_, index) => index + 1),
        );
        const known = told.filter(({ gapRatio }) => Number.isFinite(gapRatio));
        for (const { gapRatio } of known) expect(gapRatio).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 100 },
    );
  });

  it('keeps one worker where one is exactly enough', () => {
    const arrivals = new Float64Array(30).fill(10);
    const base = { stepSeconds: 10, arrivals, minWorkers: 0, maxWorkers: 5, partsPerStep: 1 };
    const grid = layQueueGrid({ ...base, promiseSeconds: 10 });
    const found = boundQueueCost(grid, { startSeconds: 104, stopSeconds: 0 }, 0);
    // Thirty steps of one worker, and the start state is free.
    expect(found.kind === 'bound' && found.bound).toBeCloseTo(300, 6);
  });

  it('says when a queue is too large for it', () => {
    const grid = layQueueGrid({
      stepSeconds: 10,
      arrivals: new Float64Array(50_000).fill(1000),
      promiseSeconds: 3600,
      minWorkers: 0,
      maxWorkers: 500,
      partsPerStep: 1,
    });
    const found = boundQueueCost(grid, { startSeconds: 104, stopSeconds: 0 }, 0);
    expect(found.kind).toBe('too-large');
  });
});

/** Messages finished after their promise, workers taking the oldest message first. */
function countLate(
  messages: readonly { readonly atSeconds: number; readonly seconds: number }[],
  workers: number,
  promiseSeconds: number,
): number {
  const freeAt = Array.from({ length: workers }, () => 0);
  let late = 0;
  for (const { atSeconds, seconds } of messages.toSorted((a, b) => a.atSeconds - b.atSeconds)) {
    const first = freeAt.indexOf(Math.min(...freeAt));
    const done = Math.max(atSeconds, freeAt[first] ?? 0) + seconds;
    freeAt[first] = done;
    if (done > atSeconds + promiseSeconds) late += 1;
  }
  return late;
}

describe('longestWork', () => {
  it('adds up the longest share of whole messages', () => {
    expect(longestWork([1, 5, 3, 9], 0.5)).toBe(14);
    expect(longestWork([1, 5, 3, 9], 0.49)).toBe(9);
    expect(longestWork([1, 5, 3, 9], 0)).toBe(0);
    expect(longestWork([], 1)).toBe(0);
    expect(
      longestWork(
        Array.from({ length: 100 }, () => 1),
        0.29,
      ),
    ).toBe(29);
  });
});
