// What a new config changes, in a few words for the log: which groups, and which of their settings.

import type { Config, GroupConfig } from '../config/config.ts';
import { findDifference } from '../core/find-difference.ts';

/** One piece for each group that changed, came or went; empty if none did. */
export function describeConfigChanges(
  before: Pick<Config, 'groups'>,
  after: Pick<Config, 'groups'>,
): readonly string[] {
  const known = new Map(before.groups.map((one) => [one.group.name, one]));
  const wanted = new Set(after.groups.map(({ group }) => group.name));
  return [
    ...after.groups.flatMap((one) => describeGroup(known.get(one.group.name), one)),
    ...[...known.keys()].filter((name) => !wanted.has(name)).map((name) => `${name} removed`),
  ];
}

function describeGroup(before: GroupConfig | undefined, after: GroupConfig): readonly string[] {
  const { name } = after.group;
  if (before === undefined) return [`${name} added`];
  const settings = listChanges(flatten(before), flatten(after));
  return settings.length === 0 ? [] : [`${name}: ${settings.join(', ')}`];
}

/** The core's settings beside those of the edges: their names do not meet. */
function flatten({ group, ...edges }: GroupConfig): Readonly<Record<string, unknown>> {
  return { ...group, ...edges };
}

function listChanges(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): readonly string[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].flatMap((key) => {
    const old = before[key];
    const now = after[key];
    if (findDifference(old, now) !== null) {
      return isPlain(old) && isPlain(now) ? [`${key} ${String(old)} → ${String(now)}`] : [key];
    }
    return [];
  });
}

function isPlain(value: unknown): boolean {
  return typeof value !== 'object' && value !== undefined;
}
