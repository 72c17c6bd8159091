// The running sums of a run over its scored span: what was offered, missed and needed, second by
// second. Both engines add to it; what an instance costs is each engine's own account.
import { neededInstances } from '../workload.ts';
import type { Elasticity, ElasticityMeter } from './elasticity.ts';
import { createElasticityMeter, meterSecond, readElasticity } from './elasticity.ts';

export interface Tally {
  offered: number;
  unserved: number;
  peak: number;
  /** What the last second's demand needed; in most seconds it is the one before. */
  mean: number;
  perInstance: number;
  needed: number;
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
  return {
    offered: 0,
    unserved: 0,
    peak: 0,
    mean: Number.NaN,
    perInstance: Number.NaN,
    needed: 1,
    minInstances,
    meter: createElasticityMeter(),
  };
}

/** One second: `mean` is its block's demand and `perInstance` what one instance does, a second. */
export function tallySecond(
  tally: Tally,
  mean: number,
  inService: number,
  perInstance: number,
): void {
  const served = inService * perInstance;
  tally.offered += mean;
  if (mean > served) tally.unserved += mean - served;
  if (inService > tally.peak) tally.peak = inService;
  if (mean !== tally.mean || perInstance !== tally.perInstance) {
    tally.mean = mean;
    tally.perInstance = perInstance;
    tally.needed = Math.max(1, tally.minInstances, neededInstances(mean / perInstance));
  }
  meterSecond(tally.meter, tally.needed, inService);
}

export function readTally(tally: Tally): TallyReading {
  return {
    offeredWork: tally.offered,
    unservedWork: tally.unserved,
    peakInService: tally.peak,
    elasticity: readElasticity(tally.meter),
  };
}
