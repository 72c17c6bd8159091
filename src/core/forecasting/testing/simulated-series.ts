// Series from known processes, for tests of what is to recover them.

/** A seeded uniform number in (0, 1): a 32-bit linear congruential generator. */
export function createDraw(seed: number): () => number {
  let state = (Math.imul(seed, 2_654_435_761) + 1) >>> 0;
  const draw = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state + 0.5) / 4_294_967_296;
  };
  for (let warm = 0; warm < 20; warm += 1) draw();
  return draw;
}

/** Standard normal, by Box and Muller. */
export function createNormal(seed: number): () => number {
  const draw = createDraw(seed);
  return () => Math.sqrt(-2 * Math.log(draw())) * Math.cos(2 * Math.PI * draw());
}

export interface Process {
  readonly ar?: readonly number[];
  readonly ma?: readonly number[];
  readonly differences?: number;
  readonly mean?: number;
}

const warmUp = 300;

/** An ARIMA process with errors of unit variance. */
export function simulateArima(length: number, process: Process, seed: number): Float64Array {
  const { ar = [], ma = [], differences = 0, mean = 0 } = process;
  const normal = createNormal(seed);
  const values: number[] = [];
  const errors: number[] = [];
  for (let t = 0; t < length + warmUp; t += 1) {
    const error = normal();
    let value = error;
    for (const [index, one] of ar.entries()) value += one * (values[t - 1 - index] ?? 0);
    for (const [index, one] of ma.entries()) value += one * (errors[t - 1 - index] ?? 0);
    values.push(value);
    errors.push(error);
  }
  let series = values.slice(warmUp).map((value) => value + mean);
  for (let count = 0; count < differences; count += 1) {
    let sum = 0;
    series = series.map((value) => (sum += value));
  }
  return Float64Array.from(series);
}
