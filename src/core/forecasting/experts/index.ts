// The experts, in the order that weights, scorecards and snapshots keep.

import { blocksPerDay, blocksPerWeek } from '../levels.ts';
import type { Seasons } from '../seasons.ts';
import { createArima } from './arima.ts';
import { createDampedHolt } from './damped-holt.ts';
import type { Expert } from './expert.ts';
import type { FittedExpert } from './fitted-expert.ts';
import { createHarmonicRegression } from './harmonic-regression.ts';
import { createLstm } from './lstm.ts';
import { createPersistence, naiveDaily, naiveWeekly } from './persistence.ts';
import { createPhaseHigh } from './phase-high.ts';
import { createSeasonalRatio } from './seasonal-ratio.ts';
import { createTheta } from './theta.ts';

/** `seasons` is read anew at each forecast. */
export function createExperts(seasons: Seasons): readonly (Expert | FittedExpert)[] {
  const day = blocksPerDay;
  const week = blocksPerWeek;
  return [
    naiveDaily,
    naiveWeekly,
    createPersistence('persistence-1m', 6),
    createPersistence('persistence-10m', 60),
    createPersistence('persistence-1h', 360),
    createSeasonalRatio('daily-ratio', { period: day, levelBlocks: 180, carried: 1 }),
    createSeasonalRatio('daily-half', { period: day, levelBlocks: 360, carried: 0.5 }),
    createSeasonalRatio('weekly-ratio', { period: week, levelBlocks: 180, carried: 1 }),
    createSeasonalRatio('weekly-half', { period: week, levelBlocks: 360, carried: 0.5 }),
    createPhaseHigh('daily-high', seasons, {
      periodOf: () => day,
      periodsMin: 4,
      periodsMax: 14,
    }),
    createPhaseHigh('short-high', seasons, {
      periodOf: ({ shortBlocks }) => shortBlocks,
      periodsMin: 8,
      periodsMax: 24,
    }),
    createDampedHolt('holt', { level: 0.3, trend: 0.03, damping: 0.97 }),
    createDampedHolt('holt-slow', { level: 0.06, trend: 0.003, damping: 0.993 }),
    createTheta(),
    createHarmonicRegression(),
    createArima(),
    createLstm(),
  ];
}
