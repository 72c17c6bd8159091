// From a policy of any type to its opinion: the one place that knows them all.

import type { Opinion, PolicyContext } from './opinion.ts';
import type { Policy } from './policy.ts';
import { scaleByStep } from './step.ts';
import { trackTarget } from './target-tracking.ts';

export function recommend(policy: Policy, context: PolicyContext): Opinion {
  switch (policy.type) {
    case 'target-tracking':
      return trackTarget(policy, context);
    case 'step':
      return scaleByStep(policy, context);
  }
}
