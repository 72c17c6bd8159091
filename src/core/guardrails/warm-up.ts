// While an instance is on its way or warming up the readings do not show what it will take over, so
// nothing is removed.

import { stay, type Guardrail } from './guardrail.ts';

export const warmUp: Guardrail = {
  name: 'warm-up',
  lets: 'people-and-schedules',
  correct(context, size) {
    if (size >= context.current || context.warming === 0) return null;
    const { capacity, observation } = context;
    const { warming } = observation.fleet;
    return stay(context, {
      code: 'warming',
      warming,
      pending: Math.max(capacity.pending, context.warming - warming),
    });
  },
};
