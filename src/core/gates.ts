// Gates: whether anything is done at all, once the size is settled. A closed gate turns the decision
// into a hold whatever the guardrails left; the size that was wanted stays in the record.

import type { GuardrailContext } from './guardrails/guardrail.ts';
import { findNativeInCharge } from './policies/backlog/setter.ts';
import { clampTo } from './range.ts';
import type { Reason } from './reason.ts';

export interface ClosedGate {
  readonly gate: string;
  readonly reason: Reason;
}

interface Gate {
  readonly name: string;
  /** Why it is closed to a change from the current size to `size`; null if it is open. */
  findReason(context: GuardrailContext, size: number): Reason | null;
}

const lease: Gate = {
  name: 'lease',
  findReason({ observation: { heldBy } }) {
    return heldBy === null ? null : { code: 'held-by-other', controller: heldBy };
  },
};

/** A pause stops everything but a size that a person sets. */
const pause: Gate = {
  name: 'pause',
  findReason({ observation: { overrides } }) {
    const pausing = overrides.find(({ kind }) => kind === 'pause');
    if (pausing === undefined || overrides.some(({ kind }) => kind === 'set')) return null;
    return { code: 'paused', by: pausing.by, until: pausing.until };
  },
};

/** Where AWS's own policy sets the size, nothing but a person's word makes Foretide set it too. */
const nativePolicy: Gate = {
  name: 'native-policy',
  findReason({ group, wished, current }) {
    const native = findNativeInCharge(group.policies);
    if (native === null || clampTo(wished, current) !== current) return null;
    return { code: 'native-in-charge', native };
  },
};

const inFlight: Gate = {
  name: 'in-flight',
  findReason({ state }) {
    if (state.inFlight === null) return null;
    const { to, since, phase } = state.inFlight;
    return { code: phase === 'awaited' ? 'act-in-flight' : 'outcome-unknown', to, since };
  },
};

const backoff: Gate = {
  name: 'backoff',
  findReason({ state: { refusals }, current, now }, size) {
    const direction = size > current ? 'scale-out' : 'scale-in';
    const isSameWay = refusals?.direction === direction || refusals?.code === 'throttled';
    if (refusals === null || !isSameWay || now >= refusals.retryAt) return null;
    const { code, times, retryAt } = refusals;
    return { code: 'refused-recently', refusal: code, times, retryAt };
  },
};

const gates: readonly Gate[] = [lease, pause, nativePolicy, inFlight, backoff];

/** All that are closed to such a change. */
export function listClosedGates(context: GuardrailContext, size: number): readonly ClosedGate[] {
  return gates.flatMap((gate) => {
    const reason = gate.findReason(context, size);
    return reason === null ? [] : [{ gate: gate.name, reason }];
  });
}

/** The first gate that is closed to a change from the current size to `size`, or null. */
export function findClosedGate(
  context: GuardrailContext,
  size: number,
  leftOut: string | null = null,
): ClosedGate | null {
  for (const gate of gates) {
    if (gate.name === leftOut) continue;
    const reason = gate.findReason(context, size);
    if (reason !== null) return { gate: gate.name, reason };
  }
  return null;
}
