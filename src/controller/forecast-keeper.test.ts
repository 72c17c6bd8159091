import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../simulation/virtual-clock.ts';
import { createMemoryStore, type MemoryStore } from '../store/memory-store.ts';
import { ForecastKeeper } from './forecast-keeper.ts';
import { planStepMs, type ForecastTerms } from './group-forecaster.ts';
import type { HistoryPoint } from './ports/store.ts';

const dayMs = 86_400_000;
/** Days of blocks are learnt from, on a machine that may be busy. */
const limitMs = 60_000;
const startMs = 1_767_225_600_000;
const cpu: ForecastTerms = { signal: 'cpu', isTotal: false, everyMs: 10_000 };
const requests: ForecastTerms = { signal: 'demand', isTotal: true, everyMs: 60_000 };

/** A day's shape: 100 ± 50. */
function shape(at: number): number {
  return 100 + 50 * Math.sin((2 * Math.PI * (at % dayMs)) / dayMs);
}

function createStand(store: MemoryStore = createMemoryStore(), at = startMs) {
  const clock = new VirtualClock(at);
  const logged: string[] = [];
  const log = { write: (_level: string, message: string) => void logged.push(message) };
  const keeper = new ForecastKeeper({ store, clock, log });
  return { keeper, clock, store, logged };
}

async function learn({ keeper, clock }: ReturnType<typeof createStand>): Promise<void> {
  const progress = { isDone: false };
  void keeper.learnPast().then(() => {
    progress.isDone = true;
  });
  for (let turn = 0; turn < 3000 && !progress.isDone; turn += 1) await clock.advance(1000);
  expect(progress.isDone).toBe(true);
}

async function importDays(store: MemoryStore, signal: string, days: number): Promise<void> {
  const minutes = Array.from({ length: days * 1440 }, (_, index) => {
    const start = startMs - (index + 1) * 60_000;
    return { start, mean: shape(start) };
  });
  const request = { group: 'web', signal, minutes, replaces: false, isTrial: false };
  expect((await store.history.importMinutes(request)).ok).toBe(true);
}

function medianAt(keeper: ForecastKeeper, start: number): number {
  const [step] = keeper.find('web')?.forecaster.forecastSteps(start, 1) ?? [];
  return step?.quantiles[step.levels.indexOf(0.5)] ?? Number.NaN;
}

describe('the keeper of forecasters', () => {
  it('makes the demand of a mean of instances and how many there are', () => {
    const { keeper } = createStand();
    keeper.follow(new Map([['web', cpu]]));
    for (let at = startMs; at < startMs + 10_000; at += 1000) keeper.noteServing('web', at, 4);
    const point: HistoryPoint = { group: 'web', signal: 'cpu', start: startMs, mean: 0.5 };
    expect(keeper.take('web', [point, { ...point, signal: 'memory' }])).toEqual([
      { group: 'web', signal: 'sum:cpu', start: startMs, mean: 2 },
    ]);
    expect(keeper.take('web', [{ ...point, start: startMs + 10_000 }])).toEqual([]);
  });

  it(
    'knows the time of day at once where the history has some days',
    async () => {
      const stand = createStand();
      await importDays(stand.store, 'demand', 3);
      stand.keeper.follow(new Map([['web', requests]]));
      await learn(stand);
      expect(stand.keeper.find('web')?.isLive).toBe(true);
      for (const hours of [1, 6, 12, 18]) {
        const at = startMs + hours * 3_600_000;
        expect(Math.abs(medianAt(stand.keeper, at) / shape(at) - 1)).toBeLessThan(0.1);
      }
    },
    limitMs,
  );

  it(
    'goes on from what was saved, with what the history has since',
    async () => {
      const store = createMemoryStore();
      await importDays(store, 'demand', 1);
      const first = createStand(store);
      first.keeper.follow(new Map([['web', requests]]));
      await learn(first);
      await first.keeper.stop();
      const second = createStand(store);
      second.keeper.follow(new Map([['web', requests]]));
      await learn(second);
      const at = startMs + planStepMs;
      expect(medianAt(second.keeper, at)).toBeCloseTo(medianAt(first.keeper, at), 6);
      expect(second.keeper.find('web')?.forecaster.historyMs).toBe(
        first.keeper.find('web')?.forecaster.historyMs,
      );
    },
    limitMs,
  );

  it('learns what came while it was looking back, and anew what was imported', async () => {
    const stand = createStand();
    const { keeper, store, clock } = stand;
    keeper.follow(new Map([['web', requests]]));
    keeper.take('web', [{ group: 'web', signal: 'demand', start: startMs, mean: 100 }]);
    await learn(stand);
    expect(keeper.find('web')?.forecaster.newestDemand).toBe(100);
    const minutes = Array.from({ length: 60 }, (_, index) => {
      return [startMs - (index + 1) * 60_000, 70] as const;
    });
    const request = {
      group: 'web',
      signal: 'demand',
      minutes: minutes.map(([start, mean]) => ({ start, mean })),
      replaces: false,
      isTrial: false,
      isLast: true,
    };
    expect(await keeper.importHistory(request)).toEqual({
      ok: true,
      value: { written: 60, kept: 0 },
    });
    for (let turn = 0; turn < 100; turn += 1) await clock.advance(1000);
    expect(keeper.find('web')?.forecaster.historyMs).toBeGreaterThan(3_500_000);
    expect((await store.forecasts.load('web')).ok).toBe(true);
  });

  it('saves every group each ten minutes, one at a time', async () => {
    const stand = createStand();
    const { keeper, clock, store } = stand;
    keeper.follow(new Map(['one', 'two'].map((name) => [name, requests])));
    await learn(stand);
    const countSaved = async (): Promise<number> => {
      const loaded = await Promise.all(['one', 'two'].map((name) => store.forecasts.load(name)));
      return loaded.filter((one) => one.ok && one.value !== null).length;
    };
    await keeper.saveDue();
    expect(await countSaved()).toBe(0);
    await clock.advance(600_000);
    await keeper.saveDue();
    expect(await countSaved()).toBe(1);
    // The first is due again: it waits until the other one was saved.
    await clock.advance(600_000);
    await keeper.saveDue();
    expect(await countSaved()).toBe(2);
  });

  it('begins without a past that cannot be read, and says so', async () => {
    const stand = createStand();
    stand.store.inject({ times: 1000, message: 'the disk is gone', effect: 'refused' });
    stand.keeper.follow(new Map([['web', requests]]));
    await learn(stand);
    expect(stand.keeper.find('web')?.isLive).toBe(true);
    expect(stand.logged.some((line) => line.includes('the disk is gone'))).toBe(true);
  });

  it('forgets groups that are gone, or whose demand is made of something else', () => {
    const { keeper } = createStand();
    keeper.follow(new Map([['web', requests]]));
    const before = keeper.find('web')?.forecaster;
    keeper.follow(new Map([['web', { ...requests, everyMs: 10_000 }]]));
    expect(keeper.find('web')?.forecaster).toBe(before);
    keeper.follow(new Map([['web', cpu]]));
    expect(keeper.find('web')?.forecaster).not.toBe(before);
    keeper.follow(new Map([['web', null]]));
    expect(keeper.find('web')).toBe(null);
  });
});
