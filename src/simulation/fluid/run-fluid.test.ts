import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { generateSteady } from '../load/generators.ts';
import type { Load } from '../load/load.ts';
import { boundCost } from '../optimum/optimum.ts';
import { createRandom, drawBetween, drawPoisson, drawUniform } from '../random.ts';
import { findOptimum, scoreRun } from '../score/score.ts';
import { prepareWorkload } from '../workload.ts';
import type { Workload, WorkloadOptions } from '../workload.ts';
import type { FleetOptions } from './fleet.ts';
import { runFluid } from './run-fluid.ts';
import type { FluidResult, FluidRun } from './run-fluid.ts';
import type { Scaler } from './scaler.ts';
import { agentTelemetry, cloudWatchTelemetry } from './telemetry.ts';

const fleet: FleetOptions = {
  startInstances: 10,
  boot: { kind: 'fixed', seconds: 120 },
  launchFailureRatio: 0,
  drainSeconds: 30,
  scaleInOrder: 'newest-pending-first',
  warmupSeconds: 300,
  warmupFrom: 'service',
  seed: 1,
};

function prepare(load: Load, options?: WorkloadOptions): Workload {
  const reading = prepareWorkload(load, options);
  if (reading.kind === 'refused') throw new Error(reading.message);
  return reading.workload;
}

function run(workload: Workload, scaler: Scaler, changes: Partial<FluidRun> = {}): FluidResult {
  return runFluid({
    workload,
    scaler,
    telemetry: agentTelemetry,
    fleet,
    minInstances: 1,
    maxInstances: 1000,
    ...changes,
  });
}

const hour = generateSteady({ durationSeconds: 3600, workPerSecond: 100, startSeconds: 0 });

describe('a run', () => {
  it('of a constant fleet costs its size, and misses what is above it', () => {
    const workload = prepare(hour, { capacityPerInstance: 11 });
    const result = run(workload, () => 8);
    // Two of the ten leave in the warm-up: they are not billed in the span.
    expect(result.scoredSeconds).toBe(3240);
    expect(result.costInstanceSeconds).toBe(8 * 3240);
    expect(result.offeredWork).toBeCloseTo(100 * 3240, 6);
    expect(result.unservedWork).toBeCloseTo(12 * 3240, 6);
    expect(result.launches).toBe(0);
    expect(result.elasticity.underProvisionedShare).toBeCloseTo(2 / 10, 12);
    expect(result.elasticity.underTimeShare).toBe(1);
  });

  it('that scales out once pays the boot, and is short until it is over', () => {
    const workload = prepare(hour, { capacityPerInstance: 10 });
    const result = run(workload, ({ nowSeconds }) => (nowSeconds < 1003 ? 9 : 10), {
      fleet: { ...fleet, startInstances: 9 },
    });
    // Requested at 1003, in service at 1123, billed from 1019.
    expect(result.unservedWork).toBeCloseTo(10 * (1123 - 360), 6);
    expect(result.costInstanceSeconds).toBe(9 * 3240 + (3600 - 1019));
    expect(result.launches).toBe(1);
  });

  it('that scales in pays the drain, and nothing serves from there', () => {
    const workload = prepare(hour, { capacityPerInstance: 10 });
    const result = run(workload, ({ nowSeconds }) => (nowSeconds < 2000 ? 10 : 9));
    expect(result.unservedWork).toBeCloseTo(10 * 1600, 6);
    expect(result.costInstanceSeconds).toBe(10 * (2030 - 360) + 9 * (3600 - 2030));
  });

  it('compares supply by the second with the mean of ten', () => {
    const workPerSecond = new Float64Array(3600).fill(100);
    // 200 in even seconds, 0 in odd ones: the same mean.
    for (let second = 0; second < 3600; second += 1) {
      workPerSecond[second] = 200 * (1 - (second % 2));
    }
    const workload = prepare({ ...hour, workPerSecond }, { capacityPerInstance: 10 });
    expect(run(workload, () => 10).unservedWork).toBe(0);
    const shortly = run(workload, ({ nowSeconds }) => (nowSeconds === 2000 ? 9 : 10), {
      fleet: { ...fleet, boot: { kind: 'fixed', seconds: 3 } },
    });
    expect(shortly.unservedWork).toBeCloseTo(10 * 4, 6);
  });

  it('keeps to the bounds of the group whatever the rule says', () => {
    const workload = prepare(hour, { capacityPerInstance: 10 });
    const greedy = run(workload, () => 1e9, { maxInstances: 12 });
    expect(greedy.peakInService).toBe(12);
    const mean = run(workload, () => -5, { minInstances: 3 });
    expect(mean.costInstanceSeconds).toBe(3 * 3240);
  });

  it('loses capacity in the middle of the span when the workload says so', () => {
    const workload = prepare(hour, { capacityPerInstance: 10, capacityLeftRatio: 0.7 });
    const result = run(workload, () => 10);
    expect(result.unservedWork).toBeCloseTo(30 * 1620, 6);
  });

  it('asks again for a launch that failed', () => {
    const workload = prepare(hour, { capacityPerInstance: 10 });
    const result = run(workload, ({ nowSeconds }) => (nowSeconds < 1000 ? 10 : 30), {
      fleet: { ...fleet, launchFailureRatio: 0.5 },
    });
    expect(result.launches).toBe(20);
    expect(result.failedLaunches).toBeGreaterThan(5);
    expect(result.peakInService).toBe(30);
  });

  it('repeats itself exactly for a seed, and not for another', () => {
    const workload = prepare(hour, { capacityPerInstance: 10 });
    const wobble: Scaler = ({ nowSeconds }) => 10 + (Math.floor(nowSeconds / 100) % 7);
    const changes = {
      fleet: { ...fleet, boot: { kind: 'lognormal', medianSeconds: 60, sigma: 0.25 } as const },
    };
    const once = run(workload, wobble, changes);
    expect(run(workload, wobble, changes)).toEqual(once);
    const other = run(workload, wobble, { fleet: { ...changes.fleet, seed: 2 } });
    expect(other.costInstanceSeconds).not.toBe(once.costInstanceSeconds);
  });

  it('sees a censored load no higher than the fleet, and can still climb from there', () => {
    const workload = prepare(hour, { capacityPerInstance: 10 });
    let highest = 0;
    const follow: Scaler = ({ load, inService, desired }) => {
      if (load > highest) highest = load;
      return load >= inService * 10 ? inService + 1 : desired;
    };
    const telemetry = { ...agentTelemetry, isCensored: true };
    const start = { ...fleet, startInstances: 2, boot: { kind: 'fixed', seconds: 1 } as const };
    run(workload, follow, { telemetry, fleet: start });
    expect(highest).toBe(100);
  });
});

describe('the optimum', () => {
  /** Loads with jumps and counts, rules that ask for anything. */
  const drawn = fc.record({
    seed: fc.integer({ min: 0, max: 1e9 }),
    bootSeconds: fc.constantFrom(5, 30, 120),
    drainSeconds: fc.constantFrom(0, 30),
    restlessness: fc.constantFrom(0.002, 0.02, 0.3),
    startSeconds: fc.constantFrom(0, 1_700_158_546),
    capacityLeftRatio: fc.constantFrom(1, 0.7),
  });

  it('is below every run at its own violation share', () => {
    fc.assert(
      fc.property(drawn, (options) => {
        const random = createRandom(options.seed);
        let level = 20;
        const workPerSecond = Float64Array.from({ length: 1500 }, () => {
          if (drawUniform(random) < 0.01) level = drawBetween(random, 0, 60);
          return drawPoisson(random, level);
        });
        const { startSeconds, capacityLeftRatio, bootSeconds, drainSeconds } = options;
        const load = { startSeconds, workPerSecond, telemetryGaps: [] };
        const workload = prepare(load, { capacityPerInstance: 7, capacityLeftRatio });
        let wanted = 3;
        const restless: Scaler = () => {
          if (drawUniform(random) < options.restlessness) wanted = drawBetween(random, 0, 10);
          return wanted;
        };
        const boot = { kind: 'fixed', seconds: bootSeconds } as const;
        const group = { minInstances: 1, maxInstances: 1000 };
        const result = run(workload, restless, { fleet: { ...fleet, boot, drainSeconds } });
        const optimum = findOptimum(workload, group, { boot, drainSeconds });
        const score = scoreRun(result, optimum);
        expect(score.ownRatio).toBeGreaterThan(1 - 1e-9);
        for (const { allowance, ratio } of score.competitiveRatios) {
          expect(ratio === null).toBe(score.violationShare > allowance);
          if (ratio !== null) expect(ratio).toBeGreaterThan(1 - 1e-9);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('is the floor of a fleet that is always exactly right', () => {
    const workload = prepare(hour, { capacityPerInstance: 10 });
    const group = { minInstances: 1, maxInstances: 1000 };
    const optimum = findOptimum(workload, group, fleet);
    const score = scoreRun(
      run(workload, () => 10, { telemetry: cloudWatchTelemetry }),
      optimum,
    );
    expect(optimum.zeroViolationCost).toBe(10 * 3240);
    expect(score.ownRatio).toBeCloseTo(1, 6);
    // An allowance of 1 % of ten instances is a tenth of one of them, all along.
    const last = score.competitiveRatios.at(-1)?.ratio ?? 0;
    expect(last).toBeCloseTo(10 / 9.9, 3);
    const half = boundCost(optimum.levels, optimum.costs, optimum.capacity, 0.05).bound;
    expect(half).toBeCloseTo(9.5 * 3240, 0);
  });
});
