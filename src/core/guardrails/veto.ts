// Veto groups: nothing is removed unless every policy that has a veto recommends fewer instances.
// Without a veto, a policy that abstains and can see blocks nothing.

import type { Recommendation } from '../decision.ts';
import type { Policy } from '../policies/policy.ts';
import { stay, type Guardrail } from './guardrail.ts';

export const veto: Guardrail = {
  name: 'veto',
  lets: 'people',
  correct(context, size) {
    if (size >= context.current) return null;
    const found = findVeto(context.group.policies, context.opinions, context.current);
    return found === null ? null : stay(context, { code: 'veto', ...found });
  },
};

/**
 * The first policy with a veto that does not recommend fewer than `current`; null if all do, or none
 * has one. `opinions`: one for each policy, in their order.
 */
export function findVeto(
  policies: readonly Policy[],
  opinions: readonly Recommendation[],
  current: number,
): { readonly veto: string; readonly policy: string } | null {
  for (const [index, policy] of policies.entries()) {
    if (policy.veto === undefined) continue;
    const opinion = opinions[index];
    if (opinion === undefined || !isForFewer(opinion, current)) {
      return { veto: policy.veto, policy: policy.name };
    }
  }
  return null;
}

function isForFewer(opinion: Recommendation, current: number): boolean {
  switch (opinion.kind) {
    case 'desired':
      return opinion.desired < current;
    case 'bounds':
      return opinion.atMost !== null && opinion.atMost < current;
    case 'abstain':
      return false;
  }
}
