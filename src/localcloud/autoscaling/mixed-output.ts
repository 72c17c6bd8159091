// A group's mixed instances policy in the members of the API's answers.

import type {
  Bounds,
  InstanceOverride,
  MixedInstances,
} from '../../cloud/mixed/mixed-instances.ts';

type Output = Readonly<Record<string, unknown>>;

export function mixedOutput(mixed: MixedInstances, launchTemplate: unknown): Output {
  const { distribution } = mixed;
  const usesPools = distribution.spotStrategy === 'lowest-price';
  return {
    LaunchTemplate: {
      LaunchTemplateSpecification: launchTemplate,
      Overrides: mixed.overrides.map(overrideOutput),
    },
    InstancesDistribution: {
      OnDemandAllocationStrategy: distribution.onDemandStrategy,
      OnDemandBaseCapacity: distribution.onDemandBase,
      OnDemandPercentageAboveBaseCapacity: distribution.onDemandPercentageAboveBase,
      SpotAllocationStrategy: distribution.spotStrategy,
      SpotInstancePools: usesPools ? distribution.spotPools : undefined,
      SpotMaxPrice: distribution.spotMaxPrice?.toString(),
    },
  };
}

function overrideOutput(override: InstanceOverride): Output {
  if (override.kind === 'type') return { InstanceType: override.instanceType };
  const { requirements } = override;
  return {
    InstanceRequirements: {
      VCpuCount: boundsOutput(requirements.vcpus),
      MemoryMiB: boundsOutput(requirements.memoryMib),
      MemoryGiBPerVCpu:
        requirements.memoryGibPerVcpu === undefined
          ? undefined
          : boundsOutput(requirements.memoryGibPerVcpu),
      CpuManufacturers: requirements.manufacturers,
      AllowedInstanceTypes: requirements.allowedTypes,
      ExcludedInstanceTypes: requirements.excludedTypes,
      BurstablePerformance: requirements.burstable,
      OnDemandMaxPricePercentageOverLowestPrice: requirements.onDemandMaxPricePercentageOverLowest,
      SpotMaxPricePercentageOverLowestPrice: requirements.spotMaxPricePercentageOverLowest,
    },
  };
}

function boundsOutput({ min, max }: Bounds): Output {
  return { Min: min, Max: max };
}
