// What would have been decided had one rule not been there: "without the rate limit: 14". For people
// who ask, so it may cost as much as deciding again.

import { assess, type Sighted } from './assess.ts';
import { decide } from './decide.ts';
import { findClosedGate } from './gates.ts';
import type { Group } from './group.ts';
import { applyGuardrails } from './guardrails/apply.ts';
import type { Observation } from './observation.ts';
import { planRemoval, setSize } from './launches.ts';
import type { GroupState } from './state.ts';
import type { EpochMs } from './time.ts';

export interface Counterfactual {
  readonly without: 'guardrail' | 'policy';
  /** The guardrail or gate that is left out, as the adjustment names it; or the policy. */
  readonly name: string;
  /** The size that would then have been decided; the current one for a hold. */
  readonly to: number;
}

/**
 * One for each adjustment of what `decide` decides from the same arguments, in their order, then one
 * for each policy: all other rules still hold, and one of them may come to the same. What a policy
 * recommended before is still in the stabilization windows.
 */
export function counterfactuals(
  group: Group,
  before: GroupState,
  observation: Observation,
  now: EpochMs,
): readonly Counterfactual[] {
  const { capacity } = observation;
  // Without a description, or in the mode `observe`, there is nothing to leave out.
  if (capacity === null || group.mode === 'observe') return [];
  const sighted: Sighted = { ...observation, capacity };
  const { context, wanted } = assess(group, before, sighted, now);
  const { adjustments } = decide(group, before, observation, now).decision;
  const rules = adjustments.map(({ guardrail }): Counterfactual => {
    const { current, leaving } = context;
    const size = applyGuardrails(context, wanted, [], guardrail);
    const isHeld = size !== current && findClosedGate(context, size, guardrail) !== null;
    if (isHeld) return { without: 'guardrail', name: guardrail, to: current + leaving };
    const isPlanned = size < current && group.mode !== 'advise' && guardrail !== 'launches';
    const { to, drains } = isPlanned ? planRemoval(context, size) : setSize(size);
    return { without: 'guardrail', name: guardrail, to: to + drains.length + leaving };
  });
  const policies = group.policies.map(({ name }): Counterfactual => {
    const others = group.policies.filter((policy) => policy.name !== name);
    const { decision } = decide({ ...group, policies: others }, before, observation, now);
    return { without: 'policy', name, to: decision.to };
  });
  return [...rules, ...policies];
}
