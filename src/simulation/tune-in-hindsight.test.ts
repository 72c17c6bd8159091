import { describe, expect, it } from 'vitest';
import { standardArena } from './arena.ts';
import type { Arena } from './arena.ts';
import { generateDiurnal } from './load/generators.ts';
import { rivals, targetRatios } from './rivals/index.ts';
import type { Rival } from './rivals/rival.ts';
import { findOptimum } from './score/score.ts';
import { cheapestWithin, runRival, tuneInHindsight } from './tune-in-hindsight.ts';
import type { Trial } from './tune-in-hindsight.ts';
import { prepareWorkload } from './workload.ts';

const seed = 11;

function arenaOf(): Arena {
  const load = generateDiurnal({
    durationSeconds: 86_400,
    workPerSecond: 200,
    noise: 'poisson',
    seed,
  });
  const reading = prepareWorkload(load);
  if (reading.kind === 'refused') throw new Error(reading.message);
  return { ...standardArena, workload: reading.workload };
}

function rivalNamed(name: string): Rival {
  const rival = rivals.find((one) => one.name === name);
  if (rival === undefined) throw new Error(`no rival ${name}`);
  return rival;
}

const trial: Trial = {
  targetRatio: 0.5,
  violationShare: 0,
  costInstanceSeconds: 10,
  launchesPerHour: 1,
};

describe('cheapestWithin', () => {
  it('takes the cheapest trial that keeps the allowance, or none', () => {
    const trials: readonly Trial[] = [
      trial,
      { ...trial, violationShare: 0.004, costInstanceSeconds: 8 },
      { ...trial, violationShare: 0.006, costInstanceSeconds: 6 },
    ];
    expect(cheapestWithin(trials, 0.005)?.costInstanceSeconds).toBe(8);
    expect(cheapestWithin(trials, 0.01)?.costInstanceSeconds).toBe(6);
    expect(cheapestWithin(trials.slice(2), 0.005)).toBeUndefined();
  });
});

describe('tuneInHindsight', () => {
  const arena = arenaOf();
  const ratios = [0.3, 0.6, 0.9];

  it('trades cost for violations along the grid, never below the optimum', () => {
    const optimum = findOptimum(arena.workload, arena, arena);
    for (const name of ['aws-target-tracking-60s', 'kubernetes-hpa', 'gce-managed-group']) {
      const trials = tuneInHindsight(rivalNamed(name), arena, { seeds: [1, 2], ratios });
      expect(trials.map((one) => one.targetRatio)).toEqual([0.9, 0.6, 0.3]);
      const costs = trials.map((one) => one.costInstanceSeconds);
      expect(costs.toSorted((one, other) => one - other)).toEqual(costs);
      const shares = trials.map((one) => one.violationShare);
      expect(shares.toSorted((one, other) => other - one)).toEqual(shares);
      const best = cheapestWithin(trials, 0.01);
      expect(best?.costInstanceSeconds).toBeGreaterThan(optimum.bounds[2] ?? Infinity);
    }
  });

  it('stops where lower targets only cost more, and finds what the whole grid finds', () => {
    const rival = rivalNamed('gce-managed-group');
    const whole = tuneInHindsight(rival, arena, { seeds: [1], tightestAllowance: -1 });
    const short = tuneInHindsight(rival, arena, { seeds: [1] });
    expect(whole).toHaveLength(targetRatios.length);
    expect(short.length).toBeLessThan(whole.length);
    for (const allowance of [0.001, 0.005, 0.01]) {
      expect(cheapestWithin(short, allowance)).toEqual(cheapestWithin(whole, allowance));
    }
  });

  it('runs a rule without a target once: static peak serves everything', () => {
    const trials = tuneInHindsight(rivalNamed('static-peak'), arena, { seeds: [1], ratios });
    expect(trials).toHaveLength(1);
    expect(trials[0]?.violationShare).toBe(0);
  });

  it('takes the mean over its seeds', () => {
    const rival = rivalNamed('kubernetes-hpa');
    const results = [1, 2].map((one) => runRival(rival, arena, { targetRatio: 0.6, seed: one }));
    const [both] = tuneInHindsight(rival, arena, { seeds: [1, 2], ratios: [0.6] });
    const sum = results.reduce((total, one) => total + one.costInstanceSeconds, 0);
    expect(both?.costInstanceSeconds).toBeCloseTo(sum / 2, 6);
    expect(results[0]?.costInstanceSeconds).not.toBe(results[1]?.costInstanceSeconds);
  });
});
