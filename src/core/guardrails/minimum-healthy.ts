// Minimum healthy share: nothing is removed of which too few healthy instances might be left. AWS
// chooses which instances go, so the worst is assumed: that all of them are healthy.

import type { Guardrail } from './guardrail.ts';

export const minimumHealthy: Guardrail = {
  name: 'minimum-healthy',
  lets: 'people',
  correct({ group, observation, current }, size) {
    const { minHealthyRatio } = group;
    const { unhealthy } = observation;
    if (minHealthyRatio === undefined || unhealthy === undefined) return null;
    if (unhealthy === 0 || size >= current) return null;
    const least = Math.min(current, findLeast(unhealthy, minHealthyRatio));
    if (least <= size) return null;
    return { size: least, reason: { code: 'unhealthy', unhealthy, minHealthyRatio, least } };
  },
};

/**
 * The smallest size of which at least the share is healthy although all the unhealthy ones are in
 * it: 1 unhealthy instance and 90 % are 10. Infinite for 100 %.
 */
function findLeast(unhealthy: number, minHealthyRatio: number): number {
  return Math.ceil((unhealthy / (1 - minHealthyRatio)) * (1 - 1e-12));
}
