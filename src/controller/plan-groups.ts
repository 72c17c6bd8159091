// Which groups stay, come and go when the settings change. Decides nothing about their size.

import { findDifference } from '../core/find-difference.ts';
import type { GroupSettings } from './group-settings.ts';
import type { ManagedGroup } from './managed-group.ts';

export interface GroupsPlan {
  readonly kept: readonly {
    readonly group: ManagedGroup;
    readonly settings: GroupSettings;
    /** Whether the core's part is another one now, which the journal should know. */
    readonly isChanged: boolean;
  }[];
  readonly removed: readonly { readonly name: string; readonly group: ManagedGroup }[];
  readonly added: readonly {
    readonly settings: GroupSettings;
    /** The name was there before, for another Auto Scaling group. */
    readonly isReplacement: boolean;
  }[];
}

/** A group is the same one while its name and its Auto Scaling group stay. */
export function planGroups(
  before: ReadonlyMap<string, ManagedGroup>,
  settings: readonly GroupSettings[],
): GroupsPlan {
  const wanted = new Map(settings.map((one) => [one.group.name, one]));
  const removed = [...before].filter(([name, group]) => !isSame(group.settings, wanted.get(name)));
  return {
    kept: settings.flatMap((one) => {
      const group = before.get(one.group.name);
      if (group === undefined || !isSame(group.settings, one)) return [];
      const isChanged = findDifference(group.group, one.group) !== null;
      return [{ group, settings: one, isChanged }];
    }),
    removed: removed.map(([name, group]) => ({ name, group })),
    added: settings
      .filter((one) => !isSame(before.get(one.group.name)?.settings, one))
      .map((one) => ({ settings: one, isReplacement: before.has(one.group.name) })),
  };
}

/** Puts the groups in the order of the settings. */
export function orderGroups(
  groups: Map<string, ManagedGroup>,
  settings: readonly GroupSettings[],
): void {
  for (const { group } of settings) {
    const managed = groups.get(group.name);
    if (managed === undefined) continue;
    groups.delete(group.name);
    groups.set(group.name, managed);
  }
}

function isSame(one: GroupSettings | undefined, other: GroupSettings | undefined): boolean {
  if (one === undefined || other === undefined) return false;
  return findDifference(one.target, other.target) === null;
}
