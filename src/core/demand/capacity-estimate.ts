// What one instance can do, learned from how busy it is with what it is given.

import type { Carrying, Staffing } from './staffing.ts';

/**
 * Samples over which load and busy share are summed: of seconds five minutes, so that a slower
 * release soon shows.
 */
const memorySamples = 300;
const keep = Math.exp(-1 / memorySamples);
/** From here on all are full: the share says nothing of how much more was asked. 1 less rounding. */
export const saturatedRatio = 0.99;
/** Below this the share is mostly what an idle instance does anyway. */
const idleRatio = 0.02;

/**
 * After a few samples above what a full fleet can do, which one lucky second is not, load is known to be
 * counted where it is offered, and none of it to be hidden.
 */
export const excessSamplesMin = 3;

/** Only this file changes it. */
export interface CapacityEstimate {
  load: number;
  busy: number;
  /** Work per second; NaN until something has been seen. */
  perInstance: number;
  /** What keeps a promise of latency; null without one, and before a service time is known. */
  staffing: Staffing | null;
}

export function createCapacityEstimate(): CapacityEstimate {
  return { load: 0, busy: 0, perInstance: Number.NaN, staffing: null };
}

/**
 * Takes in the mean load of an instance and its mean busy share (0–1) over a sample; the shorter it
 * is the better, for a mean over full and idle seconds says too much. A full instance
 * can only show that it can do no more than it does: that lowers the estimate and never raises it.
 */
export function observeCapacity(
  estimate: CapacityEstimate,
  loadPerInstance: number,
  busyRatio: number,
): void {
  if (!(loadPerInstance > 0) || !(busyRatio > idleRatio)) return;
  if (busyRatio < saturatedRatio) {
    estimate.load = estimate.load * keep + loadPerInstance;
    estimate.busy = estimate.busy * keep + busyRatio;
    estimate.perInstance = estimate.load / estimate.busy;
    return;
  }
  const shown = loadPerInstance / busyRatio;
  if (estimate.perInstance <= shown) return;
  estimate.perInstance = shown;
  // What it was a mean of is disproved: the next instance that is not full tells.
  estimate.load = 0;
  estimate.busy = 0;
}

/**
 * What an instance can do, to 36 bits (Veltkamp's splitting): it is a ratio of long sums, and groups
 * that differ in size alone are to agree on it.
 */
export function carryingOf({ perInstance, staffing }: CapacityEstimate): Carrying {
  const scaled = perInstance * 131_073;
  return { perInstance: scaled - (scaled - perInstance), staffing };
}
