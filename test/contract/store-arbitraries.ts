// Generated journal entries, history points and overrides: anything the types allow.

import fc from 'fast-check';

import type { HandMode, HistoryPoint, JournalEntry } from '../../src/controller/ports/store.ts';
import type { Actuation, Decision, Recommendation } from '../../src/core/decision.ts';
import { modes, type Group } from '../../src/core/group.ts';
import type { Observation, Override } from '../../src/core/observation.ts';
import type { Reason } from '../../src/core/reason.ts';
import { initialState, type GroupState } from '../../src/core/state.ts';
import { selectSignal } from '../../src/core/signal.ts';

/** The time around which all is generated: 22 November 2026. */
export const baseMs = 1_795_305_600_000;

/** A record with the usual prototype, as `structuredClone` and JSON make it. */
function plain<Value>(members: {
  [Name in keyof Value]: fc.Arbitrary<Value[Name]>;
}): fc.Arbitrary<Value> {
  return fc.record(members, { noNullPrototype: true });
}

/** Any finite number, −0 and fractions too. */
const quantity = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
  fc.constantFrom(0, -0, 199, 200, 2 ** 53 - 1, -(2 ** 53) + 1, 2 ** 60),
);
const count = fc.nat({ max: 300 });
/** Mostly whole milliseconds in the hour; a scaled clock also has fractions. */
const time = fc.oneof(
  fc.integer({ min: 0, max: 3_600_000 }).map((ms) => baseMs + ms),
  fc.double({ min: 0, max: 3_600_000, noNaN: true }).map((ms) => baseMs + ms),
);
const nullableTime = fc.option(time, { nil: null });
const text = fc.string({ maxLength: 12, unit: 'grapheme' });

const reason: fc.Arbitrary<Reason> = fc.oneof(
  plain({
    code: fc.constant('target-tracking' as const),
    signal: text,
    value: quantity,
    target: quantity,
    instances: count,
  }),
  plain({ code: fc.constant('no-reading' as const), signal: text }),
  plain({ code: fc.constant('cooldown' as const), until: time }),
  plain({ code: fc.constant('broker-down' as const) }),
);

const recommendation: fc.Arbitrary<Recommendation> = fc.oneof(
  plain({ kind: fc.constant('desired' as const), policy: text, desired: count, reason }),
  plain({
    kind: fc.constant('abstain' as const),
    policy: text,
    blocksScaleIn: fc.boolean(),
    reason,
  }),
);

const capacity = plain({
  describedAt: time,
  min: count,
  max: count,
  desired: count,
  inService: count,
  pending: count,
  terminating: count,
});

export const override: fc.Arbitrary<Override> = fc.oneof(
  plain({
    kind: fc.constant('set' as const),
    desired: count,
    until: nullableTime,
    by: text,
    why: text,
  }),
  plain({ kind: fc.constant('pause' as const), until: nullableTime, by: text, why: text }),
);

const mode = fc.constantFrom(...modes);
export const handMode: fc.Arbitrary<HandMode> = plain({
  mode,
  by: text,
  why: text,
  at: time,
  over: plain({ mode, autoScalingGroup: text, region: fc.option(text, { nil: null }) }),
});

const observation: fc.Arbitrary<Observation> = plain({
  capacity: fc.option(capacity, { nil: null }),
  fleet: plain({
    warmed: count,
    warming: count,
    expected: count,
    reporting: count,
    silent: count,
  }),
  signals: fc.dictionary(text, plain({ value: quantity, at: time, instances: count }), {
    noNullPrototype: true,
  }),
  telemetry: fc.constantFrom('connected' as const, 'broker-down' as const),
  overrides: fc.array(override, { maxLength: 2 }),
  isJournalWritable: fc.boolean(),
  heldBy: fc.option(text, { nil: null }),
});

const decision: fc.Arbitrary<Decision> = plain({
  group: text,
  at: time,
  kind: fc.constantFrom('scale-out' as const, 'scale-in' as const, 'hold' as const),
  from: count,
  to: count,
  wanted: count,
  acts: fc.boolean(),
  recommendations: fc.array(recommendation, { maxLength: 3 }),
  adjustments: fc.array(plain({ guardrail: text, from: count, to: count, reason }), {
    maxLength: 3,
  }),
});

const actuation: fc.Arbitrary<Actuation> = fc.oneof(
  fc.constant({ kind: 'accepted' as const }),
  plain({
    kind: fc.constant('refused' as const),
    code: fc.constantFrom('throttled' as const, 'denied' as const),
    message: text,
  }),
);

const state: fc.Arbitrary<GroupState> = plain({
  largest: fc.array(plain({ at: time, size: count }), { maxLength: 4 }),
  scaledOutAt: nullableTime,
  advised: fc.option(count, { nil: null }),
}).map((changed) => ({ ...initialState, ...changed }));

const fleet = fc
  // Names as of a careless or hostile instance.
  .dictionary(fc.oneof(text, fc.constantFrom('7', 'constructor')), time, { noNullPrototype: true })
  .map((inServiceSince) => ({ inServiceSince }));

const config: fc.Arbitrary<Group> = plain({ name: text, min: count, max: count }).map(
  (changed): Group => ({
    mode: 'active',
    warmupMs: 60_000,
    cooldown: { scaleOutMs: 0, scaleInMs: 300_000 },
    stabilization: { scaleOutMs: 0, scaleInMs: 300_000 },
    minReportingRatio: 0.5,
    policies: [
      {
        type: 'target-tracking',
        name: 'cpu',
        selector: selectSignal('cpu', 'mean', 60_000),
        target: 0.5,
        tolerance: { scaleOutRatio: 0.1, scaleInRatio: 0.1 },
      },
    ],
    ...changed,
  }),
);

/** One entry of one of the groups. */
export function journalEntry(groups: readonly string[]): fc.Arbitrary<JournalEntry> {
  const heading = plain({ group: fc.constantFrom(...groups), at: time });
  const tick = plain({ kind: fc.constant('tick' as const), observation, decision });
  const content = fc.oneof(
    { weight: 6, arbitrary: tick },
    { weight: 1, arbitrary: plain({ kind: fc.constant('config' as const), config }) },
    {
      weight: 2,
      arbitrary: plain({
        kind: fc.constant('actuation' as const),
        decisionAt: time,
        actuation,
      }),
    },
    {
      weight: 1,
      arbitrary: plain({ kind: fc.constant('snapshot' as const), state, fleet }),
    },
  );
  return fc.tuple(heading, content).map(([head, body]) => ({ ...head, ...body }));
}

/** A point within the hour, so that points fall into the same minutes, and replace each other. */
export function historyPoint(group: string): fc.Arbitrary<HistoryPoint> {
  return plain({
    signal: fc.constantFrom('cpu', 'connections'),
    step: fc.nat({ max: 60 }),
    mean: fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 }),
  }).map(({ signal, step, mean }) => {
    // A sum does not keep the sign of a zero.
    return { group, signal, start: baseMs + step * 10_000, mean: mean === 0 ? 0 : mean };
  });
}
