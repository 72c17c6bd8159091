// A mode that somebody set by hand, over that of the config. It lasts over restarts, and as long as
// the config says of the group what it said then: a config that says something else is the newer word.

import { findDifference } from '../core/find-difference.ts';
import type { GroupSettings } from './group-settings.ts';
import type { HandMode } from './ports/store.ts';

/** What a mode that is set now is set over. */
export function nameGround({ group, target }: GroupSettings): HandMode['over'] {
  const { autoScalingGroup, region } = target;
  return { mode: group.mode, autoScalingGroup, region };
}

/** Whether the settings still say the mode, and the Auto Scaling group, that it was set over. */
export function isInForce({ over }: HandMode, settings: GroupSettings): boolean {
  return findDifference(over, nameGround(settings)) === null;
}
