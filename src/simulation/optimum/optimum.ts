// The optimum of a span of demand: what a scheduler that knows the future would pay at least.
import { maximizeBound } from './dual-bound.ts';
import type { DualBound } from './dual-bound.ts';
import type { Levels, SwitchCosts } from './levels.ts';
import { priceLevels } from './price-levels.ts';

/** A point on the lower hull of cost against violation: no plan lies below the hull. */
export interface FrontierPoint {
  /** Instance-seconds per unit of unserved work; `Infinity` where everything is served. */
  readonly price: number;
  readonly violationShare: number;
  /** Instance-seconds. */
  readonly cost: number;
}

/** The prices searched, as multiples of the price at which an instance just pays for itself. */
export const lowPriceRatio = 1e-3;
export const highPriceRatio = 1e4;
/** Points of a frontier when nothing else is asked for: eight per decade. */
const frontierPoints = 57;

/**
 * OPT_ε: the least cost of leaving at most `violationShare` of the work unserved, as the dual of
 * the exact programme. It bounds every policy from below at every ε. The price of work is searched
 * on Λ · C in 10⁻³ … 10⁴, C being `capacity`. A span without work costs its minimum.
 */
export function boundCost(
  levels: Levels,
  costs: SwitchCosts,
  capacity: number,
  violationShare: number,
): DualBound {
  return maximizeBound({
    evaluate: (price) => priceLevels(levels, costs, price),
    allowedWork: violationShare * levels.totalWork,
    lowPrice: lowPriceRatio / capacity,
    highPrice: highPriceRatio / capacity,
  });
}

/** The least cost of serving everything; `Infinity` where the largest group cannot. */
export function zeroViolationCost(levels: Levels, costs: SwitchCosts): number {
  return priceLevels(levels, costs, Number.POSITIVE_INFINITY).value;
}

/** Corner points of the frontier from the dearest service to the cheapest, at spaced prices. */
export function traceFrontier(
  levels: Levels,
  costs: SwitchCosts,
  capacity: number,
): readonly FrontierPoint[] {
  const points: FrontierPoint[] = [];
  const decades = Math.log(highPriceRatio / lowPriceRatio);
  for (let index = -1; index < frontierPoints; index += 1) {
    const ratio = highPriceRatio * Math.exp((-decades * index) / (frontierPoints - 1));
    const price = index < 0 ? Number.POSITIVE_INFINITY : ratio / capacity;
    const plan = priceLevels(levels, costs, price);
    const violationShare = levels.totalWork > 0 ? plan.unservedWork / levels.totalWork : 0;
    const last = points.at(-1);
    if (last !== undefined && violationShare <= last.violationShare) continue;
    points.push({ price, violationShare, cost: plan.cost });
  }
  return points;
}

/**
 * The bound at any violation share from a frontier alone: the highest of its tangents, each valid
 * everywhere. A little below `boundCost`, at no cost.
 */
export function boundFromFrontier(
  frontier: readonly FrontierPoint[],
  totalWork: number,
  violationShare: number,
): number {
  let bound = 0;
  for (const { price, cost, violationShare: share } of frontier) {
    // The tangent at an infinite price says something of no violation alone.
    if (price === Number.POSITIVE_INFINITY) continue;
    bound = Math.max(bound, cost + price * totalWork * (share - violationShare));
  }
  return bound;
}
