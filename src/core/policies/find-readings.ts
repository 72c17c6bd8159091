// At which readings a policy would recommend a given size: what it would take, for people who ask why
// the size was not that one.

import { isEmpty, type PolicyContext } from './opinion.ts';
import type { Policy, StepPolicy, TargetTrackingPolicy, TrackedSignal } from './policy.ts';
import { readPerInstance, readSignal } from './read-signal.ts';
import { findStepSize } from './step.ts';

/** Null on a side that has no end. Whether an end itself belongs to it is the policy's affair. */
export interface ReadingRange {
  readonly lower: number | null;
  readonly upper: number | null;
}

export interface SizeReadings {
  readonly signal: string;
  /** Null without a reading. In the terms of one instance, as the policy's reason tells it. */
  readonly value: number | null;
  /** Lowest first; empty: at no reading, as things stand. */
  readonly ranges: readonly ReadingRange[];
}

/**
 * One for each signal that the policy looks at: of several, one has to be in its range and none above
 * it. Empty for policies that look at no one reading, and while no instance bears the load.
 */
export function findReadings(
  policy: Policy,
  context: PolicyContext,
  size: number,
): readonly SizeReadings[] {
  switch (policy.type) {
    case 'target-tracking':
      if (context.warmed === 0 && !isEmpty(context)) return [];
      return [policy, ...(policy.others ?? [])].map((tracked) =>
        findTracked(policy, tracked, context, size),
      );
    case 'step':
      return [findStepped(policy, context, size)];
    case 'backlog':
    case 'demand':
    case 'fixed':
    case 'forecast':
    case 'schedule':
      return [];
  }
}

function findTracked(
  { tolerance }: TargetTrackingPolicy,
  { selector, target }: TrackedSignal,
  context: PolicyContext,
  size: number,
): SizeReadings {
  const { current, canWake } = context;
  const { signal } = selector;
  const warmed = Math.max(1, context.warmed);
  const value = readPerInstance(selector, context);
  // In instances that are needed; a group of none is asked for what it takes, without a tolerance.
  const most = isEmpty(context) ? 0 : warmed * (1 + tolerance.scaleOutRatio);
  const least = isEmpty(context) ? 0 : warmed * (1 - tolerance.scaleInRatio);
  const above = beginOf(size, canWake);
  const [lower, upper] =
    size > current
      ? [Math.max(above, most), size]
      : size < current
        ? [above, Math.min(size, least)]
        : [Math.min(above, least), Math.max(size, most)];
  const isLastKept = size === 0 && size < current && !canWake;
  const toReading = (needed: number): number | null =>
    Number.isFinite(needed) ? (needed * target) / warmed : null;
  const range = { lower: toReading(lower), upper: toReading(upper) };
  return { signal, value, ranges: lower < upper && !isLastKept ? [range] : [] };
}

/** What is needed beyond this takes at least `size`, for it is rounded up, and to 1 at least. */
function beginOf(size: number, canWake: boolean): number {
  if (size >= 2) return size - 1;
  return size === 1 && canWake ? 0 : Number.NEGATIVE_INFINITY;
}

function findStepped(policy: StepPolicy, context: PolicyContext, size: number): SizeReadings {
  const { selector, steps } = policy;
  const read = readSignal(selector, context);
  const ends = steps.flatMap(({ lower, upper }) => [lower, upper]).filter((end) => end !== null);
  const sorted = [...new Set(ends)].toSorted((one, other) => one - other);
  const ranges: ReadingRange[] = [];
  for (let index = 0; index <= sorted.length; index += 1) {
    const lower = sorted[index - 1] ?? null;
    const upper = sorted[index] ?? null;
    if (findStepSize(policy, within(lower, upper), context) !== size) continue;
    const last = ranges.at(-1);
    const goesOn = last !== undefined && lower !== null && last.upper === lower;
    if (goesOn) ranges[ranges.length - 1] = { lower: last.lower, upper };
    else ranges.push({ lower, upper });
  }
  return { signal: selector.signal, value: typeof read === 'number' ? read : null, ranges };
}

function within(lower: number | null, upper: number | null): number {
  if (lower === null) return upper === null ? 0 : upper - 1;
  return upper === null ? lower + 1 : (lower + upper) / 2;
}
