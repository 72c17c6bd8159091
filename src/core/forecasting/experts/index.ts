// The experts, in the order that weights, scorecards and snapshots keep.

import { blocksPerDay, blocksPerWeek } from '../levels.ts';
import type { Expert } from './expert.ts';
import { createPersistence, naiveDaily, naiveWeekly } from './persistence.ts';
import { createSeasonalRatio } from './seasonal-ratio.ts';

export function createExperts(): readonly Expert[] {
  return [
    naiveDaily,
    naiveWeekly,
    createPersistence('persistence-1m', 6),
    createPersistence('persistence-10m', 60),
    createPersistence('persistence-1h', 360),
    createSeasonalRatio('daily-ratio', { period: blocksPerDay, levelBlocks: 180, carried: 1 }),
    createSeasonalRatio('daily-half', { period: blocksPerDay, levelBlocks: 360, carried: 0.5 }),
    createSeasonalRatio('weekly-ratio', { period: blocksPerWeek, levelBlocks: 180, carried: 1 }),
    createSeasonalRatio('weekly-half', { period: blocksPerWeek, levelBlocks: 360, carried: 0.5 }),
  ];
}
