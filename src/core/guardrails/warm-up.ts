// While an instance is on its way or warming up the readings do not show what it will take over, so
// nothing is removed. A group that follows its demand alone may: what is offered to a group does not
// change with its size, and each launch on its way is already counted.

import { readsSignals } from '../policies/policy.ts';
import { stay, type Guardrail } from './guardrail.ts';

export const warmUp: Guardrail = {
  name: 'warm-up',
  lets: 'people-and-schedules',
  correct(context, size) {
    if (size >= context.current || context.warming === 0) return null;
    if (!context.group.policies.some(readsSignals)) return null;
    const { capacity, observation } = context;
    const { warming } = observation.fleet;
    return stay(context, {
      code: 'warming',
      warming,
      pending: Math.max(capacity.pending, context.warming - warming),
    });
  },
};
