// SetDesiredCapacity, TerminateInstanceInAutoScalingGroup and DescribeScalingActivities.

import type { Activity } from '../../cloud/activity.ts';
import { listActivities } from '../../cloud/activity.ts';
import { setDesiredCapacity } from '../../cloud/desired-capacity.ts';
import type { Outcome } from '../../cloud/fault.ts';
import { succeed } from '../../cloud/fault.ts';
import { findGroup } from '../../cloud/find-group.ts';
import { terminateByUser } from '../../cloud/terminate-instance.ts';
import type { World } from '../../cloud/world.ts';
import type { Parsed } from '../input-shape.ts';
import { flag, integer, list, operation, required, text } from '../input-shape.ts';
import { sortByKey, takePage } from '../paging.ts';
import { groupName } from './group-input.ts';
import { activityOutput } from './group-output.ts';
import type { Operations } from '../operations.ts';

export function createCapacityOperations(world: World): Operations {
  return {
    SetDesiredCapacity: operation(
      {
        AutoScalingGroupName: required(groupName, ''),
        DesiredCapacity: required(integer({ min: 0 }), 0),
        HonorCooldown: flag(),
      },
      (input) => {
        const set = setDesiredCapacity(world, {
          groupName: input.AutoScalingGroupName,
          desired: input.DesiredCapacity,
          honorsCooldown: input.HonorCooldown ?? false,
        });
        return set.ok ? succeed({}) : set;
      },
    ),
    TerminateInstanceInAutoScalingGroup: operation(
      {
        InstanceId: required(text({ min: 1, max: 19 }), ''),
        ShouldDecrementDesiredCapacity: required(flag(), false),
      },
      (input) => {
        const decrements = input.ShouldDecrementDesiredCapacity;
        const ended = terminateByUser(world, input.InstanceId, decrements);
        if (!ended.ok) return ended;
        const group = world.groups.get(ended.value.groupName);
        return succeed({
          Activity: group === undefined ? undefined : activityOutput(ended.value, group),
        });
      },
    ),
    DescribeScalingActivities: operation(describeActivitiesShape, (input) =>
      describeActivities(world, input),
    ),
  };
}

/** Page size of the API reference: 100 by default and at most. */
const ACTIVITIES_PAGE_MAX = 100;

const describeActivitiesShape = {
  ActivityIds: list(required(text(), '')),
  AutoScalingGroupName: groupName,
  IncludeDeletedGroups: flag(),
  MaxRecords: integer({ min: 1, max: ACTIVITIES_PAGE_MAX }),
  NextToken: text(),
} as const;

/** A group that is there, or one that has been deleted. */
interface ActiveGroup {
  readonly name: string;
  readonly arn: string;
  readonly activities: readonly Activity[];
  readonly state?: 'Deleted';
}

interface Entry {
  readonly activity: Activity;
  readonly group: ActiveGroup;
}

function describeActivities(
  world: World,
  input: Parsed<typeof describeActivitiesShape>,
): Outcome<Readonly<Record<string, unknown>>> {
  const groups = findActiveGroups(world, input);
  if (!groups.ok) return groups;
  const wanted = new Set(input.ActivityIds);
  const entries = groups.value
    .flatMap((group) => entriesOf(world, group))
    .filter(({ activity }) => wanted.size === 0 || wanted.has(activity.id));
  // One group's are in order already.
  const sorted = groups.value.length === 1 ? entries : sortByKey(entries, keyOf);
  const page = takePage(sorted, keyOf, {
    size: input.MaxRecords ?? ACTIVITIES_PAGE_MAX,
    token: input.NextToken,
  });
  if (!page.ok) return page;
  return succeed({
    Activities: page.value.items.map(({ activity, group }) => activityOutput(activity, group)),
    NextToken: page.value.nextToken,
  });
}

function findActiveGroups(
  world: World,
  input: Parsed<typeof describeActivitiesShape>,
): Outcome<readonly ActiveGroup[]> {
  const { AutoScalingGroupName: name, IncludeDeletedGroups: includesDeleted } = input;
  const deleted =
    includesDeleted === true
      ? world.deletedGroups
          .filter((group) => name === undefined || group.name === name)
          .map((group) => ({ ...group, state: 'Deleted' as const }))
      : [];
  if (name === undefined) return succeed([...world.groups.values(), ...deleted]);
  const found = findGroup(world, name);
  if (found.ok) return succeed([found.value, ...deleted]);
  return deleted.length > 0 ? succeed(deleted) : found;
}

function entriesOf(world: World, group: ActiveGroup): Entry[] {
  return listActivities(world, group).map((activity) => ({ activity, group }));
}

/** Keys sort newest first: the largest time less the start, then likewise the number. */
function keyOf({ activity, group }: Entry): string {
  const age = Number.MAX_SAFE_INTEGER - activity.startedAt;
  const place = Number.MAX_SAFE_INTEGER - activity.number;
  return [age, place].map((part) => String(part).padStart(16, '0')).join('/') + `/${group.arn}`;
}
