// PutWarmPool, DescribeWarmPool and DeleteWarmPool.

import { deleteWarmPool, putWarmPool } from '../../cloud/define-warm-pool.ts';
import { succeed } from '../../cloud/fault.ts';
import { findGroup } from '../../cloud/find-group.ts';
import { isWarm } from '../../cloud/instance.ts';
import { membersOf } from '../../cloud/model.ts';
import type { World } from '../../cloud/world.ts';
import {
  flag,
  integer,
  oneOf,
  operation,
  optional,
  required,
  structure,
  text,
} from '../input-shape.ts';
import { sortByKey, takePage } from '../paging.ts';
import { groupName } from './group-input.ts';
import { instanceOutput, warmPoolOutput } from './group-output.ts';
import { withoutValue } from './instance-operations.ts';
import type { Operations } from '../operations.ts';

/** Page size of the API reference: 50 by default and at most. */
const PAGE_MAX = 50;

export function createWarmPoolOperations(world: World): Operations {
  return {
    PutWarmPool: operation(
      {
        AutoScalingGroupName: required(groupName, ''),
        MaxGroupPreparedCapacity: integer({ min: -1 }),
        MinSize: integer({ min: 0 }),
        PoolState: oneOf(['Stopped', 'Running', 'Hibernated']),
        InstanceReusePolicy: optional(structure({ ReuseOnScaleIn: flag() })),
      },
      (input) =>
        withoutValue(
          putWarmPool(world, input.AutoScalingGroupName, {
            state: input.PoolState,
            minSize: input.MinSize,
            maxPreparedCapacity: input.MaxGroupPreparedCapacity,
            reusesOnScaleIn: input.InstanceReusePolicy?.ReuseOnScaleIn,
          }),
        ),
    ),
    DescribeWarmPool: operation(
      {
        AutoScalingGroupName: required(groupName, ''),
        MaxRecords: integer({ min: 1, max: PAGE_MAX }),
        NextToken: text(),
      },
      (input) => {
        const found = findGroup(world, input.AutoScalingGroupName);
        if (!found.ok) return found;
        const warm = membersOf(world, found.value).filter(isWarm);
        const page = takePage(
          sortByKey(warm, ({ id }) => id),
          ({ id }) => id,
          { size: input.MaxRecords ?? PAGE_MAX, token: input.NextToken },
        );
        if (!page.ok) return page;
        return succeed({
          WarmPoolConfiguration: warmPoolOutput(found.value),
          Instances: page.value.items.map(instanceOutput),
          NextToken: page.value.nextToken,
        });
      },
    ),
    DeleteWarmPool: operation(
      { AutoScalingGroupName: required(groupName, ''), ForceDelete: flag() },
      (input) =>
        withoutValue(deleteWarmPool(world, input.AutoScalingGroupName, input.ForceDelete ?? false)),
    ),
  };
}
