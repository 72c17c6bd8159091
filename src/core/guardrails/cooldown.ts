// After an accepted change the next one waits. Scale-in waits after changes in either direction,
// scale-out only after a scale-out: load that returns is never made to wait for a removal.

import { stay, type Guardrail, type GuardrailContext } from './guardrail.ts';
import type { EpochMs } from '../time.ts';

export const cooldown: Guardrail = {
  name: 'cooldown',
  lets: 'people',
  correct(context, size) {
    if (size === context.current) return null;
    const until = cooldownEnd(context, size);
    return until <= context.now ? null : stay(context, { code: 'cooldown', until });
  },
};

function cooldownEnd(context: GuardrailContext, size: number): EpochMs {
  const { state, group, current } = context;
  const scaledOutAt = state.scaledOutAt ?? Number.NEGATIVE_INFINITY;
  if (size > current) return scaledOutAt + group.cooldown.scaleOutMs;
  const scaledInAt = state.scaledInAt ?? Number.NEGATIVE_INFINITY;
  return Math.max(scaledOutAt, scaledInAt) + group.cooldown.scaleInMs;
}
