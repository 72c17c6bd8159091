// Scheduled actions: putting, deleting and running them.

import { CAPACITY_REASONS } from './cause.ts';
import { boundsFault } from './create-group.ts';
import { parseCron } from './cron.ts';
import { changeDesired } from './desired-capacity.ts';
import type { Outcome } from './fault.ts';
import { refuse, succeed } from './fault.ts';
import { findGroupToChange } from './find-group.ts';
import type { Group } from './group.ts';
import type { Model } from './model.ts';
import { drawUuid, randomStream } from './random.ts';
import type { ScheduledAction } from './scheduled-action.ts';
import { isSuspended } from './suspension.ts';
import type { EpochMs } from './time.ts';
import { nextZonedTime, UTC_ONLY } from './zoned-cron.ts';

/** "Scheduled actions per Auto Scaling group: 125": EC2 Auto Scaling quotas. */
const SCHEDULED_ACTIONS_MAX = 125;

export type NewScheduledAction = Omit<ScheduledAction, 'arn' | 'nextAt'>;

/** Adds or replaces a scheduled action. */
export function putScheduledAction(
  model: Model,
  groupName: string,
  content: NewScheduledAction,
): Outcome<null> {
  const found = findGroupToChange(model, groupName);
  if (!found.ok) return found;
  const group = found.value;
  const { name, startAt, endAt, recurrence } = content;
  if (startAt === undefined && recurrence === undefined) {
    return refuse('ValidationError', 'Given request has no start time nor recurrence');
  }
  if (startAt !== undefined && startAt < model.now) {
    return refuse('ValidationError', 'Given start time is in the past');
  }
  if (endAt !== undefined && endAt <= (startAt ?? model.now)) {
    return refuse('ValidationError', 'Given end time is before the start time');
  }
  if (content.min === undefined && content.max === undefined && content.desired === undefined) {
    return refuse(
      'ValidationError',
      'At least one of DesiredCapacity, MinSize or MaxSize must be specified',
    );
  }
  const firstAt = firstTime(model, content);
  if (!firstAt.ok) return firstAt;
  const previous = group.scheduledActions.get(name);
  if (previous === undefined && group.scheduledActions.size >= SCHEDULED_ACTIONS_MAX) {
    return refuse(
      'LimitExceeded',
      `You may have at most ${SCHEDULED_ACTIONS_MAX} scheduled actions in a group.`,
    );
  }
  const arn = previous?.arn ?? newArn(model, groupName, name);
  const action: ScheduledAction = { ...content, arn, nextAt: firstAt.value };
  group.scheduledActions.set(name, action);
  scheduleRun(model, group, action);
  return succeed(null);
}

/** Deletes a scheduled action. */
export function deleteScheduledAction(
  model: Model,
  groupName: string,
  actionName: string,
): Outcome<null> {
  const found = findGroupToChange(model, groupName);
  if (!found.ok) return found;
  if (found.value.scheduledActions.delete(actionName)) return succeed(null);
  return refuse('ValidationError', `Scheduled action name not found - ${actionName}`);
}

/** Runs the action if its time has come, and sees to the next time. */
export function onScheduledAction(model: Model, group: Group, actionName: string): void {
  const action = group.scheduledActions.get(actionName);
  // It may have been replaced since, with another time.
  if (action === undefined || action.nextAt !== model.now) return;
  if (!isSuspended(group, 'ScheduledActions')) apply(model, group, action);
  action.nextAt = followingTime(model, action);
  if (action.nextAt === undefined) group.scheduledActions.delete(actionName);
  else scheduleRun(model, group, action);
}

/** Sets what the action names; sizes that do not fit together change nothing, as in AWS. */
function apply(model: Model, group: Group, action: ScheduledAction): void {
  const min = action.min ?? group.settings.min;
  const max = action.max ?? group.settings.max;
  const desired = action.desired ?? Math.min(max, Math.max(min, group.desired));
  if (boundsFault({ min, max }, desired) !== undefined) return;
  group.settings = { ...group.settings, min, max };
  const reason = CAPACITY_REASONS.scheduled(min, max, desired);
  changeDesired(model, group, { desired, reason });
}

function firstTime(model: Model, content: NewScheduledAction): Outcome<EpochMs | undefined> {
  const { startAt, recurrence, timeZone } = content;
  const zones = model.zones ?? UTC_ONLY;
  if (timeZone !== undefined && !zones.isKnown(timeZone)) {
    return refuse('ValidationError', `The time zone ${timeZone} is not known.`);
  }
  if (recurrence === undefined) return succeed(startAt);
  const schedule = parseCron(recurrence);
  if (!schedule.ok) return schedule;
  // A start time that itself matches is the first run.
  const after = startAt === undefined ? model.now : startAt - 1;
  const at = nextZonedTime(zones, { schedule: schedule.value, zone: timeZone }, after);
  if (at === undefined) {
    return refuse('ValidationError', `The recurrence "${recurrence}" never comes true`);
  }
  return succeed(at);
}

function followingTime(model: Model, action: ScheduledAction): EpochMs | undefined {
  if (action.recurrence === undefined) return undefined;
  const schedule = parseCron(action.recurrence);
  if (!schedule.ok) return undefined;
  const zoned = { schedule: schedule.value, zone: action.timeZone };
  const at = nextZonedTime(model.zones ?? UTC_ONLY, zoned, model.now);
  return at !== undefined && action.endAt !== undefined && at > action.endAt ? undefined : at;
}

function scheduleRun(model: Model, group: Group, action: ScheduledAction): void {
  if (action.nextAt === undefined) return;
  model.schedule(action.nextAt, {
    kind: 'scheduled-action',
    groupName: group.name,
    actionName: action.name,
  });
}

function newArn(model: Model, groupName: string, actionName: string): string {
  const { region, accountId, seed } = model.options;
  const uuid = drawUuid(randomStream(seed, `scheduled-action/${actionName}`, model.takeNumber()));
  return `arn:aws:autoscaling:${region}:${accountId}:scheduledUpdateGroupAction:${uuid}:autoScalingGroupName/${groupName}:scheduledActionName/${actionName}`;
}
