// Of what the next instance of a group is made: the market that restores the shares, then the types
// in the order of the allocation strategy. A type that has no capacity gives way to the next.

import type { Outcome } from '../fault.ts';
import { refuse, succeed } from '../fault.ts';
import type { Group } from '../group.ts';
import type { Instance } from '../instance.ts';
import { countsTowardsDesired } from '../instance.ts';
import type { LaunchSource, Market } from '../launch-source.ts';
import { resolveSource } from '../launch-source.ts';
import type { Model } from '../model.ts';
import { membersOf } from '../model.ts';
import type { InstanceOverride, InstancesDistribution, MixedInstances } from './mixed-instances.ts';
import { onDemandShare } from './mixed-instances.ts';
import { findMatchingTypes } from './requirements.ts';
import type { SpotPool } from './spot-market.ts';
import { findSpotPool, onDemandHourlyUsd } from './spot-market.ts';

/** Returns what may be launched in the zone, the first choice first; never empty. */
export function listLaunchCandidates(
  model: Model,
  group: Group,
  zone: string,
): Outcome<readonly LaunchSource[]> {
  const source = resolveSource(model, group.settings.source);
  if (!source.ok) return source;
  const { mixed } = group.settings;
  if (mixed === undefined) {
    return succeed([pricedFor(model, source.value, source.value.market, zone)]);
  }
  const members = membersOf(model, group);
  const market = chooseMarket(mixed, members);
  const place = { market, zone, ownType: source.value.instanceType };
  const types = spread(mixed, market, members, orderTypes(model, mixed, place));
  if (types.length === 0) {
    return refuse(
      'ValidationError',
      'No instance types match the instance requirements of the mixed instances policy.',
    );
  }
  return succeed(
    types.map((instanceType) => pricedFor(model, { ...source.value, instanceType }, market, zone)),
  );
}

/** Returns the market whose share the next instance would restore. */
export function chooseMarket(mixed: MixedInstances, members: readonly Instance[]): Market {
  const counted = members.filter(countsTowardsDesired);
  const onDemand = counted.filter(({ source }) => source.market === 'on-demand').length;
  const wanted = onDemandShare(mixed.distribution, counted.length + 1);
  return onDemand < wanted ? 'on-demand' : 'spot';
}

/** Returns the market that has more than its share once one instance has gone. */
export function chooseMarketToShrink(mixed: MixedInstances, members: readonly Instance[]): Market {
  const counted = members.filter(countsTowardsDesired);
  const onDemand = counted.filter(({ source }) => source.market === 'on-demand').length;
  const wanted = onDemandShare(mixed.distribution, Math.max(0, counted.length - 1));
  return onDemand > wanted ? 'on-demand' : 'spot';
}

function pricedFor(model: Model, source: LaunchSource, market: Market, zone: string): LaunchSource {
  const { instanceType } = source;
  const spotHourlyUsd =
    market === 'spot' ? findSpotPool(model, instanceType, zone).hourlyUsd : undefined;
  return { ...source, market, spotHourlyUsd };
}

/** With `lowest-price`, Spot launches take turns among the cheapest pools, as many as were asked for. */
function spread(
  { distribution }: MixedInstances,
  market: Market,
  members: readonly Instance[],
  types: readonly string[],
): readonly string[] {
  if (market !== 'spot' || distribution.spotStrategy !== 'lowest-price') return types;
  const pools = Math.min(distribution.spotPools, types.length);
  const launched = members.filter(({ source }) => source.market === 'spot').length;
  const turn = pools === 0 ? 0 : launched % pools;
  const cheapest = types.slice(0, pools);
  return [...cheapest.slice(turn), ...cheapest.slice(0, turn), ...types.slice(pools)];
}

interface Place {
  readonly market: Market;
  readonly zone: string;
  /** The launch template's. */
  readonly ownType: string;
}

function orderTypes(model: Model, mixed: MixedInstances, place: Place): readonly string[] {
  const { overrides, distribution } = mixed;
  const named =
    overrides.length === 0
      ? [place.ownType]
      : overrides.flatMap((override) => typesOf(override, place.market));
  const types = [...new Set(named)];
  if (place.market === 'spot') {
    return orderPools(
      types.map((type) => findSpotPool(model, type, place.zone)),
      distribution,
      (type) => onDemandHourlyUsd(model, type),
    );
  }
  if (distribution.onDemandStrategy === 'prioritized') return types;
  return types.toSorted((a, b) => onDemandHourlyUsd(model, a) - onDemandHourlyUsd(model, b));
}

function typesOf(override: InstanceOverride, market: Market): readonly string[] {
  if (override.kind === 'type') return [override.instanceType];
  return findMatchingTypes(override.requirements, market).map(({ name }) => name);
}

/** How many classes of depth `capacity-optimized-prioritized` tells apart before priority counts. */
const DEPTH_CLASSES = 3;

function orderPools(
  pools: readonly SpotPool[],
  { spotStrategy, spotMaxPrice }: InstancesDistribution,
  onDemandPrice: (instanceType: string) => number,
): readonly string[] {
  const affordable = pools.filter(
    ({ instanceType, hourlyUsd }) => hourlyUsd <= (spotMaxPrice ?? onDemandPrice(instanceType)),
  );
  const priority = new Map(pools.map(({ instanceType }, place) => [instanceType, place]));
  const placeOf = (pool: SpotPool): number => priority.get(pool.instanceType) ?? 0;
  const ranks: Record<InstancesDistribution['spotStrategy'], (pool: SpotPool) => number> = {
    'lowest-price': ({ hourlyUsd }) => hourlyUsd,
    'capacity-optimized': ({ depth }) => -depth,
    'capacity-optimized-prioritized': ({ depth }) => -Math.floor(depth * DEPTH_CLASSES),
    'price-capacity-optimized': ({ hourlyUsd, depth }) => hourlyUsd * (1.5 - depth),
  };
  const rank = ranks[spotStrategy];
  return affordable
    .toSorted((a, b) => rank(a) - rank(b) || placeOf(a) - placeOf(b))
    .map(({ instanceType }) => instanceType);
}
