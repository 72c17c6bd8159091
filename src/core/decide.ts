// The control loop's one decision, as a function: read this file first. Live, in shadow, in a
// simulation and in a replay the same `decide` runs; everything else is an edge of it.
//
//     observe → decide → journal → act → conclude

import { assess, type Sighted } from './assess.ts';
import type { Adjustment, Decision, Wake } from './decision.ts';
import { findClosedGate } from './gates.ts';
import type { Group } from './group.ts';
import { applyGuardrails } from './guardrails/apply.ts';
import type { GuardrailContext } from './guardrails/guardrail.ts';
import { findNotices } from './notices.ts';
import type { Observation } from './observation.ts';
import type { Reason } from './reason.ts';
import { planRemoval, setSize } from './launches.ts';
import type { GroupState } from './state.ts';
import type { EpochMs } from './time.ts';

export interface Decided {
  readonly state: GroupState;
  readonly decision: Decision;
  /** Bounds at which to decide again without waiting for the next tick. */
  readonly wakes: readonly Wake[];
}

/**
 * Decides the desired capacity of one group at one moment. Pure: the same arguments always give the
 * same result. While a decision that acts has not been concluded, every further one holds.
 */
export function decide(
  group: Group,
  before: GroupState,
  observation: Observation,
  now: EpochMs,
): Decided {
  if (!isSighted(observation)) return holdBlindly(group, before, now, { code: 'capacity-unknown' });
  if (group.mode === 'observe') return holdBlindly(group, before, now, { code: 'observe-only' });

  const { context, wanted, wakes } = assess(group, before, observation, now);
  const adjustments: Adjustment[] = [];
  const size = applyGuardrails(context, wanted, adjustments);
  const { state, verdict } = settleVerdict(context, size, adjustments);
  const notices = findNotices(context);
  const decision: Decision = {
    group: group.name,
    at: now,
    kind:
      verdict.to === context.current ? 'hold' : size > context.current ? 'scale-out' : 'scale-in',
    from: context.current,
    to: verdict.to,
    wanted,
    ...(verdict.to > context.current &&
      // Not where a bound, and no forecast, makes it more.
      context.needed < Math.min(wanted, verdict.to) && {
        needed: Math.max(context.current, context.needed),
      }),
    acts: verdict.acts,
    ...(verdict.cancels.length > 0 && { cancels: verdict.cancels }),
    ...(verdict.endsIdle && { endsIdle: true }),
    recommendations: context.recommendations,
    adjustments,
    ...(notices.length > 0 && { notices }),
  };
  return { state, decision, wakes };
}

function isSighted(observation: Observation): observation is Sighted {
  return observation.capacity !== null;
}

interface Verdict {
  readonly to: number;
  readonly acts: boolean;
  /** Launches to be cancelled, or instances to be ended. */
  readonly cancels: readonly string[];
  readonly endsIdle: boolean;
}

/** Passes the settled size through the gates: what is to be done, and what to remember of it. */
function settleVerdict(
  context: GuardrailContext,
  size: number,
  adjustments: Adjustment[],
): { readonly state: GroupState; readonly verdict: Verdict } {
  const { group, state, now, current } = context;
  const held = { to: current, acts: false, cancels: [], endsIdle: false };
  if (size === current) return { state: { ...state, advised: null }, verdict: held };
  const closed = findClosedGate(context, size);
  if (closed !== null) {
    adjustments.push({ guardrail: closed.gate, from: size, to: current, reason: closed.reason });
    return { state, verdict: held };
  }
  if (group.mode === 'advise') {
    if (state.advised !== size) {
      return {
        state: { ...state, advised: size },
        verdict: { ...held, to: size },
      };
    }
    const reason = { code: 'already-advised', size } as const;
    adjustments.push({ guardrail: 'advice', from: size, to: current, reason });
    return { state, verdict: held };
  }
  const { to, cancels, endsIdle, reason } =
    size < current ? planRemoval(context, size) : setSize(size);
  if (reason !== null) adjustments.push({ guardrail: 'launches', from: size, to, reason });
  if (to === current) return { state, verdict: held };
  const isCancelling = cancels.length > 0;
  const inFlight = { to, from: current, since: now, ...awaited, isCancelling };
  return { state: { ...state, inFlight }, verdict: { to, acts: true, cancels, endsIdle } };
}

const awaited = { phase: 'awaited', unknownSince: null } as const;

function holdBlindly(group: Group, state: GroupState, now: EpochMs, reason: Reason): Decided {
  const gate = { guardrail: reason.code, from: 0, to: 0, reason };
  const decision: Decision = {
    group: group.name,
    at: now,
    kind: 'hold',
    from: 0,
    to: 0,
    wanted: 0,
    acts: false,
    recommendations: [],
    adjustments: [gate],
  };
  return { state, decision, wakes: [] };
}
