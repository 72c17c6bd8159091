// Putting and deleting warm pools.

import type { Outcome } from './fault.ts';
import { refuse, succeed } from './fault.ts';
import { findGroupToChange } from './find-group.ts';
import { resolveSource } from './launch-source.ts';
import type { Model } from './model.ts';
import { scheduleReconcile } from './schedule-reconcile.ts';
import { hastenTermination, terminateInstance } from './terminate.ts';
import type { WarmPool, WarmPoolState } from './warm-pool.ts';
import { dropEmptiedPool } from './warm-pool-flow.ts';
import { membersOf } from './model.ts';
import { isEnding, isWarm } from './instance.ts';
import { END_REASONS, endedFor } from './cause.ts';

export interface WarmPoolChange {
  readonly state?: WarmPoolState | undefined;
  readonly minSize?: number | undefined;
  /** −1 takes the limit away again. */
  readonly maxPreparedCapacity?: number | undefined;
  readonly reusesOnScaleIn?: boolean | undefined;
}

/** Creates or changes the pool; it fills a little later. */
export function putWarmPool(
  model: Model,
  groupName: string,
  change: WarmPoolChange,
): Outcome<null> {
  const found = findGroupToChange(model, groupName);
  if (!found.ok) return found;
  const group = found.value;
  // Refusals [doc: "Limitations" of warm pools]; their wording is ours.
  const source = resolveSource(model, group.settings.source);
  const isSpot = source.ok && source.value.market === 'spot';
  if (group.settings.mixed !== undefined || isSpot) {
    const what = isSpot ? 'Spot Instances' : 'a mixed instances policy';
    return refuse('ValidationError', `You can't add a warm pool to a group with ${what}.`);
  }
  const previous = group.warmPool;
  if (previous?.isBeingDeleted === true) {
    return refuse(
      'ValidationError',
      `The warm pool for Auto Scaling group ${groupName} is pending delete.`,
    );
  }
  const pool: WarmPool = {
    state: change.state ?? previous?.state ?? 'Stopped',
    minSize: change.minSize ?? previous?.minSize ?? 0,
    maxPreparedCapacity: preparedCapacity(change, previous),
    reusesOnScaleIn: change.reusesOnScaleIn ?? previous?.reusesOnScaleIn ?? false,
    isBeingDeleted: false,
  };
  group.warmPool = pool;
  scheduleReconcile(model, group);
  return succeed(null);
}

/** Deletes the pool: at once if it is empty, with its instances otherwise. */
export function deleteWarmPool(model: Model, groupName: string, isForced: boolean): Outcome<null> {
  const found = findGroupToChange(model, groupName);
  if (!found.ok) return found;
  const group = found.value;
  const pool = group.warmPool;
  if (pool === undefined) {
    return refuse('ValidationError', `No warm pool found for Auto Scaling group ${groupName}`);
  }
  pool.isBeingDeleted = true;
  for (const instance of membersOf(model, group).filter(isWarm)) {
    if (!isEnding(instance)) {
      const cause = endedFor(model.now, END_REASONS.warmPoolDeleted);
      terminateInstance(model, group, instance, { cause, isScaling: false, isForced });
    } else if (isForced) hastenTermination(model, group, instance);
  }
  dropEmptiedPool(model, group);
  return succeed(null);
}

function preparedCapacity(
  change: WarmPoolChange,
  previous: WarmPool | undefined,
): number | undefined {
  if (change.maxPreparedCapacity === undefined) return previous?.maxPreparedCapacity;
  return change.maxPreparedCapacity < 0 ? undefined : change.maxPreparedCapacity;
}
