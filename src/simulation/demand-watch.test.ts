import { describe, expect, it } from 'vitest';
import { runContender, standardArena } from './arena.ts';
import { createBootWatch, watchBoots } from './boot-watch.ts';
import { createDemandGroup } from './demand-group.ts';
import { agentTelemetry } from './fluid/telemetry.ts';
import type { FluidResult } from './fluid/run-fluid.ts';
import { forecastFaults } from './forecast-faults.ts';
import { createForetideScaler } from './foretide-scaler.ts';
import { generateDiurnal } from './load/generators.ts';
import { findOptimum, scoreRun } from './score/score.ts';
import { prepareWorkload } from './workload.ts';
import type { Workload } from './workload.ts';

const seed = 7;

function prepareDays(days: number): Workload {
  const durationSeconds = days * 86_400;
  const load = generateDiurnal({ durationSeconds, workPerSecond: 500, noise: 'poisson', seed });
  const reading = prepareWorkload(load);
  if (reading.kind === 'refused') throw new Error(reading.message);
  return reading.workload;
}

function run(workload: Workload, violationRatio: number, isCensored = false): FluidResult {
  const group = createDemandGroup({ violationRatio, isForecasting: true, min: 1, max: 100 });
  return runContender(
    { ...standardArena, workload },
    {
      scaler: createForetideScaler({ group, staleAfterMs: 10_000, workload }),
      telemetry: { ...agentTelemetry, isCensored },
      scaleInOrder: 'newest-pending-first',
      warmupSeconds: 0,
      warmupFrom: 'service',
    },
    seed,
  );
}

describe(`a simulated group with a demand policy (seed ${seed})`, () => {
  const workload = prepareDays(1);
  const optimum = findOptimum(workload, standardArena, standardArena);

  it('keeps its promise at little more than the optimum, told neither capacity nor boot time', () => {
    const score = scoreRun(run(workload, 0.005), optimum);
    expect(score.violationShare).toBeLessThan(0.005);
    expect(score.ownRatio).toBeLessThan(1.3);
  });

  it('pays more for a tighter promise, and misses less', () => {
    const loose = run(workload, 0.02);
    const tight = run(workload, 0.001);
    expect(tight.costInstanceSeconds).toBeGreaterThan(loose.costInstanceSeconds);
    expect(tight.unservedWork).toBeLessThan(loose.unservedWork);
  });

  it('survives monitoring that shows no more than what was served', () => {
    const score = scoreRun(run(workload, 0.005, true), optimum);
    expect(score.violationShare).toBeLessThan(0.01);
    expect(score.ownRatio).toBeLessThan(1.5);
  });
});

describe('boots told from counts', () => {
  it('take the oldest launch to arrive first, and forget what failed or was cancelled', () => {
    const watch = createBootWatch();
    watchBoots(watch, { now: 0, pending: 0, inService: 4 });
    watchBoots(watch, { now: 101, pending: 3, inService: 4 });
    watchBoots(watch, { now: 111, pending: 2, inService: 4 });
    expect(watchBoots(watch, { now: 220, pending: 0, inService: 6 })).toEqual([120, 120]);
    expect(watch.askedAt).toEqual([]);
  });
});

describe('a spoilt forecast', () => {
  it('has the shares of a day before once there was a day before', () => {
    const fault = forecastFaults['stale by 24 h']();
    for (const block of [0, 8640]) {
      const shares = Float64Array.of(block, 1);
      fault(block, shares);
      expect([...shares]).toEqual([0, 1]);
    }
  });

  it('keeps its rises, five times as many or none', () => {
    const shares = Float64Array.of(0.5, 0.3, 0.1, 0.1);
    forecastFaults['times 5']()(0, shares);
    expect(shares[2]).toBeCloseTo(0.5, 12);
    forecastFaults['times 0']()(0, shares);
    expect([...shares]).toEqual([0.5, 0.3, 0, 0]);
  });
});
