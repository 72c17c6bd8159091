// Gates: whether anything is done at all, once the size is settled. A closed gate turns the decision
// into a hold whatever the guardrails left; the size that was wanted stays in the record.

import type { GuardrailContext } from './guardrails/guardrail.ts';
import type { Reason } from './reason.ts';

export interface ClosedGate {
  readonly gate: string;
  readonly reason: Reason;
}

/** The first gate that is closed to a change from the current size to `size`, or null. */
export function findClosedGate(context: GuardrailContext, size: number): ClosedGate | null {
  const { observation, state, now, set } = context;
  if (observation.heldBy !== null) {
    return close('lease', { code: 'held-by-other', controller: observation.heldBy });
  }
  const pause = observation.overrides.find((override) => override.kind === 'pause');
  if (pause !== undefined && set === null) {
    return close('pause', { code: 'paused', by: pause.by, until: pause.until });
  }
  if (state.inFlight !== null) {
    const { to, since, phase } = state.inFlight;
    const code = phase === 'awaited' ? 'act-in-flight' : 'outcome-unknown';
    return close('in-flight', { code, to, since });
  }
  const { refusals } = state;
  const direction = size > context.current ? 'scale-out' : 'scale-in';
  const isSameWay = refusals?.direction === direction || refusals?.code === 'throttled';
  if (refusals !== null && isSameWay && now < refusals.retryAt) {
    const { code, times, retryAt } = refusals;
    return close('backoff', { code: 'refused-recently', refusal: code, times, retryAt });
  }
  return null;
}

function close(gate: string, reason: Reason): ClosedGate {
  return { gate, reason };
}
