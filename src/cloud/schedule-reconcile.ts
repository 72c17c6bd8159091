// When a group next compares its size with what is desired. One comparison is due at a time.

import type { Group } from './group.ts';
import type { Model } from './model.ts';

/** Lets the group compare soon: AWS's own delay, or `delayMs`. An earlier date wins. */
export function scheduleReconcile(
  model: Model,
  group: Group,
  delayMs: number = model.options.reconcileDelayMs,
): void {
  const at = model.now + delayMs;
  if (group.reconcileAt !== undefined && group.reconcileAt <= at) return;
  group.reconcileAt = at;
  model.schedule(at, { kind: 'reconcile', groupName: group.name });
}
