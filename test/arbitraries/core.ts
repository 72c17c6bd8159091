// Generated groups, states and observations: what the property tests of the core run on. Ranges are
// wide enough to reach every guardrail and narrow enough that each is reached often.

import fc from 'fast-check';
import type { Actuation, Decision } from '../../src/core/decision.ts';
import type { Freeze, ScheduledWindow } from '../../src/core/calendar.ts';
import type { ForeignChange } from '../../src/core/foreign-change.ts';
import type { Group, Rate } from '../../src/core/group.ts';
import type { LaunchFailures, Observation, Override } from '../../src/core/observation.ts';
import { listSelectors } from '../../src/core/policies/list-selectors.ts';
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

const fixed: fc.Arbitrary<Policy> = fc.record({
  type: fc.constant('fixed' as const),
  name: fc.constant('fixed'),
  size: fc.nat(20),
});

const schedule: fc.Arbitrary<Policy> = fc.record({
  type: fc.constant('schedule' as const),
  name: fc.constant('hours'),
});

/** Any policy, sometimes forbidden a direction or with a veto. */
const policy: fc.Arbitrary<Policy> = fc
  .tuple(
    fc.oneof(targetTracking, targetTracking, step, fixed, schedule),
    fc.constantFrom(null, null, null, null, 'scale-out' as const, 'scale-in' as const),
    fc.constantFrom(null, null, null, null, null, 'tier'),
  )
  .map(([one, forbids, veto]) => ({
    ...one,
    ...(forbids !== null && { forbids }),
    ...(veto !== null && { veto }),
  }));

const rate: fc.Arbitrary<Rate> = fc.record({
  instances: fc.constantFrom(1, 2, 5),
  ratio: fc.constantFrom(null, 0.1, 1),
  periodMs: fc.constantFrom(15_000, 60_000, 600_000),
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
    policies: fc.array(policy, { maxLength: 3 }),
    rate: fc.record({ scaleOut: rate, scaleIn: rate }, { requiredKeys: [] }),
    budget: fc.record({
      perHour: fc.constantFrom(null, 1, 4),
      perMonth: fc.constantFrom(null, 100, 1000),
    }),
    minHealthyRatio: fc.constantFrom(0.5, 0.9, 1),
    coexistence: fc.record({
      reaction: fc.constantFrom('yield' as const, 'warn' as const, 'own' as const),
      settleMs: fc.constantFrom(30_000, 300_000),
    }),
    /** Which of the four above it has. */
    limits: fc.tuple(fc.boolean(), fc.boolean(), fc.boolean(), fc.boolean()),
  })
  .map(({ size, limits, rate: limit, budget, minHealthyRatio, coexistence, ...group }) => ({
    ...group,
    max: group.min + size,
    ...(limits[0] && { rate: limit }),
    ...(limits[1] && { budget }),
    ...(limits[2] && { minHealthyRatio }),
    ...(limits[3] && { coexistence }),
  }));

/** A group that nothing but its policies moves. */
export function makeGroup(policies: readonly Policy[], more: Partial<Group> = {}): Group {
  return {
    name: 'web',
    mode: 'active',
    min: 0,
    max: 100,
    warmupMs: 0,
    cooldown: { scaleOutMs: 0, scaleInMs: 0 },
    stabilization: { scaleOutMs: 0, scaleInMs: 0 },
    minReportingRatio: 0.5,
    policies,
    ...more,
  };
}

const override: fc.Arbitrary<Override> = fc.oneof(
  fc.record({
    kind: fc.constant('set' as const),
    desired: fc.nat(40),
    until: fc.constant(null),
    by: fc.constant('ada'),
    why: fc.constant('test'),
  }),
  fc.record({
    kind: fc.constant('hold' as const),
    atLeast: fc.nat(40),
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
  /** Of the schedule policies; null between windows. Undefined: not known. */
  readonly window?: Pick<ScheduledWindow, 'kind' | 'size'> | null | undefined;
  readonly freeze?: Freeze['direction'] | null;
  readonly monthToDate?: number | null;
  readonly unhealthy?: number;
  readonly foreignChange?: Pick<ForeignChange, 'what' | 'from' | 'to'> | null;
  readonly launchFailures?: number;
}

const value = fc.oneof(
  { weight: 1, arbitrary: fc.constant(null) },
  { weight: 9, arbitrary: fc.double({ min: 0, max: 30, noNaN: true }) },
);

export const anyGlimpse: fc.Arbitrary<Glimpse> = fc.record({
  desired: fc.nat(40),
  inService: fc.nat(40),
  pending: fc.constantFrom(0, 0, 0, 2, 3),
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
  window: fc.constantFrom(
    null,
    undefined,
    { kind: 'min' as const, size: 12 },
    { kind: 'max' as const, size: 6 },
    { kind: 'exact' as const, size: 9 },
  ),
  freeze: fc.constantFrom(
    null,
    null,
    null,
    null,
    'both' as const,
    'scale-in' as const,
    'scale-out' as const,
  ),
  monthToDate: fc.constantFrom(null, 0, 90, 500),
  unhealthy: fc.constantFrom(0, 0, 0, 1, 5),
  foreignChange: fc.constantFrom(
    null,
    null,
    null,
    { what: 'desired' as const, from: 4, to: 9 },
    { what: 'max' as const, from: 9, to: 4 },
  ),
  launchFailures: fc.constantFrom(0, 0, 0, 1, 4),
});

function mostly(): fc.Arbitrary<boolean> {
  return fc.nat(9).map((draw) => draw > 0);
}

export function observe(group: Group, glimpse: Glimpse, now: number): Observation {
  const warmed = Math.max(0, glimpse.inService - glimpse.warming);
  const signals: Record<string, { value: number; at: number; instances: number }> = {};
  for (const one of listSelectors(group.policies)) {
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
    ...observeBeyond(glimpse, now),
  };
}

function observeBeyond(glimpse: Glimpse, now: number): Partial<Observation> {
  const { window, freeze, monthToDate, unhealthy, foreignChange } = glimpse;
  const until = now + 60_000;
  return {
    ...(window !== undefined && {
      schedules: {
        hours: { active: window && { ...window, from: now - 1000, until }, next: null },
      },
    }),
    ...(freeze && { freezes: [{ name: 'sale', direction: freeze, until }] }),
    ...(monthToDate !== undefined &&
      monthToDate !== null && {
        spending: {
          pricePerInstanceHour: 0.1,
          monthToDate,
          monthStartedAt: now - 300 * 3_600_000,
          monthEndsAt: now + 420 * 3_600_000,
        },
      }),
    ...(unhealthy !== undefined && { unhealthy }),
    ...(glimpse.pending > 0 && {
      candidates: { pending: pendingIds.slice(0, glimpse.pending) },
    }),
    ...(foreignChange && { foreignChanges: [{ ...foreignChange, at: now - 5000, by: null }] }),
    ...describeFailures(glimpse.launchFailures ?? 0, now),
  };
}

const pendingIds = ['i-3', 'i-2', 'i-1'];

function describeFailures(inARow: number, now: number): { launchFailures?: LaunchFailures } {
  if (inARow === 0) return {};
  return { launchFailures: { inARow, lastAt: now - 1000, cause: 'no capacity' } };
}

export const anyActuation: fc.Arbitrary<Actuation> = fc.constantFrom<Actuation>(
  { kind: 'accepted' },
  { kind: 'accepted' },
  { kind: 'unchanged' },
  { kind: 'refused', code: 'throttled', message: 'Rate exceeded' },
  { kind: 'refused', code: 'in-progress', message: 'Scaling activity in progress' },
  { kind: 'unknown', message: 'timed out' },
);

/** What came of a decision: the same for each of the launches that it cancels. */
export function actuate(decision: Decision, actuation: Actuation): Actuation {
  const { cancels } = decision;
  if (cancels === undefined || actuation.kind === 'cancelled') return actuation;
  return {
    kind: 'cancelled',
    launches: cancels.map((instance, index) => {
      // Not all alike: the first one is always cancelled where the rest is not refused.
      const isFirst = index === 0 && actuation.kind === 'unknown';
      return { instance, outcome: isFirst ? { kind: 'accepted' } : actuation };
    }),
  };
}
