// In the mode `scale-out-only` nothing is removed, not even by a person.

import { stay, type Guardrail } from './guardrail.ts';

export const removalMode: Guardrail = {
  name: 'mode',
  lets: 'nobody',
  correct(context, size) {
    if (size >= context.current || context.group.mode !== 'scale-out-only') return null;
    return stay(context, { code: 'scale-out-only' });
  },
};
