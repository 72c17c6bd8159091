// In the mode `scale-out-only` nothing is removed, not even by a person. The bounds come after it, and
// hold in every mode: a size above them was never wanted by anyone who wrote them.

import { stay, type Guardrail } from './guardrail.ts';

export const removalMode: Guardrail = {
  name: 'mode',
  lets: 'nobody',
  correct(context, size) {
    if (size >= context.current || context.group.mode !== 'scale-out-only') return null;
    return stay(context, { code: 'scale-out-only' });
  },
};
