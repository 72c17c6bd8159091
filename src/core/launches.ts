// Which instances a scale-in ends, where they can be named: launches that are not needed any more, the
// newest first, and then workers without work in hand. AWS itself would remove an instance that serves
// and let the launch go on.

import { listDrainable } from './drains.ts';
import type { GuardrailContext } from './guardrails/guardrail.ts';
import type { Reason } from './reason.ts';

/** Launches cancelled by one decision: each is a call, and AWS allows few changes a second. */
export const cancellationsMax = 10;

export interface Removal {
  /** The size that this decision comes to; the current one while nothing can be done yet. */
  readonly to: number;
  /** Launches to be cancelled or instances to be ended; empty where the size itself is lowered. */
  readonly cancels: readonly string[];
  /** Whether those are no launches but instances without work in hand. */
  readonly endsIdle: boolean;
  /** Busy instances to be told to drain; they count as removed. */
  readonly drains: readonly string[];
  /** Why it is not `size`; null where it is. */
  readonly reason: Reason | null;
}

/** The size itself is set: AWS chooses what goes, where something does. */
export function setSize(size: number): Removal {
  return { to: size, cancels: [], endsIdle: false, drains: [], reason: null };
}

/** How a scale-in to `size` begins. The size is never lowered while a launch is pending. */
export function planRemoval(context: GuardrailContext, size: number): Removal {
  const { current } = context;
  const pending = countPending(context);
  if (pending === 0) return planEnding(context, size);
  const cancels = listCancellable(context).slice(0, Math.min(current - size, cancellationsMax));
  const to = current - cancels.length;
  const reason = { code: 'pending-launches', pending, cancelled: cancels.length } as const;
  return { to, cancels, endsIdle: false, drains: [], reason: to === size ? null : reason };
}

/**
 * Instances that tell of their work go by name: those that have none now, and the busy ones after a
 * drain. AWS would choose one that is at work. Where nobody tells, the size is lowered and AWS chooses.
 */
function planEnding(context: GuardrailContext, size: number): Removal {
  const { current, state, observation } = context;
  const told = observation.candidates?.idle;
  if (told === undefined) return setSize(size);
  // Those in a description older than our last change may be gone already.
  const idle = state.accepted === null ? told : [];
  const cancels = idle.slice(0, Math.min(current - size, cancellationsMax));
  const room = Math.min(current - size, cancellationsMax) - cancels.length;
  const drains = listDrainable(context).slice(0, room);
  const to = current - cancels.length - drains.length;
  const deaf = observation.candidates?.deaf ?? 0;
  const reason = { code: 'busy-instances', idle: idle.length, ...(deaf > 0 && { deaf }) } as const;
  const endsIdle = cancels.length > 0;
  return { to, cancels, endsIdle, drains, reason: to === size ? null : reason };
}

/**
 * The launches that can be named, newest first. None while the description is older than our last
 * change: those in it may be cancelled already.
 */
export function listCancellable({ state, observation }: GuardrailContext): readonly string[] {
  return state.accepted === null ? (observation.candidates?.pending ?? []) : [];
}

/** A change that is not described yet may have launches that no description shows. */
function countPending({ capacity, state }: GuardrailContext): number {
  const asked = state.accepted === null ? 0 : state.accepted.size - capacity.inService;
  return Math.max(0, capacity.pending, asked);
}
