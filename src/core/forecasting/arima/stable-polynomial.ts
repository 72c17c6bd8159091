// Autoregressive polynomials that are stationary by construction: their partial autocorrelations lie
// within ±1 (O. Barndorff-Nielsen, G. Schou, 1973; J. Monahan, "A note on enforcing stationarity in
// autoregressive-moving average models", Biometrika 71(2), 1984). Of a moving average the same makes it
// invertible, with the signs turned.

/** Roots are kept so far from the unit circle: nearer ones are differences that were not taken. */
const partialMax = 0.999;

/**
 * Coefficients φ₁…φ_p of 1 − φ₁B − … − φ_pB^p by the Durbin–Levinson recursion. For example the partials
 * 0.5, −0.4 give 0.7, −0.4. `unbounded` are any finite numbers, whose tanh are the partials.
 */
export function toStableCoefficients(unbounded: ArrayLike<number>): Float64Array {
  const order = unbounded.length;
  const coefficients = new Float64Array(order);
  const before = new Float64Array(order);
  for (let k = 0; k < order; k += 1) {
    const partial = partialMax * Math.tanh(unbounded[k] ?? 0);
    before.set(coefficients);
    coefficients[k] = partial;
    for (let i = 0; i < k; i += 1) {
      coefficients[i] = (before[i] ?? 0) - partial * (before[k - 1 - i] ?? 0);
    }
  }
  return coefficients;
}

/** The inverse; coefficients that are not stationary are drawn in to the nearest partials that are. */
export function fromCoefficients(coefficients: ArrayLike<number>): Float64Array {
  const order = coefficients.length;
  const unbounded = new Float64Array(order);
  const current = Float64Array.from(coefficients);
  const before = new Float64Array(order);
  for (let k = order - 1; k >= 0; k -= 1) {
    const given = current[k] ?? 0;
    const partial = Number.isFinite(given) ? Math.max(-0.95, Math.min(0.95, given)) : 0;
    unbounded[k] = Math.atanh(partial / partialMax);
    before.set(current);
    for (let i = 0; i < k; i += 1) {
      const turned = (before[i] ?? 0) + partial * (before[k - 1 - i] ?? 0);
      current[i] = turned / (1 - partial * partial);
    }
  }
  return unbounded;
}

/** One term of a polynomial in the backshift operator. */
export interface LagTerm {
  readonly lag: number;
  readonly coefficient: number;
}

/** Of 1 + Σ c_i B^(i·step), i from 1. */
export function lagTerms(coefficients: ArrayLike<number>, step: number): readonly LagTerm[] {
  return [
    { lag: 0, coefficient: 1 },
    ...Array.from(coefficients, (coefficient, index) => ({ lag: (index + 1) * step, coefficient })),
  ];
}

/** The product, ascending by lag, without terms of 0. */
export function multiplyTerms(...factors: readonly (readonly LagTerm[])[]): readonly LagTerm[] {
  let product = new Map([[0, 1]]);
  for (const factor of factors) {
    const next = new Map<number, number>();
    for (const [lag, value] of product) {
      for (const term of factor) {
        const at = lag + term.lag;
        next.set(at, (next.get(at) ?? 0) + value * term.coefficient);
      }
    }
    product = next;
  }
  return [...product]
    .map(([lag, coefficient]) => ({ lag, coefficient }))
    .filter(({ lag, coefficient }) => lag === 0 || coefficient !== 0)
    .toSorted((one, other) => one.lag - other.lag);
}
