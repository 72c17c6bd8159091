// The published recipe: backlog per instance against what is acceptable, as AWS's target tracking
// follows it (Amazon EC2 Auto Scaling user guide, "Scaling based on Amazon SQS"): three minutes above
// the target add, fifteen below nine tenths of it remove.

import type { MinuteCount, QueueReading } from '../../queue/queue-reading.ts';
import type { BacklogPolicy } from '../policy.ts';
import { findAcceptableBacklog } from './setter.ts';

export interface RecipeSize {
  readonly desired: number;
  /** Messages per instance that are acceptable. > 0; below 1 where a message takes longer than the promise. */
  readonly target: number;
  /** Messages per instance at the end of the last minute; null where there was no instance. */
  readonly backlog: number | null;
}

const highMinutes = 3;
const lowMinutes = 15;
const lowRatio = 0.9;

/** `current` where nothing is to change. One instance where there is none and something waits. */
export function sizeByRecipe(
  reading: QueueReading,
  policy: BacklogPolicy,
  current: number,
): RecipeSize {
  const { minutes, inService, visible, launching } = reading;
  const target = findAcceptableBacklog(policy, reading.durations.meanMs);
  const last = minutes.at(-1);
  const backlog = last === undefined ? null : perInstance(last);
  const size = { target, backlog };
  // A quotient without a divisor: the recipe has no answer, and one instance makes one.
  if (inService === 0) return { ...size, desired: Math.max(current, visible > 0 ? 1 : 0) };
  const isHigh = hasAll(minutes, highMinutes, (value) => value > target);
  const isLow = hasAll(minutes, lowMinutes, (value) => value < lowRatio * target);
  if (last === undefined || (!isHigh && !isLow)) return { ...size, desired: current };
  const wanted = Math.ceil(last.visible / target - 1e-9);
  if (isHigh) return { ...size, desired: Math.max(current, wanted) };
  return { ...size, desired: launching.length > 0 ? current : Math.min(current, wanted) };
}

function hasAll(
  minutes: readonly MinuteCount[],
  count: number,
  holds: (value: number) => boolean,
): boolean {
  const values = minutes.slice(-count).map(perInstance);
  return values.length === count && values.every((value) => value !== null && holds(value));
}

/** Null where there was no instance to divide by. */
function perInstance({ visible, inService }: MinuteCount): number | null {
  return inService > 0 ? visible / inService : null;
}
