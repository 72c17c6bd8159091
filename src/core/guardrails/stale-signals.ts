// Nothing is removed blindly: scale-in needs a connection to the broker, a recent description, every
// policy's sight and reports from enough instances. People and schedules need none of that, and a
// group whose policies look at no report only the description.

import { needsReports } from '../policies/policy.ts';
import type { Reason } from '../reason.ts';
import { stay, type Guardrail, type GuardrailContext } from './guardrail.ts';

/** A description older than this no longer says what there is to remove. */
export const capacityStaleAfterMs = 60_000;

export const staleSignals: Guardrail = {
  name: 'stale-signals',
  lets: 'people-and-schedules',
  correct(context, size) {
    if (size >= context.current) return null;
    const reason = findBlindness(context);
    return reason === null ? null : stay(context, reason);
  },
};

function findBlindness(context: GuardrailContext): Reason | null {
  const { observation, capacity, group, now, opinions } = context;
  const isByReports = group.policies.some(needsReports);
  if (isByReports && observation.telemetry === 'broker-down') return { code: 'broker-down' };
  const ageMs = now - capacity.describedAt;
  if (ageMs > capacityStaleAfterMs) return { code: 'capacity-stale', ageMs };
  for (const opinion of opinions) {
    if (opinion.kind === 'abstain' && opinion.blocksScaleIn) {
      return { code: 'policy-blind', policy: opinion.policy };
    }
  }
  const { reporting, expected } = observation.fleet;
  const { minReportingRatio } = group;
  if (isByReports && reporting < minReportingRatio * expected) {
    return { code: 'too-few-reports', reporting, expected, minReportingRatio };
  }
  return null;
}
