// A description of a group in counts.

import type { Capacity } from '../core/capacity.ts';
import type { TargetDescription } from './ports/scaling-target.ts';

/** In service and failing their health checks; 0 before the first description. */
export function countUnhealthy(description: TargetDescription | null): number {
  const instances = description?.instances ?? [];
  return instances.filter(({ phase, isHealthy }) => phase === 'in-service' && !isHealthy).length;
}

/** The description in counts, as the core takes it. */
export function summarise(description: TargetDescription): Capacity {
  const counts = { inService: 0, pending: 0, terminating: 0 };
  for (const { phase } of description.instances) {
    if (phase === 'in-service') counts.inService += 1;
    if (phase === 'pending') counts.pending += 1;
    if (phase === 'terminating') counts.terminating += 1;
  }
  const { describedAt, min, max, desired } = description;
  return { describedAt, min, max, desired, ...counts };
}
