// Fleets that are only imagined: what a plan would have cost, and missed, on the demand that came.
// They know how long a launch takes and what starting and stopping cost, and nothing of distributions.
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

/**
 * Fleets side by side, each known by its number: a hundred of them live through every block, so what
 * a block touches lies together. Only this file changes them.
 */
export interface ShadowFleets {
  readonly count: number;
  readonly inService: Float64Array;
  /** In service and arriving. */
  readonly size: Float64Array;
  /** Rings of blocks, `count` numbers each. */
  readonly arriving: Int32Array;
  /** Sizes worth keeping: surplus is let go only when none lately wanted it. */
  readonly kept: Int32Array;
  /** Discounted: instance-seconds, and demand that found no instance, in instances × blocks. */
  readonly cost: Float64Array;
  readonly unserved: Float64Array;
  /** The largest size kept within the lead, and the newest block that it is of; see `findKept`. */
  readonly largest: Float64Array;
  readonly largestAt: Float64Array;
  leadBlocks: number;
}

export function createShadowFleets(count: number): ShadowFleets {
  const fleets = {
    count,
    inService: new Float64Array(count),
    size: new Float64Array(count),
    arriving: new Int32Array(ringBlocks * count),
    kept: new Int32Array(ringBlocks * count),
    cost: new Float64Array(count),
    unserved: new Float64Array(count),
    largest: new Float64Array(count),
    largestAt: new Float64Array(count),
    leadBlocks: 0,
  };
  forgetLargest(fleets);
  return fleets;
}

/** A block passes with `needed` instances' worth of demand; what was older is discounted. */
export function passBlock(
  fleets: ShadowFleets,
  block: number,
  needed: number,
  discount: number,
): void {
  const { count, inService, arriving, cost, unserved } = fleets;
  const row = (block & (ringBlocks - 1)) * count;
  for (let fleet = 0; fleet < count; fleet += 1) {
    const serving = (inService[fleet] ?? 0) + (arriving[row + fleet] ?? 0);
    inService[fleet] = serving;
    arriving[row + fleet] = 0;
    cost[fleet] = (cost[fleet] ?? 0) * discount + blockSeconds * serving;
    unserved[fleet] = (unserved[fleet] ?? 0) * discount + Math.max(0, needed - serving);
  }
}

export interface ShadowPlan {
  readonly block: number;
  /** Launch up to here at once, fleet by fleet. */
  readonly add: Float64Array;
  /** Keep at least so many. */
  readonly keep: Float64Array;
}

/** Carries out a plan at the end of its block: the rule that the live group follows too. */
export function followPlan(
  fleets: ShadowFleets,
  leadBlocks: number,
  { block, add, keep }: ShadowPlan,
): void {
  if (leadBlocks > fleets.leadBlocks) forgetLargest(fleets);
  fleets.leadBlocks = leadBlocks;
  const { count, size } = fleets;
  for (let fleet = 0; fleet < count; fleet += 1) {
    const wanted = findKept(fleets, fleet, block, keep[fleet] ?? 0);
    const present = size[fleet] ?? 0;
    const asked = add[fleet] ?? 0;
    if (asked > present) launch(fleets, fleet, block, asked);
    else if (wanted < present) letGo(fleets, fleet, block, wanted);
  }
}

/** Puts all fleets at rest, with no size worth keeping: after a gap nobody knows what a plan did. */
export function resetShadows(fleets: ShadowFleets, size: number): void {
  fleets.arriving.fill(0);
  fleets.kept.fill(0);
  fleets.inService.fill(size);
  fleets.size.fill(size);
  forgetLargest(fleets);
}

/** Has the largest sizes looked for anew: the ring was changed, or more of it counts. */
export function forgetLargest(fleets: ShadowFleets): void {
  fleets.largest.fill(Number.POSITIVE_INFINITY);
  fleets.largestAt.fill(Number.NEGATIVE_INFINITY);
}

function launch(fleets: ShadowFleets, fleet: number, block: number, to: number): void {
  const { count, size, arriving, cost, leadBlocks } = fleets;
  const launched = to - (size[fleet] ?? 0);
  const cell = ((block + 1 + leadBlocks) & (ringBlocks - 1)) * count + fleet;
  arriving[cell] = (arriving[cell] ?? 0) + launched;
  cost[fleet] = (cost[fleet] ?? 0) + launched * bootSecondsOf(leadBlocks);
  size[fleet] = to;
}

function letGo(fleets: ShadowFleets, fleet: number, block: number, to: number): void {
  const { count, inService, size, arriving, cost, leadBlocks } = fleets;
  const refund = Math.max(0, bootSecondsOf(leadBlocks) - billedSecondsMin);
  let surplus = (size[fleet] ?? 0) - to;
  size[fleet] = to;
  let spent = cost[fleet] ?? 0;
  for (let ahead = leadBlocks; ahead >= 0 && surplus > 0; ahead -= 1) {
    const cell = ((block + 1 + ahead) & (ringBlocks - 1)) * count + fleet;
    const cancelled = Math.min(surplus, arriving[cell] ?? 0);
    if (cancelled === 0) continue;
    arriving[cell] = (arriving[cell] ?? 0) - cancelled;
    spent -= cancelled * refund;
    surplus -= cancelled;
  }
  inService[fleet] = (inService[fleet] ?? 0) - surplus;
  cost[fleet] = spent + surplus * drainSeconds;
}

function bootSecondsOf(leadBlocks: number): number {
  return Math.max(0, leadBlocks * blockSeconds - pendingSeconds);
}

/**
 * `holdSurplus` of one fleet. The largest is remembered with its block, so that the ring is looked
 * through only when that block falls out of the lead and the newest size is smaller.
 */
function findKept(fleets: ShadowFleets, fleet: number, block: number, keep: number): number {
  const { count, kept, largest, largestAt, leadBlocks } = fleets;
  kept[(block & (ringBlocks - 1)) * count + fleet] = keep;
  const known = largest[fleet] ?? 0;
  if (keep < known && (largestAt[fleet] ?? 0) >= block - leadBlocks) return known;
  let found = keep;
  let foundAt = block;
  if (keep < known) {
    for (let back = 1; back <= leadBlocks; back += 1) {
      const size = kept[((block - back) & (ringBlocks - 1)) * count + fleet] ?? 0;
      if (size <= found) continue;
      found = size;
      foundAt = block - back;
    }
  }
  largest[fleet] = found;
  largestAt[fleet] = foundAt;
  return found;
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
