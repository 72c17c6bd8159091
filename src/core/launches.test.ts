import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { makeGroup, startMs } from '../../test/arbitraries/core.ts';
import { conclude } from './conclude.ts';
import { explain } from './explain.ts';
import { decide } from './decide.ts';
import type { CallOutcome } from './decision.ts';
import { cancellationsMax } from './launches.ts';
import type { Observation, Override } from './observation.ts';
import { selectSignal } from './signal.ts';
import { initialState, type GroupState } from './state.ts';

const group = makeGroup([{ type: 'fixed', name: 'fixed', size: 3 }]);
const set: Override = { kind: 'set', desired: 2, until: null, by: 'ada', why: 'test' };

function sight(pending: readonly string[], more: Partial<Observation> = {}): Observation {
  const inService = 4;
  return {
    capacity: {
      describedAt: startMs,
      min: 0,
      max: 100,
      desired: inService + pending.length,
      inService,
      pending: pending.length,
      terminating: 0,
    },
    fleet: { warmed: inService, warming: 0, expected: 4, reporting: 4, silent: 0 },
    signals: {},
    telemetry: 'connected',
    overrides: [],
    isJournalWritable: true,
    heldBy: null,
    ...(pending.length > 0 && { candidates: { pending } }),
    ...more,
  };
}

const six = ['i-6', 'i-5', 'i-4', 'i-3', 'i-2', 'i-1'];

describe('a scale-in with launches pending', () => {
  it('cancels them all, newest first, before it lowers the desired capacity', () => {
    const { decision } = decide(group, initialState, sight(six), startMs);
    expect(decision).toMatchObject({ kind: 'scale-in', from: 10, to: 4, cancels: six });
  });

  it('cancels no more than are too many', () => {
    const larger = makeGroup([{ type: 'fixed', name: 'fixed', size: 8 }]);
    const { decision } = decide(larger, initialState, sight(six), startMs);
    expect(decision).toMatchObject({ to: 8, cancels: ['i-6', 'i-5'], adjustments: [] });
  });

  it('cancels so many at a time', () => {
    const many = Array.from({ length: 64 }, (_, index) => `i-${index}`);
    const { decision } = decide(group, initialState, sight(many), startMs);
    expect(decision.cancels).toEqual(many.slice(0, cancellationsMax));
    expect(decision.to).toBe(68 - cancellationsMax);
  });

  it('does so for a person too, and says what is left for later', () => {
    const { decision } = decide(group, initialState, sight(six, { overrides: [set] }), startMs);
    expect(decision).toMatchObject({ wanted: 2, to: 4, cancels: six });
    expect(decision.adjustments).toEqual([
      {
        guardrail: 'launches',
        from: 2,
        to: 4,
        reason: { code: 'pending-launches', pending: 6, cancelled: 6 },
      },
    ]);
  });

  it('waits for a description when the launches cannot be named', () => {
    const { candidates: _, ...unnamed } = sight(six, { overrides: [set] });
    expect(decide(group, initialState, unnamed, startMs).decision.kind).toBe('hold');
    const stale: GroupState = { ...initialState, accepted: { at: startMs + 1, size: 9 } };
    const seen = sight(six, { overrides: [set] });
    expect(decide(group, stale, seen, startMs + 2).decision.kind).toBe('hold');
  });

  it('holds while an instance in service warms up, which may carry load already', () => {
    const fleet = { warmed: 3, warming: 1, expected: 3, reporting: 3, silent: 0 };
    const selector = selectSignal('cpu', 'mean', 1000);
    const tolerance = { scaleOutRatio: 0, scaleInRatio: 0 };
    const tracking = {
      type: 'target-tracking',
      name: 'cpu',
      selector,
      target: 0.6,
      tolerance,
    } as const;
    const signals = { [selector.key]: { value: 0.1, at: startMs, instances: 3 } };
    const seen = sight(six, { fleet, signals });
    const { decision } = decide(makeGroup([tracking]), initialState, seen, startMs);
    expect(decision).toMatchObject({ kind: 'hold', wanted: 1 });
  });

  it('lowers the desired capacity when none is pending', () => {
    const { decision } = decide(group, initialState, sight([]), startMs);
    expect(decision).toMatchObject({ from: 4, to: 3 });
    expect(decision.cancels).toBeUndefined();
  });
});

describe('a scale-in of workers that tell of their work', () => {
  it('names those without any, and no one else', () => {
    const ids = fc.uniqueArray(fc.integer({ min: 1, max: 9 }).map((id) => `i-${id}`));
    fc.assert(
      fc.property(ids, fc.integer({ min: 0, max: 3 }), (idle, size) => {
        const smaller = makeGroup([{ type: 'fixed', name: 'fixed', size }]);
        const seen = sight([], { candidates: { pending: [], idle } });
        const { decision } = decide(smaller, initialState, seen, startMs);
        const named = decision.cancels ?? [];
        expect(named).toEqual(idle.slice(0, 4 - size));
        expect(decision.to).toBe(4 - named.length);
        expect(decision.kind).toBe(named.length === 0 ? 'hold' : 'scale-in');
      }),
    );
  });

  it('is told as what it is: no launch is cancelled', () => {
    const smaller = makeGroup([{ type: 'fixed', name: 'fixed', size: 2 }]);
    const idle = ['i-1', 'i-2'];
    const seen = sight([], { candidates: { pending: [], idle } });
    const { decision } = decide(smaller, initialState, seen, startMs);
    expect(decision).toMatchObject({ cancels: idle, endsIdle: true });
    expect(explain(decision).summary).toMatch(
      /^scale in from 4 to 2 by ending i-1, i-2 without work in hand: /u,
    );
  });
});

describe('the outcome of cancelling', () => {
  const { state, decision } = decide(group, initialState, sight(six), startMs);
  const refused = { kind: 'refused', code: 'denied', message: 'no' } as const;
  const unknown = { kind: 'unknown', message: 'timed out' } as const;
  const accepted = { kind: 'accepted' } as const;

  function concludeWith(outcomes: readonly CallOutcome[]): GroupState {
    const launches = outcomes.map((outcome, index) => ({ instance: six[index] ?? '', outcome }));
    return conclude(state, decision, { kind: 'cancelled', launches }, startMs + 50);
  }

  it('counts what was cancelled, and starts the cooldown of a scale-in', () => {
    expect(concludeWith(six.map(() => accepted))).toMatchObject({
      accepted: { size: 4 },
      scaledInAt: startMs + 50,
      changes: [{ added: 0, removed: 6 }],
      inFlight: null,
      refusals: null,
    });
  });

  it('starts no cooldown when all were refused', () => {
    expect(concludeWith(six.map(() => refused))).toMatchObject({
      accepted: null,
      scaledInAt: null,
      changes: [],
      inFlight: null,
      refusals: { code: 'denied', direction: 'scale-in', times: 1 },
    });
  });

  it('keeps what was cancelled when others were refused', () => {
    expect(concludeWith([accepted, refused, accepted, refused, refused, refused])).toMatchObject({
      accepted: { size: 8 },
      scaledInAt: startMs + 50,
      changes: [{ removed: 2 }],
      refusals: { times: 1 },
    });
  });

  it('waits for a description when one is not known, and counts what that shows', () => {
    const after = concludeWith([accepted, unknown, refused, refused, refused, refused]);
    expect(after).toMatchObject({ inFlight: { phase: 'unknown' }, accepted: null, changes: [] });
    const seen = sight(six.slice(2));
    expect(decide(group, after, seen, startMs + 60).decision.kind).toBe('hold');
    const capacity = seen.capacity && { ...seen.capacity, describedAt: startMs + 100 };
    const settled = decide(group, after, { ...seen, capacity }, startMs + 200).state;
    expect(settled).toMatchObject({ scaledInAt: startMs, changes: [{ removed: 6 }] });
  });
});
