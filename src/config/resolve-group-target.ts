// What a group of the file is called and which Auto Scaling group it scales, and that no two groups
// have either in common.

import type { GroupTarget } from './config.ts';
import { formatPath, quote, type Path, type Report } from './config-error.ts';
import type { WrittenGroup } from './file-schema.ts';
import { findSetting, isWritten, type Layer } from './layered-settings.ts';

export interface NamedTarget {
  readonly name: string;
  readonly target: GroupTarget;
  readonly path: Path;
}

/** Each of the two names stands in for the other. Null if that was reported, here or before. */
export function resolveGroupTarget(
  written: WrittenGroup,
  layers: readonly Layer[],
  path: Path,
  report: Report,
): NamedTarget | null {
  const hasName = Object.hasOwn(written, 'name');
  const hasTarget = Object.hasOwn(written, 'autoScalingGroup');
  if (!hasName && !hasTarget) {
    const found = 'a group without a name';
    report({ path, found, allowed: 'name, autoScalingGroup or both' });
    return null;
  }
  const { name, autoScalingGroup } = written;
  const region = findSetting(layers, 'region');
  const role = findSetting(layers, 'role');
  const isUnread =
    (hasName && name === undefined) ||
    (hasTarget && autoScalingGroup === undefined) ||
    (isWritten(layers, 'region') && region === null) ||
    (isWritten(layers, 'role') && role === null);
  if (isUnread) return null;
  if (name?.includes(':') && !hasTarget) {
    report({
      path: [...path, 'name'],
      found: quote(name),
      allowed: 'a name without a colon, which no Auto Scaling group has, or autoScalingGroup too',
    });
    return null;
  }
  const either = name ?? autoScalingGroup ?? '';
  return {
    name: name ?? either,
    target: {
      autoScalingGroup: autoScalingGroup ?? either,
      region: region?.value ?? null,
      roleArn: role?.value ?? null,
    },
    path,
  };
}

export function checkDistinct(groups: readonly NamedTarget[], report: Report): void {
  const byName = new Map<string, Path>();
  const byTarget = new Map<string, Path>();
  for (const { name, target, path } of groups) {
    const key = targetKey(target);
    const sameName = byName.get(name);
    const sameTarget = byTarget.get(key);
    if (sameName !== undefined) {
      const found = `the name ${quote(name)}, which ${formatPath(sameName)} has`;
      report({ path, found, allowed: 'a different name for each group' });
    } else if (sameTarget !== undefined) {
      const asg = quote(target.autoScalingGroup);
      const found = `the Auto Scaling group ${asg}, which ${formatPath(sameTarget)} scales`;
      report({ path, found, allowed: 'one group for each Auto Scaling group' });
    }
    byName.set(name, sameName ?? path);
    byTarget.set(key, sameTarget ?? path);
  }
}

/** A role is of an account; without one it is the account of the environment. */
function targetKey({ autoScalingGroup, region, roleArn }: GroupTarget): string {
  const account = roleArn?.split(':')[4] ?? null;
  return JSON.stringify([autoScalingGroup, region, account]);
}
