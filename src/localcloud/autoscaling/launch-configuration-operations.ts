// CreateLaunchConfiguration, DescribeLaunchConfigurations and DeleteLaunchConfiguration.

import { SECOND_MS } from '../../cloud/calendar.ts';
import {
  createLaunchConfiguration,
  deleteLaunchConfiguration,
} from '../../cloud/define-launch-source.ts';
import { refuse, succeed } from '../../cloud/fault.ts';
import type { World } from '../../cloud/world.ts';
import { integer, list, operation, required, text } from '../input-shape.ts';
import { sortByKey, takePage } from '../paging.ts';
import type { Operations } from '../operations.ts';

const configurationName = text({ min: 1, max: 255 });

/** Page size of the API reference: 50 by default, at most 100. */
const PAGE_DEFAULT = 50;
const PAGE_MAX = 100;

export function createLaunchConfigurationOperations(world: World): Operations {
  return {
    CreateLaunchConfiguration: operation(
      {
        LaunchConfigurationName: required(configurationName, ''),
        ImageId: text({ min: 1, max: 255 }),
        InstanceType: text({ min: 1, max: 255 }),
        KeyName: text({ min: 1, max: 255 }),
      },
      (input) => {
        const { ImageId: imageId, InstanceType: instanceType } = input;
        if (imageId === undefined || instanceType === undefined) {
          return refuse(
            'ValidationError',
            'Valid requests must contain either the InstanceID parameter or both the ImageId and ' +
              'InstanceType parameters.',
          );
        }
        const created = createLaunchConfiguration(world, {
          name: input.LaunchConfigurationName,
          imageId,
          instanceType,
          keyName: input.KeyName,
        });
        return created.ok ? succeed({}) : created;
      },
    ),
    DescribeLaunchConfigurations: operation(
      {
        LaunchConfigurationNames: list(required(configurationName, '')),
        MaxRecords: integer({ min: 1, max: PAGE_MAX }),
        NextToken: text(),
      },
      (input) => {
        const wanted = new Set(input.LaunchConfigurationNames);
        const known = sortByKey(world.launchConfigurations.values(), ({ name }) => name).filter(
          ({ name }) => wanted.size === 0 || wanted.has(name),
        );
        const page = takePage(known, ({ name }) => name, {
          size: input.MaxRecords ?? PAGE_DEFAULT,
          token: input.NextToken,
        });
        if (!page.ok) return page;
        return succeed({
          LaunchConfigurations: page.value.items.map((configuration) => ({
            LaunchConfigurationName: configuration.name,
            LaunchConfigurationARN: configuration.arn,
            ImageId: configuration.imageId,
            InstanceType: configuration.instanceType,
            KeyName: configuration.keyName ?? '',
            SecurityGroups: [],
            BlockDeviceMappings: [],
            InstanceMonitoring: { Enabled: true },
            EbsOptimized: false,
            CreatedTime: configuration.createdAt / SECOND_MS,
          })),
          NextToken: page.value.nextToken,
        });
      },
    ),
    DeleteLaunchConfiguration: operation(
      { LaunchConfigurationName: required(configurationName, '') },
      (input) => {
        const deleted = deleteLaunchConfiguration(world, input.LaunchConfigurationName);
        return deleted.ok ? succeed({}) : deleted;
      },
    ),
  };
}
