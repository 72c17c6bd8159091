// While an instance is on its way or warming up the readings do not show what it will take over, so
// nothing is removed but launches that carry nothing yet, and that even without them are not needed.
// A group that follows its demand alone may: what is offered to a group does not change with its size,
// and each launch on its way is already counted.

import { listCancellable } from '../launches.ts';
import { readsSignals } from '../policies/policy.ts';
import { stay, type Guardrail } from './guardrail.ts';

export const warmUp: Guardrail = {
  name: 'warm-up',
  lets: 'people-and-schedules',
  correct(context, size) {
    if (size >= context.current || context.warming === 0) return null;
    const { policies } = context.group;
    const isByDemand = policies.some(({ type }) => type === 'demand');
    if (isByDemand && !policies.some(readsSignals)) return null;
    const { capacity, observation } = context;
    const { warming } = observation.fleet;
    const pending = Math.max(capacity.pending, context.warming - warming);
    const reason = { code: 'warming', warming, pending } as const;
    // An instance that warms up may carry load already, which no reading shows.
    if (warming > 0) return stay(context, reason);
    const least = context.current - listCancellable(context).length;
    return size >= least ? null : { size: least, reason };
  },
};
