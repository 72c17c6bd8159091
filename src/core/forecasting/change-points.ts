// When demand has left the level that yesterday promised: Page's test (E. S. Page, "Continuous
// Inspection Schemes", Biometrika 41, 1954) in both directions, on hourly means against those of the
// day before, in units of their own usual size.

import type { BlockHistory } from './block-history.ts';
import { blockMs, blocksPerDay, blocksPerMinute } from './levels.ts';

/** Tested every ten minutes. */
const everyMinutes = 10;
const meanBlocks = 360;
/** Deviations below this many usual sizes tell nothing; above the highest they tell no more. */
const toleratedSizes = 2;
const deviationMax = 4;
/** Sum of what is beyond: three hours at the highest. */
const alarmAbove = 35;
/** Yesterday is of another level for a day. */
const quietMinutes = 1440;
const pointsMax = 20;
const sizeMemory = 1000;
const floorRatio = 0.1;

export interface ChangePoints {
  /** True at a minute at which the level is found to have changed. */
  test(minute: number, history: BlockHistory, meanDemand: number): boolean;
  /** The newest ones, in epoch milliseconds, ascending. */
  found(): readonly number[];
  readonly state: Float64Array;
}

const sizeAt = 0;
const upAt = 1;
const downAt = 2;
const testsAt = 3;
const countAt = 4;
const pointsAt = 5;

export function createChangePoints(
  state: Float64Array = new Float64Array(pointsAt + pointsMax),
): ChangePoints {
  const found = (): readonly number[] =>
    [...state.subarray(pointsAt, pointsAt + (state[countAt] ?? 0))].map(
      (minute) => minute * blocksPerMinute * blockMs,
    );
  return {
    state,
    found,
    test: (minute, history, meanDemand) => {
      if (minute % everyMinutes !== 0) return false;
      const end = minute * blocksPerMinute;
      const now = history.mean(end - meanBlocks, meanBlocks);
      const then = history.mean(end - meanBlocks - blocksPerDay, meanBlocks);
      if (!(now >= 0) || !(then >= 0) || meanDemand <= 0) return false;
      const floor = floorRatio * meanDemand;
      const newest = state[pointsAt + (state[countAt] ?? 0) - 1] ?? 0;
      const isQuiet = (state[countAt] ?? 0) > 0 && minute - newest < quietMinutes;
      if (isQuiet || !isAlarming(state, Math.log((now + floor) / (then + floor)))) return false;
      state[upAt] = 0;
      state[downAt] = 0;
      addPoint(state, minute);
      return true;
    },
  };
}

function isAlarming(state: Float64Array, ratio: number): boolean {
  const tests = (state[testsAt] ?? 0) + 1;
  state[testsAt] = tests;
  const size = state[sizeAt] ?? 0;
  const usual = Math.max(size, 0.02);
  const deviation = Math.max(-deviationMax, Math.min(deviationMax, ratio / usual));
  const rate = Math.max(1 / tests, 1 / sizeMemory);
  state[sizeAt] = size + rate * (Math.min(Math.abs(ratio), tests < 10 ? 9 : 3 * usual) - size);
  state[upAt] = Math.max(0, (state[upAt] ?? 0) + deviation - toleratedSizes);
  state[downAt] = Math.max(0, (state[downAt] ?? 0) - deviation - toleratedSizes);
  return tests > 72 && Math.max(state[upAt] ?? 0, state[downAt] ?? 0) > alarmAbove;
}

function addPoint(state: Float64Array, minute: number): void {
  const count = state[countAt] ?? 0;
  if (count === pointsMax) state.copyWithin(pointsAt, pointsAt + 1);
  const kept = Math.min(count, pointsMax - 1);
  state[pointsAt + kept] = minute;
  state[countAt] = kept + 1;
}
