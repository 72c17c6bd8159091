// Scale-in protection of single instances (SetInstanceProtection).

import type { Outcome } from './fault.ts';
import { succeed } from './fault.ts';
import { findNamedMembers } from './members-by-name.ts';
import type { Model } from './model.ts';
import { scheduleReconcile } from './schedule-reconcile.ts';

/** Protects instances from scale-in, or no longer; a shrink that waited goes on then. */
export function setInstanceProtection(
  model: Model,
  request: {
    readonly groupName: string;
    readonly instanceIds: readonly string[];
    readonly isProtected: boolean;
  },
): Outcome<null> {
  const found = findNamedMembers(model, { ...request, states: [], purpose: 'protect' });
  if (!found.ok) return found;
  const { group, members } = found.value;
  for (const instance of members) instance.isProtected = request.isProtected;
  if (!request.isProtected && group.isHeldByProtection) {
    group.isHeldByProtection = false;
    scheduleReconcile(model, group);
  }
  return succeed(null);
}
