// The upper part of what was seen at the same phase: for bursts that come on a schedule, but not every
// time, where a mean or the last period says little about the upper quantiles.

import type { Seasons } from '../seasons.ts';
import type { Expert } from './expert.ts';
import { readAgo } from './persistence.ts';

/** The share of earlier periods that it stands above. */
const highShare = 0.8;
const levelBlocks = 360;
const ratioMax = 20;

/** `periodOf` says the period in blocks, 0 where there is none. */
export function createPhaseHigh(
  name: string,
  seasons: Seasons,
  options: {
    readonly periodOf: (seasons: Seasons) => number;
    readonly periodsMin: number;
    readonly periodsMax: number;
  },
): Expert {
  const { periodOf, periodsMin, periodsMax } = options;
  const ratios = new Float64Array(periodsMax);
  return {
    name,
    leansOnPast: false,
    forecast: (target, history) => {
      const period = periodOf(seasons);
      const level = history.level(target.origin, levelBlocks);
      if (period === 0 || !(level >= 0)) return Number.NaN;
      const first = Math.ceil((target.from + target.count - 1 - target.origin) / period);
      let known = 0;
      for (let index = 0; index < periodsMax; index += 1) {
        const ago = (first + index) * period;
        const value = readAgo(target, history, ago);
        const base = history.level(target.origin - ago, levelBlocks);
        if (!(value >= 0) || !(base > 0)) continue;
        ratios[known] = Math.min(ratioMax, value / base);
        known += 1;
      }
      if (known < periodsMin) return Number.NaN;
      const sorted = ratios.subarray(0, known).toSorted();
      return level * (sorted[Math.min(known - 1, Math.floor(highShare * known))] ?? 0);
    },
  };
}
