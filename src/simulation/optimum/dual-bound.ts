// Maximises a Lagrangian bound over the price of unserved work. Knows nothing of what is priced.

/** What the cheapest plan at a price comes to, and the work that it leaves unserved. */
export interface Priced {
  readonly value: number;
  readonly unservedWork: number;
}

/** A lower bound on the cost of serving all but the allowed work. */
export interface DualBound {
  /** Instance-seconds. A valid bound whatever the search came to. */
  readonly bound: number;
  /** The price that gives it, in instance-seconds per unit of work. */
  readonly price: number;
  /** By how much at most another price would give more, as a share of the bound. */
  readonly gapRatio: number;
  readonly evaluations: number;
}

export interface DualSearch {
  readonly evaluate: (price: number) => Priced;
  readonly allowedWork: number;
  /** The prices searched, both ends above 0; a price of 0 is tried first. */
  readonly lowPrice: number;
  readonly highPrice: number;
  /** The search ends when at most this share of the bound can be missing; default 1e-7. */
  readonly closeRatio?: number;
  /** Told after each price that was tried. */
  readonly onTried?: (search: SearchState) => void;
}

/** How far a search is. */
export interface SearchState {
  readonly evaluations: number;
  /** As of a `DualBound`; infinite until prices on both sides of the best one are known. */
  readonly gapRatio: number;
}

/** Bisecting seven decades down to a factor of four takes 5 steps; the rest halve the gap. */
const evaluationsMax = 80;
const closeRatioDefault = 1e-7;

interface Tangent {
  readonly price: number;
  readonly height: number;
  readonly slope: number;
}

/**
 * The greatest value(price) − price × allowed. That function is concave, and the unserved work less
 * the allowance is a slope of it, so bisecting on the sign of the slope finds its top; once the
 * bracket is narrow the crossing of its two tangents is tried instead, which lies above the top and
 * so says how much can be missing.
 */
export function maximizeBound(search: DualSearch): DualBound {
  const { closeRatio = closeRatioDefault } = search;
  const tell = (evaluations: number, gapRatio: number): void =>
    search.onTried?.({ evaluations, gapRatio });
  let low = touch(search, 0);
  tell(1, Infinity);
  if (low.slope <= 0) return conclude(low, low.height, 1);
  const lowest = touch(search, search.lowPrice);
  tell(2, Infinity);
  if (lowest.slope <= 0) return conclude(higher(low, lowest), crossing(low, lowest).height, 2);
  low = lowest;
  let high = touch(search, search.highPrice);
  let best = higher(low, high);
  let evaluations = 3;
  // Still rising at the dearest price: the bound is valid, and more is not looked for.
  if (high.slope >= 0) {
    tell(evaluations, Infinity);
    return conclude(best, high.slope === 0 ? best.height : Infinity, evaluations);
  }
  let top = crossing(low, high);
  tell(evaluations, gapOf(best, top.height));
  while (evaluations < evaluationsMax && top.height - best.height > closeRatio * best.height) {
    const isWide = high.price > 4 * low.price;
    const next = touch(search, isWide ? Math.sqrt(low.price * high.price) : within(low, high, top));
    evaluations += 1;
    best = higher(best, next);
    if (next.slope > 0) low = next;
    else high = next;
    top = next.slope === 0 ? next : crossing(low, high);
    tell(evaluations, gapOf(best, top.height));
    if (next.slope === 0) return conclude(next, next.height, evaluations);
  }
  return conclude(best, top.height, evaluations);
}

function touch(search: DualSearch, price: number): Tangent {
  const { value, unservedWork } = search.evaluate(price);
  const height = value - price * search.allowedWork;
  return { price, height, slope: unservedWork - search.allowedWork };
}

function higher(one: Tangent, other: Tangent): Tangent {
  return other.height > one.height ? other : one;
}

/** Where a rising and a falling tangent meet: at or above the top of the function. */
function crossing(
  low: Tangent,
  high: Tangent,
): { readonly price: number; readonly height: number } {
  const distance = high.price - low.price;
  const rise = high.height - high.slope * distance - low.height;
  const price = low.price + Math.max(0, rise) / (low.slope - high.slope);
  return { price, height: low.height + low.slope * (price - low.price) };
}

/** The crossing, kept off the ends of the bracket so that each step narrows it. */
function within(low: Tangent, high: Tangent, top: { readonly price: number }): number {
  const margin = 0.05 * (high.price - low.price);
  return Math.min(high.price - margin, Math.max(low.price + margin, top.price));
}

function conclude(best: Tangent, top: number, evaluations: number): DualBound {
  return { bound: best.height, price: best.price, gapRatio: gapOf(best, top), evaluations };
}

function gapOf(best: Tangent, top: number): number {
  return best.height > 0 ? Math.max(0, top - best.height) / best.height : 0;
}
