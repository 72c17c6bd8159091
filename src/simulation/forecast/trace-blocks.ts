// A trace as the blocks of ten seconds that forecasts learn from.

export interface ForecastTrace {
  /** Epoch seconds; taken for the multiple of 10 before it. */
  readonly startSeconds: number;
  readonly stepSeconds: number;
  /** NaN: missing. */
  readonly values: Float64Array;
}

/** Of the first block, from the epoch. */
export function firstBlockOf({ startSeconds }: ForecastTrace): number {
  return Math.floor(startSeconds / 10);
}

export function toBlocks({ stepSeconds, values }: ForecastTrace): Float64Array {
  if (stepSeconds >= 10) {
    const repeats = Math.round(stepSeconds / 10);
    const blocks = new Float64Array(values.length * repeats);
    for (const [index, value] of values.entries()) {
      blocks.fill(value, index * repeats, (index + 1) * repeats);
    }
    return blocks;
  }
  const inBlock = Math.round(10 / stepSeconds);
  const blocks = new Float64Array(Math.floor(values.length / inBlock));
  for (let block = 0; block < blocks.length; block += 1) {
    blocks[block] = meanOf(values, block * inBlock, inBlock);
  }
  return blocks;
}

/** NaN unless at least half is known and inside. */
export function meanOf(values: Float64Array, from: number, count: number): number {
  if (from < 0 || from + count > values.length) return Number.NaN;
  let sum = 0;
  let known = 0;
  for (let index = from; index < from + count; index += 1) {
    const value = values[index] ?? Number.NaN;
    if (!(value >= 0)) continue;
    sum += value;
    known += 1;
  }
  return known * 2 >= count ? sum / known : Number.NaN;
}
