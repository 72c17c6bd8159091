// From demand to come to instances: what each step will need, when to launch for it, and what it will
// cost. A plan for people; what is launched is decided by the policies, tick by tick.

import type { EpochMs } from '../time.ts';

export interface PlanInput {
  readonly start: EpochMs;
  readonly stepMs: number;
  readonly levels: readonly number[];
  /** For each step the demand at each level. */
  readonly quantiles: readonly (readonly number[])[];
  /** Demand that one instance carries, > 0; null: no instances can be told. */
  readonly perInstance: number | null;
  readonly min: number;
  readonly max: number;
  /** From a launch to its first use. */
  readonly leadMs: number;
  /** What there is now; null where that is not known. */
  readonly desired: number | null;
  /** The demand that instances are planned for is at this level. 0–1. */
  readonly sizingLevel: number;
  readonly pricePerInstanceHour: number | null;
}

export interface PlanStep {
  readonly start: EpochMs;
  readonly low: number;
  readonly expected: number;
  readonly high: number;
  /** Within min and max; null where demand per instance is not known. */
  readonly instances: number | null;
  /** More than max would be needed: demand at the sizing level finds no instance. */
  readonly isShort: boolean;
  /** Dollars; null without a price or instances. */
  readonly cost: number | null;
}

/** A launch ahead of the step that needs it. */
export interface PreWarm {
  /** When to launch: the lead before `neededAt`, or the start of the plan where that is past. */
  readonly launchAt: EpochMs;
  readonly neededAt: EpochMs;
  readonly from: number;
  readonly to: number;
  /** The lead began before the plan: the instances come late. */
  readonly isLate: boolean;
}

export interface CapacityPlan {
  readonly steps: readonly PlanStep[];
  readonly preWarms: readonly PreWarm[];
  /** Dollars over all steps; null where it is not known. */
  readonly cost: number | null;
  readonly instanceHours: number | null;
}

const hourMs = 3_600_000;
const lowLevel = 0.1;
const expectedLevel = 0.5;
const highLevel = 0.9;
/** So that 5.4 at 0.6 are 9 instances, not 10: the quotient of the two is a little above 9. */
const roundingRatio = 1e-9;

/**
 * Each step needs its demand at the sizing level over what one instance carries, rounded up. For
 * example 540 ± 60 at 100 an instance is 7 instances at the level 0.9 where that is 610.
 */
export function planCapacity(input: PlanInput): CapacityPlan {
  const steps = input.quantiles.map((quantiles, index) => planStep(input, quantiles, index));
  const sizes = steps.flatMap(({ instances }) => instances ?? []);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const isSized = steps.length > 0 && sizes.length === steps.length;
  const instanceHours = isSized ? (total * input.stepMs) / hourMs : null;
  const price = input.pricePerInstanceHour;
  return {
    steps,
    preWarms: isSized ? listPreWarms(input, steps) : [],
    cost: instanceHours === null || price === null ? null : instanceHours * price,
    instanceHours,
  };
}

function planStep(input: PlanInput, quantiles: readonly number[], index: number): PlanStep {
  const { levels, max, min, perInstance, pricePerInstanceHour, sizingLevel, stepMs } = input;
  const at = (level: number): number => readLevel(levels, quantiles, level);
  const isSizable = perInstance !== null && perInstance > 0;
  const needed = isSizable
    ? Math.ceil((at(sizingLevel) / perInstance) * (1 - roundingRatio))
    : null;
  const instances = needed === null ? null : Math.max(min, Math.min(max, needed));
  const hours = stepMs / hourMs;
  return {
    start: input.start + index * stepMs,
    low: at(lowLevel),
    expected: at(expectedLevel),
    high: at(highLevel),
    instances,
    isShort: needed !== null && needed > max,
    cost:
      instances === null || pricePerInstanceHour === null
        ? null
        : instances * hours * pricePerInstanceHour,
  };
}

function listPreWarms(input: PlanInput, steps: readonly PlanStep[]): readonly PreWarm[] {
  const { leadMs, start } = input;
  const preWarms: PreWarm[] = [];
  let size = input.desired ?? steps[0]?.instances ?? 0;
  for (const step of steps) {
    const wanted = step.instances ?? size;
    if (wanted > size) {
      const launchAt = Math.max(start, step.start - leadMs);
      const isLate = step.start - leadMs < start;
      preWarms.push({ launchAt, neededAt: step.start, from: size, to: wanted, isLate });
    }
    size = wanted;
  }
  return preWarms;
}

/** Between two levels that are there, on the line between them; beyond them the nearest. 0–1. */
export function readLevel(
  levels: readonly number[],
  quantiles: readonly number[],
  level: number,
): number {
  const above = levels.findIndex((one) => one >= level);
  const last = quantiles.at(-1) ?? 0;
  if (above < 0) return last;
  const upper = quantiles[above] ?? last;
  const upperLevel = levels[above] ?? level;
  const lowerLevel = levels[above - 1];
  const lower = quantiles[above - 1];
  if (lowerLevel === undefined || lower === undefined) return upper;
  const share = (level - lowerLevel) / (upperLevel - lowerLevel);
  return lower + share * (upper - lower);
}
