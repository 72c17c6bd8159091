import { describe, expect, it } from 'vitest';
import { fitModel } from '../core/forecasting/fit-model.ts';
import { createNormal } from '../core/forecasting/testing/simulated-series.ts';
import { VirtualClock } from '../simulation/virtual-clock.ts';
import { createMemoryStore, type MemoryStore } from '../store/memory-store.ts';
import { ForecastKeeper } from './forecast-keeper.ts';
import type { ForecastTerms } from './group-forecaster.ts';
import type { FitOutcome, ModelFitter } from './ports/model-fitter.ts';

/** Days of blocks are learnt from, on a machine that may be busy. */
const limitMs = 120_000;
const startMs = 1_767_225_600_000;
const dayMs = 86_400_000;
const blockMs = 10_000;
const terms: ForecastTerms = { signal: 'demand', isTotal: true, everyMs: blockMs };

const honest: ModelFitter = {
  fit: (name, task) => {
    const packed = fitModel(name, task);
    return Promise.resolve(
      typeof packed === 'string' ? { ok: false, code: packed } : { ok: true, packed },
    );
  },
};

/** One that answers when it is told to. */
function createSlow() {
  const asked: ((outcome: FitOutcome) => void)[] = [];
  const fitter: ModelFitter = {
    fit: () => {
      const { promise, resolve } = Promise.withResolvers<FitOutcome>();
      asked.push(resolve);
      return promise;
    },
  };
  return { fitter, asked };
}

/** Swings of some 40 min that lose their phase within hours, in steps of five minutes from `startMs` − 8 d. */
function createSwings(): (at: number) => number {
  const normal = createNormal(5);
  const steps: number[] = [0, 0];
  for (let step = 2; step < 16 * 288; step += 1) {
    steps.push(1.4 * (steps[step - 1] ?? 0) - 0.96 * (steps[step - 2] ?? 0) + 0.015 * normal());
  }
  return (at) => {
    return 100 * Math.exp(steps[Math.floor((at - startMs + 8 * dayMs) / 300_000)] ?? 0);
  };
}

const swings = createSwings();

async function importPast(store: MemoryStore, group: string): Promise<void> {
  const minutes = Array.from({ length: 7.5 * 1440 }, (_, index) => {
    const start = startMs - (index + 1) * 60_000;
    return { start, mean: swings(start) };
  });
  await store.history.importMinutes({
    group,
    signal: 'demand',
    minutes,
    replaces: false,
    isTrial: false,
  });
}

interface Stand {
  readonly keeper: ForecastKeeper;
  readonly clock: VirtualClock;
  readonly logged: string[];
}

async function createStand(
  store: MemoryStore,
  { fitter, at, groups = ['web'] }: { fitter: ModelFitter; at: number; groups?: string[] },
): Promise<Stand> {
  const clock = new VirtualClock(at);
  const logged: string[] = [];
  const log = {
    write: (level: string, message: string) => void logged.push(`${level} ${message}`),
  };
  const keeper = new ForecastKeeper({ store, clock, log, fitter });
  keeper.follow(new Map(groups.map((name) => [name, terms])));
  const progress = { isDone: false };
  void keeper.learnPast().then(() => {
    progress.isDone = true;
  });
  for (let turn = 0; turn < 3000 && !progress.isDone; turn += 1) await clock.advance(1000);
  expect(progress.isDone).toBe(true);
  return { keeper, clock, logged };
}

/** As the controller's history does, block by block. */
async function live({ keeper, clock }: Stand, blocks: number, groups = ['web']): Promise<void> {
  for (let block = 0; block < blocks; block += 1) {
    await clock.advance(blockMs);
    const start = Math.floor(clock.now() / blockMs) * blockMs - blockMs;
    for (const group of groups) {
      keeper.take(group, [{ group, signal: 'demand', start, mean: swings(start) }]);
    }
    keeper.fitDue();
  }
}

const phasesOf = (stand: Stand, group = 'web') =>
  stand.keeper
    .find(group)
    ?.forecaster.listFitted()
    .map(({ phase }) => phase);

describe('fits beside the loop', { timeout: limitMs }, () => {
  it('bring in by themselves what forecasts better, tell so, and keep it over a restart', async () => {
    const store = createMemoryStore();
    await importPast(store, 'web');
    const first = await createStand(store, { fitter: honest, at: startMs });
    await live(first, 20);
    expect(phasesOf(first)).toEqual(['on-trial', 'on-trial']);
    await live(first, 3.1 * 8640);
    expect(phasesOf(first)?.[0]).toBe('admitted');
    expect(first.logged.filter((line) => line.includes('ARIMA'))).toEqual([
      expect.stringMatching(/^debug web: ARIMA on trial/),
      expect.stringMatching(
        /^info web: ARIMA admitted, gains \d+(\.\d)? %; forecasts have it in them from now on$/,
      ),
    ]);
    await first.keeper.stop();
    const second = await createStand(store, { fitter: honest, at: first.clock.now() });
    expect(phasesOf(second)).toEqual(phasesOf(first));
    await live(second, 20);
    expect(phasesOf(second)?.[0]).toBe('admitted');
    // What it was at the start is no news.
    expect(second.logged).toEqual([]);
  });

  it('that fail leave forecasts as they are, and are made again a day later', async () => {
    const store = createMemoryStore();
    await importPast(store, 'web');
    let fits = 0;
    const failing: ModelFitter = {
      fit: () => {
        fits += 1;
        return Promise.resolve({ ok: false, code: 'thread-failed' });
      },
    };
    const stand = await createStand(store, { fitter: failing, at: startMs });
    await live(stand, 60);
    expect(fits).toBe(2);
    const forecaster = stand.keeper.find('web')?.forecaster;
    expect(forecaster?.listFitted()).toMatchObject([
      { phase: 'untried', problem: 'thread-failed' },
      { phase: 'untried', problem: 'thread-failed' },
    ]);
    expect(forecaster?.forecastMax(600_000).isUsable).toBe(true);
    await live(stand, 8640 - 100);
    expect(fits).toBe(2);
    await live(stand, 200);
    expect(fits).toBe(4);
  });

  it('are one at a time, of the group that waits longest, and are dropped with their group', async () => {
    const store = createMemoryStore();
    const groups = ['web', 'api'];
    for (const group of groups) await importPast(store, group);
    const { fitter, asked } = createSlow();
    const stand = await createStand(store, { fitter, at: startMs, groups });
    await live(stand, 60, groups);
    expect(asked).toHaveLength(1);
    stand.keeper.follow(new Map([['api', terms]]));
    asked[0]?.({ ok: true, packed: new Float64Array(3) });
    await live(stand, 20, ['api']);
    expect(asked).toHaveLength(2);
    // The same name with what is left of the model that was fitted for the one before.
    stand.keeper.follow(new Map(groups.map((name) => [name, terms])));
    asked[1]?.({ ok: false, code: 'took-too-long' });
    await live(stand, 1, ['api']);
    expect(phasesOf(stand, 'web')).toEqual(['untried', 'untried']);
    expect(stand.keeper.find('api')?.forecaster.listFitted()[0]).toMatchObject({
      problem: 'took-too-long',
    });
    expect(stand.logged).toEqual([]);
  });

  it('are dropped where the past was learnt anew meanwhile', async () => {
    const store = createMemoryStore();
    await importPast(store, 'web');
    const { fitter, asked } = createSlow();
    const stand = await createStand(store, { fitter, at: startMs });
    await live(stand, 1);
    expect(asked).toHaveLength(1);
    const minutes = [{ start: startMs - 9 * dayMs, mean: 100 }];
    const request = { group: 'web', signal: 'demand', minutes, replaces: false, isTrial: false };
    await stand.keeper.importHistory({ ...request, isLast: true });
    for (let turn = 0; turn < 3000 && !stand.keeper.find('web')?.isLive; turn += 1) {
      await stand.clock.advance(1000);
    }
    asked[0]?.({ ok: true, packed: new Float64Array(3) });
    await live(stand, 1);
    expect(stand.keeper.find('web')?.isLive).toBe(true);
    expect(phasesOf(stand)).toEqual(['untried', 'untried']);
    expect(stand.logged).toEqual([]);
  });

  it('are not made where a policy has forecasts off, nor without a fitter, nor after a stop', async () => {
    const store = createMemoryStore();
    await importPast(store, 'web');
    const { fitter, asked } = createSlow();
    const stand = await createStand(store, { fitter, at: startMs });
    stand.keeper.follow(new Map([['web', { ...terms, fits: false }]]));
    await live(stand, 10);
    expect(asked).toHaveLength(0);
    stand.keeper.follow(new Map([['web', terms]]));
    await live(stand, 1);
    expect(asked).toHaveLength(1);
    await stand.keeper.stop();
    asked[0]?.({ ok: true, packed: new Float64Array(3) });
    stand.keeper.fitDue();
    await stand.clock.advance(120_000);
    expect(phasesOf(stand)).toEqual(['untried', 'untried']);
    expect(asked).toHaveLength(1);
  });
});
