// Nothing is removed blindly: scale-in needs a connection to the broker, a recent description, every
// policy's sight and reports from enough instances. A person's `set` needs none of that.

import type { Guardrail, GuardrailContext } from './guardrail.ts';
import { stay } from './guardrail.ts';
import type { Reason } from '../reason.ts';

/** A description older than this no longer says what there is to remove. */
export const capacityStaleAfterMs = 60_000;

export const staleSignals: Guardrail = {
  name: 'stale-signals',
  correct(context, size) {
    if (size >= context.current || context.set !== null) return null;
    const reason = findBlindness(context);
    return reason === null ? null : stay(context, reason);
  },
};

function findBlindness(context: GuardrailContext): Reason | null {
  const { observation, capacity, group, now, recommendations } = context;
  if (observation.telemetry === 'broker-down') return { code: 'broker-down' };
  const ageMs = now - capacity.describedAt;
  if (ageMs > capacityStaleAfterMs) return { code: 'capacity-stale', ageMs };
  for (const recommendation of recommendations) {
    if (recommendation.kind === 'abstain' && recommendation.blocksScaleIn) {
      return { code: 'policy-blind', policy: recommendation.policy };
    }
  }
  const { reporting, expected } = observation.fleet;
  const { minReportingRatio } = group;
  if (reporting < minReportingRatio * expected) {
    return { code: 'too-few-reports', reporting, expected, minReportingRatio };
  }
  return null;
}
