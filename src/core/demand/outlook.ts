// What came after moments like this one: a distribution of the demand at the end of the lead, learned
// from load alone. One outlook has one anchor, a mean over its time constant; how far the newest
// block and the slow mean stand from it is what makes moments alike.
import {
  classCount,
  classOf,
  classStarts,
  createCalendarTilt,
  learnTilt,
  rescaleTilt,
  stageCount,
  tiltShares,
} from './calendar-tilt.ts';
import type { CalendarTilt } from './calendar-tilt.ts';
import { addPriors } from './outlook-prior.ts';
import { binCount, binOf, upperRatios } from './ratio-bins.ts';

/** How far the newest block may stand from the anchor (a logarithm) and count as the same. */
const nearEdges = [
  -1.2, -0.7, -0.4, -0.2, -0.1, -0.05, -0.02, 0.02, 0.05, 0.1, 0.2, 0.4, 0.7, 1.2, 1.8, 2.4,
] as const;
const nearCount = nearEdges.length + 1;
/** The anchor against the slow mean: below, at it, in a burst. */
const belowSlowRatio = 0.75;
const aboveSlowRatio = 1.4;
const placeCount = 3;
/** Moments that stand beside this one count a tenth. */
const neighbourWeight = 0.1;

/** Blocks that can be looked back upon: longer than the longest lead. A power of two. */
export const ringBlocks = 64;
/** Memory of what came after: seven days, so that each time of the week has been seen once. */
const memoryBlocks = 60_480;
const growth = Math.exp(1 / memoryBlocks);
const weightMax = 1e6;

/** Demand below this is none: logarithms need a floor. In the unit of the demand. */
const demandMin = 1e-9;

/**
 * Spoils the shares of the classes that a forecast expects in a block, in place: what trials of bad
 * forecasts put in. They stay ≥ 0 and not all 0.
 */
export type ForecastFault = (block: number, shares: Float64Array) => void;

/** Only this file changes it. */
export interface Outlook {
  readonly keep: number;
  readonly counts: Float64Array;
  readonly tilt: CalendarTilt | null;
  readonly anchors: Float64Array;
  /** -1 where no block was seen. */
  readonly moments: Int32Array;
  /** What each stage of the tilt expected: see `TiltStages`. */
  readonly stages: Float64Array;
  /** Shares of the classes as the forecast has them; not scaled to a sum of 1. */
  readonly goals: Float64Array;
  readonly fault: ForecastFault | null;
  /** Weight of what lies in a bin or above: the reactive half's, and the tilted one. */
  readonly tail: Float64Array;
  readonly tilted: Float64Array;
  anchor: number;
  newest: number;
  moment: number;
  weight: number;
}

/** An outlook whose anchor follows demand within `anchorBlocks`; 1 is the newest block itself. */
export function createOutlook(
  anchorBlocks: number,
  isForecasting: boolean,
  fault: ForecastFault | null = null,
): Outlook {
  return {
    keep: anchorBlocks <= 1 ? 0 : Math.exp(-1 / anchorBlocks),
    counts: new Float64Array(nearCount * placeCount * binCount),
    tilt: isForecasting ? createCalendarTilt() : null,
    anchors: new Float64Array(ringBlocks),
    moments: new Int32Array(ringBlocks).fill(-1),
    stages: new Float64Array(ringBlocks * stageCount * classCount),
    goals: new Float64Array(classCount),
    fault,
    tail: new Float64Array(binCount + 1),
    tilted: new Float64Array(binCount + 1),
    anchor: Number.NaN,
    newest: 0,
    moment: 0,
    weight: 1,
  };
}

/** Forgets the moments under way: after a gap nothing is known of what came after them. */
export function interruptOutlook(outlook: Outlook): void {
  outlook.moments.fill(-1);
}

/** A block of demand as an outlook takes it in. */
export interface OutlookBlock {
  /** Its number since the epoch. */
  readonly block: number;
  readonly leadBlocks: number;
  readonly demand: number;
  /** Of an hour. */
  readonly slowMean: number;
  /** By how much demand is higher at the end of the lead if it goes on as of late; or lower. */
  readonly growth: number;
}

/** Takes in a block and looks `leadBlocks` ahead from it. */
export function observeOutlook(outlook: Outlook, seen: OutlookBlock): void {
  const newest = Math.max(seen.demand, demandMin);
  learn(outlook, newest, seen);
  const { anchor, keep } = outlook;
  outlook.anchor = Number.isNaN(anchor)
    ? newest
    : Math.max(demandMin, newest + keep * (anchor - newest));
  outlook.newest = newest;
  outlook.moment = momentOf(outlook, seen.slowMean);
  const slot = seen.block & (ringBlocks - 1);
  outlook.anchors[slot] = outlook.anchor;
  outlook.moments[slot] = outlook.moment;
  outlook.weight *= growth;
  if (outlook.weight > weightMax) rescale(outlook);
  addUpTail(outlook);
  addPriors(outlook, seen);
  if (outlook.tilt !== null) addUpTilted(outlook, outlook.tilt, seen.block);
}

/** The demand exceeded with the probability `risk` at the end of the lead, in units of demand. */
export function exceededWith(outlook: Outlook, risk: number, isForecast: boolean): number {
  const tail = isForecast ? outlook.tilted : outlook.tail;
  const goal = risk * (tail[0] ?? 0);
  return demandAt(tail, findBin(tail, goal, 0), goal) * outlook.anchor;
}

/** The same for many risks, falling: one walk up the distribution finds them all. */
export function exceededWithEach(
  outlook: Outlook,
  risks: readonly number[],
  isForecast: boolean,
  into: Float64Array,
): void {
  const tail = isForecast ? outlook.tilted : outlook.tail;
  const { anchor } = outlook;
  const total = tail[0] ?? 0;
  let bin = 0;
  for (let each = 0; each < risks.length; each += 1) {
    const goal = (risks[each] ?? 0) * total;
    bin = findBin(tail, goal, bin);
    into[each] = demandAt(tail, bin, goal) * anchor;
  }
}

/** The highest bin, `from` or above, with at least the weight `goal` in it and above. */
function findBin(tail: Float64Array, goal: number, from: number): number {
  let low = from;
  let high = binCount;
  // Most often it is near: the steps double until it is passed.
  for (let step = 1; low + step < high; step *= 2) {
    if ((tail[low + step] ?? 0) >= goal) low += step;
    else high = low + step;
  }
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((tail[middle] ?? 0) >= goal) low = middle;
    else high = middle;
  }
  return low;
}

/** Within its bin demand is taken to be spread evenly; as a ratio to the anchor. */
function demandAt(tail: Float64Array, bin: number, goal: number): number {
  const above = tail[bin] ?? 0;
  const mass = above - (tail[bin + 1] ?? 0);
  const from = upperRatios[Math.max(0, bin - 1)] ?? 1;
  const to = upperRatios[bin] ?? 1;
  return mass > 0 ? from + ((above - goal) / mass) * (to - from) : from;
}

/** What came of the moments one lead ago, and a little before that. */
function learn(
  outlook: Outlook,
  newest: number,
  { block, leadBlocks }: { readonly block: number; readonly leadBlocks: number },
): void {
  for (const offset of [leadBlocks + 1, leadBlocks + 4]) {
    const slot = (block - offset) & (ringBlocks - 1);
    const moment = outlook.moments[slot] ?? -1;
    if (moment < 0) continue;
    const bin = binOf(Math.log(newest / (outlook.anchors[slot] ?? newest)));
    const cell = moment * binCount + bin;
    outlook.counts[cell] = (outlook.counts[cell] ?? 0) + outlook.weight;
    if (outlook.tilt === null || offset !== leadBlocks + 1) continue;
    const { weight, stages } = outlook;
    const at = { block: block - offset, weight, stages, offset: stagesAt(slot) };
    learnTilt(outlook.tilt, at, classOf(bin));
  }
}

function momentOf({ anchor, newest }: Outlook, slowMean: number): number {
  const place = anchor < slowMean * belowSlowRatio ? 0 : anchor < slowMean * aboveSlowRatio ? 1 : 2;
  const change = Math.log(newest / anchor);
  let near = 0;
  while (near < nearEdges.length && change >= (nearEdges[near] ?? 0)) near += 1;
  return place * nearCount + near;
}

function addUpTail(outlook: Outlook): void {
  const { counts, moment, tail } = outlook;
  const near = moment % nearCount;
  const here = moment * binCount;
  const below = near > 0 ? here - binCount : here;
  const above = near < nearCount - 1 ? here + binCount : here;
  let total = 0;
  for (let bin = binCount - 1; bin >= 0; bin -= 1) {
    const beside = (counts[below + bin] ?? 0) + (counts[above + bin] ?? 0);
    total += (counts[here + bin] ?? 0) + neighbourWeight * beside;
    tail[bin] = total;
  }
}

function stagesAt(slot: number): number {
  return slot * stageCount * classCount;
}

function addUpTilted(outlook: Outlook, tilt: CalendarTilt, block: number): void {
  const { tail, tilted, stages, goals, weight } = outlook;
  const offset = stagesAt(block & (ringBlocks - 1));
  const total = tail[0] ?? 1;
  for (let each = 0; each < classCount; each += 1) {
    stages[offset + each] = shareOfClass(tail, each) / total;
  }
  tiltShares(tilt, { block, weight, stages, offset }, goals);
  outlook.fault?.(block, goals);
  let sum = 0;
  for (let each = classCount - 1; each >= 0; each -= 1) {
    const mass = shareOfClass(tail, each);
    const factor = mass > 0 ? (goals[each] ?? 0) / mass : 0;
    const first = classStarts[each] ?? 0;
    for (let bin = (classStarts[each + 1] ?? binCount) - 1; bin >= first; bin -= 1) {
      sum += ((tail[bin] ?? 0) - (tail[bin + 1] ?? 0)) * factor;
      tilted[bin] = sum;
    }
  }
}

function shareOfClass(tail: Float64Array, each: number): number {
  return (tail[classStarts[each] ?? 0] ?? 0) - (tail[classStarts[each + 1] ?? binCount] ?? 0);
}

function rescale(outlook: Outlook): void {
  const { counts, weight, tilt } = outlook;
  for (let cell = 0; cell < counts.length; cell += 1) {
    counts[cell] = (counts[cell] ?? 0) / weight;
  }
  if (tilt !== null) rescaleTilt(tilt, weight);
  outlook.weight = 1;
}
