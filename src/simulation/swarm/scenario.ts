// What a seed stands for: one group's configuration, its load and the faults that befall it. Drawn
// in full before the run, so that a run is repeated by its seed alone.

import type { CalendarReading } from '../../controller/group-settings.ts';
import type { ScheduledWindow } from '../../core/calendar.ts';
import type { Group, Mode, Rate } from '../../core/group.ts';
import { listSelectors } from '../../core/policies/list-selectors.ts';
import type { Policy } from '../../core/policies/policy.ts';
import { selectSignal } from '../../core/signal.ts';
import type { EpochMs } from '../../core/time.ts';
import { createRandom, drawBetween, drawChoice, drawUniform, type Random } from '../random.ts';
import { drawFaults, faultsFromMs, type Fault } from './fault-plan.ts';

export const swarmStartMs = 1_767_225_600_000;
/** What an instance at 100 % serves, in requests a second. */
export const requestsPerInstance = 100;

/** From then on so much work arrives, in whole instances. */
export interface LoadStep {
  readonly atMs: number;
  readonly instances: number;
}

export interface Scenario {
  readonly seed: number;
  readonly group: Group;
  readonly readCalendar: (now: EpochMs) => CalendarReading;
  readonly staleAfterMs: number;
  readonly reportEveryMs: number;
  /** How long a call to AWS takes. */
  readonly latencyMs: number;
  readonly bootMedianMs: number;
  readonly desiredAtStart: number;
  readonly load: readonly LoadStep[];
  /** The share by which each instance's report differs from the mean, while there are faults. */
  readonly noiseRatio: number;
  /** By time. */
  readonly faults: readonly Fault[];
  /** When the last fault is over, and the load stays as it is. */
  readonly calmFromMs: number;
}

export function drawScenario(seed: number): Scenario {
  const random = createRandom(seed, 'swarm', 'scenario');
  const calmFromMs = Math.round(drawBetween(random, 120, 240)) * 1000;
  const group = steady(drawGroup(random));
  return {
    seed,
    group,
    readCalendar: planCalendar(random, group, calmFromMs),
    staleAfterMs: drawChoice(random, [3000, 5000, 10_000]),
    reportEveryMs: drawChoice(random, [1000, 1000, 1000, 2000, 5000]),
    latencyMs: drawChoice(random, [20, 100, 400]),
    bootMedianMs: drawChoice(random, [5000, 10_000, 20_000]),
    desiredAtStart: Math.round(drawBetween(random, group.min, group.max)),
    load: drawLoad(random, group.max, calmFromMs),
    noiseRatio: drawChoice(random, [0, 0.05, 0.2]),
    faults: drawFaults(createRandom(seed, 'swarm', 'faults'), calmFromMs),
    calmFromMs,
  };
}

/** Work in whole instances, changed now and then. */
function drawLoad(random: Random, max: number, calmFromMs: number): readonly LoadStep[] {
  const steps: LoadStep[] = [];
  const draw = (): number => drawBetween(random, 0.1, max * 0.9);
  for (let atMs = 0; atMs < calmFromMs; atMs += drawBetween(random, 15_000, 80_000)) {
    steps.push({ atMs, instances: draw() });
  }
  return [...steps, { atMs: calmFromMs, instances: draw() }];
}

const modes: readonly Mode[] = [
  ...Array.from({ length: 17 }, (): Mode => 'active'),
  'scale-out-only',
  'advise',
  'observe',
];

function drawGroup(random: Random): Group {
  const min = drawChoice(random, [1, 1, 2, 3]);
  const seconds = (...choices: readonly number[]): number => drawChoice(random, choices) * 1000;
  const scaleOut = drawRate(random);
  const scaleIn = drawRate(random);
  const isCoexisting = drawUniform(random) < 0.4;
  return {
    name: 'web',
    mode: drawChoice(random, modes),
    min,
    max: min + drawChoice(random, [3, 6, 10]),
    warmupMs: seconds(0, 5, 15),
    cooldown: { scaleOutMs: seconds(0, 0, 5, 20), scaleInMs: seconds(0, 10, 30) },
    stabilization: { scaleOutMs: seconds(0, 0, 5), scaleInMs: seconds(0, 10, 30) },
    minReportingRatio: drawChoice(random, [0.5, 0.5, 0.8, 1]),
    policies: drawPolicies(random, min),
    rate: { ...(scaleOut && { scaleOut }), ...(scaleIn && { scaleIn }) },
    ...(drawUniform(random) < 0.3 && { minHealthyRatio: 0.7 }),
    ...(isCoexisting && {
      coexistence: {
        reaction: drawChoice(random, ['yield', 'warn', 'own'] as const),
        settleMs: 20_000,
      },
    }),
  };
}

/**
 * A mean over a window lags, and without a stabilization as long the group swings for ever: what
 * such a config asks for (seed 2666 did), and no fault of the controller.
 */
function steady(group: Group): Group {
  const isLagging = listSelectors(group.policies).some(({ windowMs }) => windowMs > 1000);
  const { stabilization } = group;
  const scaleInMs = Math.max(stabilization.scaleInMs, isLagging ? 30_000 : 0);
  return { ...group, stabilization: { ...stabilization, scaleInMs } };
}

function drawRate(random: Random): Rate | undefined {
  if (drawUniform(random) < 0.4) return undefined;
  return {
    instances: drawChoice(random, [1, 2, 4]),
    ratio: drawChoice(random, [null, 0.3]),
    periodMs: drawChoice(random, [10_000, 30_000]),
  };
}

function drawPolicies(random: Random, min: number): readonly Policy[] {
  const window = (): number => drawChoice(random, [1000, 1000, 15_000]);
  const tolerance = { scaleOutRatio: 0.1, scaleInRatio: 0.1 };
  const statistic = drawChoice(random, ['mean', 'mean', 'p90', 'max'] as const);
  const candidates: readonly Policy[] = [
    {
      type: 'target-tracking',
      name: 'cpu',
      selector: selectSignal('cpu', statistic, window()),
      target: drawBetween(random, 0.4, 0.65),
      tolerance,
    },
    {
      type: 'target-tracking',
      name: 'requests',
      selector: selectSignal('requests', 'sum', window()),
      target: drawBetween(random, 0.4, 0.65) * requestsPerInstance,
      tolerance,
    },
    {
      type: 'step',
      name: 'steps',
      selector: selectSignal('cpu', 'mean', window()),
      adjustment: 'change-in-capacity',
      // Far enough apart that what one adds the other does not remove.
      steps: [
        { lower: null, upper: 0.25, change: -1 },
        { lower: 0.7, upper: 0.9, change: 1 },
        { lower: 0.9, upper: null, change: 2 },
      ],
      minAdjustment: 1,
    },
  ];
  const first = drawChoice(random, candidates);
  const second = drawChoice(random, candidates);
  const manner = drawManner(random);
  const policies: Policy[] = first === second ? [first] : [first, { ...second, ...manner }];
  if (drawUniform(random) < 0.2) policies.push({ type: 'fixed', name: 'floor', size: min + 1 });
  if (drawUniform(random) < 0.3) policies.push({ type: 'schedule', name: 'plan' });
  return policies;
}

/** What a policy may not do, or may forbid. */
function drawManner(random: Random): Pick<Policy, 'forbids' | 'veto'> {
  const chance = drawUniform(random);
  if (chance < 0.15) return { veto: 'both' };
  if (chance < 0.25) return { forbids: 'scale-in' };
  return chance < 0.35 ? { forbids: 'scale-out' } : {};
}

/** Two windows and a freeze while there are faults, none afterwards. */
function planCalendar(
  random: Random,
  group: Group,
  calmFromMs: number,
): (now: EpochMs) => CalendarReading {
  const from = Math.round(swarmStartMs + faultsFromMs + drawBetween(random, 0, calmFromMs / 4));
  const middle = Math.round(from + drawBetween(random, 10_000, calmFromMs / 4));
  const until = Math.min(swarmStartMs + calmFromMs, middle + 60_000);
  const draw = (start: EpochMs, end: EpochMs): ScheduledWindow => ({
    kind: drawChoice(random, ['min', 'max', 'exact'] as const),
    size: Math.round(drawBetween(random, group.min, group.max)),
    from: start,
    until: end,
  });
  const windows = [draw(from, middle), draw(middle + 5000, until)];
  const direction = drawChoice(random, ['scale-out', 'scale-in', 'both', null, null] as const);
  const freeze = direction === null ? null : { name: 'deploy', direction, until: middle };
  const bounds = windows.flatMap((window) => [window.from, window.until]);
  return (now) => {
    const active = windows.find((window) => window.from <= now && now < window.until) ?? null;
    const next = windows.find((window) => window.from > now) ?? null;
    const isFrozen = freeze !== null && from <= now && now < freeze.until;
    const validUntil = bounds.find((bound) => bound > now) ?? Number.POSITIVE_INFINITY;
    return { schedules: { plan: { active, next } }, freezes: isFrozen ? [freeze] : [], validUntil };
  };
}

/** The work that arrives at that time since the start, in whole instances. */
export function loadAt({ load }: Scenario, ms: number): number {
  return load.findLast(({ atMs }) => atMs <= ms)?.instances ?? 0;
}
