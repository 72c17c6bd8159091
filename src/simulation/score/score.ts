// The score of a run: its violation share and cost beside the optimum's.
import type { FluidResult } from '../fluid/run-fluid.ts';
import { meanBilledBootSeconds } from '../fluid/boot-time.ts';
import type { FleetOptions } from '../fluid/fleet.ts';
import { cutIntoLevels } from '../optimum/levels.ts';
import type { Levels, SwitchCosts } from '../optimum/levels.ts';
import { boundCost, zeroViolationCost } from '../optimum/optimum.ts';
import { capacityAt, scoredBlocks } from '../workload.ts';
import type { Workload } from '../workload.ts';
import { blockSeconds } from './blocks.ts';
import type { Elasticity } from './elasticity.ts';

/** The allowances at which a competitive ratio is given. */
export const violationAllowances = [0.001, 0.005, 0.01] as const;

export interface Optimum {
  readonly levels: Levels;
  readonly costs: SwitchCosts;
  /** The capacity that scales the search for a price. */
  readonly capacity: number;
  readonly zeroViolationCost: number;
  /** OPT_ε in the order of `violationAllowances`. */
  readonly bounds: readonly number[];
}

export interface CompetitiveRatio {
  readonly allowance: number;
  /** Null where the run's violation share is above the allowance. */
  readonly ratio: number | null;
}

export interface Score {
  readonly violationShare: number;
  readonly costInstanceSeconds: number;
  readonly competitiveRatios: readonly CompetitiveRatio[];
  /** Cost over the optimum's at the run's own violation share: waste, without excess safety. */
  readonly ownRatio: number;
  readonly elasticity: Elasticity;
  readonly launchesPerHour: number;
}

/** The optimum of a workload's scored span, for a group and the boots and drains of its fleet. */
export function findOptimum(
  workload: Workload,
  group: { readonly minInstances: number; readonly maxInstances: number },
  fleet: Pick<FleetOptions, 'boot' | 'drainSeconds'>,
): Optimum {
  const { from, to } = scoredBlocks(workload);
  const capacities = new Float64Array(to - from);
  for (let block = from; block < to; block += 1) {
    const second = block * blockSeconds - workload.offsetSeconds;
    capacities[block - from] = capacityAt(workload.capacity, second);
  }
  const levels = cutIntoLevels({
    blockSeconds,
    means: workload.means.subarray(from, to),
    capacities,
    ...group,
  });
  const costs = {
    startSeconds: meanBilledBootSeconds(fleet.boot),
    stopSeconds: fleet.drainSeconds,
  };
  const capacity = workload.capacity.perInstance;
  return {
    levels,
    costs,
    capacity,
    zeroViolationCost: zeroViolationCost(levels, costs),
    bounds: violationAllowances.map(
      (allowance) => boundCost(levels, costs, capacity, allowance).bound,
    ),
  };
}

/** Unserved work as a share of the offered; 0 where nothing was offered. */
export function violationShareOf(
  result: Pick<FluidResult, 'offeredWork' | 'unservedWork'>,
): number {
  return result.offeredWork > 0 ? result.unservedWork / result.offeredWork : 0;
}

/** Sets a run beside the optimum of the same workload, group and fleet. */
export function scoreRun(result: FluidResult, optimum: Optimum): Score {
  const { costInstanceSeconds, scoredSeconds } = result;
  const violationShare = violationShareOf(result);
  const { levels, costs, capacity, bounds } = optimum;
  const own = boundCost(levels, costs, capacity, violationShare).bound;
  return {
    violationShare,
    costInstanceSeconds,
    competitiveRatios: violationAllowances.map((allowance, index) => ({
      allowance,
      ratio: violationShare <= allowance ? costInstanceSeconds / (bounds[index] ?? 0) : null,
    })),
    ownRatio: costInstanceSeconds / own,
    elasticity: result.elasticity,
    launchesPerHour: (result.launches * 3600) / scoredSeconds,
  };
}

/** The geometric mean; NaN for none. */
export function geometricMean(ratios: readonly number[]): number {
  const logs = ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0);
  return ratios.length > 0 ? Math.exp(logs / ratios.length) : Number.NaN;
}
