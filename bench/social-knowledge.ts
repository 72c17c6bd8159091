// What can be known, at a moment, of the demand that `social` will have a lead later: exact where the
// generator's own parameters are given, a Bayesian's where they have to be learned.
import { createRandom, drawGamma } from '../src/simulation/random.ts';
import type { SocialPlan, Surge } from '../src/simulation/load/social.ts';

/**
 * What a rule is told. `all`: every slot's own probability. `learning`: where slots lie, and that their
 * probabilities are drawn from Beta(0.8, 2.2); each is learned from the days that were seen. `slots`:
 * where they lie, and the mean. `no-clock`: how often bursts come.
 */
export const knowledges = ['all', 'learning', 'slots', 'no-clock'] as const;
export type Knowledge = (typeof knowledges)[number];

/** Of the generator; see `generateSocial`. */
const prior = { bursts: 0.8, all: 3 } as const;
const scheduledAt = { meanSeconds: 135, deviationSeconds: 15 } as const;
const length = { medianSeconds: 440, sigma: 0.8 } as const;
const heightShape = 1 / (0.35 * 0.35);
const heightScale = 3 * 0.35 * 0.35;
/** Agents report each second with a delay of one; a rise takes some to show. */
const sightSeconds = 5;
/** Share of bursts begun within a lead that still last at its end. */
const lastingShare = 0.95;
/** How far the level itself moves within a lead. */
const levelDeviation = 0.03;
const heightsDrawn = 20_000;
/** Surges at once beyond these are left out: they do not happen. */
const surgesMax = 3;

export interface Outlook {
  /** The chance that demand at the end of the lead exceeds `size`, in the unit of the demand. */
  chanceAbove(size: number): number;
}

export interface Oracle {
  /** Looks ahead from a moment (in seconds of the load) with the demand that is seen in it. */
  look(atSecond: number, demand: number): Outlook;
}

/** Moments have to come in order. */
export function createOracle(plan: SocialPlan, knowledge: Knowledge, leadSeconds: number): Oracle {
  const surges = [...plan.bursts, ...plan.crowds].toSorted(
    (one, other) => one.atSecond - other.atSecond,
  );
  const slots = createSlotWatch(plan, knowledge);
  return {
    look(atSecond, demand) {
      const active = surges.flatMap((surge) => seeSurge(surge, atSecond, leadSeconds));
      const lifted = active.reduce((sum, { now }) => sum + now, 1);
      const level = demand / lifted;
      const chance = lastingShare * slots.chanceOfBurst(atSecond, leadSeconds);
      return { chanceAbove: (size) => exceed({ level, chance, active }, size) };
    },
  };
}

interface ActiveSurge {
  /** Times the level, above it: as it stands now, and whole. */
  readonly now: number;
  readonly whole: number;
  readonly lastingChance: number;
}

function seeSurge(surge: Surge, atSecond: number, leadSeconds: number): readonly ActiveSurge[] {
  const { height, riseSeconds, lengthSeconds } = surge;
  const age = atSecond - surge.atSecond;
  const total = lengthSeconds + riseSeconds;
  if (age < sightSeconds || age >= total + sightSeconds) return [];
  const share = Math.max(0, Math.min(1, age / riseSeconds, (total - age) / riseSeconds));
  const isFalling = total - age < riseSeconds;
  const lasting = outlast(age + leadSeconds) / Math.max(1e-6, outlast(age));
  const whole = height - 1;
  return [{ now: whole * share, whole, lastingChance: isFalling ? 0 : lasting }];
}

interface Ahead {
  readonly level: number;
  readonly chance: number;
  readonly active: readonly ActiveSurge[];
}

/** Sums over which of the surges under way go on, and whether a new one begins. */
function exceed({ level, chance, active }: Ahead, size: number): number {
  const some = active.slice(0, surgesMax);
  let sum = 0;
  for (let mask = 0; mask < 1 << some.length; mask += 1) {
    let probability = 1;
    let lifted = 1;
    for (const [index, { whole, lastingChance }] of some.entries()) {
      const lasts = ((mask >> index) & 1) === 1;
      probability *= lasts ? lastingChance : 1 - lastingChance;
      if (lasts) lifted += whole;
    }
    if (probability < 1e-6) continue;
    const calm = 1 - normalShare((size / (level * lifted) - 1) / levelDeviation);
    const burst = Math.max(calm, higherThan(size / level - lifted));
    sum += probability * (chance * burst + (1 - chance) * calm);
  }
  return sum;
}

interface SlotWatch {
  /** That one begins after this moment and within the lead. */
  chanceOfBurst(atSecond: number, leadSeconds: number): number;
}

function createSlotWatch(plan: SocialPlan, knowledge: Knowledge): SlotWatch {
  const { slotSeconds, phaseSeconds, slotProbabilities } = plan;
  if (slotSeconds === 0) return { chanceOfBurst: () => 0 };
  const slotsPerDay = slotProbabilities.length;
  const burstOf = new Map(
    plan.bursts.map((burst) => [Math.floor((burst.atSecond - phaseSeconds) / slotSeconds), burst]),
  );
  const days = new Int32Array(slotsPerDay);
  const bursts = new Int32Array(slotsPerDay);
  const mean = prior.bursts / prior.all;
  let counted = 0;
  const count = (slot: number): void => {
    for (; counted < slot; counted += 1) {
      const ofDay = counted % slotsPerDay;
      days[ofDay] = (days[ofDay] ?? 0) + 1;
      if (burstOf.has(counted)) bursts[ofDay] = (bursts[ofDay] ?? 0) + 1;
    }
  };
  const probabilityOf = (slot: number): number => {
    if (knowledge === 'slots' || slot < 0) return mean;
    const ofDay = slot % slotsPerDay;
    if (knowledge === 'all') return slotProbabilities[ofDay] ?? mean;
    return (prior.bursts + (bursts[ofDay] ?? 0)) / (prior.all + (days[ofDay] ?? 0));
  };
  const chanceIn = (slot: number, atSecond: number, leadSeconds: number): number => {
    const from = atSecond - phaseSeconds - slot * slotSeconds;
    const seen = burstOf.get(slot);
    if (from + leadSeconds <= 0) return 0;
    if (seen !== undefined && seen.atSecond <= atSecond - sightSeconds) return 0;
    const probability = probabilityOf(slot);
    const before = begunBy(plan, from);
    const within = begunBy(plan, from + leadSeconds) - before;
    return (probability * within) / (1 - probability * before);
  };
  return {
    chanceOfBurst(atSecond, leadSeconds) {
      if (knowledge === 'no-clock') return (mean * leadSeconds) / slotSeconds;
      const slot = Math.floor((atSecond - phaseSeconds) / slotSeconds);
      count(slot);
      const none =
        (1 - chanceIn(slot, atSecond, leadSeconds)) *
        (1 - chanceIn(slot + 1, atSecond, leadSeconds));
      return 1 - none;
    },
  };
}

/** Share of a slot's bursts that have begun so many seconds into it. */
function begunBy({ slotSeconds, scheduledShare }: SocialPlan, seconds: number): number {
  if (seconds <= 0) return 0;
  if (seconds >= slotSeconds) return 1;
  const { meanSeconds, deviationSeconds } = scheduledAt;
  const scheduled = normalShare((seconds - meanSeconds) / deviationSeconds);
  return scheduledShare * scheduled + (1 - scheduledShare) * (seconds / slotSeconds);
}

function outlast(seconds: number): number {
  return 1 - normalShare(Math.log(Math.max(1, seconds) / length.medianSeconds) / length.sigma);
}

const random = createRandom(7, 'heights');
const heights = Float64Array.from({ length: heightsDrawn }, () =>
  drawGamma(random, heightShape, heightScale),
).toSorted();

/** The share of bursts that are higher above the level than this many times it. */
function higherThan(height: number): number {
  let low = 0;
  let high = heightsDrawn;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((heights[middle] ?? 0) <= height) low = middle + 1;
    else high = middle;
  }
  return 1 - low / heightsDrawn;
}

/** The standard normal distribution below z, within 2e-7 (Abramowitz and Stegun 1964, 7.1.26). */
function normalShare(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const polynomial =
    t *
    (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const error = 1 - polynomial * Math.exp(-x * x);
  return z < 0 ? (1 - error) / 2 : (1 + error) / 2;
}
