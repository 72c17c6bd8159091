import { describe, expect, it } from 'vitest';
import { createBlockHistory } from './block-history.ts';
import { createCensoredBlocks, guessHidden } from './censored-blocks.ts';
import { createChangePoints } from './change-points.ts';
import { createDemandForecaster } from './demand-forecaster.ts';
import { multiplierAt, multiplierOver } from './known-events.ts';
import { blocksPerDay } from './levels.ts';
import { findSeasons } from './seasons.ts';

const startsAt = 1_767_225_600_000;
const firstBlock = startsAt / 10_000;

describe('the history', () => {
  it('gives means and maxima of blocks, and of minutes where it is long ago', () => {
    const history = createBlockHistory();
    for (let block = 0; block < 20 * blocksPerDay; block += 1) {
      history.push(firstBlock + block, block % 60 === 7 ? 10 : 1);
    }
    const now = history.newest();
    expect(history.mean(now - 59, 60)).toBeCloseTo(69 / 60);
    expect(history.max(now - 59, 60)).toBe(10);
    expect(history.mean(firstBlock + 600, 60)).toBeCloseTo(69 / 60);
    expect(history.max(firstBlock + 600, 60)).toBe(10);
    expect(history.level(now, 360)).toBeCloseTo(69 / 60, 5);
  });

  it('knows nothing of a window that is mostly missing', () => {
    const history = createBlockHistory();
    history.push(firstBlock, 5);
    history.push(firstBlock + 30, 7);
    expect(history.mean(firstBlock, 31)).toBeNaN();
    expect(history.mean(firstBlock + 30, 1)).toBe(7);
  });
});

describe('seasons', () => {
  const historyOf = (demandAt: (minute: number) => number, days: number) => {
    const history = createBlockHistory();
    for (let block = 0; block < days * blocksPerDay; block += 1) {
      history.push(firstBlock + block, demandAt(block / 6));
    }
    return history;
  };
  const look = (history: ReturnType<typeof createBlockHistory>): number => {
    const seasons = { shortBlocks: 0, shortContrast: 0 };
    findSeasons(seasons, history, Math.floor(history.newest() / 6));
    return seasons.shortBlocks / 6;
  };

  it('of half an hour is found under a day', () => {
    const found = look(
      historyOf((minute) => (2 + Math.sin(minute / 229)) * (minute % 30 < 5 ? 4 : 1), 5),
    );
    expect(found).toBe(30);
  });

  it('is not found where there is only a day', () => {
    expect(look(historyOf((minute) => 2 + Math.sin((minute * 2 * Math.PI) / 1440), 5))).toBe(0);
  });
});

describe('a change of level', () => {
  it('is found within hours, once, and not before', () => {
    const history = createBlockHistory();
    const points = createChangePoints();
    const shiftMinute = 6 * 1440;
    for (let block = 0; block < 9 * blocksPerDay; block += 1) {
      const minute = block / 6;
      const level = minute < shiftMinute ? 100 : 200;
      const noise = ((block * 7919) % 101) / 10;
      history.push(firstBlock + block, level + 30 * Math.sin(minute / 229.18) + noise);
      if (block % 6 === 5) points.test((firstBlock + block - 5) / 6, history, 100);
    }
    const found = points.found().map((at) => (at - startsAt) / 60_000 - shiftMinute);
    expect(found).toHaveLength(1);
    expect(found[0]).toBeGreaterThan(0);
    expect(found[0]).toBeLessThan(360);
  });
});

describe('known events', () => {
  const events = [{ from: 100_000, to: 200_000, multiplier: 3 }];

  it('multiply inside their window alone', () => {
    expect([9, 10, 19, 20].map((block) => multiplierAt(events, block))).toEqual([1, 3, 3, 1]);
    expect(multiplierOver(events, { kind: 'mean', from: 5, count: 10 })).toBe(2);
    expect(multiplierOver(events, { kind: 'max', from: 5, count: 10 })).toBe(3);
    expect(multiplierOver(events, { kind: 'max', from: 30, count: 10 })).toBe(1);
  });

  it('raise a forecast and teach nothing', () => {
    const sale = { from: startsAt + 20_000_000, to: startsAt + 30_000_000, multiplier: 5 };
    const forecaster = createDemandForecaster({ events: [sale] });
    let before = 0;
    for (let at = startsAt; at < sale.to; at += 10_000) {
      const isSale = at >= sale.from;
      forecaster.observe({ startsAt: at, demand: isSale ? 500 : 100, isCensored: false });
      if (at !== sale.from - 60_000) continue;
      before = forecaster.forecastMax(120_000, 60_000).quantiles[3] ?? 0;
    }
    expect(before).toBeGreaterThan(450);
    expect(before).toBeLessThan(560);
    const after = forecaster.forecastMax(120_000, 60_000).quantiles[3] ?? 0;
    expect(after).toBeGreaterThan(90);
    expect(after).toBeLessThan(112);
  });
});

describe('hidden demand', () => {
  it('is a lower bound of the outcome', () => {
    const history = createBlockHistory();
    const censored = createCensoredBlocks();
    for (const [index, value] of [4, 9, 9].entries()) history.push(firstBlock + index, value);
    censored.add(firstBlock + 1, 6);
    const target = { kind: 'max' as const, origin: firstBlock - 1, from: firstBlock, count: 2 };
    expect(censored.outcomeOf(target, history)).toEqual({ value: 6, isCensored: true });
    const later = { ...target, from: firstBlock + 2, count: 1 };
    expect(censored.outcomeOf(later, history)).toEqual({ value: 9, isCensored: false });
  });

  it('goes on at the last growth, within twice the bound', () => {
    expect(guessHidden(10, 8)).toBe(10);
    expect(guessHidden(10, 13)).toBe(13);
    expect(guessHidden(10, 99)).toBe(20);
  });

  it('does not teach that demand never exceeds what the fleet serves', () => {
    const highest = (isCensored: boolean): number => {
      const forecaster = createDemandForecaster();
      for (let block = 0; block < 4000; block += 1) {
        const demand = Math.min(100, 60 + (block % 400) / 4);
        const isFull = isCensored && demand === 100;
        forecaster.observe({ startsAt: startsAt + block * 10_000, demand, isCensored: isFull });
        if (block > 10) forecaster.forecastMax(60_000, 60_000);
      }
      return forecaster.forecastMax(60_000, 60_000).quantiles.at(-1) ?? 0;
    };
    expect(highest(true)).toBeGreaterThan(highest(false));
  });
});
