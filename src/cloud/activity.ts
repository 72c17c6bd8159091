// Scaling activities: what a group did and why, in AWS's words, kept for six weeks.

import { DAY_MS } from './calendar.ts';
import type { Group } from './group.ts';
import type { Model } from './model.ts';
import { drawUuid, randomStream } from './random.ts';
import type { EpochMs } from './time.ts';

/** The codes the model uses, a part of `ScalingActivityStatusCode` of the API's model. */
export type ActivityStatus =
  | 'PreInService'
  | 'InProgress'
  | 'MidLifecycleAction'
  | 'WaitingForELBConnectionDraining'
  | 'Successful'
  | 'Failed'
  | 'Cancelled';

export interface Activity {
  readonly id: string;
  /** Counts the group's activities, from 1. */
  readonly number: number;
  readonly groupName: string;
  description: string;
  readonly cause: string;
  readonly startedAt: EpochMs;
  endedAt: EpochMs | undefined;
  status: ActivityStatus;
  statusMessage: string | undefined;
  /** 0–100, as AWS tells it. */
  progress: number;
  readonly zone: string | undefined;
  readonly subnetId: string | undefined;
  /** Whether it is scaling, which cooldowns wait for. */
  readonly isScaling: boolean;
}

/** "Scaling activities from the last six weeks": EC2 Auto Scaling user guide. */
export const ACTIVITY_RETENTION_MS = 42 * DAY_MS;

/** A bound on memory for groups that churn for weeks of model time. */
export const ACTIVITIES_MAX_PER_GROUP = 20_000;

/** How many of the oldest are dropped at once, so that dropping is cheap on average. */
const ACTIVITIES_DROPPED_AT_ONCE = 2000;

export interface ActivityStart {
  readonly description: string;
  readonly cause: string;
  readonly status: ActivityStatus;
  readonly zone: string | undefined;
  readonly isScaling: boolean;
}

export function startActivity(model: Model, group: Group, start: ActivityStart): Activity {
  group.activityCount += 1;
  const stream = randomStream(
    model.options.seed,
    `activity/${group.streamName}`,
    group.activityCount,
  );
  const activity: Activity = {
    id: drawUuid(stream),
    number: group.activityCount,
    groupName: group.name,
    description: start.description,
    cause: start.cause,
    startedAt: model.now,
    endedAt: undefined,
    status: start.status,
    statusMessage: undefined,
    progress: 0,
    zone: start.zone,
    subnetId: subnetIn(model, group, start.zone),
    isScaling: start.isScaling,
  };
  group.activities.push(activity);
  group.openActivities.set(activity.id, activity);
  forgetOldActivities(model, group);
  return activity;
}

/** Changes the status of an activity under way; an unknown id (long forgotten) changes nothing. */
export function markActivity(
  group: Group,
  activityId: string | undefined,
  status: ActivityStatus,
  progress: number,
): void {
  const activity = findOpenActivity(group, activityId);
  if (activity === undefined) return;
  activity.status = status;
  activity.progress = progress;
}

/** Ends an activity and, if it was scaling, starts the cooldown. */
export function endActivity(
  model: Model,
  group: Group,
  activityId: string | undefined,
  end: { readonly status: ActivityStatus; readonly statusMessage?: string },
): void {
  const activity = findOpenActivity(group, activityId);
  if (activity === undefined) return;
  group.openActivities.delete(activity.id);
  activity.status = end.status;
  activity.statusMessage = end.statusMessage;
  if (end.statusMessage !== undefined) {
    activity.description += `.  Status Reason: ${end.statusMessage}`;
  }
  activity.progress = 100;
  activity.endedAt = model.now;
  if (!activity.isScaling) return;
  group.cooldown.lastActivityId = activity.id;
  group.cooldown.lastEndedAt = model.now;
}

/** Returns the activities of a group, deleted or not, that AWS would still show, newest first. */
export function listActivities(
  model: Model,
  group: { readonly activities: readonly Activity[] },
): readonly Activity[] {
  const oldest = model.now - ACTIVITY_RETENTION_MS;
  return group.activities.filter((activity) => activity.startedAt >= oldest).toReversed();
}

function findOpenActivity(group: Group, activityId: string | undefined): Activity | undefined {
  return activityId === undefined ? undefined : group.openActivities.get(activityId);
}

function forgetOldActivities(model: Model, group: Group): void {
  const oldest = group.activities[0];
  if (oldest === undefined) return;
  const isFull = group.activities.length > ACTIVITIES_MAX_PER_GROUP;
  if (isFull) group.activities.splice(0, ACTIVITIES_DROPPED_AT_ONCE);
  // A day's grace lets a day's worth go at once.
  if (oldest.startedAt >= model.now - ACTIVITY_RETENTION_MS - DAY_MS) return;
  const kept = listActivities(model, group).toReversed();
  group.activities.splice(0, group.activities.length, ...kept);
}

function subnetIn(model: Model, group: Group, zone: string | undefined): string | undefined {
  if (zone === undefined) return undefined;
  return group.settings.subnetIds.find((subnetId) => model.subnetZones.get(subnetId) === zone);
}
