// The registry of the EC2 operations that an autoscaler meets (API version 2016-11-15). Members
// have their names on the wire, which in EC2's dialect differ from the SDK's.

import type { Registry } from '../../cloud/registry/stored-resource.ts';
import type { World } from '../../cloud/world.ts';
import type { Service } from '../service.ts';
import { createInstanceOperations } from './instance-operations.ts';
import { createInstanceTypeOperations } from './instance-type-operations.ts';
import { createKeyPairOperations } from './key-pair-operations.ts';
import { createLaunchTemplateOperations } from './launch-template-operations.ts';
import { createNetworkOperations } from './network-operations.ts';

export function createEc2Service(world: World, registry: Registry): Service {
  return {
    signingName: 'ec2',
    operations: new Map(
      Object.entries({
        ...createInstanceOperations(world),
        ...createInstanceTypeOperations(),
        ...createKeyPairOperations(world),
        ...createLaunchTemplateOperations(world),
        ...createNetworkOperations({ registry, model: world }),
      }),
    ),
  };
}
