// Coexistence: someone else changed the group, a deploy perhaps, a scheduled action or a person in
// the console. Yielding means not to undo that until it has had time to settle.

import type { ForeignChange } from '../foreign-change.ts';
import { stay, type Guardrail, type GuardrailContext } from './guardrail.ts';

export const coexistence: Guardrail = {
  name: 'coexistence',
  lets: 'people',
  correct(context, size) {
    const { group, current } = context;
    if (group.coexistence?.reaction !== 'yield' || size === current) return null;
    const change = findUnsettled(context).find(({ from, to }) => to > from !== size > current);
    if (change === undefined) return null;
    const until = change.at + group.coexistence.settleMs;
    return stay(context, { code: 'foreign-change', ...change, until });
  },
};

/** The changes of others that have not had their time yet. */
export function findUnsettled({
  group,
  observation,
  now,
}: Pick<GuardrailContext, 'group' | 'observation' | 'now'>): readonly ForeignChange[] {
  const settleMs = group.coexistence?.settleMs ?? 0;
  return (observation.foreignChanges ?? []).filter(({ at }) => now < at + settleMs);
}
