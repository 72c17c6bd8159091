// The registry of CloudFormation's operations (API version 2010-05-15).

import type { CloudFormation } from '../../cloud/cloudformation/cloudformation.ts';
import type { Place } from '../../cloud/registry/stored-resource.ts';
import type { Service } from '../service.ts';
import { createDescribeOperations } from './describe-operations.ts';
import { createDriftOperations } from './drift-operations.ts';
import { createStackOperations } from './stack-operations.ts';
import { createTemplateOperations } from './template-operations.ts';

export function createCloudFormationService(cloudFormation: CloudFormation, place: Place): Service {
  return {
    signingName: 'cloudformation',
    operations: new Map(
      Object.entries({
        ...createStackOperations(cloudFormation, place),
        ...createDescribeOperations(cloudFormation),
        ...createDriftOperations(cloudFormation),
        ...createTemplateOperations(cloudFormation, place),
      }),
    ),
  };
}
