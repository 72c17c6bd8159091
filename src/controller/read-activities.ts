// What a group's activities tell: launches that fail one after another, and who changed what.

import type { ForeignChange } from '../core/foreign-change.ts';
import type { LaunchFailures } from '../core/observation.ts';
import type { ScalingActivity } from './ports/scaling-activities.ts';

/** An activity tells of a change that was noticed at most this long after it began. */
const noticedWithinMs = 300_000;
const byLengthMax = 200;

/** `activities`: newest first. Null if the newest launch that has ended did not fail. */
export function findLaunchFailures(activities: readonly ScalingActivity[]): LaunchFailures | null {
  let newest: ScalingActivity | null = null;
  let inARow = 0;
  for (const activity of activities) {
    if (activity.kind !== 'launch') continue;
    if (activity.status === 'successful') break;
    if (activity.status !== 'failed') continue;
    newest ??= activity;
    inARow += 1;
  }
  if (newest === null) return null;
  const lastAt = newest.endedAt ?? newest.startedAt;
  return { inARow, lastAt, cause: newest.failure ?? 'no cause given' };
}

/**
 * Who made the change, out of the causes: `a user request update of AutoScalingGroup constraints to
 * min: 1, max: 9, desired: 5`. Null if none of them tells.
 */
export function findAuthor(
  change: ForeignChange,
  activities: readonly ScalingActivity[],
): string | null {
  for (const { cause, startedAt } of activities) {
    if (startedAt < change.at - noticedWithinMs) break;
    // Sentences begin with their time, "At 2026-01-02T03:04:05Z".
    for (const sentence of cause.split(/\bAt \d{4}-\d\d-\d\dT[\d:.]+Z /)) {
      if (isAbout(change, sentence)) {
        const [who = ''] = sentence.split(/,? changing the desired capacity/);
        return who.trim().replace(/\.$/, '').slice(0, byLengthMax);
      }
    }
  }
  return null;
}

function isAbout({ what, from, to }: ForeignChange, sentence: string): boolean {
  const ending = what === 'desired' ? `changing the desired capacity from ${from} to ${to}` : null;
  if (ending !== null) return new RegExp(`${ending}\\b`).test(sentence);
  return new RegExp(`constraints to .*\\b${what}: ${to}\\b`).test(sentence);
}
