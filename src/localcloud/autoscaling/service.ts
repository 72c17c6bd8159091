// The registry of EC2 Auto Scaling's operations (API version 2011-01-01).

import type { World } from '../../cloud/world.ts';
import type { Operation, Service } from '../service.ts';
import { createCapacityOperations } from './capacity-operations.ts';
import { createGroupOperations } from './group-operations.ts';
import { createLaunchConfigurationOperations } from './launch-configuration-operations.ts';

/** Operations by name, as each topic's file contributes them. */
export type Operations = Readonly<Record<string, Operation>>;

export function createAutoScalingService(world: World): Service {
  return {
    signingName: 'autoscaling',
    operations: new Map(
      Object.entries({
        ...createGroupOperations(world),
        ...createCapacityOperations(world),
        ...createLaunchConfigurationOperations(world),
      }),
    ),
  };
}
