// Experts without a model: what was is what will be. The present level over several memories, and the
// seasonal naive forecasts that every other expert is measured against.

import type { BlockHistory } from '../block-history.ts';
import { blocksPerDay, blocksPerWeek } from '../levels.ts';
import type { ForecastTarget } from '../levels.ts';
import type { Expert } from './expert.ts';

/** The mean over the last `blocks` blocks, known ones only. */
export function createPersistence(name: string, blocks: number): Expert {
  return {
    name,
    leansOnPast: false,
    forecast: ({ origin }, history) => history.mean(origin - blocks + 1, blocks),
  };
}

/** The same window a period earlier, or several where it has not ended yet. */
export function createSeasonalNaive(name: string, period: number): Expert {
  return {
    name,
    leansOnPast: true,
    forecast: (target, history) => readAgo(target, history, roundUpToPast(target, period)),
  };
}

export const naiveDaily = createSeasonalNaive('naive-24h', blocksPerDay);
export const naiveWeekly = createSeasonalNaive('naive-7d', blocksPerWeek);

/** The least multiple of the period by which the whole window lies in the past. */
export function roundUpToPast({ origin, from, count }: ForecastTarget, period: number): number {
  return Math.ceil((from + count - 1 - origin) / period) * period;
}

export function readAgo(target: ForecastTarget, history: BlockHistory, ago: number): number {
  const { kind, from, count } = target;
  return kind === 'max' ? history.max(from - ago, count) : history.mean(from - ago, count);
}
