// What a guardrail is: it is handed a size and may correct it, saying why.

import type { Recommendation } from '../decision.ts';
import type { Capacity } from '../capacity.ts';
import type { Group } from '../group.ts';
import type { Observation, Override } from '../observation.ts';
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
  /** The desired capacity now. */
  readonly current: number;
  /** Pending, or in service and warming up. */
  readonly warming: number;
  readonly recommendations: readonly Recommendation[];
  /** The person's wish that takes the policies' place, if any. */
  readonly set: Extract<Override, { kind: 'set' }> | null;
}

/** A correction: the size to take instead, and why. */
export interface Correction {
  readonly size: number;
  readonly reason: Reason;
}

export interface Guardrail {
  readonly name: string;
  /** Null where it has nothing to object to. Never the size it was handed. */
  correct(context: GuardrailContext, size: number): Correction | null;
}

/** For guardrails that only ever stop a change altogether. */
export function stay(context: GuardrailContext, reason: Reason): Correction {
  return { size: context.current, reason };
}
