// The scaling cooldown: what `HonorCooldown` and simple policies wait for. It "starts when the
// last instance finishes launching or terminating" (EC2 Auto Scaling user guide).

import { SECOND_MS } from './calendar.ts';
import type { Group } from './group.ts';
import type { Model } from './model.ts';

/**
 * Returns the id of the scaling activity that is under way, or of the last one while its cooldown
 * lasts; `undefined` when nothing stands in the way.
 */
export function blockingActivityId(model: Model, group: Group): string | undefined {
  const underway = [...group.openActivities.values()].findLast((activity) => activity.isScaling);
  if (underway !== undefined) return underway.id;
  const { lastActivityId, lastEndedAt, policySeconds } = group.cooldown;
  if (lastActivityId === undefined || lastEndedAt === undefined) return undefined;
  const seconds = policySeconds ?? group.settings.cooldownSeconds;
  return model.now < lastEndedAt + seconds * SECOND_MS ? lastActivityId : undefined;
}
