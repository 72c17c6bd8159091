// What stands between now and a change in one direction: every policy that does not ask for it, and
// every guardrail and gate that would hold it back. Sentences are made in `explain-obstacles.ts`.

import { assess, type Sighted } from './assess.ts';
import { decide } from './decide.ts';
import type { DecisionInput } from './decision-input.ts';
import type { Decision, Direction, Recommendation } from './decision.ts';
import { findReasonEnd } from './find-reason-end.ts';
import { listClosedGates } from './gates.ts';
import { guardrails } from './guardrails/index.ts';
import { correctFor } from './guardrails/apply.ts';
import { planRemoval } from './launches.ts';
import { findThresholds, type Threshold } from './policies/find-threshold.ts';
import type { Reason } from './reason.ts';
import type { EpochMs } from './time.ts';

/** A policy's or a person's word that is not for the change. */
export interface Dissent {
  readonly recommendation: Recommendation;
  /** Empty for what looks at no signal. */
  readonly thresholds: readonly Threshold[];
}

export interface Holder {
  /** The guardrail's or gate's name. */
  readonly name: string;
  readonly reason: Reason;
  /** When it ends by itself, as things stand; null if it does not, or nobody can tell. */
  readonly until: EpochMs | null;
}

export interface Obstacles {
  readonly group: string;
  readonly at: EpochMs;
  readonly direction: Direction;
  /** The desired capacity. */
  readonly current: number;
  /** The very change is decided: nothing stands in its way. */
  readonly isDecided: boolean;
  /**
   * Those who do not ask for the change. To remove, none of them may be left; to add, one policy
   * that asks for more is enough.
   */
  readonly dissents: readonly Dissent[];
  /** Whether anyone asks for the change. */
  readonly isWanted: boolean;
  readonly holders: readonly Holder[];
}

export function findObstacles(input: DecisionInput, direction: Direction): Obstacles {
  const { group, before, observation, at } = input;
  const { decision } = decide(group, before, observation, at);
  const common = { group: group.name, at, direction, isDecided: isDecidedNow(decision, direction) };
  const { capacity } = observation;
  if (capacity === null || group.mode === 'observe') {
    const holders = decision.adjustments.map(({ guardrail, reason }) => {
      return { name: guardrail, reason, until: null };
    });
    return { ...common, current: decision.from, dissents: [], isWanted: false, holders };
  }
  const sighted: Sighted = { ...observation, capacity };
  const { context, seen } = assess(group, before, sighted, at);
  const { current } = context;
  const sign = direction === 'scale-out' ? 1 : -1;
  const favours = (one: Recommendation): boolean => isFor(one, direction, current);
  const dissents = context.recommendations
    .filter((one) => !favours(one) && isDissent(one, direction))
    .map((recommendation) => {
      const policy = group.policies.find(({ name }) => name === recommendation.policy);
      const thresholds = policy === undefined ? [] : findThresholds(policy, seen, direction);
      return { recommendation, thresholds };
    });
  // The least change of that kind: what holds it holds any.
  const size = current + sign;
  const held: Holder[] = [];
  const hold = (name: string, reason: Reason): void => {
    held.push({ name, reason, until: findReasonEnd(reason, context, direction) });
  };
  for (const guardrail of guardrails) {
    const correction = correctFor(guardrail, context, size);
    if (correction !== null && (correction.size - current) * sign <= 0) {
      hold(guardrail.name, correction.reason);
    }
  }
  for (const { gate, reason } of listClosedGates(context, size)) hold(gate, reason);
  const removal = direction === 'scale-in' ? planRemoval(context, size) : null;
  if (removal !== null && removal.to === current && removal.reason !== null) {
    hold('launches', removal.reason);
  }
  const isWanted = context.recommendations.some(favours);
  return { ...common, current, dissents, isWanted, holders: held };
}

/** A drain begins a removal, although the desired capacity stays for now. */
function isDecidedNow({ kind, drains }: Decision, direction: Direction): boolean {
  return kind === direction || (direction === 'scale-in' && drains !== undefined);
}

function isFor(one: Recommendation, direction: Direction, current: number): boolean {
  if (one.kind === 'abstain' || one.forbidden === direction) return false;
  if (direction === 'scale-out') {
    return (one.kind === 'desired' ? one.desired : (one.atLeast ?? 0)) > current;
  }
  return (one.kind === 'desired' ? one.desired : (one.atMost ?? current)) < current;
}

/** What is silent and can see stands in nobody's way; nor does a bound on the other side. */
function isDissent(one: Recommendation, direction: Direction): boolean {
  switch (one.kind) {
    case 'desired':
      return true;
    case 'abstain':
      return one.blocksScaleIn;
    case 'bounds':
      return direction === 'scale-in' ? one.atLeast !== null : one.atMost !== null;
  }
}
