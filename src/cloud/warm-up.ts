// Instance warm-up: which instances count as capacity when policies reckon with it.

import { SECOND_MS } from './calendar.ts';
import type { Group } from './group.ts';
import type { Instance } from './instance.ts';
import type { Model } from './model.ts';
import { membersOf } from './model.ts';

/** A policy's own warm-up, else the group's, else its cooldown (PutScalingPolicy). */
export function warmupSecondsOf(group: Group, policySeconds: number | undefined): number {
  return policySeconds ?? group.settings.warmupSeconds ?? group.settings.cooldownSeconds;
}

/** Whether the instance is in service and has been for that long. */
export function isWarmedUp(model: Model, instance: Instance, warmupSeconds: number): boolean {
  const { inServiceAt, lifecycle } = instance;
  if (lifecycle !== 'InService' || inServiceAt === undefined) return false;
  return model.now >= inServiceAt + warmupSeconds * SECOND_MS;
}

/** Returns how many instances have warmed up; never more than desired. */
export function countWarmedUp(model: Model, group: Group, warmupSeconds: number): number {
  const members = membersOf(model, group);
  const count = members.filter((instance) => isWarmedUp(model, instance, warmupSeconds)).length;
  return Math.min(count, group.desired);
}
