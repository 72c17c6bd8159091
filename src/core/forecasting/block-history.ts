// What was seen: 10 s means of the last fifteen days and minutes of the last five weeks, in rings that
// grow as they fill. A block is numbered by its start / 10 s; what is missing is NaN.

import { blocksPerDay, blocksPerMinute } from './levels.ts';

/** The rings' bounds. */
const blocksMax = 15 * blocksPerDay;
const minutesMax = 36 * 1440;
const tensMax = minutesMax / 10;
const blocksPerTen = 60;
const initialLength = 2048;
/** Longer windows are read from minutes. */
const blocksReadMax = 36;

export interface BlockHistory {
  /** Ascending; blocks left out are missing. NaN: missing. */
  push(block: number, value: number): void;
  /** The newest block; -1 before the first. */
  newest(): number;
  /** The first block ever seen. */
  oldest(): number;
  at(block: number): number;
  /** Over the present blocks of [from, from + count); NaN where less than half are known. */
  mean(from: number, count: number): number;
  /** The greatest 10 s mean; NaN as for `mean`. */
  max(from: number, count: number): number;
  minuteMean(minute: number): number;
  /** Like `mean` over the blocks up to `last`, to ten minutes: quick, for levels of half an hour on. */
  level(last: number, count: number): number;
  snapshot(): BlockHistorySnapshot;
}

export interface BlockHistorySnapshot {
  readonly newest: number;
  readonly oldest: number;
  readonly blocks: Float32Array;
  readonly means: Float32Array;
  readonly maxima: Float32Array;
  readonly tens: Float32Array;
  readonly minute: readonly number[];
}

/** A ring indexed by absolute position, as long as it has had to be. */
interface Ring {
  read(position: number): number;
  write(position: number, value: number): void;
  copy(): Float32Array;
}

function createRing(
  lengthMax: number,
  from?: { values: Float32Array; newest: number; oldest: number },
): Ring {
  let values: Float32Array<ArrayBufferLike> = new Float32Array(initialLength).fill(Number.NaN);
  let newest = from?.newest ?? -1;
  let first = newest;
  if (from !== undefined) {
    values = from.values.slice();
    first = from.oldest;
  }
  const grow = (): void => {
    const longer = new Float32Array(Math.min(values.length * 2, lengthMax)).fill(Number.NaN);
    for (let index = Math.max(0, newest - values.length + 1); index <= newest; index += 1) {
      longer[index % longer.length] = values[index % values.length] ?? Number.NaN;
    }
    values = longer;
  };
  return {
    read: (position) =>
      position > newest || position <= newest - values.length || position < 0
        ? Number.NaN
        : (values[position % values.length] ?? Number.NaN),
    write: (position, value) => {
      if (first < 0) first = position;
      while (position - first >= values.length && values.length < lengthMax) grow();
      const gapFrom = Math.max(newest + 1, position - values.length + 1);
      for (let gap = gapFrom; gap < position; gap += 1) values[gap % values.length] = Number.NaN;
      values[position % values.length] = value;
      newest = Math.max(newest, position);
    },
    copy: () => values.slice(),
  };
}

export function createBlockHistory(from?: BlockHistorySnapshot): BlockHistory {
  const minuteOf = (block: number): number => Math.floor(block / blocksPerMinute);
  let newest = from?.newest ?? -1;
  let oldest = from?.oldest ?? -1;
  const open = from?.minute ?? [];
  let sum = open[0] ?? 0;
  let seen = open[1] ?? 0;
  let highest = open[2] ?? 0;
  let tenSum = open[3] ?? 0;
  let tenSeen = open[4] ?? 0;
  const minutes = {
    newest: newest < 0 ? -1 : minuteOf(newest),
    oldest: oldest < 0 ? -1 : minuteOf(oldest),
  };
  const blocks = createRing(blocksMax, from && { values: from.blocks, newest, oldest });
  const means = createRing(minutesMax, from && { values: from.means, ...minutes });
  const tens = createRing(
    tensMax,
    from && {
      values: from.tens,
      newest: Math.floor(newest / blocksPerTen),
      oldest: Math.floor(oldest / blocksPerTen),
    },
  );
  const maxima = createRing(minutesMax, from && { values: from.maxima, ...minutes });

  const summarize = (first: number, count: number, isMax: boolean): number => {
    const isFine = count <= blocksReadMax && first > newest - blocksMax;
    const start = isFine ? first : minuteOf(first);
    const end = isFine ? first + count : minuteOf(first + count - 1) + 1;
    const ring = isFine ? blocks : isMax ? maxima : means;
    let known = 0;
    let total = 0;
    let greatest = 0;
    for (let index = start; index < end; index += 1) {
      const value = ring.read(index);
      if (!(value >= 0)) continue;
      known += 1;
      total += value;
      if (value > greatest) greatest = value;
    }
    if (known === 0 || known * 2 < end - start) return Number.NaN;
    return isMax ? greatest : total / known;
  };

  return {
    push: (block, value) => {
      if (oldest < 0) oldest = block;
      if (newest < 0 || minuteOf(block) !== minuteOf(newest)) [sum, seen, highest] = [0, 0, 0];
      const ten = Math.floor(block / blocksPerTen);
      if (newest < 0 || ten !== Math.floor(newest / blocksPerTen)) [tenSum, tenSeen] = [0, 0];
      blocks.write(block, value);
      newest = block;
      if (value >= 0) {
        tenSum += value;
        tenSeen += 1;
        sum += value;
        seen += 1;
        highest = Math.max(highest, value);
      }
      means.write(minuteOf(block), seen === 0 ? Number.NaN : sum / seen);
      tens.write(ten, tenSeen === 0 ? Number.NaN : tenSum / tenSeen);
      maxima.write(minuteOf(block), seen === 0 ? Number.NaN : highest);
    },
    newest: () => newest,
    oldest: () => oldest,
    at: blocks.read,
    mean: (first, count) => summarize(first, count, false),
    max: (first, count) => summarize(first, count, true),
    minuteMean: means.read,
    level: (last, count) => {
      const end = Math.floor(last / blocksPerTen);
      const first = end - Math.max(1, Math.round(count / blocksPerTen)) + 1;
      let total = 0;
      let known = 0;
      for (let index = first; index <= end; index += 1) {
        const value = tens.read(index);
        if (!(value >= 0)) continue;
        total += value;
        known += 1;
      }
      return known === 0 ? Number.NaN : total / known;
    },
    snapshot: () => ({
      newest,
      oldest,
      blocks: blocks.copy(),
      means: means.copy(),
      maxima: maxima.copy(),
      tens: tens.copy(),
      minute: [sum, seen, highest, tenSum, tenSeen],
    }),
  };
}
