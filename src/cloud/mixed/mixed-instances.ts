// A mixed instances policy as its user gives it: several instance types, and how much of the group is
// On-Demand. Which type and which market the next launch takes is choose-launch.ts.

/** Bounds on a figure of an instance type, both inclusive; `undefined` is unbounded. */
export interface Bounds {
  readonly min: number;
  readonly max: number | undefined;
}

export type Manufacturer = 'intel' | 'amd' | 'amazon-web-services';
export type Inclusion = 'included' | 'excluded' | 'required';

/** Attribute-based instance type selection (`InstanceRequirements` of the API). */
export interface InstanceRequirements {
  readonly vcpus: Bounds;
  readonly memoryMib: Bounds;
  readonly memoryGibPerVcpu: Bounds | undefined;
  /** Empty: any. */
  readonly manufacturers: readonly Manufacturer[];
  /** Patterns with `*`; empty: any. Not together with `excludedTypes`. */
  readonly allowedTypes: readonly string[];
  readonly excludedTypes: readonly string[];
  readonly burstable: Inclusion;
  /** Types dearer than the cheapest by more than this many percent are left out. */
  readonly onDemandMaxPricePercentageOverLowest: number;
  readonly spotMaxPricePercentageOverLowest: number;
}

/** The price protection that AWS applies where none is given (API reference). */
export const DEFAULT_PRICE_PROTECTION = { onDemand: 20, spot: 100 } as const;

/** One entry of the list: a type by name, or what types must be like. */
export type InstanceOverride =
  | { readonly kind: 'type'; readonly instanceType: string }
  | { readonly kind: 'requirements'; readonly requirements: InstanceRequirements };

export const ON_DEMAND_STRATEGIES = ['prioritized', 'lowest-price'] as const;
export const SPOT_STRATEGIES = [
  'lowest-price',
  'capacity-optimized',
  'capacity-optimized-prioritized',
  'price-capacity-optimized',
] as const;

export type OnDemandStrategy = (typeof ON_DEMAND_STRATEGIES)[number];
export type SpotStrategy = (typeof SPOT_STRATEGIES)[number];

export interface InstancesDistribution {
  readonly onDemandStrategy: OnDemandStrategy;
  /** So many are On-Demand before any is Spot. */
  readonly onDemandBase: number;
  /** 0–100: the share of what lies above the base that is On-Demand. */
  readonly onDemandPercentageAboveBase: number;
  readonly spotStrategy: SpotStrategy;
  /** With `lowest-price`: Spot instances are spread over so many of the cheapest pools. */
  readonly spotPools: number;
  /** US dollars an hour; `undefined`: the On-Demand price. */
  readonly spotMaxPrice: number | undefined;
}

/** What the API fills in (`InstancesDistribution` of the API reference). */
export const DEFAULT_DISTRIBUTION: InstancesDistribution = {
  onDemandStrategy: 'prioritized',
  onDemandBase: 0,
  onDemandPercentageAboveBase: 100,
  spotStrategy: 'lowest-price',
  spotPools: 2,
  spotMaxPrice: undefined,
};

export interface MixedInstances {
  /** In order of priority; empty: the launch template's own type. */
  readonly overrides: readonly InstanceOverride[];
  readonly distribution: InstancesDistribution;
}

/**
 * Returns how many of `size` instances are to be On-Demand: the base, and the share of the rest,
 * rounded up in favour of On-Demand. Base 2, 50 % and size 5 → 2 + ⌈1.5⌉ = 4.
 */
export function onDemandShare(distribution: InstancesDistribution, size: number): number {
  const base = Math.min(size, distribution.onDemandBase);
  const above = ((size - base) * distribution.onDemandPercentageAboveBase) / 100;
  return base + Math.ceil(above);
}
