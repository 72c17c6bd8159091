// The end of a group: only its activities are kept, for those who ask about deleted groups.

import type { Group } from './group.ts';
import type { Model } from './model.ts';

/** How many deleted groups are remembered; a bound on memory. */
const DELETED_GROUPS_MAX = 100;

export function removeGroup(model: Model, group: Group): void {
  model.groups.delete(group.name);
  for (const { alarmNames } of group.policies.values()) model.alarms?.delete(alarmNames);
  const { name, arn, activities } = group;
  model.deletedGroups.push({ name, arn, activities });
  if (model.deletedGroups.length > DELETED_GROUPS_MAX) model.deletedGroups.shift();
}
