// What a decision was made of, in the simplest case: a group on its CPU, and nothing in the way. For
// tests of the answers to "why not".

import { observe, startMs, type Glimpse } from '../../../test/arbitraries/core.ts';
import type { DecisionInput } from '../decision-input.ts';
import type { Group } from '../group.ts';
import type { Policy, StepPolicy } from '../policies/policy.ts';
import { selectSignal } from '../signal.ts';
import { initialState, type GroupState } from '../state.ts';

const selector = selectSignal('cpu', 'mean', 1000);
const tolerance = { scaleOutRatio: 0.1, scaleInRatio: 0.1 };

export const tracking: Policy = {
  type: 'target-tracking',
  name: 'cpu',
  selector,
  target: 0.6,
  tolerance,
};

export function stepping(steps: StepPolicy['steps']): Policy {
  const adjustment = 'change-in-capacity';
  return { type: 'step', name: 'steps', selector, adjustment, steps, minAdjustment: 1 };
}

export function sight(cpu: number, size: number): Glimpse {
  return {
    desired: size,
    inService: size,
    pending: 0,
    silent: 0,
    warming: 0,
    values: { cpu, connections: 1 },
    isConnected: true,
    isJournalWritable: true,
    isHeld: true,
    describedAgoMs: 0,
    overrides: [],
    asgMin: 0,
    asgMax: 100,
  };
}

export function inputOf(
  group: Group,
  glimpse: Glimpse,
  before: GroupState = initialState,
): DecisionInput {
  return { group, before, observation: observe(group, glimpse, startMs), at: startMs };
}
