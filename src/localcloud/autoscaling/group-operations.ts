// CreateAutoScalingGroup, UpdateAutoScalingGroup, DeleteAutoScalingGroup and the two that describe
// groups and their instances.

import { createGroup, deleteGroup, updateGroup } from '../../cloud/create-group.ts';
import type { Outcome } from '../../cloud/fault.ts';
import { succeed } from '../../cloud/fault.ts';
import type { Group } from '../../cloud/group.ts';
import { membersOf } from '../../cloud/model.ts';
import type { World } from '../../cloud/world.ts';
import type { Parsed } from '../input-shape.ts';
import { flag, integer, list, operation, required, structure, text } from '../input-shape.ts';
import { sortByKey, takePage } from '../paging.ts';
import {
  createGroupShape,
  groupName,
  readNewGroup,
  readSettings,
  updateGroupShape,
} from './group-input.ts';
import { groupOutput, instanceOutput } from './group-output.ts';
import type { Operations } from '../operations.ts';

export function createGroupOperations(world: World): Operations {
  return {
    CreateAutoScalingGroup: operation(createGroupShape, (input) => {
      const read = readNewGroup(world, input);
      if (!read.ok) return read;
      const created = createGroup(world, read.value);
      return created.ok ? succeed({}) : created;
    }),
    UpdateAutoScalingGroup: operation(updateGroupShape, (input) => {
      const settings = readSettings(world, input);
      if (!settings.ok) return settings;
      const change = { desired: input.DesiredCapacity, settings: settings.value };
      const updated = updateGroup(world, input.AutoScalingGroupName, change);
      return updated.ok ? succeed({}) : updated;
    }),
    DeleteAutoScalingGroup: operation(
      { AutoScalingGroupName: required(groupName, ''), ForceDelete: flag() },
      (input) => {
        const deleted = deleteGroup(world, input.AutoScalingGroupName, input.ForceDelete ?? false);
        return deleted.ok ? succeed({}) : deleted;
      },
    ),
    DescribeAutoScalingGroups: operation(describeGroupsShape, (input) =>
      describeGroups(world, input),
    ),
    DescribeAutoScalingInstances: operation(describeInstancesShape, (input) =>
      describeInstances(world, input),
    ),
  };
}

/** Page sizes of the API reference: groups 50 (at most 100), instances 50 (at most 50). */
const GROUPS_PAGE_DEFAULT = 50;
const INSTANCES_PAGE_MAX = 50;

const filter = structure({
  Name: required(text(), ''),
  Values: list(required(text(), '')),
});

const describeGroupsShape = {
  AutoScalingGroupNames: list(required(groupName, '')),
  IncludeInstances: flag(),
  MaxRecords: integer({ min: 1, max: 100 }),
  NextToken: text(),
  Filters: list(filter),
} as const;

function describeGroups(
  world: World,
  input: Parsed<typeof describeGroupsShape>,
): Outcome<Readonly<Record<string, unknown>>> {
  const wanted = new Set(input.AutoScalingGroupNames);
  const groups = sortByKey(world.groups.values(), (group) => group.name).filter(
    (group) =>
      (wanted.size === 0 || wanted.has(group.name)) &&
      input.Filters.every((condition) => matchesFilter(group, condition)),
  );
  const request = { size: input.MaxRecords ?? GROUPS_PAGE_DEFAULT, token: input.NextToken };
  const page = takePage(groups, (group) => group.name, request);
  if (!page.ok) return page;
  const showsInstances = input.IncludeInstances ?? true;
  return succeed({
    AutoScalingGroups: page.value.items.map((group) => groupOutput(world, group, showsInstances)),
    NextToken: page.value.nextToken,
  });
}

/** `tag-key`, `tag-value` and `tag:KEY`; other names match nothing. */
function matchesFilter(
  group: Group,
  { Name: name, Values: values }: { readonly Name: string; readonly Values: readonly string[] },
): boolean {
  const tags = [...group.tags.values()];
  if (name === 'tag-key') return tags.some((tag) => values.includes(tag.key));
  if (name === 'tag-value') return tags.some((tag) => values.includes(tag.value));
  if (!name.startsWith('tag:')) return false;
  const tag = group.tags.get(name.slice('tag:'.length));
  return tag !== undefined && values.includes(tag.value);
}

const describeInstancesShape = {
  InstanceIds: list(required(text({ min: 1, max: 19 }), '')),
  MaxRecords: integer({ min: 1, max: INSTANCES_PAGE_MAX }),
  NextToken: text(),
} as const;

function describeInstances(
  world: World,
  input: Parsed<typeof describeInstancesShape>,
): Outcome<Readonly<Record<string, unknown>>> {
  const wanted = new Set(input.InstanceIds);
  const members = [...world.groups.values()]
    .flatMap((group) => membersOf(world, group))
    .filter((instance) => wanted.size === 0 || wanted.has(instance.id));
  const page = takePage(
    sortByKey(members, (instance) => instance.id),
    (instance) => instance.id,
    { size: input.MaxRecords ?? INSTANCES_PAGE_MAX, token: input.NextToken },
  );
  if (!page.ok) return page;
  return succeed({
    AutoScalingInstances: page.value.items.map((instance) => ({
      ...instanceOutput(instance),
      AutoScalingGroupName: instance.groupName,
      HealthStatus: instance.isHealthy ? 'HEALTHY' : 'UNHEALTHY',
    })),
    NextToken: page.value.nextToken,
  });
}
