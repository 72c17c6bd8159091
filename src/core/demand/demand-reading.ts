// What the demand policy is shown: a few numbers, so that a journal keeps them and a replay decides
// the same. Made by the model; judged by the policy.

import type { EpochMs } from '../time.ts';
import type { LatencyPromise } from './staffing.ts';

export interface DemandReading {
  /** End of the newest block in it. */
  readonly at: EpochMs;
  /** Offered work per second, whether it was served or not. ≥ 0. */
  readonly demand: number;
  /** Learned: work per second that one instance can do. > 0. */
  readonly capacityPerInstance: number;
  /** Learned: from a launch to its first useful second. */
  readonly leadMs: number;
  /** Instances that wait in a warm pool, and how long a start from there takes: they stand in. */
  readonly pool?: { readonly ready: number; readonly leadMs: number };
  /** Of a promise of latency: what it says, by what it is reckoned, and whether it can be kept. */
  readonly latency?: LatencyPromise & {
    readonly serviceMs: number;
    readonly isReachable: boolean;
  };
  /** Sizes, whole, ≥ 1: what the load alone asks for, what is worth launching, what worth keeping. */
  readonly floor: number;
  readonly add: number;
  readonly keep: number;
  /** What the load alone asks for, as with `forecast: off`: no forecast may stand in its way. */
  readonly reactive: { readonly add: number; readonly keep: number };
  /** The chance of being needed below which an instance is not kept. 0–1. */
  readonly riskRatio: number;
  /** Whether the forecast pays for itself at present and is followed. */
  readonly isForecast: boolean;
  /** The share of the demand that found no instance so far, discounted over a week. 0–1. */
  readonly unservedRatio: number;
  /** The fleet is full: there may be more demand than can be seen. */
  readonly isCensored: boolean;
}
