// DescribeInstanceTypes over the model's small table.

import { refuse, succeed } from '../../cloud/fault.ts';
import { findInstanceType, INSTANCE_TYPES } from '../../cloud/instance-types.ts';
import type { InstanceType } from '../../cloud/instance-types.ts';
import { findMatchingTypes } from '../../cloud/mixed/requirements.ts';
import { readRequirements, requirementsMembers } from '../autoscaling/mixed-input.ts';
import { integer, list, operation, required, structure, text } from '../input-shape.ts';
import { takePage } from '../paging.ts';
import type { Operations } from '../operations.ts';

const PAGE_DEFAULT = 100;
const REQUIREMENTS_PAGE_DEFAULT = 1000;

/** EC2's protocol names lists in the singular. */
const {
  CpuManufacturers: CpuManufacturer,
  AllowedInstanceTypes: AllowedInstanceType,
  ExcludedInstanceTypes: ExcludedInstanceType,
  ...bounds
} = requirementsMembers;
const queryMembers = { ...bounds, CpuManufacturer, AllowedInstanceType, ExcludedInstanceType };

export function createInstanceTypeOperations(): Operations {
  return {
    DescribeInstanceTypes: operation(
      {
        InstanceType: list(required(text(), ''), { max: 100 }),
        MaxResults: integer({ min: 5, max: 100 }),
        NextToken: text(),
      },
      (input) => {
        const unknown = input.InstanceType.filter((name) => findInstanceType(name) === undefined);
        if (unknown.length > 0) {
          return refuse(
            'InvalidInstanceType',
            `The following supplied instance types do not exist: [${unknown.join(', ')}]`,
          );
        }
        const wanted = new Set(input.InstanceType);
        const types = INSTANCE_TYPES.filter(({ name }) => wanted.size === 0 || wanted.has(name));
        const page = takePage(types, ({ name }) => name, {
          size: input.MaxResults ?? PAGE_DEFAULT,
          token: input.NextToken,
        });
        if (!page.ok) return page;
        return succeed({
          instanceTypeSet: page.value.items.map(typeOutput),
          nextToken: page.value.nextToken,
        });
      },
    ),
    GetInstanceTypesFromInstanceRequirements: operation(
      {
        InstanceRequirements: structure(queryMembers),
        MaxResults: integer({ min: 1, max: 1000 }),
        NextToken: text(),
      },
      (input) => {
        const { InstanceRequirements: given } = input;
        const requirements = readRequirements({
          ...given,
          CpuManufacturers: given.CpuManufacturer,
          AllowedInstanceTypes: given.AllowedInstanceType,
          ExcludedInstanceTypes: given.ExcludedInstanceType,
        });
        if (!requirements.ok) return requirements;
        // Sorted by name, as paging needs it.
        const types = findMatchingTypes(requirements.value, 'spot').toSorted((a, b) =>
          a.name < b.name ? -1 : 1,
        );
        const page = takePage(types, ({ name }) => name, {
          size: input.MaxResults ?? REQUIREMENTS_PAGE_DEFAULT,
          token: input.NextToken,
        });
        if (!page.ok) return page;
        return succeed({
          instanceTypeSet: page.value.items.map(({ name }) => ({ instanceType: name })),
          nextToken: page.value.nextToken,
        });
      },
    ),
  };
}

function typeOutput(type: InstanceType): Readonly<Record<string, unknown>> {
  return {
    instanceType: type.name,
    currentGeneration: type.isCurrentGeneration,
    burstablePerformanceSupported: type.isBurstable,
    processorInfo: { supportedArchitectures: [type.architecture] },
    vCpuInfo: { defaultVCpus: type.vcpus },
    memoryInfo: { sizeInMiB: type.memoryMib },
  };
}
