// A promise of latency as the demand model keeps it: how long a unit of work is served, and how many
// instances follow from that. Without a service time it says nothing, and neither does the model.
import type { CapacityEstimate } from './capacity-estimate.ts';
import { createStaffing, type LatencyPromise } from './staffing.ts';

/** A service time is smoothed over so many samples, five minutes of seconds. */
const serviceSamples = 300;
/** What is reckoned from capacity and service time stands until one of them has moved so far. */
const staffingDrift = 0.03;

/** Only this file changes it. */
export interface LatencyGoal {
  readonly promise: LatencyPromise;
  /** Mean time that a unit of work is served for, waiting left out; NaN until it is known. */
  serviceMs: number;
  /** Whether any number of instances keeps the promise. */
  isReachable: boolean;
}

export function createLatencyGoal(promise: LatencyPromise): LatencyGoal {
  const { promiseMs, tailRatio } = promise;
  return { promise: { promiseMs, tailRatio }, serviceMs: Number.NaN, isReachable: true };
}

/** Takes in how long work was served lately. What is not above 0 is no time. */
export function observeService(goal: LatencyGoal, serviceMs: number): void {
  if (!(serviceMs > 0)) return;
  const known = Number.isNaN(goal.serviceMs) ? serviceMs : goal.serviceMs;
  goal.serviceMs = known + (serviceMs - known) / serviceSamples;
}

/** Sizes keep the promise from here on; false while no service time is known. */
export function followService(goal: LatencyGoal, capacity: CapacityEstimate): boolean {
  const { promise, serviceMs } = goal;
  if (Number.isNaN(serviceMs)) return false;
  const { staffing, perInstance } = capacity;
  const isAsBefore =
    staffing !== null &&
    isNear(staffing.perInstance, perInstance) &&
    isNear(staffing.serviceMs, serviceMs);
  if (isAsBefore) return true;
  capacity.staffing = createStaffing(promise, perInstance, serviceMs);
  goal.isReachable = capacity.staffing !== null;
  return true;
}

function isNear(one: number, other: number): boolean {
  return Math.abs(Math.log(one / other)) < staffingDrift;
}
