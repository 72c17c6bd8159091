// Groups that may have no instance at all: how they get there, what they see there, and how they are
// woken. The queue is measured from outside; cpu and connections by the instances themselves.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeGroup, startMs } from '../../test/arbitraries/core.ts';
import { decide } from './decide.ts';
import { explain } from './explain.ts';
import type { Expression } from './expression.ts';
import type { Observation, Override } from './observation.ts';
import { listSelectors } from './policies/list-selectors.ts';
import type { Policy } from './policies/policy.ts';
import { selectExpression, selectSignal, type SignalReading } from './signal.ts';
import { initialState } from './state.ts';

const tolerance = { scaleOutRatio: 0.1, scaleInRatio: 0.1 };
const cpu = selectSignal('cpu', 'mean', 1000);
const connections = selectSignal('connections', 'sum', 1000);
const queue = selectSignal('queue', 'sum', 1000);
const level = selectSignal('level', 'mean', 1000);

const read = (selector: typeof cpu): Expression => ({ kind: 'signal', selector });
const share: Expression = {
  kind: 'operation',
  operator: '/',
  left: { kind: 'operation', operator: '+', left: read(connections), right: read(queue) },
  right: { kind: 'instances' },
};

function track(selector: typeof cpu, target: number): Policy {
  return { type: 'target-tracking', name: selector.signal, selector, target, tolerance };
}

const byQueue = track(queue, 10);
const byShare = track(selectExpression('(connections + queue) / instances', share), 10);
const stepOf = (
  selector: typeof cpu,
  adjustment: 'change-in-capacity' | 'percent-change-in-capacity',
): Policy => ({
  type: 'step',
  name: `steps-${selector.signal}`,
  selector,
  adjustment,
  steps: [
    { lower: null, upper: 1, change: -1 },
    { lower: 5, upper: null, change: 1 },
  ],
  minAdjustment: 1,
});

const anyPolicy = fc.constantFrom<Policy>(
  byQueue,
  byShare,
  track(level, 0.5),
  track(cpu, 0.6),
  track(connections, 50),
  stepOf(queue, 'change-in-capacity'),
  stepOf(queue, 'percent-change-in-capacity'),
  stepOf(cpu, 'change-in-capacity'),
);

const isFromOutside = (signal: string): boolean => signal === 'queue' || signal === 'level';

/** With `size` instances in service; what instances measure is seen only where there are some. */
function observe(
  policies: readonly Policy[],
  size: number,
  values: { readonly outside: number | null; readonly inside: number },
): Observation {
  const signals: Record<string, SignalReading> = {};
  for (const { key, signal } of listSelectors(policies)) {
    const value = isFromOutside(signal) ? values.outside : values.inside;
    const instances = isFromOutside(signal) ? 0 : size;
    if (value === null || (!isFromOutside(signal) && size === 0)) continue;
    signals[key] = { value, at: startMs, instances };
  }
  return {
    capacity: {
      describedAt: startMs,
      min: 0,
      max: 100,
      desired: size,
      inService: size,
      pending: 0,
      terminating: 0,
    },
    fleet: { warmed: size, warming: 0, expected: size, reporting: size, silent: 0 },
    signals,
    telemetry: 'connected',
    overrides: [],
    isJournalWritable: true,
    heldBy: null,
  };
}

function decideOn(policies: readonly Policy[], observation: Observation) {
  return decide(makeGroup(policies), initialState, observation, startMs);
}

const anyPolicies = fc.uniqueArray(anyPolicy, { maxLength: 4, selector: ({ name }) => name });
const anyValue = fc.oneof(fc.constant(0), fc.double({ min: 0.001, max: 500, noNaN: true }));

describe('a group of no instance', () => {
  it('is always decided about: a whole size within the bounds, and nothing counts as unseen', () => {
    fc.assert(
      fc.property(anyPolicies, fc.option(anyValue), (policies, outside) => {
        const { decision, wakes } = decideOn(
          policies,
          observe(policies, 0, { outside, inside: 0 }),
        );
        expect(Number.isInteger(decision.to)).toBe(true);
        expect(decision.to).toBeGreaterThanOrEqual(0);
        expect(decision.to).toBeLessThanOrEqual(100);
        for (const one of decision.recommendations) {
          if (outside !== null) expect(one).not.toMatchObject({ blocksScaleIn: true });
          else if (one.kind === 'desired') expect(one.desired).toBe(0);
        }
        // A bound of 0 would be reached at every moment by a queue that is empty.
        for (const { atLeast } of wakes) expect(atLeast).toBeGreaterThan(0);
      }),
    );
  });

  it('is woken by any work that a policy tracks from outside, and by none stays empty', () => {
    const tracking = fc.constantFrom(byQueue, byShare, track(level, 0.5));
    fc.assert(
      fc.property(tracking, anyPolicies, anyValue, (policy, others, outside) => {
        const policies = [policy, ...others.filter(({ name }) => name !== policy.name)];
        const { decision } = decideOn(policies, observe(policies, 0, { outside, inside: 0 }));
        if (outside > 0) expect(decision.to).toBeGreaterThanOrEqual(1);
        else expect(decision.to).toBe(0);
      }),
    );
  });

  it('starts with as many as the work needs', () => {
    const { decision } = decideOn([byQueue], observe([byQueue], 0, { outside: 45, inside: 0 }));
    expect(decision.to).toBe(5);
    expect(explain(decision).summary).toBe(
      'scale out from 0 to 5: queue is 45, and there is no instance yet',
    );
    expect(decideOn([byShare], observe([byShare], 0, { outside: 45, inside: 0 })).decision.to).toBe(
      5,
    );
  });

  it('starts with steps of a percentage too', () => {
    const policy = stepOf(queue, 'percent-change-in-capacity');
    expect(decideOn([policy], observe([policy], 0, { outside: 9, inside: 0 })).decision.to).toBe(1);
  });

  it('is woken by a person', () => {
    const policies = [track(cpu, 0.6)];
    const set: Override = { kind: 'set', desired: 2, until: null, by: 'ada', why: 'wake' };
    const seen = observe(policies, 0, { outside: null, inside: 0 });
    expect(decideOn(policies, { ...seen, overrides: [set] }).decision.to).toBe(2);
  });
});

describe('the last instance', () => {
  it('is removed by policies only while something is seen that could bring it back', () => {
    fc.assert(
      fc.property(anyPolicies, fc.option(anyValue), anyValue, (policies, outside, inside) => {
        const seen = observe(policies, 1, { outside, inside });
        const { decision } = decideOn(policies, seen);
        const canWake = Object.values(seen.signals).some(({ instances }) => instances === 0);
        if (!canWake) expect(decision.to).toBeGreaterThanOrEqual(1);
      }),
    );
  });

  it('goes when the work from outside is done', () => {
    const seen = observe([byQueue], 1, { outside: 0, inside: 0 });
    expect(decideOn([byQueue], seen).decision.to).toBe(0);
  });

  it('stays while a policy that the instances report to has load to place', () => {
    const policies = [byQueue, track(cpu, 0.6)];
    const seen = observe(policies, 1, { outside: 0, inside: 0.02 });
    expect(decideOn(policies, seen).decision.to).toBe(1);
  });
});
