// After an accepted change the next one waits. Scale-in waits after changes in either direction,
// scale-out only after a scale-out: load that returns is never made to wait for a removal, and what
// the load alone asks for never for what a forecast launched.

import { stay, type Guardrail, type GuardrailContext } from './guardrail.ts';
import type { EpochMs } from '../time.ts';

export const cooldown: Guardrail = {
  name: 'cooldown',
  lets: 'people',
  correct(context, size) {
    const { current, needed, now } = context;
    if (size === current) return null;
    const until = cooldownEnd(context, size);
    if (until <= now) return null;
    const need = Math.min(size, needed);
    if (need <= current) return stay(context, { code: 'cooldown', until });
    const needUntil = needEnd(context);
    if (needUntil > now) return stay(context, { code: 'cooldown', until: needUntil });
    return need === size ? null : { size: need, reason: { code: 'cooldown', until } };
  },
};

function cooldownEnd(context: GuardrailContext, size: number): EpochMs {
  const { state, group, current } = context;
  const scaledOutAt = Math.max(state.scaledOutAt ?? never, state.aheadOutAt ?? never);
  if (size > current) return scaledOutAt + group.cooldown.scaleOutMs;
  return Math.max(scaledOutAt, state.scaledInAt ?? never) + group.cooldown.scaleInMs;
}

/** Of a scale-out that the load alone asks for. */
function needEnd({ state, group }: GuardrailContext): EpochMs {
  return (state.scaledOutAt ?? never) + group.cooldown.scaleOutMs;
}

const never = Number.NEGATIVE_INFINITY;
