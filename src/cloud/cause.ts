// The sentences in which AWS says why a scaling activity happened, as seen in the activity
// histories that the EC2 Auto Scaling user guide and public threads show.

import { formatUtcSeconds } from './calendar.ts';
import type { EpochMs } from './time.ts';

/** A change of desired capacity, told when the request is made. */
export function desiredChangedBy(
  at: EpochMs,
  reason: string,
  change: { readonly from: number; readonly to: number },
): string {
  return (
    `At ${formatUtcSeconds(at)} ${reason} ` +
    `changing the desired capacity from ${change.from} to ${change.to}.`
  );
}

export const CAPACITY_REASONS = {
  created: 'a user request created an AutoScalingGroup',
  set: 'a user request explicitly set group desired capacity',
  updated: (min: number, max: number, desired: number) =>
    'a user request update of AutoScalingGroup constraints to ' +
    `min: ${min}, max: ${max}, desired: ${desired}`,
  scheduled: (min: number, max: number, desired: number) =>
    'a scheduled action update of AutoScalingGroup constraints to ' +
    `min: ${min}, max: ${max}, desired: ${desired}`,
  executed: (policyName: string) => `a user request executed policy ${policyName}`,
  alarm: (alarmName: string, policyName: string) =>
    `a monitor alarm ${alarmName} in state ALARM triggered policy ${policyName}`,
} as const;

export function launchedForCapacity(at: EpochMs, from: number, to: number): string {
  return (
    `At ${formatUtcSeconds(at)} an instance was started in response to a difference between ` +
    `desired and actual capacity, increasing the capacity from ${from} to ${to}.`
  );
}

export function launchedForWarmPool(at: EpochMs, from: number, to: number): string {
  return (
    `At ${formatUtcSeconds(at)} an instance was started in response to a difference between ` +
    `desired and actual warm pool capacity, increasing the warm pool from ${from} to ${to}.`
  );
}

export function launchedForHealth(at: EpochMs): string {
  return (
    `At ${formatUtcSeconds(at)} an instance was launched in response to an unhealthy instance ` +
    'needing to be replaced.'
  );
}

export function launchedForSpot(at: EpochMs): string {
  return (
    `At ${formatUtcSeconds(at)} an instance was launched in response to an EC2 Instance ` +
    'Rebalance Recommendation.'
  );
}

/** Told with the end of the Spot instance at risk once its successor is in service. */
export function endedForSpot(at: EpochMs): string {
  return (
    `At ${formatUtcSeconds(at)} an instance was taken out of service in response to an EC2 ` +
    'Instance Rebalance Recommendation.'
  );
}

export function launchedForZones(at: EpochMs, counts: ReadonlyMap<string, number>): string {
  return (
    `At ${formatUtcSeconds(at)} availability zones ${[...counts.keys()].join(' ')} had ` +
    `${[...counts.values()].join(' ')} instances respectively.  ` +
    "An instance was launched to aid in balancing the group's zones."
  );
}

/** Told with the end of the instance that is too many once the launch has arrived. */
export function becameTooManyForZones(at: EpochMs, zone: string): string {
  return (
    `At ${formatUtcSeconds(at)} instances were launched to balance instances in zones ${zone} ` +
    'with other zones resulting in more than desired number of instances in the group.'
  );
}

/** Instances that the user moved by name, in the words of the API reference's examples. */
export function movedByUser(
  at: EpochMs,
  moved: {
    readonly instanceId: string;
    readonly how: 'detached' | 'attached' | 'moved to standby' | 'moved out of standby';
    readonly change: { readonly from: number; readonly to: number } | undefined;
  },
): string {
  const { instanceId, how, change } = moved;
  const verb = change === undefined || change.to < change.from ? 'shrinking' : 'increasing';
  const capacity =
    change === undefined ? '' : `, ${verb} the capacity from ${change.from} to ${change.to}`;
  return (
    `At ${formatUtcSeconds(at)} instance ${instanceId} was ${how} ` +
    `in response to a user request${capacity}.`
  );
}

export function endedForCapacity(
  at: EpochMs,
  change: { readonly from: number; readonly to: number },
  instanceId: string,
): string {
  const time = formatUtcSeconds(at);
  return (
    `At ${time} an instance was taken out of service in response to a difference between ` +
    `desired and actual capacity, shrinking the capacity from ${change.from} to ${change.to}.  ` +
    `At ${time} instance ${instanceId} was selected for termination.`
  );
}

/** An instance named by the user; `change` only if desired capacity fell with it. */
export function endedByUser(
  at: EpochMs,
  instanceId: string,
  change: { readonly from: number; readonly to: number } | undefined,
): string {
  const shrinking =
    change === undefined ? '' : `, shrinking the capacity from ${change.from} to ${change.to}`;
  return (
    `At ${formatUtcSeconds(at)} instance ${instanceId} was taken out of service ` +
    `in response to a user request${shrinking}.`
  );
}

/** Why an instance was ended without having been chosen by size. */
export const END_REASONS = {
  userHealthCheck: 'a user health-check',
  machineGone: 'an EC2 health check indicating it has been terminated or stopped',
  lifetime: 'its maximum instance lifetime having been reached',
  launchFailure: 'a launch failure',
  groupDeleted: 'a user request deleting the AutoScalingGroup',
  warmPoolSize: 'a difference between desired and actual warm pool capacity',
  warmPoolDeleted: 'a user request deleting the warm pool',
} as const;

export function endedFor(at: EpochMs, reason: string): string {
  return `At ${formatUtcSeconds(at)} an instance was taken out of service in response to ${reason}.`;
}

/** Several sentences in the order in which they became true, as AWS joins them. */
export function joinCauses(sentences: readonly string[]): string {
  return sentences.join('  ');
}
