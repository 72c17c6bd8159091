// The demand behind a fleet that is full: a full instance shows what it does, not what is asked of it. What
// is shown is cut off at what the fleet can do; how often it is tells how much is missing.

/** A period of some seconds, at least one of which was full. */
export interface CutBlock {
  /** Mean load of all its seconds, > 0. */
  readonly load: number;
  /** Share of its seconds that were full, above 0 and at most 1; and their mean load. */
  readonly fullRatio: number;
  readonly fullLoad: number;
  /** What the fleet can do. */
  readonly most: number;
  /** Demand of the period before. */
  readonly before: number;
}

/**
 * Where not one second shows what was asked, demand may be anything. It counts as growing, and as never
 * so much larger than the fleet: what is launched for it will show more.
 */
const growth = 1.1;
const ratioMax = 3;

/**
 * The mean demand of the period; never below its load. With seconds spread as the logistic distribution has
 * it, of mean μ and scale s, a share f lies above c = μ + s·ln((1 − f)/f), and the mean of what is cut off
 * there is m = c − s·ln(1/f): so f, c and m give μ (Tobin 1958 has the idea, with a normal distribution).
 */
export function revealDemand({ load, fullRatio, fullLoad, most, before }: CutBlock): number {
  if (fullRatio >= 1) {
    const grown = Math.min(Math.max(before, most) * growth, most * ratioMax);
    return Math.max(load, grown);
  }
  const scale = Math.max(0, fullLoad - load) / Math.log(1 / fullRatio);
  return Math.max(load, fullLoad - scale * Math.log((1 - fullRatio) / fullRatio));
}
