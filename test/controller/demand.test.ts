// The demand policy under the real controller: what it learns from, what it keeps over a restart, and
// when it holds still.

import { describe, expect, it } from 'vitest';
import type { JournalEntry } from '../../src/controller/ports/store.ts';
import { createReadModel } from '../../src/controller/read-model.ts';
import type { DemandReading } from '../../src/core/demand/demand-reading.ts';
import { selectSignal } from '../../src/core/signal.ts';
import { beginReplay, replayEntry } from '../../src/core/replay.ts';
import { createMemoryStore } from '../../src/store/memory-store.ts';
import { SimulatedController } from './simulated-controller.ts';

const policy = {
  type: 'demand',
  name: 'demand',
  violationRatio: 0.005,
  isForecasting: true,
  staleAfterMs: 30_000,
} as const;
const group = {
  warmupMs: 0,
  stabilization: { scaleOutMs: 0, scaleInMs: 0 },
  policies: [policy],
} as const;

function createStand(): SimulatedController {
  return new SimulatedController({ group, store: createMemoryStore() });
}

async function readJournal(stand: SimulatedController): Promise<readonly JournalEntry[]> {
  const read = await stand.store.journal.read({
    group: 'web',
    from: 0,
    to: Number.POSITIVE_INFINITY,
    order: 'oldest-first',
    limit: 100_000,
  });
  if (!read.ok) throw new Error(read.message);
  return read.value;
}

function readingOf(stand: SimulatedController): DemandReading {
  const reading = stand.controller.groups.get('web')?.demand?.reading ?? null;
  if (reading === null) throw new Error('there is no reading');
  return reading;
}

async function stop(stand: SimulatedController): Promise<void> {
  const stopped = stand.controller.stop();
  await stand.clock.advance(5000);
  await stopped;
}

describe('what an instance can do of what is forecast', () => {
  it('is told in the unit of the forecast, whatever the policy learns from', async () => {
    const stand = new SimulatedController({
      group,
      store: createMemoryStore(),
      settings: { forecast: { signal: 'cpu', isTotal: false, everyMs: 10_000 } },
    });
    stand.load = null;
    await stand.start();
    for (let second = 0; second < 30; second += 1) {
      for (const id of stand.inService().map((one) => one.id)) {
        stand.report(id, { cpu: 0.5, requestsPerSecond: 50 });
      }
      await stand.run(1);
    }
    expect(readingOf(stand).capacityPerInstance).toBeCloseTo(100);
    const told = createReadModel(stand.controller, stand).forecast('web', 1);
    // Half busy with 50: of the busy share an instance can do 1, of requests 100.
    expect(told?.sizing).toMatchObject({ perInstance: 1, basis: 'learned' });
    const feed = stand.controller.groups.get('web')?.demand;
    expect(feed?.capacityOf('requestsPerSecond')).toBeCloseTo(100);
    expect(feed?.capacityOf('memoryUsedRatio')).toBeNull();
  });
});

describe('a group with a demand policy', () => {
  it('follows its load up and down, and replays exactly, across a restart too', async () => {
    const stand = createStand();
    await stand.start();
    stand.load = 2;
    await stand.run(120);
    stand.load = 7;
    await stand.run(400);
    expect(stand.desired).toBeGreaterThanOrEqual(7);
    await stop(stand);
    const before = readingOf(stand);
    stand.controller = stand.createController();
    await stand.controller.start();
    stand.load = 3;
    await stand.run(900);
    expect(stand.desired).toBeLessThan(7);
    expect(stand.desired).toBeGreaterThanOrEqual(3);
    // What was learned of launches is not what a new model takes for granted.
    expect(before.leadMs).toBeLessThan(180_000);
    const { report } = (await readJournal(stand)).reduce(replayEntry, beginReplay(null));
    expect(report).toMatchObject({ gaps: 0, differences: 0 });
    expect(report.ticks).toBeGreaterThan(1400);
  });

  it('goes on after a restart with the lead and the memory that it had', async () => {
    const stand = createStand();
    await stand.start();
    stand.load = 6;
    await stand.run(600);
    await stop(stand);
    const before = readingOf(stand);
    stand.controller = stand.createController();
    await stand.controller.start();
    await stand.run(20);
    const after = readingOf(stand);
    expect(before.leadMs).toBeLessThan(180_000);
    expect(after.leadMs).toBe(before.leadMs);
  });

  it('learns anew from its history where its memory is lost', async () => {
    const stand = createStand();
    await stand.start();
    stand.load = 6;
    await stand.run(600);
    await stop(stand);
    await stand.store.models.put('web', 'demand', new Uint8Array([9]));
    stand.controller = stand.createController();
    await stand.controller.start();
    await stand.run(20);
    expect(stand.log.map(({ message }) => message)).toContainEqual(
      expect.stringContaining('learned the demand anew from 1 h of its history'),
    );
    expect(readingOf(stand).demand).toBeCloseTo(6, 0);
  });

  it('takes nothing up that was learned of another load', async () => {
    const loadOf = (signal: string) => ({
      ...group,
      policies: [{ ...policy, load: selectSignal(signal, 'sum', 1000) }] as const,
    });
    const report = async (stand: SimulatedController, seconds: number): Promise<void> => {
      stand.load = null;
      for (let second = 0; second < seconds; second += 1) {
        for (const { id } of stand.inService()) {
          stand.report(id, { cpu: 0.5, reads: 1000, streams: 2 });
        }
        await stand.run(1);
      }
    };
    const store = createMemoryStore();
    const first = new SimulatedController({ group: loadOf('reads'), store });
    await first.start();
    await report(first, 120);
    const perInstance = readingOf(first).capacityPerInstance;
    expect(perInstance).toBeCloseTo(2000, 0);
    await stop(first);
    // Neither its memory nor its history, however often it starts.
    for (const signal of ['streams', 'reads']) {
      const next = new SimulatedController({ group: loadOf(signal), store });
      await next.clock.advance(200_000);
      await next.start();
      await report(next, 60);
      const reading = readingOf(next);
      expect(reading.capacityPerInstance).toBeCloseTo(signal === 'reads' ? 2000 : 4, 0);
      await stop(next);
    }
  });

  it('adds up the requests of all, and scales those heard from up to those that serve', async () => {
    const stand = createStand();
    await stand.start();
    stand.load = null;
    const ids = stand.inService().map(({ id }) => id);
    for (let second = 0; second < 30; second += 1) {
      const heard = second < 15 ? ids : ids.slice(1);
      for (const id of heard) stand.report(id, { cpu: 0.9, requestsPerSecond: 90 });
      await stand.run(1);
    }
    expect(readingOf(stand)).toMatchObject({ demand: 90 * ids.length });
    expect(readingOf(stand).capacityPerInstance).toBeCloseTo(100, 6);
  });

  it('reckons a promise of latency by the service time that the instances tell', async () => {
    const latency = {
      promiseMs: 200,
      tailRatio: 0.05,
      service: { kind: 'signal', signal: 'renderMs' },
    } as const;
    const stand = new SimulatedController({
      group: { ...group, policies: [{ ...policy, latency }] },
    });
    await stand.start();
    stand.load = null;
    const tell = async (signals: Readonly<Record<string, number>>): Promise<void> => {
      for (let second = 0; second < 30; second += 1) {
        for (const { id } of stand.inService()) stand.report(id, { cpu: 0.9, ...signals });
        await stand.run(1);
      }
    };
    const told = () => stand.controller.groups.get('web')?.lastDecision?.recommendations[0];
    await tell({ renderMs: 20 });
    expect(told()).toMatchObject({ kind: 'abstain', reason: { code: 'latency-unknown' } });
    await tell({ requestsPerSecond: 90, renderMs: 20 });
    expect(told()).toMatchObject({ kind: 'desired', reason: { latency: { serviceMs: 20 } } });
  });

  it('removes nothing while too few are heard from, nor on a zero of some of them', async () => {
    const stand = createStand();
    await stand.start();
    stand.load = 3.5;
    await stand.run(120);
    const size = stand.desired;
    stand.load = null;
    const ids = stand.inService().map(({ id }) => id);
    // Most of them say that nothing is to be done, and one says nothing at all.
    for (let second = 0; second < 300; second += 1) {
      for (const id of ids.slice(1)) stand.report(id, { cpu: 0 });
      await stand.run(1);
    }
    expect(stand.desired).toBe(size);
    await stand.run(300);
    expect(stand.desired).toBe(size);
    // All say so: that is a true zero.
    stand.load = 0;
    await stand.run(900);
    expect(stand.desired).toBeLessThan(size);
  });

  it('serves a group of one instance, and one that comes to do less', async () => {
    const stand = new SimulatedController({ group: { ...group, max: 8 }, desired: 1 });
    await stand.start();
    stand.load = 0.4;
    await stand.run(300);
    expect(stand.desired).toBe(1);
    stand.load = null;
    // Each does 30 % less from here on: the same requests keep them busier.
    for (let second = 0; second < 600; second += 1) {
      const serving = stand.inService();
      const requests = 250 / serving.length;
      const capacity = second < 300 ? 100 : 70;
      for (const { id } of serving) {
        const cpu = Math.min(1, requests / capacity);
        stand.report(id, { cpu, requestsPerSecond: requests });
      }
      await stand.run(1);
    }
    expect(stand.desired).toBeGreaterThanOrEqual(4);
    expect(readingOf(stand).capacityPerInstance).toBeLessThan(85);
  });
});
