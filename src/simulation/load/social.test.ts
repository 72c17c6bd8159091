import { describe, expect, it } from 'vitest';
import { firstMondaySeconds, secondsPerDay } from './generators.ts';
import { generateSocial, planSocial } from './social.ts';
import type { SocialPlan } from './social.ts';

const seeds = Array.from({ length: 300 }, (_, index) => index + 1);
const plans: readonly SocialPlan[] = seeds.map(planSocial);
const bursts = plans.flatMap((plan) => plan.bursts);

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Sample mean within five standard errors of the true one. */
function expectMean(values: readonly number[], expected: number, deviation: number): void {
  const allowed = (5 * deviation) / Math.sqrt(values.length);
  expect(Math.abs(mean(values) - expected)).toBeLessThan(allowed);
}

describe('the plan of a seed', () => {
  it('uses every slot length and every share of scheduled bursts', () => {
    const lengths = new Set(plans.map((plan) => plan.slotSeconds / 60));
    expect([...lengths].toSorted((a, b) => a - b)).toEqual([0, 15, 20, 30, 60]);
    expect(new Set(plans.map((plan) => plan.scheduledShare))).toEqual(new Set([0, 0.5, 0.85]));
  });

  it('has a burst in 0.8/3 of the slots, and none without slots', () => {
    const shares = plans
      .filter((plan) => plan.slotSeconds > 0)
      .map((plan) => plan.bursts.length / ((14 * secondsPerDay) / plan.slotSeconds));
    expectMean(shares, 0.8 / 3, 0.05);
    expect(
      plans.filter((plan) => plan.slotSeconds === 0).every((plan) => plan.bursts.length === 0),
    ).toBe(true);
  });

  it('draws heights, rises and lengths as defined', () => {
    expectMean(
      bursts.map((burst) => burst.height),
      4,
      1.05,
    );
    expectMean(
      bursts.map((burst) => burst.riseSeconds),
      35,
      15,
    );
    const logs = bursts.map((burst) => Math.log(burst.lengthSeconds));
    // The length is at least the rise, which touches one burst in a hundred.
    expect(Math.abs(mean(logs) - Math.log(440))).toBeLessThan(0.03);
    expect(bursts.every((burst) => burst.riseSeconds >= 10 && burst.riseSeconds <= 60)).toBe(true);
  });

  it('puts the scheduled share of bursts around 135 s into the slot', () => {
    // A uniform burst falls into the 90 s about 135 s in 90 of slotSeconds cases.
    for (const plan of plans.filter((one) => one.bursts.length > 200).slice(0, 20)) {
      const phase = phaseOf(plan);
      const near = plan.bursts.filter((burst) => {
        const into = (burst.atSecond - phase) % plan.slotSeconds;
        return Math.abs(into - 135) <= 45;
      });
      const share = near.length / plan.bursts.length;
      const byChance = (1 - plan.scheduledShare) * (90 / plan.slotSeconds);
      const expected = plan.scheduledShare * 0.997 + byChance;
      expect(Math.abs(share - expected)).toBeLessThan(0.15);
    }
  });

  it('has two crowds of 3 to 20, a shift of 0.5 to 2 and a gap within the load', () => {
    for (const plan of plans) {
      expect(plan.crowds).toHaveLength(2);
      expect(plan.crowds.every((crowd) => crowd.height >= 3 && crowd.height <= 20)).toBe(true);
      expect(plan.shiftRatio).toBeGreaterThan(0.5);
      expect(plan.shiftRatio).toBeLessThan(2);
      expect(plan.gapSecond + 600).toBeLessThanOrEqual(14 * secondsPerDay);
    }
  });
});

/** The phase that brings most bursts to 135 s; for unscheduled seeds any phase does. */
function phaseOf(plan: SocialPlan): number {
  let best = 0;
  let bestCount = -1;
  for (let phase = 0; phase < plan.slotSeconds; phase += 1) {
    const count = plan.scheduledShare === 0 && phase > 0 ? -1 : countNear(plan, phase);
    if (count > bestCount) [best, bestCount] = [phase, count];
  }
  return best;
}

function countNear(plan: SocialPlan, phase: number): number {
  const into = plan.bursts.map((burst) => (burst.atSecond - phase) % plan.slotSeconds);
  return into.filter((seconds) => Math.abs(seconds - 135) <= 45).length;
}

describe('the load of a seed', () => {
  const seed = seeds.find((one) => planSocial(one).slotSeconds === 0) ?? 0;
  const plan = planSocial(seed);
  const load = generateSocial(seed);

  it('is 14 days by the second from a Monday, whole requests, the same each time', () => {
    expect(load.startSeconds).toBe(firstMondaySeconds);
    expect(load.workPerSecond.length).toBe(14 * secondsPerDay);
    expect(load.workPerSecond.every((value) => Number.isInteger(value) && value >= 0)).toBe(true);
    expect(generateSocial(seed)).toEqual(load);
    const { gapSecond } = plan;
    expect(load.telemetryGaps).toEqual([
      { fromSecond: gapSecond, toSecond: gapSecond + 600, seenAs: 'missing' },
    ]);
  });

  it('has the level of its definition between its events', () => {
    // Hours of a weekday at 15:00 are 75/s before the shift, and the shift's multiple after it.
    const quiet = (second: number): boolean =>
      plan.crowds.every(
        (crowd) => second < crowd.atSecond - 3600 || second > crowd.atSecond + 36_000,
      );
    for (let day = 0; day < 14; day += 1) {
      const from = day * secondsPerDay + 14.5 * 3600;
      if (!quiet(from) || Math.abs(from - plan.shiftSecond) < 3600) continue;
      const hour = load.workPerSecond.subarray(from, from + 3600);
      const measured = hour.reduce((sum, value) => sum + value, 0) / 3600;
      const weekend = day % 7 >= 5 ? 0.8 : 1;
      const shift = from < plan.shiftSecond ? 1 : plan.shiftRatio;
      // The hour's noise has a deviation of about 0.07; four of them.
      expect(Math.abs(measured / (75 * weekend * shift) - 1)).toBeLessThan(0.28);
    }
  });
});
