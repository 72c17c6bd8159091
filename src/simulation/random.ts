// Seeded random numbers for simulations: one small generator, independent streams by name, and the
// distributions that loads and boots are drawn from. It reads no clock and no system randomness.

/** One stream of random numbers. Only the draw functions of this file touch its state. */
export interface Random {
  readonly state: Uint32Array;
}

const twoToThe32 = 4294967296;
/** Outputs thrown away after seeding, so that near seeds part (PractRand's advice for sfc32). */
const warmUpDraws = 12;
/** A rejection sampler accepts at least every third round; this many refusals are a bug. */
const rejectionRoundsMax = 10_000;

/**
 * A stream that depends on the seed and the names alone: `createRandom(7, 'launch', 12)` gives the
 * same numbers whatever else was drawn before. Generator: sfc32 (Chris Doty-Humphrey, PractRand).
 */
export function createRandom(seed: number, ...names: readonly (string | number)[]): Random {
  let hash = hashText([seed, ...names].join('\u0000'));
  const state = new Uint32Array(4);
  for (let word = 0; word < 3; word += 1) {
    hash = (hash + 0x9e3779b9) >>> 0;
    state[word] = mixBits(hash);
  }
  state[3] = 1;
  const random = { state };
  for (let draw = 0; draw < warmUpDraws; draw += 1) drawBits(random);
  return random;
}

/** A number in the open interval (0, 1), in steps of 2⁻³²: its logarithm is always finite. */
export function drawUniform(random: Random): number {
  return (drawBits(random) + 0.5) / twoToThe32;
}

/** A number in (low, high). */
export function drawBetween(random: Random, low: number, high: number): number {
  return low + (high - low) * drawUniform(random);
}

/** One of the choices, each as likely. The list must not be empty. */
export function drawChoice<T>(random: Random, choices: readonly T[]): T {
  const choice = choices[Math.floor(drawUniform(random) * choices.length)];
  if (choice === undefined) throw new RangeError('drawChoice needs at least one choice');
  return choice;
}

/** A normal number (Box and Muller 1958; the second of the pair is not kept). */
export function drawNormal(random: Random, mean: number, deviation: number): number {
  const radius = Math.sqrt(-2 * Math.log(drawUniform(random)));
  return mean + deviation * radius * Math.cos(2 * Math.PI * drawUniform(random));
}

/** A lognormal number: its median, and the deviation of its logarithm. */
export function drawLognormal(random: Random, median: number, sigma: number): number {
  return median * Math.exp(drawNormal(random, 0, sigma));
}

/** A Pareto number of at least `minimum`; P(X > x) = (minimum / x) to the power of `shape`. */
export function drawPareto(random: Random, minimum: number, shape: number): number {
  return minimum * Math.exp(-Math.log(drawUniform(random)) / shape);
}

/** A gamma number with mean shape × scale (Marsaglia and Tsang 2000). Both must be above 0. */
export function drawGamma(random: Random, shape: number, scale: number): number {
  if (shape < 1) {
    const boost = Math.exp(Math.log(drawUniform(random)) / shape);
    return boost * drawGamma(random, shape + 1, scale);
  }
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (let round = 0; round < rejectionRoundsMax; round += 1) {
    const x = drawNormal(random, 0, 1);
    const v = (1 + c * x) * (1 + c * x) * (1 + c * x);
    if (v <= 0) continue;
    if (Math.log(drawUniform(random)) < 0.5 * x * x + d - d * v + d * Math.log(v)) {
      return d * v * scale;
    }
  }
  throw new Error(`drawGamma found nothing for shape ${shape}`);
}

/** A beta number in (0, 1) with mean a / (a + b). */
export function drawBeta(random: Random, a: number, b: number): number {
  const first = drawGamma(random, a, 1);
  return first / (first + drawGamma(random, b, 1));
}

/** Below this mean counting exponential gaps is faster than rejection. */
const smallPoissonMean = 10;

/** A Poisson count with this mean; 0 for a mean of 0 or less. */
export function drawPoisson(random: Random, mean: number): number {
  if (!(mean > 0)) return 0;
  return mean < smallPoissonMean ? countGaps(random, mean) : drawLargePoisson(random, mean);
}

function countGaps(random: Random, mean: number): number {
  const floor = Math.exp(-mean);
  let product = drawUniform(random);
  let count = 0;
  while (product > floor && count < rejectionRoundsMax) {
    product *= drawUniform(random);
    count += 1;
  }
  return count;
}

/** Transformed rejection, PTRS (Hörmann 1993, "The transformed rejection method …"), mean ≥ 10. */
function drawLargePoisson(random: Random, mean: number): number {
  const logMean = Math.log(mean);
  const b = 0.931 + 2.53 * Math.sqrt(mean);
  const a = -0.059 + 0.02483 * b;
  const inverseAlpha = 1.1239 + 1.1328 / (b - 3.4);
  const acceptRatio = 0.9277 - 3.6224 / (b - 2);
  for (let round = 0; round < rejectionRoundsMax; round += 1) {
    const u = drawUniform(random) - 0.5;
    const v = drawUniform(random);
    const us = 0.5 - Math.abs(u);
    const count = Math.floor(((2 * a) / us + b) * u + mean + 0.43);
    if (us >= 0.07 && v <= acceptRatio) return count;
    if (count < 0 || (us < 0.013 && v > us)) continue;
    const hat = Math.log((v * inverseAlpha) / (a / (us * us) + b));
    if (hat <= count * logMean - mean - logFactorial(count)) return count;
  }
  throw new Error(`drawPoisson found nothing for mean ${mean}`);
}

const stirlingFrom = 10;
const halfLogTwoPi = 0.9189385332046727;

/** ln(n!) of a whole number: exact products below 10, Stirling's series (error < 1e-9) above. */
function logFactorial(n: number): number {
  if (n < stirlingFrom) {
    let product = 1;
    for (let factor = 2; factor <= n; factor += 1) product *= factor;
    return Math.log(product);
  }
  const series = 1 / (12 * n) - 1 / (360 * n * n * n) + 1 / (1260 * n * n * n * n * n);
  return (n + 0.5) * Math.log(n) - n + halfLogTwoPi + series;
}

/** The next 32 bits of sfc32. */
function drawBits(random: Random): number {
  const { state } = random;
  const a = state[0] ?? 0;
  const b = state[1] ?? 0;
  const c = state[2] ?? 0;
  const d = state[3] ?? 0;
  const output = (a + b + d) >>> 0;
  state[0] = b ^ (b >>> 9);
  state[1] = c + (c << 3);
  state[2] = ((c << 21) | (c >>> 11)) + output;
  state[3] = d + 1;
  return output;
}

/** FNV-1a over UTF-16 units, 32 bits. */
function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}

/** The finisher of MurmurHash3 (Austin Appleby): every input bit reaches every output bit. */
function mixBits(bits: number): number {
  const once = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  const twice = Math.imul(once ^ (once >>> 13), 0xc2b2ae35);
  return (twice ^ (twice >>> 16)) >>> 0;
}
