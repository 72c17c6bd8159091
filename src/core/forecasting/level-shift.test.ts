import { describe, expect, it } from 'vitest';
import { createDemandForecaster, type DemandForecaster } from './demand-forecaster.ts';
import { blocksPerDay } from './levels.ts';

const startsAt = 1_767_225_600_000;
const shiftAt = 2 * blocksPerDay + 2000;
const seeds = [1, 2, 3];

/** Uniform in [0, 1): the "minimal standard" generator (S. Park, K. Miller, 1988). */
function createDraw(seed: number): () => number {
  let state = 7919 * seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

function usualAt(block: number): number {
  return 100 + 40 * Math.sin((2 * Math.PI * block) / blocksPerDay);
}

/** The maximum of two minutes, a minute ahead: its median over the usual, and its width over that. */
function readBand(forecaster: DemandForecaster, block: number): { middle: number; width: number } {
  const { levels, quantiles } = forecaster.forecastMax(60_000, 120_000);
  const at = (level: number): number => quantiles[levels.indexOf(level)] ?? Number.NaN;
  return { middle: at(0.5) / usualAt(block + 12), width: (at(0.95) - at(0.05)) / at(0.5) };
}

describe.each(seeds)('a change of level, seed %i,', { timeout: 60_000 }, (seed) => {
  it.each([3, 1 / 3])('to %d times is followed within a quarter of an hour, honestly', (factor) => {
    const draw = createDraw(seed);
    const forecaster = createDemandForecaster();
    let block = 0;
    const learnUntil = (end: number): { middle: number; width: number } => {
      for (; block < end; block += 1) {
        const demand = usualAt(block) * (block >= shiftAt ? factor : 1) * (0.9 + 0.2 * draw());
        forecaster.observe({ startsAt: startsAt + block * 10_000, demand, isCensored: false });
        if (block % 60 === 0) readBand(forecaster, block);
      }
      return readBand(forecaster, block);
    };
    const before = learnUntil(shiftAt);
    expect(Math.abs(before.middle - 1)).toBeLessThan(0.2);
    let widest = 0;
    for (let passed = 10; passed <= 120; passed += 10) {
      const { middle, width } = learnUntil(shiftAt + passed);
      widest = Math.max(widest, width);
      if (passed >= 90) expect(Math.abs(middle / factor - 1)).toBeLessThan(0.35);
    }
    expect(widest).toBeGreaterThan(2.5 * before.width);
    const later = learnUntil(shiftAt + 2160);
    expect(Math.abs(later.middle / factor - 1)).toBeLessThan(0.2);
    expect(later.width).toBeLessThan(widest / 2);
    expect(later.width).toBeLessThan(2.5 * before.width);
  });
});
