// Scheduled actions: put, describe, delete, one by one and in batches.

import { SECOND_MS } from '../../cloud/calendar.ts';
import type { Outcome } from '../../cloud/fault.ts';
import { succeed } from '../../cloud/fault.ts';
import { findGroup } from '../../cloud/find-group.ts';
import { deleteScheduledAction, putScheduledAction } from '../../cloud/run-scheduled-action.ts';
import type { ScheduledAction } from '../../cloud/scheduled-action.ts';
import type { World } from '../../cloud/world.ts';
import type { Parsed } from '../input-shape.ts';
import { integer, list, operation, required, structure, text, time } from '../input-shape.ts';
import { sortByKey, takePage } from '../paging.ts';
import { groupName } from './group-input.ts';
import { withoutValue } from './instance-operations.ts';
import type { Operations } from '../operations.ts';

type Output = Readonly<Record<string, unknown>>;

const actionName = required(text({ min: 1, max: 255 }), '');

const actionMembers = {
  ScheduledActionName: actionName,
  StartTime: time(),
  EndTime: time(),
  Recurrence: text({ min: 1, max: 255 }),
  MinSize: integer({ min: 0 }),
  MaxSize: integer({ min: 0 }),
  DesiredCapacity: integer({ min: 0 }),
  TimeZone: text({ min: 1, max: 255 }),
} as const;

const groupMember = { AutoScalingGroupName: required(groupName, '') } as const;

export function createScheduleOperations(world: World): Operations {
  return {
    PutScheduledUpdateGroupAction: operation(
      { ...actionMembers, ...groupMember, Time: time() },
      (input) => withoutValue(putAction(world, input.AutoScalingGroupName, input, input.Time)),
    ),
    BatchPutScheduledUpdateGroupAction: operation(
      { ...groupMember, ScheduledUpdateGroupActions: list(structure(actionMembers)) },
      (input) => {
        const found = findGroup(world, input.AutoScalingGroupName);
        if (!found.ok) return found;
        const failures = input.ScheduledUpdateGroupActions.flatMap((action) =>
          failureOf(
            action.ScheduledActionName,
            putAction(world, input.AutoScalingGroupName, action, undefined),
          ),
        );
        return succeed({ FailedScheduledUpdateGroupActions: failures });
      },
    ),
    DescribeScheduledActions: operation(describeShape, (input) => describeActions(world, input)),
    DeleteScheduledAction: operation({ ...groupMember, ScheduledActionName: actionName }, (input) =>
      withoutValue(
        deleteScheduledAction(world, input.AutoScalingGroupName, input.ScheduledActionName),
      ),
    ),
    BatchDeleteScheduledAction: operation(
      { ...groupMember, ScheduledActionNames: list(actionName) },
      (input) => {
        const found = findGroup(world, input.AutoScalingGroupName);
        if (!found.ok) return found;
        const failures = input.ScheduledActionNames.flatMap((name) =>
          failureOf(name, deleteScheduledAction(world, input.AutoScalingGroupName, name)),
        );
        return succeed({ FailedScheduledActions: failures });
      },
    ),
  };
}

function putAction(
  world: World,
  name: string,
  action: Parsed<typeof actionMembers>,
  deprecatedTime: number | undefined,
): Outcome<null> {
  return putScheduledAction(world, name, {
    name: action.ScheduledActionName,
    startAt: action.StartTime ?? deprecatedTime,
    endAt: action.EndTime,
    recurrence: action.Recurrence,
    timeZone: action.TimeZone,
    min: action.MinSize,
    max: action.MaxSize,
    desired: action.DesiredCapacity,
  });
}

function failureOf(name: string, outcome: Outcome<null>): Output[] {
  if (outcome.ok) return [];
  const { code, message } = outcome.fault;
  return [{ ScheduledActionName: name, ErrorCode: code, ErrorMessage: message }];
}

/** Page size of the API reference: 50 by default, at most 100. */
const PAGE_DEFAULT = 50;

const describeShape = {
  AutoScalingGroupName: groupName,
  ScheduledActionNames: list(actionName),
  StartTime: time(),
  EndTime: time(),
  MaxRecords: integer({ min: 1, max: 100 }),
  NextToken: text(),
} as const;

function describeActions(world: World, input: Parsed<typeof describeShape>): Outcome<Output> {
  const name = input.AutoScalingGroupName;
  const found = name === undefined ? undefined : findGroup(world, name);
  if (found !== undefined && !found.ok) return found;
  const groups = found === undefined ? [...world.groups.values()] : [found.value];
  const wanted = new Set(input.ScheduledActionNames);
  const entries = groups.flatMap((group) =>
    [...group.scheduledActions.values()]
      .filter((action) => wanted.size === 0 || wanted.has(action.name))
      .filter((action) => isWithin(action, input.StartTime, input.EndTime))
      .map((action) => ({ action, group, key: `${group.name}\u0000${action.name}` })),
  );
  const page = takePage(
    sortByKey(entries, ({ key }) => key),
    ({ key }) => key,
    { size: input.MaxRecords ?? PAGE_DEFAULT, token: input.NextToken },
  );
  if (!page.ok) return page;
  return succeed({
    ScheduledUpdateGroupActions: page.value.items.map(({ action, group }) =>
      actionOutput(action, group.name),
    ),
    NextToken: page.value.nextToken,
  });
}

function isWithin(
  { nextAt }: ScheduledAction,
  from: number | undefined,
  to: number | undefined,
): boolean {
  if (nextAt === undefined) return false;
  return nextAt >= (from ?? nextAt) && nextAt <= (to ?? nextAt);
}

function actionOutput(action: ScheduledAction, name: string): Output {
  const startAt = action.nextAt ?? action.startAt;
  const startTime = startAt === undefined ? undefined : startAt / SECOND_MS;
  return {
    AutoScalingGroupName: name,
    ScheduledActionName: action.name,
    ScheduledActionARN: action.arn,
    Time: startTime,
    StartTime: startTime,
    EndTime: action.endAt === undefined ? undefined : action.endAt / SECOND_MS,
    Recurrence: action.recurrence,
    TimeZone: action.timeZone,
    MinSize: action.min,
    MaxSize: action.max,
    DesiredCapacity: action.desired,
  };
}
