// Whom to end when a group shrinks (EC2 Auto Scaling user guide, "Control which Auto Scaling
// instances terminate during scale in"). A policy narrows the candidates; the next breaks its ties.

import { HOUR_MS } from './calendar.ts';
import type { Group } from './group.ts';
import type { Instance } from './instance.ts';
import { countsTowardsDesired } from './instance.ts';
import { chooseMarketToShrink } from './mixed/choose-launch.ts';
import type { Model } from './model.ts';
import type { RandomStream } from './random.ts';
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
 * Returns the instances to end, in order; fewer than `count` if the rest is protected. Of a group
 * with Spot and On-Demand instances, those of the market beyond its share go first. Each comes from a zone that is no longer enabled, else from the one that then has the most instances, among
 * those with an unprotected one; within it the group's policies choose in their order, then chance.
 */
export function chooseForTermination(
  model: Model,
  group: Group,
  members: readonly Instance[],
  count: number,
): readonly Instance[] {
  const counts = countByZone(group, members);
  const enabled = new Set(group.settings.zones);
  const rank = (zone: string): number =>
    enabled.has(zone) ? (counts.get(zone) ?? 0) : Number.POSITIVE_INFINITY;
  const candidates = unprotectedByZone(members);
  // What the group has done so far names the stream, so that other groups do not change the draw.
  const stream = randomStream(
    model.options.seed,
    `terminate/${group.streamName}`,
    group.activityCount,
  );
  const chosen: Instance[] = [];
  while (chosen.length < count) {
    const eligible = keepSurplusMarket(group, members, chosen, candidates);
    const zones = keepLargest([...eligible.keys()], rank);
    let rest: readonly Instance[] = zones.flatMap((zone) => [...(eligible.get(zone) ?? [])]);
    for (const policy of group.settings.terminationPolicies) rest = narrow(model, policy, rest);
    const instance = chooseByChance(stream, rest);
    if (instance === undefined) break;
    chosen.push(instance);
    counts.set(instance.zone, (counts.get(instance.zone) ?? 0) - 1);
    const zone = candidates.get(instance.zone);
    zone?.delete(instance);
    if (zone?.size === 0) candidates.delete(instance.zone);
  }
  return chosen;
}

/**
 * Of a group with several markets, the zones' instances of the one that has more than its share; all
 * of them where no policy asks for that, or where every instance of that market is protected.
 */
function keepSurplusMarket(
  group: Group,
  members: readonly Instance[],
  chosen: readonly Instance[],
  byZone: ReadonlyMap<string, ReadonlySet<Instance>>,
): ReadonlyMap<string, ReadonlySet<Instance>> {
  const { mixed, terminationPolicies } = group.settings;
  const aligns = terminationPolicies.some(
    (name) => name === 'Default' || name === 'AllocationStrategy',
  );
  if (mixed === undefined || !aligns) return byZone;
  const left = members.filter((instance) => !chosen.includes(instance));
  const market = chooseMarketToShrink(mixed, left);
  const kept = new Map<string, ReadonlySet<Instance>>();
  for (const [zone, instances] of byZone) {
    const surplus = [...instances].filter(({ source }) => source.market === market);
    if (surplus.length > 0) kept.set(zone, new Set(surplus));
  }
  return kept.size === 0 ? byZone : kept;
}

function unprotectedByZone(members: readonly Instance[]): Map<string, Set<Instance>> {
  const byZone = new Map<string, Set<Instance>>();
  for (const instance of members) {
    if (!countsTowardsDesired(instance) || instance.isProtected) continue;
    const zone = byZone.get(instance.zone) ?? new Set();
    byZone.set(instance.zone, zone.add(instance));
  }
  return byZone;
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
      // Which market has too many was settled before the zone; see keepSurplusMarket.
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

function chooseByChance(
  stream: RandomStream,
  candidates: readonly Instance[],
): Instance | undefined {
  if (candidates.length <= 1) return candidates[0];
  // In the order in which they joined the group, zone by zone: the same in every run.
  return candidates[Math.floor(stream.nextRatio() * candidates.length)];
}

function keepLargest<T>(candidates: readonly T[], rank: (candidate: T) => number): readonly T[] {
  let largest = Number.NEGATIVE_INFINITY;
  let kept: T[] = [];
  for (const candidate of candidates) {
    const value = rank(candidate);
    if (value > largest) {
      largest = value;
      kept = [];
    }
    if (value === largest) kept.push(candidate);
  }
  return kept;
}
