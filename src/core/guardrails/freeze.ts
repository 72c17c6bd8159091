// Freezes: spans in which the group is not to be changed, such as a maintenance window or a sale, or
// not in one direction.

import { stay, type Guardrail } from './guardrail.ts';

export const freeze: Guardrail = {
  name: 'freeze',
  lets: 'people',
  correct(context, size) {
    const { observation, current, now } = context;
    if (observation.freezes === undefined || size === current) return null;
    const direction = size > current ? 'scale-out' : 'scale-in';
    for (const one of observation.freezes) {
      if (one.direction !== 'both' && one.direction !== direction) continue;
      if (now >= one.until) continue;
      return stay(context, { code: 'freeze', name: one.name, direction, until: one.until });
    }
    return null;
  },
};
