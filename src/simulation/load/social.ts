// `social`: two weeks of a feed that bursts, some of its bursts on a schedule. The choices that a
// one-paragraph definition leaves open are stated beside the line that makes them.
import {
  createRandom,
  drawBeta,
  drawBetween,
  drawChoice,
  drawGamma,
  drawLognormal,
  drawNormal,
  drawPareto,
  drawUniform,
} from '../random.ts';
import type { Random } from '../random.ts';
import {
  dailyShape,
  drawSeconds,
  firstMondaySeconds,
  secondsPerDay,
  weekendFactor,
} from './generators.ts';
import type { Load } from './load.ts';

const days = 14;
const durationSeconds = days * secondsPerDay;
const basePerSecond = 50;
const dailySwing = 0.5;
const weekendRatio = 0.8;
const noiseTimeSeconds = 3600;
const noiseDeviation = 0.08;
const slotLengthsMinutes = [0, 15, 20, 30, 60] as const;
const scheduledShares = [0, 0.5, 0.85] as const;
const gapSeconds = 600;
const crowds = 2;

/** A surge of demand: a multiple of the level that rises, holds and falls. */
export interface Surge {
  readonly atSecond: number;
  /** Times the level at its top, at least 1. */
  readonly height: number;
  readonly riseSeconds: number;
  /** From the first second of the rise to the first of the fall. */
  readonly lengthSeconds: number;
}

/** What was drawn for a seed, for tests and for showing beside the load. */
export interface SocialPlan {
  /** 0: this seed has no slots, and so no bursts. */
  readonly slotSeconds: number;
  readonly scheduledShare: number;
  /** Where the first slot of the first day begins; 0 without slots. */
  readonly phaseSeconds: number;
  /** Of a burst, for each slot of the day. */
  readonly slotProbabilities: readonly number[];
  readonly bursts: readonly Surge[];
  readonly crowds: readonly Surge[];
  readonly shiftSecond: number;
  readonly shiftRatio: number;
  readonly gapSecond: number;
}

/** The load of a seed: 14 days by the second, from a Monday 00:00 UTC. */
export function generateSocial(seed: number): Load {
  const plan = planSocial(seed);
  const level = drawLevel(seed, plan);
  const surge = new Float64Array(durationSeconds).fill(1);
  for (const one of [...plan.bursts, ...plan.crowds]) addSurge(surge, one);
  for (let second = 0; second < durationSeconds; second += 1) {
    level[second] = (level[second] ?? 0) * (surge[second] ?? 1);
  }
  drawSeconds(level, seed);
  const { gapSecond } = plan;
  return {
    startSeconds: firstMondaySeconds,
    workPerSecond: level,
    telemetryGaps: [{ fromSecond: gapSecond, toSecond: gapSecond + gapSeconds, seenAs: 'missing' }],
  };
}

/** Everything but the noise: each part from its own stream, so that none moves another. */
export function planSocial(seed: number): SocialPlan {
  const shape = createRandom(seed, 'social', 'shape');
  const slotSeconds = drawChoice(shape, slotLengthsMinutes) * 60;
  const scheduledShare = drawChoice(shape, scheduledShares);
  const shiftSecond = Math.floor(drawBetween(shape, 0, durationSeconds));
  const shiftRatio = drawBetween(shape, 0.5, 2);
  const gapSecond = Math.floor(drawBetween(shape, 0, durationSeconds - gapSeconds));
  const slots = slotSeconds === 0 ? withoutSlots : planBursts(seed, slotSeconds, scheduledShare);
  return {
    slotSeconds,
    scheduledShare,
    ...slots,
    crowds: planCrowds(seed),
    shiftSecond,
    shiftRatio,
    gapSecond,
  };
}

type Slots = Pick<SocialPlan, 'phaseSeconds' | 'slotProbabilities' | 'bursts'>;

const withoutSlots: Slots = { phaseSeconds: 0, slotProbabilities: [], bursts: [] };

/**
 * One burst or none per slot. The probability belongs to the slot of the day: drawn once, the same
 * every day. The grid of slots is shifted by a phase drawn once; the last slot of a day may reach
 * into the next.
 */
function planBursts(seed: number, slotSeconds: number, scheduledShare: number): Slots {
  const random = createRandom(seed, 'social', 'bursts');
  const phaseSeconds = Math.floor(drawBetween(random, 0, slotSeconds));
  const slotsPerDay = secondsPerDay / slotSeconds;
  const slotProbabilities = Array.from({ length: slotsPerDay }, () => drawBeta(random, 0.8, 2.2));
  const bursts: Surge[] = [];
  for (let slot = 0; slot < days * slotsPerDay; slot += 1) {
    const isBurst = drawUniform(random) < (slotProbabilities[slot % slotsPerDay] ?? 0);
    if (!isBurst) continue;
    const isScheduled = drawUniform(random) < scheduledShare;
    const intoSlot = isScheduled
      ? drawNormal(random, 135, 15)
      : drawBetween(random, 0, slotSeconds);
    const atSecond = phaseSeconds + slot * slotSeconds + Math.round(intoSlot);
    bursts.push(drawSurge(random, atSecond, 1 + drawGammaHeight(random)));
  }
  return { phaseSeconds, slotProbabilities, bursts };
}

/** Mean 3, coefficient of variation 0.35: shape 1/0.35², scale 3 · 0.35². */
function drawGammaHeight(random: Random): number {
  const squared = 0.35 * 0.35;
  return drawGamma(random, 1 / squared, 3 * squared);
}

/**
 * Crowds at any second, 3 to 20 times the level: a Pareto(1.5) from 3 on, drawn again above 20
 * (cut off, not heaped up at 20). They rise and last as bursts do.
 */
function planCrowds(seed: number): Surge[] {
  const random = createRandom(seed, 'social', 'crowds');
  return Array.from({ length: crowds }, () => {
    const atSecond = Math.floor(drawBetween(random, 0, durationSeconds));
    let height = drawPareto(random, 3, 1.5);
    // One draw in 17 is above 20; a hundred of them in a row do not happen.
    for (let draw = 0; height > 20 && draw < 100; draw += 1) height = drawPareto(random, 3, 1.5);
    return drawSurge(random, atSecond, Math.min(20, height));
  });
}

function drawSurge(random: Random, atSecond: number, height: number): Surge {
  const riseSeconds = Math.round(drawBetween(random, 10, 60));
  const lengthSeconds = Math.max(riseSeconds, Math.round(drawLognormal(random, 440, 0.8)));
  return { atSecond, height, riseSeconds, lengthSeconds };
}

/** Up in a line, level, and down in a line as long as the rise; surges at once add their excess. */
function addSurge(surge: Float64Array, one: Surge): void {
  const total = one.lengthSeconds + one.riseSeconds;
  for (let age = 0; age < total; age += 1) {
    const second = one.atSecond + age;
    if (second < 0 || second >= surge.length) continue;
    const rising = (age + 1) / one.riseSeconds;
    const falling = (total - age) / one.riseSeconds;
    const share = Math.min(1, rising, falling);
    surge[second] = (surge[second] ?? 1) + (one.height - 1) * share;
  }
}

/** Base × day × weekend × (1 + AR(1) noise, never below 0) × shift. */
function drawLevel(seed: number, plan: SocialPlan): Float64Array {
  const random = createRandom(seed, 'social', 'noise');
  const daily = dailyShape(firstMondaySeconds, dailySwing);
  const keep = Math.exp(-1 / noiseTimeSeconds);
  const kick = noiseDeviation * Math.sqrt(1 - keep * keep);
  const level = new Float64Array(durationSeconds);
  let noise = drawNormal(random, 0, noiseDeviation);
  for (let second = 0; second < durationSeconds; second += 1) {
    const weekend = weekendFactor(firstMondaySeconds + second, weekendRatio);
    const shift = second < plan.shiftSecond ? 1 : plan.shiftRatio;
    const calm = basePerSecond * daily(second) * weekend * shift;
    level[second] = calm * Math.max(0, 1 + noise);
    noise = keep * noise + drawNormal(random, 0, kick);
  }
  return level;
}
