// Generated groups, states and observations: what the property tests of the core run on. Ranges are
// wide enough to reach every guardrail and narrow enough that each is reached often.

import fc from 'fast-check';
import type { Actuation } from '../../src/core/decision.ts';
import type { Group } from '../../src/core/group.ts';
import type { Observation, Override } from '../../src/core/observation.ts';
import type { Policy } from '../../src/core/policies/policy.ts';
import { selectSignal, statistics, type SignalSelector } from '../../src/core/signal.ts';

export const startMs = 1_700_000_000_000;

const signalNames = ['cpu', 'connections'] as const;

const selector: fc.Arbitrary<SignalSelector> = fc
  .tuple(
    fc.constantFrom(...signalNames),
    fc.constantFrom(...statistics),
    fc.constantFrom(1000, 10_000),
  )
  .map(([signal, statistic, windowMs]) => selectSignal(signal, statistic, windowMs));

const targetTracking: fc.Arbitrary<Policy> = fc.record({
  type: fc.constant('target-tracking' as const),
  name: fc.constantFrom('cpu', 'connections'),
  selector,
  target: fc.double({ min: 0.05, max: 100, noNaN: true }),
  tolerance: fc.record({
    scaleOutRatio: fc.constantFrom(0, 0.1),
    scaleInRatio: fc.constantFrom(0, 0.1),
  }),
});

const step: fc.Arbitrary<Policy> = fc
  .record({
    type: fc.constant('step' as const),
    name: fc.constant('steps'),
    selector,
    adjustment: fc.constantFrom(
      'change-in-capacity' as const,
      'percent-change-in-capacity' as const,
    ),
    bounds: fc.tuple(
      fc.double({ min: 0.05, max: 0.3, noNaN: true }),
      fc.double({ min: 0.4, max: 0.7, noNaN: true }),
      fc.double({ min: 0.8, max: 20, noNaN: true }),
    ),
    minAdjustment: fc.constantFrom(1, 2),
  })
  .map(({ bounds: [low, high, top], ...policy }) => {
    const unit = policy.adjustment === 'change-in-capacity' ? 1 : 0.25;
    const steps = [
      { lower: null, upper: low, change: -unit },
      { lower: high, upper: top, change: unit },
      { lower: top, upper: null, change: 3 * unit },
    ];
    return { ...policy, steps };
  });

const duration = fc.constantFrom(0, 5000, 60_000, 300_000);
const perDirection = fc.record({ scaleOutMs: duration, scaleInMs: duration });

export const anyGroup: fc.Arbitrary<Group> = fc
  .record({
    name: fc.constant('web'),
    mode: fc.constantFrom('active' as const, 'scale-out-only' as const, 'advise' as const),
    min: fc.nat(5),
    size: fc.nat(30),
    warmupMs: duration,
    cooldown: perDirection,
    stabilization: perDirection,
    minReportingRatio: fc.constantFrom(0, 0.5, 1),
    policies: fc.array(fc.oneof(targetTracking, step), { maxLength: 3 }),
  })
  .map(({ size, ...group }) => ({ ...group, max: group.min + size }));

const override: fc.Arbitrary<Override> = fc.oneof(
  fc.record({
    kind: fc.constant('set' as const),
    desired: fc.nat(40),
    until: fc.constant(null),
    by: fc.constant('ada'),
    why: fc.constant('test'),
  }),
  fc.record({
    kind: fc.constant('pause' as const),
    until: fc.constant(null),
    by: fc.constant('ada'),
    why: fc.constant('test'),
  }),
);

/** What may be seen of one moment, without the time: that is added by whoever runs a history. */
export interface Glimpse {
  readonly desired: number;
  readonly inService: number;
  readonly pending: number;
  readonly silent: number;
  readonly warming: number;
  readonly values: Readonly<Record<(typeof signalNames)[number], number | null>>;
  readonly isConnected: boolean;
  readonly isJournalWritable: boolean;
  readonly isHeld: boolean;
  readonly describedAgoMs: number;
  readonly overrides: readonly Override[];
  readonly asgMin: number;
  readonly asgMax: number;
}

const value = fc.oneof(
  { weight: 1, arbitrary: fc.constant(null) },
  { weight: 9, arbitrary: fc.double({ min: 0, max: 30, noNaN: true }) },
);

export const anyGlimpse: fc.Arbitrary<Glimpse> = fc.record({
  desired: fc.nat(40),
  inService: fc.nat(40),
  pending: fc.constantFrom(0, 0, 0, 2),
  silent: fc.constantFrom(0, 0, 0, 1, 20),
  warming: fc.constantFrom(0, 0, 0, 1),
  values: fc.record({ cpu: value, connections: value }),
  isConnected: mostly(),
  isJournalWritable: mostly(),
  isHeld: mostly(),
  describedAgoMs: fc.constantFrom(0, 0, 0, 2000, 90_000),
  overrides: fc.oneof(
    { weight: 9, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: override.map((one) => [one]) },
  ),
  asgMin: fc.nat(3),
  asgMax: fc.integer({ min: 3, max: 50 }),
});

function mostly(): fc.Arbitrary<boolean> {
  return fc.nat(9).map((draw) => draw > 0);
}

export function observe(group: Group, glimpse: Glimpse, now: number): Observation {
  const warmed = Math.max(0, glimpse.inService - glimpse.warming);
  const signals: Record<string, { value: number; at: number; instances: number }> = {};
  for (const { selector: one } of group.policies) {
    const read = glimpse.values[one.signal === 'cpu' ? 'cpu' : 'connections'];
    if (read !== null) signals[one.key] = { value: read, at: now, instances: Math.max(1, warmed) };
  }
  return {
    capacity: {
      describedAt: now - glimpse.describedAgoMs,
      min: glimpse.asgMin,
      max: glimpse.asgMax,
      desired: glimpse.desired,
      inService: glimpse.inService,
      pending: glimpse.pending,
      terminating: 0,
    },
    fleet: {
      warmed,
      warming: Math.min(glimpse.warming, glimpse.inService),
      expected: warmed,
      reporting: Math.max(0, warmed - glimpse.silent),
      silent: Math.min(glimpse.silent, warmed),
    },
    signals,
    telemetry: glimpse.isConnected ? 'connected' : 'broker-down',
    overrides: glimpse.overrides,
    isJournalWritable: glimpse.isJournalWritable,
    heldBy: glimpse.isHeld ? null : 'another',
  };
}

export const anyActuation: fc.Arbitrary<Actuation> = fc.constantFrom<Actuation>(
  { kind: 'accepted' },
  { kind: 'accepted' },
  { kind: 'unchanged' },
  { kind: 'refused', code: 'throttled', message: 'Rate exceeded' },
  { kind: 'refused', code: 'in-progress', message: 'Scaling activity in progress' },
  { kind: 'unknown', message: 'timed out' },
);
