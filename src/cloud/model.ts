// The state of the cloud, as every operation sees it. `World` is the one that keeps it; operations
// are functions on it in files by topic. They act at `now`: only `World.advanceTo` moves the time.

import type { Group } from './group.ts';
import type { CloudEvent } from './history.ts';
import type { Instance } from './instance.ts';
import type { LaunchConfiguration, LaunchTemplate } from './launch-source.ts';
import type { MeteredUse } from './billing.ts';
import type { PolicyAlarms } from './policy-alarms.ts';
import type { TimeZones } from './zoned-cron.ts';
import type { ScheduledEvent } from './scheduled-event.ts';
import type { MetricSource } from './target-tracking.ts';
import type { Activity } from './activity.ts';
import type { EpochMs } from './time.ts';
import type { WorldOptions } from './world-options.ts';

export interface Model {
  readonly now: EpochMs;
  readonly options: WorldOptions;
  readonly groups: Map<string, Group>;
  readonly instances: Map<string, Instance>;
  /** By id. */
  readonly launchTemplates: Map<string, LaunchTemplate>;
  readonly launchConfigurations: Map<string, LaunchConfiguration>;
  /** Names of EC2 key pairs with their fingerprints. */
  readonly keyPairs: Map<string, KeyPair>;
  /** The zone of each subnet that some group has named. */
  readonly subnetZones: Map<string, string>;
  /** What runs that have ended cost, by group and instance type. */
  readonly meteredUse: Map<string, MeteredUse>;
  /** Where target tracking reads its metrics; without one it does nothing by itself. */
  readonly metrics: MetricSource | undefined;
  /** Where target tracking policies have their alarms; without, policies have only names of them. */
  readonly alarms: PolicyAlarms | undefined;
  /** Whose clocks scheduled actions may go by; without, UTC only. */
  readonly zones: TimeZones | undefined;
  /** How many groups of each name have been created. */
  readonly groupGenerations: Map<string, number>;
  /** Groups that are gone, for their activities; the oldest first. */
  readonly deletedGroups: DeletedGroup[];
  /** Returns 1, 2, 3…: a number that no other caller has had. */
  takeNumber(): number;
  /** Lets something happen later; times before now mean now. */
  schedule(at: EpochMs, event: ScheduledEvent): void;
  /** Tells the world's listeners-by-cursor that something has happened. */
  record(event: CloudEvent): void;
}

export interface KeyPair {
  readonly id: string;
  readonly name: string;
  readonly fingerprint: string;
  readonly type: string;
  readonly createdAt: EpochMs;
}

export interface DeletedGroup {
  readonly name: string;
  readonly arn: string;
  readonly activities: readonly Activity[];
}

/** Returns the instances of the group, its warm pool and ending ones included. */
export function membersOf(model: Model, group: Group): Instance[] {
  const members: Instance[] = [];
  for (const id of group.instanceIds) {
    const instance = model.instances.get(id);
    if (instance !== undefined) members.push(instance);
  }
  return members;
}
