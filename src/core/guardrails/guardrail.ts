// What a guardrail is: it is handed a size and may correct it, saying why.

import type { Recommendation } from '../decision.ts';
import type { Capacity } from '../capacity.ts';
import type { Group } from '../group.ts';
import type { Observation } from '../observation.ts';
import type { Range } from '../range.ts';
import type { Reason } from '../reason.ts';
import type { GroupState } from '../state.ts';
import type { EpochMs } from '../time.ts';

export interface GuardrailContext {
  readonly group: Group;
  /** With this moment's recommendation already in the stabilization windows. */
  readonly state: GroupState;
  readonly observation: Observation;
  readonly capacity: Capacity;
  readonly now: EpochMs;
  /** The desired capacity now, without those that drain: every size here is without them. */
  readonly current: number;
  /** How many drain: AWS's desired capacity is larger by so many. */
  readonly leaving: number;
  /**
   * What is wanted without what forecasts add to it. Where launches are limited it comes first: what
   * was launched ahead takes nothing from it.
   */
  readonly needed: number;
  /** What this month would have cost without forecasts, in dollars; absent where that is not counted. */
  readonly neededSpent?: number;
  /** Pending, or in service and warming up. */
  readonly warming: number;
  /** One for each of the group's policies, in their order. */
  readonly opinions: readonly Recommendation[];
  /** What people ask for, then the opinions: for the record. */
  readonly recommendations: readonly Recommendation[];
  /** What people ask for. */
  readonly wished: Range;
  /** What people or schedules ask for. */
  readonly wishedOrPlanned: Range;
}

/** A correction: the size to take instead, and why. */
export interface Correction {
  readonly size: number;
  readonly reason: Reason;
}

export interface Guardrail {
  readonly name: string;
  /**
   * Whose word passes it. Those that doubt what was measured let people and schedules pass, which
   * measure nothing; those that keep the group or the purse from harm, only people.
   */
  readonly lets: 'nobody' | 'people' | 'people-and-schedules';
  /** Null where it has nothing to object to. Never the size it was handed. */
  correct(context: GuardrailContext, size: number): Correction | null;
}

/** For guardrails that only ever stop a change altogether. */
export function stay(context: GuardrailContext, reason: Reason): Correction {
  return { size: context.current, reason };
}
