// The registry of EC2 Auto Scaling's operations (API version 2011-01-01).

import type { World } from '../../cloud/world.ts';
import type { Service } from '../service.ts';
import { createCapacityOperations } from './capacity-operations.ts';
import { createGroupOperations } from './group-operations.ts';
import { createHookOperations } from './hook-operations.ts';
import { createInstanceOperations } from './instance-operations.ts';
import { createPolicyOperations } from './policy-operations.ts';
import { createProcessOperations } from './process-operations.ts';
import { createScheduleOperations } from './schedule-operations.ts';
import { createTagOperations } from './tag-operations.ts';
import { createWarmPoolOperations } from './warm-pool-operations.ts';
import { createLaunchConfigurationOperations } from './launch-configuration-operations.ts';

export function createAutoScalingService(world: World): Service {
  return {
    signingName: 'autoscaling',
    operations: new Map(
      Object.entries({
        ...createGroupOperations(world),
        ...createCapacityOperations(world),
        ...createLaunchConfigurationOperations(world),
        ...createInstanceOperations(world),
        ...createHookOperations(world),
        ...createPolicyOperations(world),
        ...createScheduleOperations(world),
        ...createWarmPoolOperations(world),
        ...createProcessOperations(world),
        ...createTagOperations(world),
      }),
    ),
  };
}
