// Seasonal level ratios: the present level times how much the window stood above the level at the same
// phase of earlier periods. Read from the history itself, so that its phase is as fine as the blocks.

import type { BlockHistory } from '../block-history.ts';
import type { ForecastTarget } from '../levels.ts';
import type { Expert } from './expert.ts';
import { readAgo, roundUpToPast } from './persistence.ts';

/** How many periods are looked back on. */
const periodsMax = 4;
/** Bounds of the ratio, where the base nearly vanishes. */
const ratioMax = 8;
/** The newest period counts most. */
const weightKept = 0.7;

export interface SeasonalRatioOptions {
  readonly period: number;
  /** Blocks that make the level. */
  readonly levelBlocks: number;
  /** 1: all of the level's change is carried over; 0: climatology alone. */
  readonly carried: number;
}

export function createSeasonalRatio(name: string, options: SeasonalRatioOptions): Expert {
  const { period, levelBlocks, carried } = options;
  return {
    name,
    leansOnPast: carried < 1,
    forecast: (target, history) => {
      const seen = lookBack(target, history, period, levelBlocks);
      if (seen === null) return Number.NaN;
      const level = history.level(target.origin, levelBlocks);
      if (!(level >= 0)) return Number.NaN;
      const floor = seen.window / ratioMax + 1e-12;
      const change = (level + floor) / (seen.level + floor);
      const bounded = Math.max(1 / ratioMax, Math.min(ratioMax, change));
      return seen.window * (carried === 1 ? bounded : Math.exp(carried * Math.log(bounded)));
    },
  };
}

/** Weighted means over the periods before: of the window, and of the level that went before it. */
function lookBack(
  target: ForecastTarget,
  history: BlockHistory,
  period: number,
  levelBlocks: number,
): { readonly window: number; readonly level: number } | null {
  const first = roundUpToPast(target, period);
  let weight = 1;
  let total = 0;
  let window = 0;
  let level = 0;
  for (let index = 0; index < periodsMax; index += 1, weight *= weightKept) {
    const ago = first + index * period;
    const value = readAgo(target, history, ago);
    const base = history.level(target.origin - ago, levelBlocks);
    if (!(value >= 0) || !(base >= 0)) continue;
    total += weight;
    window += weight * value;
    level += weight * base;
  }
  return total === 0 ? null : { window: window / total, level: level / total };
}
