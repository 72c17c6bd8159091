// A warm pool under the real controller over the model of AWS: it is kept, bursts are met from it, and
// what starts from it is learned apart from what boots.

import { describe, expect, it } from 'vitest';
import { DEFAULT_WORLD_OPTIONS } from '../../src/cloud/world-options.ts';
import { explain } from '../../src/core/explain.ts';
import type { WarmPoolTerms } from '../../src/core/warm-pool/warm-pool.ts';
import type { Mode } from '../../src/core/group.ts';
import { beginReplay, replayEntry } from '../../src/core/replay.ts';
import { createMemoryStore } from '../../src/store/memory-store.ts';
import { SimulatedController } from './simulated-controller.ts';

const policy = {
  type: 'demand',
  name: 'demand',
  violationRatio: 0.005,
  isForecasting: false,
  staleAfterMs: 30_000,
} as const;
const pool: WarmPoolTerms = { state: 'stopped', min: 9, max: 12, volumesPerHour: 0.001 };
/** Boots take three minutes, starts from the pool half a minute. */
const boot = {
  ...DEFAULT_WORLD_OPTIONS.boot,
  cold: {
    running: { medianMs: 10_000, sigma: 0 },
    ready: { medianMs: 180_000, sigma: 0.05 },
  },
};

function createStand(warmPool: WarmPoolTerms | null, mode: Mode = 'active'): SimulatedController {
  const stand = new SimulatedController({
    group: {
      mode,
      max: 40,
      warmupMs: 0,
      stabilization: { scaleOutMs: 0, scaleInMs: 0 },
      policies: [policy],
      ...(warmPool !== null && { warmPool }),
    },
    store: createMemoryStore(),
    world: { boot },
    desired: 5,
  });
  stand.load = null;
  return stand;
}

const isWaiting = (lifecycle: string): boolean => lifecycle.startsWith('Warmed:');

function countWaiting(stand: SimulatedController): number {
  const all = [...stand.world.instances.values()];
  return all.filter(({ lifecycle }) => isWaiting(lifecycle) && !lifecycle.includes('Term')).length;
}

/** Those whose program runs share `load` instances' worth of requests, second by second. */
async function serve(
  stand: SimulatedController,
  seconds: number,
  load: number,
  look: (useful: number) => void = () => {},
): Promise<void> {
  for (let second = 0; second < seconds; second += 1) {
    const useful = stand.inService().filter(({ readyAt }) => readyAt <= stand.clock.now());
    const requests = (100 * load) / Math.max(1, useful.length);
    for (const { id } of useful) {
      stand.report(id, { cpu: Math.min(1, requests / 100), requestsPerSecond: requests });
    }
    look(useful.length);
    await stand.run(1);
  }
}

/** In instances: more than a group holds that has seen one burst, to 7, and missed its promise by it. */
const burst = 15;

/** Seconds from a burst to as many useful instances as it asks for, after a smaller one before it. */
async function meetBurst(stand: SimulatedController): Promise<number> {
  await stand.start();
  await serve(stand, 1200, 4);
  await serve(stand, 300, 7);
  await serve(stand, 1200, 4);
  let took = Number.POSITIVE_INFINITY;
  let second = 0;
  await serve(stand, 600, burst, (useful) => {
    second += 1;
    if (useful >= burst) took = Math.min(took, second);
  });
  return took;
}

describe('a group with a warm pool', () => {
  it('meets a burst from it faster than by booting', { timeout: 60_000 }, async () => {
    const cold = createStand(null);
    const warm = createStand(pool);
    const [byBoot, byStart] = [await meetBurst(cold), await meetBurst(warm)];
    expect(byBoot).toBeGreaterThan(150);
    expect(byStart).toBeLessThan(100);
  });

  it('learns starts apart from boots, and tells of both', { timeout: 60_000 }, async () => {
    const stand = createStand(pool);
    await meetBurst(stand);
    const plan = stand.controller.groups.get('web')?.demand?.poolPlan;
    expect(plan?.isWarmLearned).toBe(true);
    expect(plan?.warmLeadMs).toBeLessThan(60_000);
    expect(plan?.coldLeadMs).toBeGreaterThan(120_000);
    const decision = stand.controller.groups.get('web')?.lastDecision ?? null;
    expect(decision === null ? [] : explain(decision).details.at(-1)).toMatch(
      /^warm pool.*a start from it takes .* s, a cold one .*ready/u,
    );
    expect(stand.log.filter(({ level }) => level !== 'info')).toEqual([]);
  });

  it('never has more waiting than it may, and replays exactly', { timeout: 60_000 }, async () => {
    const stand = createStand({ ...pool, min: 0 });
    await stand.start();
    let most = 0;
    for (const load of [4, 9, 4, 14, 3, 11, 3]) {
      await serve(stand, 400, load, () => {
        most = Math.max(most, countWaiting(stand));
      });
    }
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThanOrEqual(pool.max);
    const read = await stand.store.journal.read({
      group: 'web',
      from: 0,
      to: Number.POSITIVE_INFINITY,
      order: 'oldest-first',
      limit: 100_000,
    });
    if (!read.ok) throw new Error(read.message);
    const { report } = read.value.reduce(replayEntry, beginReplay(null));
    expect(report).toMatchObject({ gaps: 0, differences: 0 });
    expect(report.ticks).toBeGreaterThan(2500);
  });

  it('goes on after a restart with what it knows of starts', { timeout: 60_000 }, async () => {
    const stand = createStand(pool);
    await meetBurst(stand);
    const before = stand.controller.groups.get('web')?.demand?.poolPlan;
    const stopped = stand.controller.stop();
    await stand.clock.advance(5000);
    await stopped;
    stand.controller = stand.createController();
    await stand.controller.start();
    await serve(stand, 30, 12);
    const after = stand.controller.groups.get('web')?.demand?.poolPlan;
    expect(after).toMatchObject({
      warmLeadMs: before?.warmLeadMs,
      coldLeadMs: before?.coldLeadMs,
      isWarmLearned: true,
    });
  });

  it('is only advised about in that mode, once for each size', { timeout: 60_000 }, async () => {
    const stand = createStand(pool, 'advise');
    await stand.start();
    await serve(stand, 300, 4);
    expect(stand.world.groups.get('web-asg')?.warmPool).toBeUndefined();
    const said = stand.log.filter(({ message }) => message.includes('warm pool'));
    expect(said.length).toBeGreaterThan(0);
    expect(new Set(said.map(({ message }) => message)).size).toBe(said.length);
    expect(said.every(({ message }) => message.includes('would be set to'))).toBe(true);
  });

  it('is left alone where the config has none', { timeout: 60_000 }, async () => {
    const stand = createStand(null);
    await stand.start();
    await serve(stand, 300, 4);
    expect(stand.world.groups.get('web-asg')?.warmPool).toBeUndefined();
    expect(stand.controller.groups.get('web')?.lastDecision?.warmPool).toBeUndefined();
  });

  it('scales on where the pool may not be touched', { timeout: 60_000 }, async () => {
    const stand = createStand(pool);
    await stand.start();
    const denied = { kind: 'denied' } as const;
    stand.faults.push(denied, denied, denied);
    await serve(stand, 200, 4);
    const warnings = stand.log.filter(({ level }) => level === 'warn');
    expect(warnings.map(({ message }) => message)).toContainEqual(
      expect.stringContaining('the warm pool was not set (denied)'),
    );
    await serve(stand, 400, 9);
    expect(stand.desired).toBeGreaterThanOrEqual(9);
  });
});
