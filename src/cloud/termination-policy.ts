// Whom to end when a group shrinks (EC2 Auto Scaling user guide, "Control which Auto Scaling
// instances terminate during scale in"). A policy narrows the candidates; the next breaks its ties.

import { HOUR_MS } from './calendar.ts';
import type { Group } from './group.ts';
import type { Instance } from './instance.ts';
import { countsTowardsDesired } from './instance.ts';
import type { Model } from './model.ts';
import { randomStream } from './random.ts';
import { countByZone } from './zone-balance.ts';

export const TERMINATION_POLICIES = [
  'Default',
  'AllocationStrategy',
  'OldestLaunchTemplate',
  'OldestLaunchConfiguration',
  'ClosestToNextInstanceHour',
  'NewestInstance',
  'OldestInstance',
] as const;

export type TerminationPolicy = (typeof TERMINATION_POLICIES)[number];

/**
 * Returns the instance to end next, or `undefined` if all are protected. First the zone with the
 * most instances among those with an unprotected one, then the group's policies in their order,
 * then chance.
 */
export function chooseForTermination(
  model: Model,
  group: Group,
  members: readonly Instance[],
): Instance | undefined {
  const unprotected = members.filter(
    (instance) => countsTowardsDesired(instance) && !instance.isProtected,
  );
  let candidates = inFullestZone(unprotected, countByZone(group, members));
  for (const policy of group.settings.terminationPolicies) {
    candidates = narrow(model, policy, candidates);
  }
  return chooseByChance(model, group, candidates);
}

function inFullestZone(
  unprotected: readonly Instance[],
  counts: ReadonlyMap<string, number>,
): readonly Instance[] {
  return keepLargest(unprotected, (instance) => counts.get(instance.zone) ?? 0);
}

function narrow(
  model: Model,
  policy: TerminationPolicy,
  candidates: readonly Instance[],
): readonly Instance[] {
  switch (policy) {
    case 'Default':
      return keepClosestToHour(
        model,
        keepOldestTemplate(model, keepOldestConfiguration(model, candidates)),
      );
    case 'AllocationStrategy':
      // Aligns Spot and On-Demand shares; groups of one launch source have nothing to align.
      return candidates;
    case 'OldestLaunchTemplate':
      return keepOldestTemplate(model, candidates);
    case 'OldestLaunchConfiguration':
      return keepOldestConfiguration(model, candidates);
    case 'ClosestToNextInstanceHour':
      return keepClosestToHour(model, candidates);
    case 'NewestInstance':
      return keepLargest(candidates, (instance) => instance.requestedAt);
    case 'OldestInstance':
      return keepLargest(candidates, (instance) => -instance.requestedAt);
    default:
      return policy satisfies never;
  }
}

/** Instances of a launch configuration go before those of templates; the oldest first. */
function keepOldestConfiguration(
  model: Model,
  candidates: readonly Instance[],
): readonly Instance[] {
  return keepLargest(candidates, (instance) => {
    const name = instance.source.launchConfigurationName;
    if (name === undefined) return Number.NEGATIVE_INFINITY;
    // One that was deleted since is older than any that exists.
    return -(model.launchConfigurations.get(name)?.createdAt ?? Number.NEGATIVE_INFINITY);
  });
}

/** Instances of templates other than the group's go first, then the oldest version. */
function keepOldestTemplate(model: Model, candidates: readonly Instance[]): readonly Instance[] {
  return keepLargest(candidates, (instance) => {
    const template = instance.source.launchTemplate;
    if (template === undefined) return Number.NEGATIVE_INFINITY;
    const versions = model.launchTemplates.get(template.id)?.versions;
    const version = versions?.find((known) => String(known.number) === template.version);
    return -(version?.createdAt ?? Number.NEGATIVE_INFINITY);
  });
}

function keepClosestToHour(model: Model, candidates: readonly Instance[]): readonly Instance[] {
  return keepLargest(candidates, (instance) => (model.now - instance.requestedAt) % HOUR_MS);
}

/** Ties fall by a draw that depends on how many the group has launched and holds. */
function chooseByChance(
  model: Model,
  group: Group,
  candidates: readonly Instance[],
): Instance | undefined {
  if (candidates.length <= 1) return candidates[0];
  const sorted = candidates.toSorted((a, b) => a.launchNumber - b.launchNumber);
  const stream = randomStream(model.options.seed, `terminate/${group.name}`, group.activityCount);
  return sorted[Math.floor(stream.nextRatio() * sorted.length)];
}

function keepLargest(
  candidates: readonly Instance[],
  rank: (instance: Instance) => number,
): readonly Instance[] {
  let largest = Number.NEGATIVE_INFINITY;
  let kept: Instance[] = [];
  for (const instance of candidates) {
    const value = rank(instance);
    if (value > largest) {
      largest = value;
      kept = [];
    }
    if (value === largest) kept.push(instance);
  }
  return kept;
}
