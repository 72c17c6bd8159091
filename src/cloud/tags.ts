// Tags of groups. Those that propagate are given to instances when they are launched.

import type { Outcome } from './fault.ts';
import { refuse, succeed } from './fault.ts';
import type { Group, GroupTag } from './group.ts';
import type { Model } from './model.ts';

/** "The maximum number of tags per resource is 50": EC2 Auto Scaling user guide. */
const TAGS_MAX = 50;

export interface TagOf {
  readonly groupName: string;
  readonly tag: GroupTag;
}

/** Sets the tags, all or none. */
export function createOrUpdateTags(model: Model, tags: readonly TagOf[]): Outcome<null> {
  const changes: TagChange[] = [];
  for (const { groupName, tag } of tags) {
    const group = model.groups.get(groupName);
    if (group === undefined) return groupNotFound(groupName);
    if (tag.key.startsWith('aws:')) {
      return refuse('ValidationError', `Tag keys cannot start with aws: as in ${tag.key}`);
    }
    changes.push({ group, tag });
  }
  const full = changes.find(({ group }) => tagCountAfter(group, changes) > TAGS_MAX);
  if (full !== undefined) {
    return refuse('LimitExceeded', `You may have at most ${TAGS_MAX} tags on ${full.group.name}.`);
  }
  for (const { group, tag } of changes) group.tags.set(tag.key, tag);
  return succeed(null);
}

interface TagChange {
  readonly group: Group;
  readonly tag: GroupTag;
}

function tagCountAfter(group: Group, changes: readonly TagChange[]): number {
  const added = changes.filter((change) => change.group === group).map(({ tag }) => tag.key);
  return new Set([...group.tags.keys(), ...added]).size;
}

/** Removes the tags; one that does not exist is no fault. */
export function deleteTags(
  model: Model,
  tags: readonly { readonly groupName: string; readonly key: string }[],
): Outcome<null> {
  for (const { groupName } of tags) {
    if (!model.groups.has(groupName)) return groupNotFound(groupName);
  }
  for (const { groupName, key } of tags) model.groups.get(groupName)?.tags.delete(key);
  return succeed(null);
}

function groupNotFound(name: string): Outcome<never> {
  return refuse(
    'ValidationError',
    `AutoScalingGroup not found - AutoScaling Group ${name} not found`,
  );
}
