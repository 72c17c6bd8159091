// Forecasts in a running controller: a history with a daily peak, met ahead of it; and every decision
// made once more by what the journal says was forecast.

import { beforeAll, describe, expect, it } from 'vitest';
import { createReadModel } from '../../src/controller/read-model.ts';
import type { ToldForecast } from '../../src/controller/ports/forecast.ts';
import type { JournalEntry } from '../../src/controller/ports/store.ts';
import type { ForecastPolicy } from '../../src/core/policies/policy.ts';
import { beginReplay, replayEntry } from '../../src/core/replay.ts';
import { createMemoryStore } from '../../src/store/memory-store.ts';
import { SimulatedController, startMs, trackingCpu } from './simulated-controller.ts';

const dayMs = 86_400_000;
const minuteMs = 60_000;
/** Every day for an hour from 00:12 on four times the usual. */
const peakFromMs = 12 * minuteMs;
/** Two days of blocks are learnt from, on a machine that may be busy. */
const limitMs = 60_000;

function demandAt(at: number): number {
  const ofDay = ((at % dayMs) + dayMs) % dayMs;
  return ofDay >= peakFromMs && ofDay < peakFromMs + 60 * minuteMs ? 8 : 2;
}

const ahead: ForecastPolicy = {
  type: 'forecast',
  name: 'ahead',
  mode: 'forecast-and-scale',
  target: 0.6,
  leadMs: 300_000,
  maxBreach: { kind: 'honor-max' },
};

describe('a controller that forecasts', () => {
  let entries: readonly JournalEntry[];
  let told: ToldForecast | null;
  let stand: SimulatedController;

  beforeAll(async () => {
    const store = createMemoryStore();
    const minutes = Array.from({ length: 2 * 1440 }, (_, index) => {
      const start = startMs - (index + 1) * minuteMs;
      return { start, mean: demandAt(start) };
    });
    const request = { group: 'web', signal: 'sum:cpu', minutes, replaces: false, isTrial: false };
    await store.history.importMinutes(request);
    stand = new SimulatedController({
      store,
      group: { policies: [...trackingCpu.policies, ahead] },
      settings: {
        forecast: { signal: 'cpu', isTotal: false, everyMs: 10_000, spansMs: [360_000] },
      },
    });
    await stand.start();
    await stand.run(700 - (stand.clock.now() - startMs) / 1000);
    told = createReadModel(stand.controller, stand).forecast('web', 24);
    const query = { group: 'web', from: 0, to: Number.POSITIVE_INFINITY, limit: 100_000 };
    const read = await store.journal.read({ ...query, order: 'oldest-first' });
    if (!read.ok) throw new Error(read.message);
    entries = read.value;
  }, limitMs);

  it('adds before the peak that comes every day, and not long before', () => {
    const out = entries.find(
      (entry) => entry.kind === 'tick' && entry.decision.to > 8 && entry.decision.acts,
    );
    expect(out).toBeDefined();
    const leadMs = startMs + peakFromMs - (out?.at ?? 0);
    expect(leadMs).toBeGreaterThan(120_000);
    expect(leadMs).toBeLessThan(480_000);
    expect(stand.desired).toBeGreaterThan(10);
  });

  it('tells the day to come with its band, its peak and what one instance carries', () => {
    expect(told).toMatchObject({
      isUsable: true,
      signal: 'cpu',
      sizing: { perInstance: 0.6, basis: 'target', isLeadLearned: false, max: 20 },
    });
    expect(told?.quantiles).toHaveLength(288);
    const median = told?.levels.indexOf(0.5) ?? -1;
    const medians = told?.quantiles.map((quantiles) => quantiles[median] ?? 0) ?? [];
    expect(Math.max(...medians.slice(0, 12))).toBeGreaterThan(6);
    expect(medians[144]).toBeLessThan(3);
    expect(told?.historyMs).toBeGreaterThan(1.9 * dayMs);
    const weights = told?.experts.reduce((sum, { weight }) => sum + weight, 0);
    expect(weights).toBeCloseTo(1, 6);
  });

  it('decides the same again by its journal', () => {
    const replay = entries.reduce(replayEntry, beginReplay(null));
    expect(replay.report.differences).toBe(0);
    expect(replay.report.ticks).toBeGreaterThan(500);
    const forecasts = entries.filter(
      (entry) => entry.kind === 'tick' && entry.observation.forecasts !== undefined,
    );
    expect(forecasts.length).toBeGreaterThan(500);
  });

  it(
    'goes on after a restart with what it has learnt',
    async () => {
      await stand.controller.stop();
      const successor = stand.createController('b');
      await successor.start();
      await stand.run(20);
      const again = createReadModel(successor, stand).forecast('web', 24);
      expect(again?.isUsable).toBe(true);
      expect(again?.historyMs).toBeGreaterThan(1.9 * dayMs);
      await successor.stop();
    },
    limitMs,
  );
});
