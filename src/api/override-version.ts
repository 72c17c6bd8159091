// The version of what people have asked of a group: it changes whenever that does, and stays over a
// restart, for it is made of nothing else.

import { createHash } from 'node:crypto';
import type { GroupStatus } from '../controller/ports/control.ts';

const versionLength = 16;

/** 16 characters of a hash over the overrides in force and the mode. */
export function versionOf({ mode, overrides }: Pick<GroupStatus, 'mode' | 'overrides'>): string {
  const sorted = overrides.toSorted((one, other) => one.kind.localeCompare(other.kind));
  const text = JSON.stringify([mode, sorted]);
  return createHash('sha256').update(text).digest('base64url').slice(0, versionLength);
}
