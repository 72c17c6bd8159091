// How long messages of one kind take: quantiles and mean of the newest some hundred, in a fixed number
// of logarithmic buckets (as in DDSketch, Masson and others 2019). Each bucket keeps its sum too, so
// that a quantile of equal durations is that duration. Knows no clock: it forgets by count, since a
// quiet night teaches nothing.

/** Buckets grow by this factor: a quantile is off by half of it at most. */
const growth = 1.05;
const logGrowth = Math.log(growth);
/** From 1 ms to 12 h, the longest that a message of SQS may stay hidden. */
const buckets = 361;
/** What is learned of so many messages ago weighs 1/e. */
const memoryMessages = 256;
const keptRatio = 1 - 1 / memoryMessages;

/** Only this file changes it. */
export interface DurationSketch {
  readonly weights: Float64Array;
  readonly sums: Float64Array;
  weight: number;
  sum: number;
  squares: number;
}

export function createDurationSketch(): DurationSketch {
  return {
    weights: new Float64Array(buckets),
    sums: new Float64Array(buckets),
    weight: 0,
    sum: 0,
    squares: 0,
  };
}

/** Takes in one duration, in milliseconds, > 0 and finite; what is older weighs a little less. */
export function addDuration(sketch: DurationSketch, ms: number): void {
  const { weights, sums } = sketch;
  for (let bucket = 0; bucket < buckets; bucket += 1) {
    weights[bucket] = (weights[bucket] ?? 0) * keptRatio;
    sums[bucket] = (sums[bucket] ?? 0) * keptRatio;
  }
  sketch.weight *= keptRatio;
  sketch.sum *= keptRatio;
  sketch.squares *= keptRatio;
  believe(sketch, ms, 1);
}

/** Begins with what is believed before anything is seen, as if so many messages had taken that. */
export function believe(sketch: DurationSketch, ms: number, messages: number): void {
  const bucket = Math.min(buckets - 1, Math.max(0, Math.floor(Math.log(ms) / logGrowth)));
  sketch.weights[bucket] = (sketch.weights[bucket] ?? 0) + messages;
  sketch.sums[bucket] = (sketch.sums[bucket] ?? 0) + messages * ms;
  sketch.weight += messages;
  sketch.sum += messages * ms;
  sketch.squares += messages * ms * ms;
}

/** In milliseconds; null while nothing is known. */
export function meanDuration({ weight, sum }: DurationSketch): number | null {
  return weight > 0 ? sum / weight : null;
}

/** The squared coefficient of variation, ≥ 0; 0 while nothing is known. */
export function variationOf({ weight, sum, squares }: DurationSketch): number {
  if (!(weight > 0)) return 0;
  const mean = sum / weight;
  return Math.max(0, squares / weight / (mean * mean) - 1);
}

/** The duration that this share (0–1) of the messages stays within; null while nothing is known. */
export function quantileDuration(sketch: DurationSketch, share: number): number | null {
  const { weights, sums } = sketch;
  const wanted = share * sketch.weight;
  let passed = 0;
  let last: number | null = null;
  for (let bucket = 0; bucket < buckets; bucket += 1) {
    const weight = weights[bucket] ?? 0;
    if (!(weight > 0)) continue;
    last = (sums[bucket] ?? 0) / weight;
    passed += weight;
    if (passed >= wanted) return last;
  }
  return last;
}
