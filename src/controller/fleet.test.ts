import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { selectSignal } from '../core/signal.ts';
import type { Drain } from '../core/state.ts';
import { Fleet, type FleetOptions } from './fleet.ts';
import type { TargetDescription, TargetInstance } from './ports/scaling-target.ts';

const options: FleetOptions = {
  selectors: [selectSignal('cpu', 'mean', 1000), selectSignal('cpu', 'p95', 5000)],
  warmupMs: 4000,
  staleAfterMs: 3000,
  hasLoadTopic: false,
};
const ids = ['i-1', 'i-2', 'i-3'] as const;

function listing(phases: readonly TargetInstance['phase'][]): readonly TargetInstance[] {
  return phases.map((phase, index) => ({
    id: ids[index] ?? '',
    phase,
    lifecycleState: phase,
    zone: 'us-east-1a',
    instanceType: 'm6i.large',
    isHealthy: true,
    isProtectedFromScaleIn: false,
  }));
}

function describing(instances: readonly TargetInstance[], describedAt: number): TargetDescription {
  return {
    describedAt,
    min: 0,
    max: 9,
    desired: instances.length,
    instances,
    desiredCapacityType: 'units',
    isWeighted: false,
  };
}

const phase = fc.constantFrom<TargetInstance['phase']>('pending', 'in-service', 'terminating');
const instance = fc.constantFrom(...ids);
/** What may happen in a second; most often nothing. */
const event = fc.oneof(
  { weight: 6, arbitrary: fc.constant({ kind: 'nothing' } as const) },
  { weight: 2, arbitrary: fc.constant({ kind: 'describe again' } as const) },
  fc.record({
    kind: fc.constant('describe' as const),
    phases: fc.array(phase, { maxLength: ids.length }),
  }),
  fc.record({ kind: fc.constant('report' as const), id: instance, value: fc.nat({ max: 9 }) }),
  fc.record({
    kind: fc.constant('drain' as const),
    ids: fc.uniqueArray(instance, { maxLength: 2 }),
  }),
  fc.record({
    kind: fc.constant('say' as const),
    id: instance,
    state: fc.constantFrom('draining' as const, 'offline' as const, 'online' as const),
  }),
);

function drainOf(id: string, since: number): Drain {
  return { instance: id, since, until: since + 60_000, saidAt: null, isCalledOff: id === 'i-3' };
}

describe('a fleet', () => {
  it('reads what it would read if it counted everyone anew each time', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), (events) => {
        const fleet = new Fleet(options, null);
        const anew = new Fleet(options, null);
        let listed = listing(['in-service', 'in-service']);
        let drains: readonly Drain[] = [];
        for (const [second, one] of [{ kind: 'describe again' } as const, ...events].entries()) {
          const now = 1000 * (second + 500);
          if (one.kind === 'describe') listed = listing(one.phases);
          if (one.kind === 'drain') drains = one.ids.map((id) => drainOf(id, now));
          if (one.kind === 'describe' || one.kind === 'describe again') {
            fleet.describe(describing(listed, now));
            anew.describe(describing([...listed], now));
          }
          for (const each of [fleet, anew]) {
            const heard = { isRetained: false, arrivedAt: now };
            if (one.kind === 'say') each.say(one.id, { state: one.state }, heard);
            if (one.kind !== 'report') continue;
            const work = one.value === 0 ? { workInHand: 0 } : {};
            each.report(one.id, { signals: { cpu: one.value, ...work } }, now);
          }
          // Other selectors make it forget all counts; these are the same.
          anew.reconfigure(options);
          expect(fleet.read(now)).toEqual(anew.read(now));
          expect(fleet.listPending(9)).toEqual(anew.listPending(9));
          expect(fleet.readWorkers(drains, now)).toEqual(anew.readWorkers(drains, now));
          expect(fleet.remember()).toEqual(anew.remember());
        }
      }),
      { numRuns: 300 },
    );
  });

  it('takes one that comes back for one that has just arrived', () => {
    const fleet = new Fleet(options, null);
    fleet.describe(describing(listing(['in-service']), 500_000));
    expect(fleet.read(500_000).fleet).toMatchObject({ warmed: 1, warming: 0 });
    fleet.describe(describing([], 501_000));
    fleet.describe(describing(listing(['in-service']), 502_000));
    expect(fleet.read(502_000).fleet).toMatchObject({ warmed: 0, warming: 1 });
    expect(fleet.read(506_000).fleet).toMatchObject({ warmed: 1, warming: 0 });
  });

  it('counts anew where the clock is set back', () => {
    const fleet = new Fleet(options, null);
    fleet.describe(describing([], 0));
    fleet.describe(describing(listing(['in-service']), 10_000));
    expect(fleet.read(20_000).fleet.warmed).toBe(1);
    expect(fleet.read(12_000).fleet).toMatchObject({ warmed: 0, warming: 1 });
  });
});
