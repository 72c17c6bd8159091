// The stacks' time: when any of them has something to do, and that it does it then.

import type { EpochMs } from '../time.ts';
import type { Timeline } from '../timeline.ts';
import type { CloudFormation } from './cloudformation.ts';
import { progress } from './progress.ts';
import { isInProgress } from './stack.ts';

/** A bound on memory: the oldest deleted stacks are forgotten. */
const DELETED_STACKS_MAX = 1000;

export function cloudFormationTimeline(cloudFormation: CloudFormation): Timeline {
  return {
    nextEventAt: () => nextWakeAt(cloudFormation),
    advanceTo: (now) => advance(cloudFormation, now),
  };
}

function nextWakeAt({ stacks, provisioner }: CloudFormation): EpochMs | undefined {
  if (provisioner === undefined) return undefined;
  let earliest: EpochMs | undefined;
  for (const stack of stacks.values()) {
    if (!isInProgress(stack)) continue;
    if (stack.wakeAt !== undefined) return stack.wakeAt;
    for (const { state, dueAt } of stack.steps) {
      if (state !== 'begun' && state !== 'called') continue;
      if (earliest === undefined || dueAt < earliest) earliest = dueAt;
    }
  }
  return earliest;
}

function advance(cloudFormation: CloudFormation, now: EpochMs): void {
  const { provisioner, stacks } = cloudFormation;
  if (provisioner === undefined) return;
  for (const stack of stacks.values()) {
    if (!isInProgress(stack)) continue;
    stack.wakeAt = undefined;
    progress({ cloudFormation, provisioner, stack, now });
  }
  const deleted = [...stacks.values()].filter(({ deletedAt }) => deletedAt !== undefined);
  for (const { id } of deleted.slice(0, -DELETED_STACKS_MAX)) stacks.delete(id);
}
