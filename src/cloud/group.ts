// An Auto Scaling group: its settings as the user gave them, and its state as the model keeps it.

import type { Activity } from './activity.ts';
import type { GroupSource } from './launch-source.ts';
import type { MixedInstances } from './mixed/mixed-instances.ts';
import type { LifecycleHook } from './lifecycle-hook.ts';
import type { ScalingPolicy } from './scaling-policy.ts';
import type { ScheduledAction } from './scheduled-action.ts';
import type { Process } from './suspension.ts';
import type { TerminationPolicy } from './termination-policy.ts';
import type { EpochMs } from './time.ts';
import type { WarmPool } from './warm-pool.ts';

/** What the user sets; times in seconds, as in AWS's own members. */
export interface GroupSettings {
  readonly min: number;
  readonly max: number;
  readonly source: GroupSource;
  /** Several types and markets on top of the source; `undefined`: its own alone. */
  readonly mixed: MixedInstances | undefined;
  readonly zones: readonly string[];
  readonly subnetIds: readonly string[];
  readonly cooldownSeconds: number;
  readonly healthCheckType: string;
  readonly graceSeconds: number;
  readonly terminationPolicies: readonly TerminationPolicy[];
  readonly protectsNewInstances: boolean;
  readonly maxLifetimeSeconds: number | undefined;
  readonly warmupSeconds: number | undefined;
  readonly rebalancesCapacity: boolean;
  readonly targetGroupArns: readonly string[];
  readonly serviceLinkedRoleArn: string;
}

export interface GroupTag {
  readonly key: string;
  readonly value: string;
  readonly propagatesAtLaunch: boolean;
}

export interface Group {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: EpochMs;
  /** Names its random streams: the name, and how often groups of that name were created before. */
  readonly streamName: string;
  settings: GroupSettings;
  desired: number;
  isBeingDeleted: boolean;
  readonly instanceIds: Set<string>;
  readonly tags: Map<string, GroupTag>;
  readonly hooks: Map<string, LifecycleHook>;
  readonly policies: Map<string, ScalingPolicy>;
  readonly scheduledActions: Map<string, ScheduledAction>;
  /** Suspended processes with the sentence that says why. */
  readonly suspended: Map<Process, string>;
  readonly collectedMetrics: Set<string>;
  warmPool: WarmPool | undefined;
  /** Oldest first. */
  readonly activities: Activity[];
  /** Those that have not ended, by id. */
  readonly openActivities: Map<string, Activity>;
  /** Sentences on why desired changed that no activity has told yet. */
  readonly untoldCauses: string[];
  /** When the size is compared with desired next; `undefined` when nothing is due. */
  reconcileAt: EpochMs | undefined;
  readonly cooldown: CooldownState;
  /** When target tracking is evaluated next; `undefined` when it is not. */
  trackingAt: EpochMs | undefined;
  /** Unhealthy instances whose replacements have not been launched. */
  replacementsDue: number;
  /** Launches that balance zones and are not in service yet: they do not count until then. */
  readonly rebalancingIds: Set<string>;
  /** Launches that replace a Spot instance at risk, with the instance that their arrival ends. */
  readonly successors: Map<string, string>;
  /** When zones are looked at next; `undefined` while they are in balance. */
  rebalanceAt: EpochMs | undefined;
  /** Whether an activity has said already that everything left is protected. */
  isHeldByProtection: boolean;
  launchCount: number;
  activityCount: number;
  /** Failed launches since the last that succeeded: retries wait longer each time. */
  launchFailuresInARow: number;
  /** How long an instance in service is drained before it is shut down. */
  deregistrationDelayMs: number;
}

/** What simple scaling and `HonorCooldown` look at. */
export interface CooldownState {
  /** The scaling activity that ended last. */
  lastActivityId: string | undefined;
  lastEndedAt: EpochMs | undefined;
  /** The cooldown that a policy of its own asked for, until the next scaling. */
  policySeconds: number | undefined;
}
