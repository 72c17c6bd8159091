// The traffic of the demo: a day and a night, and a crowd that comes every ninety minutes, as after a
// newsletter. A function of time alone, before the demo's start as after it, so that every run shows
// the same and has a past.

import type { EpochMs } from '../../core/time.ts';

/** Requests a second that one simulated instance can serve. */
export const instanceCapacity = 100;

const meanRate = 450;
const dayShare = 0.45;
const dayMs = 24 * 3_600_000;
/** Crowds begin this long after the start, and at this distance before and after. */
const firstCrowdMs = 25 * 60_000;
const crowdEveryMs = 90 * 60_000;
const crowdRiseMs = 90_000;
const crowdStaysMs = 8 * 60_000;
const crowdFallMs = 4 * 60_000;
const crowdTimes = 2.2;

/** Requests a second that arrive `sinceMs` after the demo's start, which is 8 in the morning. */
export function demandAt(sinceMs: EpochMs): number {
  const timeOfDay = (sinceMs / dayMs + 8 / 24) * 2 * Math.PI;
  const daily = meanRate * (1 - dayShare * Math.cos(timeOfDay));
  return daily * (1 + (crowdTimes - 1) * crowdShare(sinceMs));
}

/** How much of a crowd is there, 0–1. */
export function crowdShare(sinceMs: number): number {
  const past = (sinceMs - firstCrowdMs) % crowdEveryMs;
  const into = past < 0 ? past + crowdEveryMs : past;
  if (into < crowdRiseMs) return into / crowdRiseMs;
  if (into < crowdRiseMs + crowdStaysMs) return 1;
  const falling = into - crowdRiseMs - crowdStaysMs;
  return Math.max(0, 1 - falling / crowdFallMs);
}
