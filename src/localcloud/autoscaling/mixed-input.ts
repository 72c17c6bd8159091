// A mixed instances policy as callers say it, read into the model's.

import type { Outcome } from '../../cloud/fault.ts';
import { refuse, succeed } from '../../cloud/fault.ts';
import { findInstanceType } from '../../cloud/instance-types.ts';
import {
  DEFAULT_DISTRIBUTION,
  DEFAULT_PRICE_PROTECTION,
  ON_DEMAND_STRATEGIES,
  SPOT_STRATEGIES,
} from '../../cloud/mixed/mixed-instances.ts';
import type {
  InstanceOverride,
  InstanceRequirements,
  InstancesDistribution,
  MixedInstances,
} from '../../cloud/mixed/mixed-instances.ts';
import { findMatchingTypes } from '../../cloud/mixed/requirements.ts';
import type { Parsed } from '../input-shape.ts';
import {
  decimal,
  integer,
  list,
  oneOf,
  optional,
  required,
  structure,
  text,
} from '../input-shape.ts';

export const launchTemplateMember = structure({
  LaunchTemplateId: text({ min: 1, max: 255 }),
  LaunchTemplateName: text({ min: 3, max: 128 }),
  Version: text({ min: 1, max: 255 }),
});

const wholeBounds = structure({ Min: integer({ min: 0 }), Max: integer({ min: 0 }) });
const inclusion = oneOf(['included', 'excluded', 'required']);

/** Members that the model cannot weigh (networks, accelerators, disks) are ignored, not refused. */
export const requirementsMembers = {
  VCpuCount: required(wholeBounds, { Min: undefined, Max: undefined }),
  MemoryMiB: required(wholeBounds, { Min: undefined, Max: undefined }),
  MemoryGiBPerVCpu: optional(structure({ Min: decimal({ min: 0 }), Max: decimal({ min: 0 }) })),
  CpuManufacturers: list(
    required(oneOf(['intel', 'amd', 'amazon-web-services', 'apple']), 'intel'),
  ),
  AllowedInstanceTypes: list(required(text({ min: 1, max: 30 }), ''), { max: 400 }),
  ExcludedInstanceTypes: list(required(text({ min: 1, max: 30 }), ''), { max: 400 }),
  BurstablePerformance: inclusion,
  OnDemandMaxPricePercentageOverLowestPrice: integer({ min: 0 }),
  SpotMaxPricePercentageOverLowestPrice: integer({ min: 0 }),
} as const;

const overrideMember = structure({
  InstanceType: text({ min: 1, max: 255 }),
  WeightedCapacity: text({ min: 1, max: 32 }),
  LaunchTemplateSpecification: optional(launchTemplateMember),
  InstanceRequirements: optional(structure(requirementsMembers)),
});

export const mixedInstancesMembers = {
  LaunchTemplate: optional(
    structure({
      LaunchTemplateSpecification: optional(launchTemplateMember),
      Overrides: list(overrideMember, { max: 40 }),
    }),
  ),
  InstancesDistribution: optional(
    structure({
      OnDemandAllocationStrategy: oneOf(ON_DEMAND_STRATEGIES),
      OnDemandBaseCapacity: integer({ min: 0 }),
      OnDemandPercentageAboveBaseCapacity: integer({ min: 0, max: 100 }),
      SpotAllocationStrategy: oneOf(SPOT_STRATEGIES),
      SpotInstancePools: integer({ min: 1, max: 20 }),
      SpotMaxPrice: text({ max: 255 }),
    }),
  ),
} as const;

type MixedInput = Parsed<typeof mixedInstancesMembers>;
type OverrideInput = NonNullable<MixedInput['LaunchTemplate']>['Overrides'][number];
type DistributionInput = MixedInput['InstancesDistribution'];

/** Returns the policy; what is left out keeps its value where the group had a policy before. */
export function readMixedInstances(
  input: MixedInput,
  previous: MixedInstances | undefined,
): Outcome<MixedInstances> {
  const overrides: InstanceOverride[] = [];
  for (const entry of input.LaunchTemplate?.Overrides ?? []) {
    const override = readOverride(entry);
    if (!override.ok) return override;
    overrides.push(override.value);
  }
  if (new Set(overrides.map(({ kind }) => kind)).size > 1) {
    return refuse(
      'ValidationError',
      'You cannot specify both InstanceType and InstanceRequirements in the overrides of one policy.',
    );
  }
  const isListGiven = input.LaunchTemplate !== undefined;
  return succeed({
    overrides: isListGiven ? overrides : (previous?.overrides ?? []),
    distribution: readDistribution(
      input.InstancesDistribution,
      previous?.distribution ?? DEFAULT_DISTRIBUTION,
    ),
  });
}

function readOverride(entry: OverrideInput): Outcome<InstanceOverride> {
  const { InstanceType: instanceType, InstanceRequirements: requirements } = entry;
  if (entry.WeightedCapacity !== undefined || entry.LaunchTemplateSpecification !== undefined) {
    return refuse(
      'ValidationError',
      'WeightedCapacity and launch templates of overrides are not modelled by this local cloud.',
    );
  }
  if (instanceType !== undefined && requirements === undefined) {
    if (findInstanceType(instanceType) === undefined) {
      return refuse('ValidationError', `The instance type ${instanceType} is not supported.`);
    }
    return succeed({ kind: 'type', instanceType });
  }
  if (instanceType !== undefined || requirements === undefined) {
    return refuse(
      'ValidationError',
      'Each override must contain either InstanceType or InstanceRequirements.',
    );
  }
  const read = readRequirements(requirements);
  if (!read.ok) return read;
  if (findMatchingTypes(read.value, 'spot').length > 0) {
    return succeed({ kind: 'requirements', requirements: read.value });
  }
  return refuse('ValidationError', 'No instance types match the specified instance requirements.');
}

/** Also for the request that asks which types there are. */
export function readRequirements(
  input: Parsed<typeof requirementsMembers>,
): Outcome<InstanceRequirements> {
  const { VCpuCount: vcpus, MemoryMiB: memory, MemoryGiBPerVCpu: perVcpu } = input;
  if (vcpus.Min === undefined || memory.Min === undefined) {
    return refuse('ValidationError', 'VCpuCount and MemoryMiB must have a minimum.');
  }
  if (input.AllowedInstanceTypes.length > 0 && input.ExcludedInstanceTypes.length > 0) {
    return refuse(
      'ValidationError',
      'Only one of AllowedInstanceTypes or ExcludedInstanceTypes can be specified.',
    );
  }
  return succeed({
    vcpus: { min: vcpus.Min, max: vcpus.Max },
    memoryMib: { min: memory.Min, max: memory.Max },
    memoryGibPerVcpu:
      perVcpu === undefined ? undefined : { min: perVcpu.Min ?? 0, max: perVcpu.Max },
    manufacturers: input.CpuManufacturers.flatMap((name) =>
      name === 'apple' || name === undefined ? [] : [name],
    ),
    allowedTypes: input.AllowedInstanceTypes,
    excludedTypes: input.ExcludedInstanceTypes,
    burstable: input.BurstablePerformance ?? 'excluded',
    onDemandMaxPricePercentageOverLowest:
      input.OnDemandMaxPricePercentageOverLowestPrice ?? DEFAULT_PRICE_PROTECTION.onDemand,
    spotMaxPricePercentageOverLowest:
      input.SpotMaxPricePercentageOverLowestPrice ?? DEFAULT_PRICE_PROTECTION.spot,
  });
}

function readDistribution(
  input: DistributionInput,
  previous: InstancesDistribution,
): InstancesDistribution {
  if (input === undefined) return previous;
  const price = input.SpotMaxPrice;
  return {
    onDemandStrategy: input.OnDemandAllocationStrategy ?? previous.onDemandStrategy,
    onDemandBase: input.OnDemandBaseCapacity ?? previous.onDemandBase,
    onDemandPercentageAboveBase:
      input.OnDemandPercentageAboveBaseCapacity ?? previous.onDemandPercentageAboveBase,
    spotStrategy: input.SpotAllocationStrategy ?? previous.spotStrategy,
    spotPools: input.SpotInstancePools ?? previous.spotPools,
    // An empty text takes the limit away again (API reference).
    spotMaxPrice: price === undefined ? previous.spotMaxPrice : readPrice(price),
  };
}

function readPrice(price: string): number | undefined {
  const usd = Number(price);
  return price.trim() === '' || !Number.isFinite(usd) || usd <= 0 ? undefined : usd;
}
