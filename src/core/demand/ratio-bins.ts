// The grid on which ratios of demand are counted: fine where two moments are alike, coarse where one
// is a multiple of the other.

/** Bins on each side of 1, and the one of 1 itself. */
const binsPerSide = 64;
export const binCount = 2 * binsPerSide + 1;

/** Below a change of 1 % bins are of one width; above, each is 1/12 of an e-fold wider. */
const evenShare = 0.01;
const binsPerFold = 12;

/** The bin of a logarithm of a ratio; what lies outside the grid counts in its outermost bins. */
export function binOf(logRatio: number): number {
  const steps = Math.round(binsPerFold * Math.log(1 + Math.abs(logRatio) / evenShare));
  const bin = logRatio < 0 ? binsPerSide - steps : binsPerSide + steps;
  return Math.min(binCount - 1, Math.max(0, bin));
}

/** The ratio at the upper end of each bin, rising. */
export const upperRatios: Float64Array = Float64Array.from({ length: binCount }, (_, bin) => {
  const steps = bin - binsPerSide + 0.5;
  const size = evenShare * (Math.exp(Math.abs(steps) / binsPerFold) - 1);
  return Math.exp(steps < 0 ? -size : size);
});
