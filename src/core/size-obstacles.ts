// Why a size is not another: every word that is for another one, and every guardrail and gate that
// would not have let that one be. Sentences are made in `explain-size-obstacles.ts`.

import { assess, type Assessment, type Sighted } from './assess.ts';
import { decide } from './decide.ts';
import type { DecisionInput } from './decision-input.ts';
import type { Decision, Recommendation } from './decision.ts';
import { findReasonEnd } from './find-reason-end.ts';
import { listClosedGates } from './gates.ts';
import { correctFor } from './guardrails/apply.ts';
import { guardrails } from './guardrails/index.ts';
import { planRemoval } from './launches.ts';
import type { Holder } from './obstacles.ts';
import { findReadings, type SizeReadings } from './policies/find-readings.ts';
import type { EpochMs } from './time.ts';

/** A policy's or a person's word for another size. */
export interface SizeDissent {
  readonly recommendation: Recommendation;
  /** Where it would be for that size; empty for what looks at no signal. */
  readonly readings: readonly SizeReadings[];
}

export interface SizeHolder extends Holder {
  /** The desired capacity that it makes of the size. */
  readonly makes: number;
}

/** Sizes are desired capacities as AWS counts them, with instances that drain. */
export interface SizeObstacles {
  readonly group: string;
  readonly at: EpochMs;
  /** The size that is asked about. */
  readonly size: number;
  /** That before the decision. */
  readonly current: number;
  /** That after it. */
  readonly decided: number;
  /** The very size is decided: nothing stands in its way. */
  readonly isDecided: boolean;
  /** What policies and people come to together, before any guardrail; null where none was asked. */
  readonly wanted: number | null;
  /**
   * For fewer than is wanted: those that ask for more, of which none may be left. For more: those that
   * ask for fewer, of which one is enough that asks for as many, and those that allow no more.
   */
  readonly dissents: readonly SizeDissent[];
  /** Each by itself: the size itself is handed to every one of them. */
  readonly holders: readonly SizeHolder[];
}

export function findSizeObstacles(input: DecisionInput, size: number): SizeObstacles {
  const { group, before, observation, at } = input;
  const { decision } = decide(group, before, observation, at);
  const { from: current, to: decided } = decision;
  const common = { group: group.name, at, size, current, decided };
  const { capacity } = observation;
  if (capacity === null || group.mode === 'observe') {
    const holders = decision.adjustments.map(({ guardrail, reason, to }) => {
      return { name: guardrail, reason, until: null, makes: to };
    });
    return { ...common, isDecided: false, wanted: null, dissents: [], holders };
  }
  const sighted: Sighted = { ...observation, capacity };
  const assessment = assess(group, before, sighted, at);
  const { context, wanted } = assessment;
  const asked = size - context.leaving;
  const isDecided = decided === size || withoutDrains(decision) === asked;
  return {
    ...common,
    isDecided,
    wanted: wanted + context.leaving,
    dissents: isDecided ? [] : listDissents(assessment, asked),
    holders: isDecided ? [] : listHolders(assessment, decision, asked),
  };
}

function withoutDrains({ to, draining = [] }: Decision): number {
  return to - draining.length;
}

function listDissents({ context, seen, wanted }: Assessment, size: number): readonly SizeDissent[] {
  if (size === wanted) return [];
  const { current, group, recommendations } = context;
  const against = recommendations.filter((one) => isAgainst(one, { size, wanted, current }));
  return against.map((recommendation) => {
    const policy = group.policies.find(({ name }) => name === recommendation.policy);
    const readings = policy === undefined ? [] : findReadings(policy, seen, size);
    return { recommendation, readings };
  });
}

interface Sizes {
  readonly size: number;
  readonly wanted: number;
  readonly current: number;
}

function isAgainst(one: Recommendation, { size, wanted, current }: Sizes): boolean {
  switch (one.kind) {
    case 'desired': {
      if (size > wanted) return one.desired < size || one.forbidden === 'scale-out';
      return one.desired > size || (one.forbidden === 'scale-in' && size < current);
    }
    case 'bounds':
      return (one.atLeast ?? 0) > size || (one.atMost ?? size) < size;
    case 'abstain':
      return one.blocksScaleIn && size < current;
  }
}

/** What corrects the size when it is handed it, though others may do so before. */
function listHolders(
  { context }: Assessment,
  { adjustments }: Decision,
  size: number,
): readonly SizeHolder[] {
  const { current, leaving } = context;
  const direction = size < current ? 'scale-in' : 'scale-out';
  const held: SizeHolder[] = [];
  const hold = (name: string, reason: Holder['reason'], makes: number): void => {
    const until = findReasonEnd(reason, context, direction);
    held.push({ name, reason, until, makes: makes + leaving });
  };
  for (const guardrail of guardrails) {
    const correction = correctFor(guardrail, context, size);
    if (correction !== null) hold(guardrail.name, correction.reason, correction.size);
  }
  if (size === current) return held;
  for (const { gate, reason } of listClosedGates(context, size)) hold(gate, reason, current);
  const removal = size < current ? planRemoval(context, size) : null;
  if (removal !== null && removal.reason !== null) {
    hold('launches', removal.reason, removal.to + removal.drains.length);
  }
  // Said once already, in a mode that only says.
  for (const { guardrail, from, reason, to } of adjustments) {
    if (guardrail === 'advice' && from === size) hold(guardrail, reason, to);
  }
  return held;
}
