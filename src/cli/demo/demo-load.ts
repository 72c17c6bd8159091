// The traffic of the demo: a day and a night, and a crowd that comes without warning every now and
// then. A function of time alone, so that every run of the demo shows the same.

import type { EpochMs } from '../../core/time.ts';

/** Requests a second that one simulated instance can serve. */
export const instanceCapacity = 100;

const meanRate = 450;
const dayShare = 0.45;
const dayMs = 24 * 3_600_000;
/** Crowds begin this long after the start, and then at this distance. */
const firstCrowdMs = 10 * 60_000;
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
  if (sinceMs < firstCrowdMs) return 0;
  const into = (sinceMs - firstCrowdMs) % crowdEveryMs;
  if (into < crowdRiseMs) return into / crowdRiseMs;
  if (into < crowdRiseMs + crowdStaysMs) return 1;
  const falling = into - crowdRiseMs - crowdStaysMs;
  return Math.max(0, 1 - falling / crowdFallMs);
}
