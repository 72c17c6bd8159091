// The running sums of a run over its scored span: what was offered, missed and needed, second by
// second. Both engines add to it; what an instance costs is each engine's own account.
import { neededInstances } from '../workload.ts';
import type { Elasticity, ElasticityMeter } from './elasticity.ts';
import { createElasticityMeter, meterSeconds, readElasticity } from './elasticity.ts';

export interface Tally {
  offered: number;
  unserved: number;
  peak: number;
  readonly minInstances: number;
  readonly meter: ElasticityMeter;
}

/** What a tally came to. */
export interface TallyReading {
  readonly offeredWork: number;
  readonly unservedWork: number;
  readonly peakInService: number;
  readonly elasticity: Elasticity;
}

export function createTally(minInstances: number): Tally {
  return { offered: 0, unserved: 0, peak: 0, minInstances, meter: createElasticityMeter() };
}

/** One second: `mean` is its block's demand and `perInstance` what one instance does, a second. */
export function tallySecond(
  tally: Tally,
  mean: number,
  inService: number,
  perInstance: number,
): void {
  tallySeconds(tally, { mean, perInstance, seconds: 1 }, inService);
}

export interface LikeSeconds {
  readonly mean: number;
  readonly perInstance: number;
  readonly seconds: number;
}

/** So many seconds of one block with the same supply: sums as of one after the other, to the last bit. */
export function tallySeconds(
  tally: Tally,
  { mean, perInstance, seconds }: LikeSeconds,
  inService: number,
): void {
  const unserved = Math.max(0, mean - inService * perInstance);
  for (let second = 0; second < seconds; second += 1) {
    tally.offered += mean;
    tally.unserved += unserved;
  }
  if (inService > tally.peak) tally.peak = inService;
  const needed = Math.max(1, tally.minInstances, neededInstances(mean / perInstance));
  meterSeconds(tally.meter, { needed, supplied: inService, seconds });
}

export function readTally(tally: Tally): TallyReading {
  return {
    offeredWork: tally.offered,
    unservedWork: tally.unserved,
    peakInService: tally.peak,
    elasticity: readElasticity(tally.meter),
  };
}
