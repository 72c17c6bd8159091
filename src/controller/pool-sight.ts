// What a group's warm pool looks like to its demand: how many wait, and what that costs.

import type { PoolCost } from '../core/demand/pool-outlook.ts';
import type { PoolPlan, WarmPoolReading, WarmPoolTerms } from '../core/warm-pool/warm-pool.ts';
import type { TargetDescription } from './ports/scaling-target.ts';

/** Where no price is known: volumes of a few GB against a small instance. */
const unknownCostRatio = 0.02;
const costRatioMin = 0.001;

export interface PoolSight {
  readonly ready: number;
  readonly reusesOnScaleIn: boolean;
  /** Dollars; null where no price is known. */
  readonly pricePerInstanceHour: number | null;
}

export const noPool: PoolSight = { ready: 0, reusesOnScaleIn: false, pricePerInstanceHour: null };

/** A running instance costs what one in service does, another one its volumes. */
export function costOfPool(
  { state, max, volumesPerHour }: WarmPoolTerms,
  sight: PoolSight,
): PoolCost {
  const { pricePerInstanceHour: price, reusesOnScaleIn } = sight;
  const ofVolumes = price === null ? unknownCostRatio : volumesPerHour / price;
  const costRatio = state === 'running' ? 1 : Math.min(1, Math.max(costRatioMin, ofVolumes));
  return { costRatio, max, reusesOnScaleIn };
}

/** At rest, so that it can be started: not while it is being prepared or ended. */
const restingStates: ReadonlySet<string> = new Set([
  'Warmed:Stopped',
  'Warmed:Hibernated',
  'Warmed:Running',
]);

/** What a demand policy is told of the pool. */
export function sightPool(
  description: TargetDescription,
  { pricePerInstanceHour }: Pick<PoolSight, 'pricePerInstanceHour'>,
): PoolSight {
  const { ready, pool } = readPool(description) ?? { ready: 0, pool: null };
  return { ready, reusesOnScaleIn: pool?.reusesOnScaleIn ?? false, pricePerInstanceHour };
}

/** What a decision is told of the pool; null before it has been described. */
export function observePool(
  description: TargetDescription | null,
  plan: PoolPlan | null,
): WarmPoolReading | null {
  const reading = readPool(description);
  return reading === null ? null : { ...reading, ...(plan !== null && { plan }) };
}

/** The pool without its plan; null before it has been described. */
function readPool(description: TargetDescription | null): Omit<WarmPoolReading, 'plan'> | null {
  const outcome = description?.warmPool;
  if (description === null || outcome?.kind !== 'described') return null;
  const waiting = description.instances.filter(({ phase }) => phase === 'warm-pool');
  const ready = waiting.filter(({ lifecycleState }) => restingStates.has(lifecycleState)).length;
  const preparing = waiting.filter(({ lifecycleState }) =>
    lifecycleState.startsWith('Warmed:Pending'),
  ).length;
  return { pool: outcome.pool, ready, preparing };
}
