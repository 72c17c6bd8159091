// From a policy of any type to its opinion: the one place that knows them all.

import type { Recommendation } from '../decision.ts';
import { followBacklog } from './backlog/backlog.ts';
import { followDemand } from './demand.ts';
import { followForecast } from './forecast.ts';
import { keepFixed } from './fixed.ts';
import type { Opinion, PolicyContext } from './opinion.ts';
import type { Policy } from './policy.ts';
import { followSchedule } from './schedule.ts';
import { scaleByStep } from './step.ts';
import { trackTarget } from './target-tracking.ts';

/** The policy's opinion, marked where it goes in the direction that the policy may not take. */
export function recommend(policy: Policy, context: PolicyContext): Opinion {
  const opinion = consult(policy, context);
  const { forbids } = policy;
  if (forbids === undefined) return opinion;
  const { recommendation, wakes } = opinion;
  return {
    recommendation: isTowards(recommendation, forbids, context.current)
      ? { ...recommendation, forbidden: forbids }
      : recommendation,
    // Waking early only ever serves to add.
    wakes: forbids === 'scale-out' ? [] : wakes,
  };
}

function consult(policy: Policy, context: PolicyContext): Opinion {
  switch (policy.type) {
    case 'backlog':
      return followBacklog(policy, context);
    case 'demand':
      return followDemand(policy, context);
    case 'target-tracking':
      return trackTarget(policy, context);
    case 'step':
      return scaleByStep(policy, context);
    case 'forecast':
      return followForecast(policy, context);
    case 'fixed':
      return keepFixed(policy);
    case 'schedule':
      return followSchedule(policy, context);
  }
}

function isTowards(
  recommendation: Recommendation,
  direction: 'scale-out' | 'scale-in',
  current: number,
): recommendation is Exclude<Recommendation, { kind: 'abstain' }> {
  if (recommendation.kind === 'abstain') return false;
  const isBounds = recommendation.kind === 'bounds';
  if (direction === 'scale-out') {
    return (isBounds ? (recommendation.atLeast ?? 0) : recommendation.desired) > current;
  }
  const most = isBounds ? (recommendation.atMost ?? current) : recommendation.desired;
  return most < current;
}
