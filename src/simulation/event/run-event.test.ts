import { describe, expect, it } from 'vitest';

import { runContender, standardArena } from '../arena.ts';
import type { Arena } from '../arena.ts';
import type { FluidResult } from '../fluid/run-fluid.ts';
import { generators } from '../load/index.ts';
import { generateSocial } from '../load/social.ts';
import type { Load } from '../load/load.ts';
import { rivals } from '../rivals/index.ts';
import { selectSignal } from '../../core/signal.ts';
import { violationShareOf } from '../score/score.ts';
import { simulateGroup } from '../simulate-group.ts';
import { makeGroup } from '../testing/make-group.ts';
import { prepareWorkload } from '../workload.ts';
import { runContenderInWorld, simulateGroupInWorld } from './simulate-event.ts';

const spanSeconds = 6 * 3600;
const someWork = { durationSeconds: spanSeconds, workPerSecond: 100, noise: 'poisson' } as const;

function makeArena(load: Load, changes: Partial<Arena> = {}): Arena {
  const reading = prepareWorkload(load);
  if (reading.kind === 'refused') throw new Error(reading.message);
  return { ...standardArena, ...changes, workload: reading.workload };
}

/** The first hours of the bursty generator. */
function burstyHours(seed: number): Load {
  const load = generateSocial(seed);
  return {
    ...load,
    workPerSecond: load.workPerSecond.subarray(0, spanSeconds),
    telemetryGaps: load.telemetryGaps.filter(({ toSecond }) => toSecond < spanSeconds),
  };
}

/** The two engines' promise: 1 % of cost, 0.05 points of violation share. */
function expectAgreement(fluid: FluidResult, event: FluidResult): void {
  expect(Math.abs(event.costInstanceSeconds / fluid.costInstanceSeconds - 1)).toBeLessThan(0.01);
  expect(Math.abs(violationShareOf(event) - violationShareOf(fluid))).toBeLessThan(0.0005);
}

const group = makeGroup({ tolerance: { scaleOutRatio: 0.1, scaleInRatio: 0.1 } }, { max: 1000 });
const byDemand = {
  type: 'demand',
  name: 'demand',
  violationRatio: 0.005,
  isForecasting: true,
  staleAfterMs: 30_000,
} as const;
const loads: readonly [string, () => Load][] = [
  ['weekly', () => generators.weekly({ ...someWork, seed: 3 })],
  ['square', () => generators.square({ ...someWork, seed: 3 })],
  ['flash crowd', () => generators['flash-crowd']({ ...someWork, seed: 3 })],
  ['telemetry gap', () => generators['telemetry-gap']({ ...someWork, seed: 3 })],
  ['hours of bursts', () => burstyHours(3)],
];

describe('the fluid and the event engine, boots fixed at 120 s', () => {
  it.each(loads)('agree on %s under the real decide', (_name, load) => {
    const arena = makeArena(load());
    const options = { group, staleAfterMs: 10_000, seed: 1 };
    expectAgreement(simulateGroup(arena, options), simulateGroupInWorld(arena, options));
  });

  it('agree where a counter is read by its rate, and averaged by fading weights', () => {
    const arena = makeArena(generators['flash-crowd']({ ...someWork, seed: 3 }));
    const treatment = { read: 'rate', smoothing: 'ewma' } as const;
    const selector = selectSignal('requestsTotal', 'sum', 60_000, treatment);
    const target = 0.6 * arena.workload.capacity.perInstance;
    const counting = makeGroup({ selector, target }, { max: 1000 });
    const options = { group: counting, staleAfterMs: 10_000, seed: 1 };
    const fluid = simulateGroup(arena, options);
    expectAgreement(fluid, simulateGroupInWorld(arena, options));
    expect(fluid.launches).toBeGreaterThan(0);
  });

  it.each(['weekly', 'square', 'flash-crowd'] as const)(
    'agree on %s where the demand is learned: some launches come a few seconds apart',
    (kind) => {
      const arena = makeArena(generators[kind]({ ...someWork, seed: 3 }));
      const options = { group: { ...group, policies: [byDemand] }, staleAfterMs: 10_000, seed: 1 };
      const fluid = simulateGroup(arena, options);
      const event = simulateGroupInWorld(arena, options);
      expect(fluid.launches).toBeGreaterThan(0);
      expect(Math.abs(event.costInstanceSeconds / fluid.costInstanceSeconds - 1)).toBeLessThan(
        0.03,
      );
      expect(Math.abs(violationShareOf(event) - violationShareOf(fluid))).toBeLessThan(0.005);
    },
  );

  it.each([
    ['an hour', { perHour: 1.8, perMonth: null }],
    ['a month', { perHour: null, perMonth: 200 }],
  ])('agree on a crowd that the budget of %s keeps out', (_span, budget) => {
    const arena = makeArena(generators['flash-crowd']({ ...someWork, seed: 3 }));
    const options = { group: { ...group, budget }, staleAfterMs: 10_000, seed: 1 };
    const price = { pricePerInstanceHour: 0.1 };
    let most = 0;
    const record = (_second: number, inService: number): void => {
      most = Math.max(most, inService);
    };
    const unbounded = simulateGroup(arena, { ...options, record });
    const free = most;
    most = 0;
    const kept = simulateGroup(arena, { ...options, ...price, record });
    expect(most).toBeLessThan(free);
    if (budget.perHour !== null) expect(most).toBe(18);
    expect(kept.costInstanceSeconds).toBeLessThan(unbounded.costInstanceSeconds);
    expectAgreement(kept, simulateGroupInWorld(arena, { ...options, ...price }));
  });

  it.each(['aws-target-tracking-60s', 'kubernetes-hpa', 'gce-managed-group'])(
    'agree on a flash crowd under %s',
    (name) => {
      const rival = rivals.find((one) => one.name === name);
      if (rival === undefined) throw new Error(`no rival ${name}`);
      const arena = makeArena(generators['flash-crowd']({ ...someWork, seed: 3 }));
      const target = 0.7 * arena.workload.capacity.perInstance;
      const contender = () => ({ ...rival, scaler: rival.create({ target, peakInstances: 1 }) });
      expectAgreement(
        runContender(arena, contender(), 1),
        runContenderInWorld(arena, contender(), 1),
      );
    },
  );
});

describe('the event engine', () => {
  const flash = generators['flash-crowd']({ ...someWork, seed: 3 });
  const options = { group, staleAfterMs: 10_000, seed: 1 };

  it('gives the same run twice for one seed, with drawn boots, failures and throttling', () => {
    const boot = { kind: 'lognormal', medianSeconds: 120, sigma: 0.25 } as const;
    const arena = makeArena(flash, { boot, launchFailureRatio: 0.05 });
    const run = (): FluidResult => simulateGroupInWorld(arena, { ...options, throttledRatio: 0.1 });
    const first = run();
    expect(run()).toEqual(first);
    expect(first.failedLaunches).toBeGreaterThan(0);
  });

  it('serves less of a crowd while AWS refuses half of all calls, and recovers from each', () => {
    const arena = makeArena(flash);
    const calm = simulateGroupInWorld(arena, options);
    const refused = simulateGroupInWorld(arena, { ...options, throttledRatio: 0.5 });
    expect(violationShareOf(refused)).toBeGreaterThan(violationShareOf(calm));
    expect(refused.peakInService).toBeGreaterThan(calm.peakInService / 2);
  });

  it('changes nothing for a group whose instances never report', () => {
    const sizes = new Set<number>();
    simulateGroupInWorld(makeArena(flash), {
      ...options,
      hasReports: false,
      record: (_second, _inService, desired) => sizes.add(desired),
    });
    expect(sizes.size).toBe(1);
  });

  it('keeps to a schedule on the trace’s own dates, as the fluid engine does', () => {
    const quiet = makeArena(generators.steady({ durationSeconds: 7200, workPerSecond: 100 }));
    const { startSeconds } = quiet.workload.load;
    const opensAt = (startSeconds + 3600) * 1000;
    const window = { kind: 'exact', size: 25, from: opensAt, until: opensAt + 3_600_000 } as const;
    const scheduled = {
      ...options,
      group: { ...group, policies: [{ type: 'schedule', name: 'evening' }] as const },
      readCalendar: (now: number) => {
        const active = now >= opensAt ? window : null;
        const validUntil = now >= opensAt ? window.until : opensAt;
        return { schedules: { evening: { active, next: null } }, freezes: [], validUntil };
      },
    };
    for (const run of [simulateGroup, simulateGroupInWorld]) {
      const sizes: number[] = [];
      run(quiet, { ...scheduled, record: (_second, _inService, size) => sizes.push(size) });
      expect(sizes[3590]).toBeLessThan(25);
      expect(sizes[3610]).toBe(25);
    }
  });
});
