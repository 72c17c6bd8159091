// A fleet that is only imagined: what a plan would have cost, and missed, on the demand that came.
// It knows how long a launch takes and what starting and stopping cost, and nothing of distributions.
//
//   add ──▶ arriving (one slot per block) ──lead──▶ in service ──surplus beyond `keep`──▶ gone
//             └─────────── surplus: newest first ───────────────────────────────────────▶ gone
import { ringBlocks } from './outlook.ts';

export const blockSeconds = 10;
/** Of a start, in instance-seconds: the billed part of a boot that AWS keeps pending for 16 s. */
const pendingSeconds = 16;
/** Of a stop: the drain. And the least that a launch is billed for. */
export const drainSeconds = 30;
export const billedSecondsMin = 60;

/** Only this file changes it. */
export interface ShadowFleet {
  inService: number;
  /** In service and arriving. */
  size: number;
  readonly arriving: Int32Array;
  /** Sizes worth keeping, block by block: surplus is let go only when none lately wanted it. */
  readonly kept: Int32Array;
  /** Discounted: instance-seconds, and demand that found no instance, in instances × blocks. */
  cost: number;
  unserved: number;
}

export function createShadowFleet(): ShadowFleet {
  return {
    inService: 0,
    size: 0,
    arriving: new Int32Array(ringBlocks),
    kept: new Int32Array(ringBlocks),
    cost: 0,
    unserved: 0,
  };
}

/** A block passes with `needed` instances' worth of demand; what was older is discounted. */
export function passBlock(
  fleet: ShadowFleet,
  block: number,
  needed: number,
  discount: number,
): void {
  const slot = block & (ringBlocks - 1);
  fleet.inService += fleet.arriving[slot] ?? 0;
  fleet.arriving[slot] = 0;
  fleet.cost = fleet.cost * discount + blockSeconds * fleet.inService;
  fleet.unserved = fleet.unserved * discount + Math.max(0, needed - fleet.inService);
}

export interface ShadowPlan {
  readonly block: number;
  readonly leadBlocks: number;
  /** Launch up to here at once. */
  readonly add: number;
  /** Keep at least so many. */
  readonly keep: number;
}

/** Carries out a plan at the end of its block: the rule that the live group follows too. */
export function followPlan(fleet: ShadowFleet, plan: ShadowPlan): void {
  const { block, leadBlocks, add, keep } = plan;
  const wanted = holdSurplus(fleet.kept, block, leadBlocks, keep);
  const bootSeconds = Math.max(0, leadBlocks * blockSeconds - pendingSeconds);
  if (add > fleet.size) {
    const launched = add - fleet.size;
    const slot = (block + 1 + leadBlocks) & (ringBlocks - 1);
    fleet.arriving[slot] = (fleet.arriving[slot] ?? 0) + launched;
    fleet.cost += launched * bootSeconds;
    fleet.size = add;
  } else if (wanted < fleet.size) {
    let surplus = fleet.size - wanted;
    fleet.size = wanted;
    for (let ahead = leadBlocks; ahead >= 0 && surplus > 0; ahead -= 1) {
      const slot = (block + 1 + ahead) & (ringBlocks - 1);
      const cancelled = Math.min(surplus, fleet.arriving[slot] ?? 0);
      fleet.arriving[slot] = (fleet.arriving[slot] ?? 0) - cancelled;
      fleet.cost -= cancelled * Math.max(0, bootSeconds - billedSecondsMin);
      surplus -= cancelled;
    }
    fleet.inService -= surplus;
    fleet.cost += surplus * drainSeconds;
  }
}

/** Puts a fleet in a state of rest: after a gap nobody knows what a plan would have done. */
export function resetShadow(fleet: ShadowFleet, size: number): void {
  fleet.arriving.fill(0);
  fleet.kept.fill(0);
  fleet.inService = size;
  fleet.size = size;
}

/**
 * Ski rental: surplus is held for about what starting it again would cost (Karlin, Manasse, Rudolph
 * and Sleator 1988: at most twice the optimum), which is also the time until a launch made for this
 * moment arrives. Returns the largest size worth keeping in that time, this one's included.
 */
export function holdSurplus(
  kept: Int32Array,
  block: number,
  leadBlocks: number,
  keep: number,
): number {
  kept[block & (ringBlocks - 1)] = keep;
  let largest = keep;
  for (let back = 1; back <= leadBlocks; back += 1) {
    largest = Math.max(largest, kept[(block - back) & (ringBlocks - 1)] ?? 0);
  }
  return largest;
}
