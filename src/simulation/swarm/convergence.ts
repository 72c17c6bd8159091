// Where a group must come to rest once nothing fails any more, and how soon.

import { combine } from '../../core/combine.ts';
import type { Group } from '../../core/group.ts';
import { tighterBounds, type SizeBounds } from '../../core/guardrails/size-bounds.ts';
import { findVeto } from '../../core/guardrails/veto.ts';
import { listSelectors } from '../../core/policies/list-selectors.ts';
import { recommend } from '../../core/policies/recommend.ts';
import type { SignalReading } from '../../core/signal.ts';
import type { CalendarReading } from '../../controller/group-settings.ts';
import type { EpochMs } from '../../core/time.ts';
import { requestsPerInstance, type Scenario } from './scenario.ts';

/** The longest waits after failures: describing, a refused call. */
const backoffMs = 60_000 + 60_000;
/** A launch, its retry and the notice of it. */
const launchSpareMs = 60_000;
/** Sizes between the smallest and the largest of a scenario, and some. */
const stepsMax = 14;

/**
 * How long after the last fault a group may take: the waits after failures once, and a cooldown, a
 * period of the rate, a boot and a warm-up for each instance between the bounds.
 */
export function settleWithinMs({ group, bootMedianMs }: Scenario): number {
  const { cooldown, stabilization, rate, warmupMs } = group;
  const periodMs = Math.max(rate?.scaleOut?.periodMs ?? 0, rate?.scaleIn?.periodMs ?? 0);
  const stepMs =
    cooldown.scaleOutMs +
    cooldown.scaleInMs +
    stabilization.scaleInMs +
    stabilization.scaleOutMs +
    periodMs +
    2 * bootMedianMs +
    warmupMs;
  return backoffMs + launchSpareMs + (group.coexistence?.settleMs ?? 0) + stepsMax * stepMs;
}

/** What a group is asked to hold against. */
export interface Calm {
  readonly group: Group;
  /** The work that arrives, in whole instances. */
  readonly load: number;
  readonly bounds: SizeBounds;
  readonly calendar: CalendarReading;
  readonly now: EpochMs;
}

/** The size that the policies want of a group of `size` that sees everything as it is. */
export function wantedAt(size: number, calm: Calm): number {
  const { group, load, bounds, calendar, now } = calm;
  const signals: Record<string, SignalReading> = {};
  for (const { key, signal, statistic } of listSelectors(group.policies)) {
    const share = size === 0 ? 1 : load / size;
    const each = signal === 'cpu' ? Math.min(1, share) : share * requestsPerInstance;
    const value = statistic === 'sum' ? each * size : each;
    signals[key] = { value, at: now, instances: size };
  }
  const { schedules } = calendar;
  const seen = { current: size, warmed: size, warming: 0, signals, schedules, now, canWake: false };
  const opinions = group.policies.map((policy) => recommend(policy, seen).recommendation);
  const { min, max } = tighterBounds(group, bounds);
  const combined = combine(opinions, size);
  const isVetoed = combined < size && findVeto(group.policies, opinions, size) !== null;
  return Math.max(min, Math.min(max, isVetoed ? size : combined));
}

/** Whether a group of that size is where it should be; a mode may not let it go there. */
export function isAtRest(size: number, calm: Calm): boolean {
  const wanted = wantedAt(size, calm);
  switch (calm.group.mode) {
    case 'observe':
    case 'advise':
      return true;
    case 'scale-out-only':
      return wanted <= size;
    case 'active':
      return wanted === size;
  }
}
