// The control loop's one decision, as a function: read this file first. Live, in shadow, in a
// simulation and in a replay the same `decide` runs; everything else is an edge of it.
//
//     observe → decide → journal → act → conclude

import { assess, type Sighted } from './assess.ts';
import type { Adjustment, Decision, Wake } from './decision.ts';
import { listActive, listDrained, orderDrains } from './drains.ts';
import { findClosedGate } from './gates.ts';
import type { Group } from './group.ts';
import { applyGuardrails } from './guardrails/apply.ts';
import type { GuardrailContext } from './guardrails/guardrail.ts';
import { findNotices } from './notices.ts';
import type { Observation } from './observation.ts';
import type { Reason } from './reason.ts';
import { cancellationsMax, planRemoval, setSize } from './launches.ts';
import type { Drain, GroupState } from './state.ts';
import type { EpochMs } from './time.ts';
import { decideWarmPool } from './warm-pool/decide-warm-pool.ts';
import type { WarmPoolDecision } from './warm-pool/warm-pool.ts';

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
  const { state: settled, verdict } = settleVerdict(context, size, adjustments);
  const notices = findNotices(context);
  // As AWS counts: with those that drain.
  const { current, leaving } = context;
  const from = current + leaving;
  const { to } = verdict;
  const left = verdict.acts ? Math.min(from, to) : from;
  const { state, warmPool } = keepWarmPool(context, settled, left);
  const decision: Decision = {
    group: group.name,
    at: now,
    kind: to === from ? 'hold' : to > from ? 'scale-out' : 'scale-in',
    from,
    to,
    wanted,
    ...(to > from &&
      // Not where a bound, and no forecast, makes it more.
      context.needed < Math.min(wanted, to - leaving) && {
        needed: Math.max(current, context.needed) + leaving,
      }),
    acts: verdict.acts,
    ...verdict.means,
    ...describeDrains(before, state, verdict.means),
    recommendations: context.recommendations,
    adjustments,
    ...(notices.length > 0 && { notices }),
    ...(warmPool !== undefined && { warmPool }),
  };
  return { state, decision, wakes };
}

/** Who drains, and what has changed about that; nothing where nobody does. */
function describeDrains(
  before: GroupState,
  after: GroupState,
  { cancels = [] }: Verdict['means'],
): Pick<Decision, 'drains' | 'callsOff' | 'draining'> {
  if (after.draining === undefined) return {};
  const known = new Map(before.draining?.map((drain) => [drain.instance, drain]));
  const draining = listActive(after).filter(({ instance }) => !cancels.includes(instance));
  const drains = draining.filter(({ instance }) => known.get(instance)?.isCalledOff !== false);
  const callsOff = after.draining.filter(({ instance, isCalledOff }) => {
    return isCalledOff && known.get(instance)?.isCalledOff === false;
  });
  return {
    ...(drains.length > 0 && { drains: listInstances(drains) }),
    ...(callsOff.length > 0 && { callsOff: listInstances(callsOff) }),
    ...(draining.length > 0 && { draining }),
  };
}

function listInstances(drains: readonly Drain[]): readonly string[] {
  return drains.map(({ instance }) => instance);
}

/** Beside the size: what waits is no capacity in service. */
function keepWarmPool(
  context: GuardrailContext,
  state: GroupState,
  size: number,
): { readonly state: GroupState; readonly warmPool?: WarmPoolDecision } {
  const terms = context.group.warmPool;
  if (terms === undefined) return { state };
  const { memory, decision } = decideWarmPool(context, terms, { size, before: state.warmPool });
  return { state: { ...state, warmPool: memory }, warmPool: decision };
}

function isSighted(observation: Observation): observation is Sighted {
  return observation.capacity !== null;
}

interface Verdict {
  /** The desired capacity. */
  readonly to: number;
  readonly acts: boolean;
  /** Launches to be cancelled, or instances to be ended. */
  readonly means: Pick<Decision, 'cancels' | 'endsIdle' | 'endsDrained'>;
}

/** Passes the settled size through the gates: what is to be done, and what to remember of it. */
function settleVerdict(
  context: GuardrailContext,
  size: number,
  adjustments: Adjustment[],
): { readonly state: GroupState; readonly verdict: Verdict } {
  const { group, state, now, current, leaving } = context;
  const from = current + leaving;
  const held = { to: from, acts: false, means: {} };
  const drained = size > current ? [] : listDrained(context).slice(0, cancellationsMax);
  if (drained.length > 0 && findClosedGate(context, current - 1) === null) {
    const means = { cancels: drained, endsDrained: true } as const;
    return beginAct(state, { from, to: from - drained.length, means }, now);
  }
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
        verdict: { ...held, to: size + leaving },
      };
    }
    const reason = { code: 'already-advised', size } as const;
    adjustments.push({ guardrail: 'advice', from: size, to: current, reason });
    return { state, verdict: held };
  }
  const removal = size < current ? planRemoval(context, size) : setSize(size);
  const { to, cancels, endsIdle, drains, reason } = removal;
  if (reason !== null) adjustments.push({ guardrail: 'launches', from: size, to, reason });
  const ordered = orderDrains(context, drains);
  // Those told to drain stay in AWS's count until they end.
  const desired = to + drains.length + leaving;
  if (desired === from) return { state: ordered, verdict: held };
  const means = { ...(cancels.length > 0 && { cancels }), ...(endsIdle && { endsIdle }) };
  return beginAct(ordered, { from, to: desired, means }, now);
}

function beginAct(
  state: GroupState,
  { from, to, means }: Pick<Verdict, 'to' | 'means'> & { readonly from: number },
  now: EpochMs,
): { readonly state: GroupState; readonly verdict: Verdict } {
  const isCancelling = means.cancels !== undefined;
  const inFlight = { to, from, since: now, ...awaited, isCancelling };
  return { state: { ...state, inFlight }, verdict: { to, acts: true, means } };
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
