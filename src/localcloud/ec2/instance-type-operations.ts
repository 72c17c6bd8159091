// DescribeInstanceTypes over the model's small table.

import { refuse, succeed } from '../../cloud/fault.ts';
import { findInstanceType, INSTANCE_TYPES } from '../../cloud/instance-types.ts';
import type { InstanceType } from '../../cloud/instance-types.ts';
import { integer, list, operation, required, text } from '../input-shape.ts';
import { takePage } from '../paging.ts';
import type { Operations } from '../operations.ts';

const PAGE_DEFAULT = 100;

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
  };
}

function typeOutput(type: InstanceType): Readonly<Record<string, unknown>> {
  return {
    instanceType: type.name,
    currentGeneration: !type.name.startsWith('m1.'),
    burstablePerformanceSupported: type.isBurstable,
    processorInfo: { supportedArchitectures: [type.architecture] },
    vCpuInfo: { defaultVCpus: type.vcpus },
    memoryInfo: { sizeInMiB: type.memoryMib },
  };
}
