// The stacks' way to the services of this server: which type is made how, and how long it takes.

import { SECOND_MS } from '../../cloud/calendar.ts';
import type { ResourceProvisioner } from '../../cloud/cloudformation/provisioner.ts';
import { textOf } from '../../cloud/cloudformation/json.ts';
import { refuse } from '../../cloud/fault.ts';
import { isStoredType } from '../../cloud/registry/kinds.ts';
import type { Place } from '../../cloud/registry/stored-resource.ts';
import { findStored } from '../../cloud/registry/stored-resource.ts';
import type { World } from '../../cloud/world.ts';
import type { Service } from '../service.ts';
import { findImageId } from '../ssm/ami-parameters.ts';
import { AUTO_SCALING_RESOURCES } from './resources/auto-scaling.ts';
import { COMPUTE_RESOURCES } from './resources/compute.ts';
import type { ResourceContext, ResourceHandler } from './resources/handler.ts';
import { MESSAGING_RESOURCES } from './resources/messaging.ts';
import { MONITORING_RESOURCES } from './resources/monitoring.ts';
import { READERS } from './resources/read-actual.ts';
import { createStoredHandler } from './resources/stored.ts';

const HANDLERS: ReadonlyMap<string, ResourceHandler> = new Map(
  Object.entries({
    ...AUTO_SCALING_RESOURCES,
    ...COMPUTE_RESOURCES,
    ...MESSAGING_RESOURCES,
    ...MONITORING_RESOURCES,
  }),
);

/** As seen in stack events; what is not named takes two seconds. */
const DURATIONS_MS: Readonly<Record<string, number>> = {
  'AWS::EC2::VPC': 10 * SECOND_MS,
  'AWS::EC2::InternetGateway': 15 * SECOND_MS,
  'AWS::EC2::NatGateway': 90 * SECOND_MS,
  'AWS::EC2::Instance': 20 * SECOND_MS,
  'AWS::IAM::Role': 15 * SECOND_MS,
  'AWS::IAM::InstanceProfile': 60 * SECOND_MS,
  'AWS::SQS::Queue': 60 * SECOND_MS,
};
const DEFAULT_DURATION_MS = 2 * SECOND_MS;

export function createProvisioner(
  services: ReadonlyMap<string, Service>,
  world: World,
  place: Place,
): ResourceProvisioner {
  const { region, accountId } = world.options;
  const context: ResourceContext = {
    world,
    call(signingName, operation, input) {
      const run = services.get(signingName)?.operations.get(operation);
      if (run === undefined) {
        return refuse('InvalidAction', `${signingName} has no operation ${operation}`);
      }
      const requestId = 'cloudformation.amazonaws.com';
      return run(input, { now: world.now, requestId, region, accountId });
    },
  };
  const handlerOf = (type: string): ResourceHandler =>
    HANDLERS.get(type) ?? createStoredHandler(place, type);
  return {
    knows: (type) => HANDLERS.has(type) || isStoredType(type),
    replacingProperties: (type) => new Set(handlerOf(type).replacing),
    durationMs: (type, action) =>
      action === 'create' ? (DURATIONS_MS[type] ?? DEFAULT_DURATION_MS) : DEFAULT_DURATION_MS,
    create: (request) => handlerOf(request.type).create(context, request),
    update: (request, made) => handlerOf(request.type).update(context, request, made),
    remove: (made) => handlerOf(made.type).remove(context, made),
    hasSettled: (made, action) => handlerOf(made.type).hasSettled?.(context, made, action) ?? true,
    read(made, stackTags) {
      const read = READERS.get(made.type);
      if (read !== undefined) return read(context, { ...made, stackTags });
      return findStored(place.registry, made.type, made.physicalId)?.properties ?? null;
    },
    findSsmValue: (name) =>
      findImageId(name, region) ??
      textOf(findStored(place.registry, 'AWS::SSM::Parameter', name)?.properties['Value']),
  };
}
