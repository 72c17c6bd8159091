// What Spot capacity costs and how long it lasts. AWS publishes neither the depth of its pools nor
// their future: each pool (type and zone) draws its price and its depth once, from the seed.

import { HOUR_MS } from '../calendar.ts';
import { findInstanceType } from '../instance-types.ts';
import type { Model } from '../model.ts';
import { randomStream } from '../random.ts';
import type { RandomStream } from '../random.ts';

/** One Spot capacity pool. */
export interface SpotPool {
  readonly instanceType: string;
  readonly zone: string;
  readonly hourlyUsd: number;
  /** 0–1: how much is left. Deep pools are interrupted rarely. */
  readonly depth: number;
}

/** Spot is had for 25–45 % of the On-Demand price [known: "up to 90 % off"]. */
const PRICE_RATIO_MIN = 0.25;
const PRICE_RATIO_SPAN = 0.2;

/** Prices are quoted to a hundredth of a cent. */
const PRICE_STEPS_PER_USD = 10_000;

/** Returns the pool; the same one for the same seed whenever it is asked for. */
export function findSpotPool(model: Model, instanceType: string, zone: string): SpotPool {
  const stream = randomStream(model.options.seed, `spot/${instanceType}/${zone}`, 0);
  const ratio = PRICE_RATIO_MIN + PRICE_RATIO_SPAN * stream.nextRatio();
  const onDemand = onDemandHourlyUsd(model, instanceType);
  const hourlyUsd = Math.round(onDemand * ratio * PRICE_STEPS_PER_USD) / PRICE_STEPS_PER_USD;
  return { instanceType, zone, hourlyUsd, depth: stream.nextRatio() };
}

/** Returns the On-Demand price; 0 for a type that neither the options nor the table knows. */
export function onDemandHourlyUsd(model: Model, instanceType: string): number {
  return model.options.hourlyUsd[instanceType] ?? findInstanceType(instanceType)?.hourlyUsd ?? 0;
}

/**
 * Returns how long an instance of the pool runs before EC2 wants it back, exponentially distributed
 * about the options' rate: a pool of depth d has 2(1 − d) times it. Infinity where the rate is 0.
 */
export function drawSpotLifeMs(model: Model, pool: SpotPool, stream: RandomStream): number {
  const perHour = model.options.spot.interruptionsPerHour * 2 * (1 - pool.depth);
  const ratio = stream.nextRatio();
  return perHour <= 0 ? Number.POSITIVE_INFINITY : (-Math.log(1 - ratio) / perHour) * HOUR_MS;
}
