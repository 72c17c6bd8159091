import { describe, expect, it } from 'vitest';
import {
  firstMondaySeconds,
  generateDiurnal,
  generateFlashCrowd,
  generateLevelShift,
  generateRamp,
  generateSquare,
  generateSteady,
  generateWeekly,
  secondsPerDay,
} from './generators.ts';
import { generators } from './index.ts';
import { generateRetryStorm } from './retry-storm.ts';

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}

const day = { durationSeconds: secondsPerDay, workPerSecond: 100 };

describe('shapes', () => {
  it('steady is the level, and with noise around it', () => {
    expect(new Set(generateSteady(day).workPerSecond)).toEqual(new Set([100]));
    const noisy = generateSteady({ ...day, noise: 'poisson', seed: 3 }).workPerSecond;
    expect(Math.abs(sum(noisy) / noisy.length - 100)).toBeLessThan(5 * Math.sqrt(100 / 86_400));
  });

  it('diurnal swings about the level and peaks at 15:00', () => {
    const { workPerSecond } = generateDiurnal({ ...day, swing: 0.4 });
    expect(sum(workPerSecond) / workPerSecond.length).toBeCloseTo(100, 6);
    expect(workPerSecond[15 * 3600]).toBeCloseTo(140, 9);
    expect(workPerSecond[3 * 3600]).toBeCloseTo(60, 9);
  });

  it('weekly is lower on Saturday and Sunday alone, wherever it starts', () => {
    const week = { ...day, durationSeconds: 7 * secondsPerDay, swing: 0, weekendRatio: 0.5 };
    const fromMonday = generateWeekly(week).workPerSecond;
    const noons = [0, 1, 2, 3, 4, 5, 6].map((index) => (index + 0.5) * secondsPerDay);
    expect(noons.map((noon) => fromMonday[noon])).toEqual([100, 100, 100, 100, 100, 50, 50]);
    const startSeconds = firstMondaySeconds + 4 * secondsPerDay;
    const fromFriday = generateWeekly({ ...week, startSeconds }).workPerSecond;
    expect(noons.map((noon) => fromFriday[noon])).toEqual([100, 50, 50, 100, 100, 100, 100]);
  });

  it('ramp, square and level shift take their values', () => {
    const ramp = generateRamp({ ...day, fromSecond: 100, toSecond: 200, toRatio: 3 });
    expect([0, 100, 150, 200, 5000].map((at) => ramp.workPerSecond[at])).toEqual([
      100, 100, 200, 300, 300,
    ]);
    const square = generateSquare({ ...day, periodSeconds: 20, highRatio: 2 });
    expect([0, 9, 10, 19, 20].map((at) => square.workPerSecond[at])).toEqual([
      100, 100, 200, 200, 100,
    ]);
    const shift = generateLevelShift({ ...day, atSecond: 50, toRatio: 0.5 });
    expect([49, 50].map((at) => shift.workPerSecond[at])).toEqual([100, 50]);
  });

  it('a flash crowd rises to its height and decays', () => {
    const crowd = generateFlashCrowd({
      ...day,
      atSecond: 100,
      height: 5,
      riseSeconds: 10,
      decaySeconds: 60,
    }).workPerSecond;
    expect(crowd[100]).toBe(100);
    expect(crowd[110]).toBe(500);
    expect(crowd[170]).toBeCloseTo(100 + 400 / Math.E, 9);
  });
});

describe('a retry storm', () => {
  const storm = { ...day, fromSecond: 1000, toSecond: 1060, firstWaitSeconds: 4 };

  it('sends each failed attempt again exactly once', () => {
    const oneRetry = generateRetryStorm({ ...storm, retries: 1 });
    const extra = sum(oneRetry.workPerSecond) - 100 * secondsPerDay;
    expect(extra).toBeCloseTo(60 * 100, 4);
  });

  it('multiplies the load while the outage lasts, and ends', () => {
    const { workPerSecond } = generateRetryStorm({ ...storm, retries: 5 });
    expect(Math.max(...workPerSecond)).toBeGreaterThan(300);
    expect(workPerSecond[999]).toBe(100);
    // The last retry waits at most 1.5 · 4 · 2⁴ s.
    expect(workPerSecond[1060 + 96]).toBe(100);
  });

  it('is the plain level where nothing fails', () => {
    const calm = generateRetryStorm({ ...storm, failureRatio: 0 }).workPerSecond;
    expect(new Set(calm)).toEqual(new Set([100]));
  });
});

describe('the registry', () => {
  it('makes a finite load of the asked length from every name', () => {
    for (const [name, generate] of Object.entries(generators)) {
      if (name === 'social') continue;
      const load = generate({ ...day, noise: 'poisson', seed: 5 });
      expect(load.workPerSecond.length, `${name}`).toBe(secondsPerDay);
      expect(load.workPerSecond.every((value) => value >= 0 && Number.isFinite(value))).toBe(true);
    }
    const gapped = generators['telemetry-gap'](day);
    expect(gapped.telemetryGaps).toEqual([
      { fromSecond: 64_800, toSecond: 65_400, seenAs: 'missing' },
    ]);
  });
});
