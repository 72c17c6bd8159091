// How many instances a demand needs: by what one can do alone, or so that a share of it is answered
// within a time. Knows one moment's demand; what comes next is the outlook's.
import { responseTail } from './response-time.ts';

/** So much of the work is to be answered within so long. */
export interface LatencyPromise {
  readonly promiseMs: number;
  /** The share that may take longer: 0.05 for a p95. */
  readonly tailRatio: number;
}

/**
 * Sizes that are large enough use up so much of the tail; the rest is for the time in which there are
 * too few, where all that waits is late.
 */
const steadyShare = 0.8;
/** Of the tail, what may find too few instances: each such moment makes several times as much late. */
export const shortShare = 0.1;
/** Sizes that are reckoned: all up to here, then in steps of this ratio, others between two of them. */
const everySizeMax = 16;
const stepRatio = 1.15;
const sizeMax = 10_000;
/** Halvings of the interval in which a demand is sought: to a millionth. */
const bisections = 20;

export interface Staffing {
  readonly perInstance: number;
  readonly serviceMs: number;
  /** Ascending sizes, from 0 on, and the demand that each carries within the promise. */
  readonly sizes: readonly number[];
  readonly carried: readonly number[];
}

/**
 * What instances of this capacity (work per second) and service time carry within the promise. An
 * instance has capacity × service time slots, at least one; all slots serve one queue (Erlang 1917,
 * Erlang C), so that sizes grow by no more than a + β√a in the work under way a (Halfin and Whitt 1981). 100 a
 * second with 20 ms each are 2 slots; 10 instances then carry 982 a second at a p95 of 200 ms.
 * Null where even an idle slot takes longer than promised.
 */
export function createStaffing(
  promise: LatencyPromise,
  perInstance: number,
  serviceMs: number,
): Staffing | null {
  const slotsEach = Math.max(1, Math.round((perInstance * serviceMs) / 1000));
  const serviceSeconds = slotsEach / perInstance;
  const tailRatio = promise.tailRatio * steadyShare;
  if (Math.exp(-promise.promiseMs / 1000 / serviceSeconds) >= tailRatio) return null;
  const sizes = [0];
  const carried = [0];
  for (let size = 1; size <= sizeMax; size = nextSize(size)) {
    const slots = size * slotsEach;
    sizes.push(size);
    carried.push(findCarried({ slots, serviceSeconds, tailRatio }, promise.promiseMs / 1000));
  }
  return { perInstance, serviceMs, sizes, carried };
}

function nextSize(size: number): number {
  return size < everySizeMax ? size + 1 : Math.ceil(size * stepRatio);
}

function findCarried(
  station: { readonly slots: number; readonly serviceSeconds: number; readonly tailRatio: number },
  promiseSeconds: number,
): number {
  const { slots, serviceSeconds, tailRatio } = station;
  let low = 0;
  let high = slots / serviceSeconds;
  for (let round = 0; round < bisections; round += 1) {
    const arrivalsPerSecond = (low + high) / 2;
    const tail = responseTail({ slots, serviceSeconds, arrivalsPerSecond });
    if (tail(promiseSeconds) <= tailRatio) low = arrivalsPerSecond;
    else high = arrivalsPerSecond;
  }
  return low;
}

/** What instances can do, and what keeps a promise of latency; without one the capacity alone counts. */
export interface Carrying {
  readonly perInstance: number;
  readonly staffing: Staffing | null;
}

/** Instances for a demand, as a real number ≥ 0: between two sizes in proportion. */
export function neededInstances(demand: number, { perInstance, staffing }: Carrying): number {
  if (staffing === null) return demand / perInstance;
  const { sizes, carried } = staffing;
  let low = 0;
  let high = sizes.length - 1;
  const most = carried[high] ?? 0;
  if (demand >= most) return ((sizes[high] ?? 0) * demand) / most;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((carried[middle] ?? 0) <= demand) low = middle;
    else high = middle;
  }
  const [from = 0, to = 0] = [carried[low], carried[high]];
  const [least = 0, larger = 0] = [sizes[low], sizes[high]];
  return least + ((demand - from) / (to - from)) * (larger - least);
}

/**
 * Whole instances for a demand, ≥ 1. By capacity a rest below a half is left unserved; a promise of
 * latency is kept by the whole one.
 */
export function instancesFor(demand: number, carrying: Carrying): number {
  const needed = neededInstances(demand, carrying);
  return carrying.staffing === null
    ? wholeInstances(needed)
    : Math.max(1, Math.ceil(needed - roundingNoise));
}

const roundingNoise = 1e-6;

/** Instances for a demand in instances: a rest below a half is left unserved. At least 1. */
function wholeInstances(demand: number): number {
  return Math.max(1, Math.ceil(demand - 0.5));
}
