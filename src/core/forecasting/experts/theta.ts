// The Theta method (V. Assimakopoulos, K. Nikolopoulos, "The theta model", International Journal of
// Forecasting 16(4), 2000) as exponential smoothing with half the drift (R. Hyndman, B. Billah, 2003),
// on demand freed from its day by the ratio to the same time of the days before.

import type { BlockHistory } from '../block-history.ts';
import { blocksPerDay, blocksPerMinute } from '../levels.ts';
import type { Expert } from './expert.ts';
import { minutesAhead } from './expert.ts';

/** Share of the newest minute in the level. */
const smoothing = 0.1;
/** Minutes that the drift is fitted over, fading. */
const driftMemory = 720;
/** Half the drift moves the level by no more than this share. */
const driftMax = 0.5;
const indexMax = 8;
const indexDays = 4;
/** Blocks around the same time of day that make its index. */
const indexBlocks = 120;
const levelAt = 0;
/** Sums over the minutes by age a: of 1, a, a², of x and a·x. */
const sumsAt = 1;
const stateLength = 6;

export function createTheta(): Expert {
  const state = new Float64Array(stateLength);
  return {
    name: 'theta',
    leansOnPast: false,
    state,
    forecast: (target, history) => {
      if ((state[sumsAt] ?? 0) < 1) return Number.NaN;
      const level = state[levelAt] ?? 0;
      const bound = driftMax * level;
      const drift = 0.5 * slopeOf(state) * minutesAhead(target);
      const middle = target.from + Math.floor(target.count / 2);
      const index = indexAt(middle, history) ?? 1;
      return (level + Math.max(-bound, Math.min(bound, drift))) * index;
    },
    learnMinute: (minute, mean, history) => {
      if (!(mean >= 0)) return;
      const value = mean / (indexAt(minute * blocksPerMinute, history) ?? 1);
      const isFirst = state[sumsAt] === 0;
      const level = state[levelAt] ?? 0;
      state[levelAt] = isFirst ? value : level + smoothing * (value - level);
      addToSums(state, value);
    },
  };
}

function addToSums(state: Float64Array, value: number): void {
  const [, ones = 0, ages = 0, squares = 0, values = 0, products = 0] = state;
  const kept = 1 - 1 / driftMemory;
  state[sumsAt] = kept * ones + 1;
  state[sumsAt + 1] = kept * (ages + ones);
  state[sumsAt + 2] = kept * (squares + 2 * ages + ones);
  state[sumsAt + 3] = kept * values + value;
  state[sumsAt + 4] = kept * (products + values);
}

/** Change a minute. */
function slopeOf(state: Float64Array): number {
  const [, ones = 0, ages = 0, squares = 0, values = 0, products = 0] = state;
  const spread = ones * squares - ages * ages;
  return spread > 1e-6 ? -(ones * products - ages * values) / spread : 0;
}

/** The time of day's demand over the day's, of the days before; null where no day is known. */
function indexAt(block: number, history: BlockHistory): number | null {
  const first = Math.max(1, Math.ceil((block + indexBlocks / 2 - history.newest()) / blocksPerDay));
  let near = 0;
  let whole = 0;
  for (let day = first; day < first + indexDays; day += 1) {
    const at = block - day * blocksPerDay;
    const around = history.mean(at - indexBlocks / 2, indexBlocks);
    const six = daily(at, history);
    if (!(around >= 0) || !(six > 0)) continue;
    near += around;
    whole += six;
  }
  if (whole === 0) return null;
  return Math.max(1 / indexMax, Math.min(indexMax, near / whole));
}

/** The mean of the day around, from twelve samples of ten minutes: the sums of a day cost too much. */
function daily(block: number, history: BlockHistory): number {
  let sum = 0;
  let known = 0;
  for (let sample = -6; sample < 6; sample += 1) {
    const mean = history.level(block + sample * 720, 60);
    if (!(mean >= 0)) continue;
    sum += mean;
    known += 1;
  }
  return known >= 6 ? sum / known : Number.NaN;
}
