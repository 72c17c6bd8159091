// Types that are stored and not modelled: made in the registry, where others see them.

import type {
  MadeResource,
  Provisioned,
  ResourceRequest,
} from '../../../cloud/cloudformation/provisioner.ts';
import type { Outcome } from '../../../cloud/fault.ts';
import { refuse } from '../../../cloud/fault.ts';
import { findKind } from '../../../cloud/registry/kinds.ts';
import type { Place, StoredResource } from '../../../cloud/registry/stored-resource.ts';
import { changeStored, removeStored, storeResource } from '../../../cloud/registry/registry.ts';
import { findStored } from '../../../cloud/registry/stored-resource.ts';
import type { ResourceHandler } from './handler.ts';
import { nameOf, provisioned } from './handler.ts';

/** IAM's names have 64 characters, as have those of buckets almost; nobody else minds. */
const NAME_LENGTH_MAX = 63;

export function createStoredHandler(place: Place, type: string): ResourceHandler {
  const kind = findKind(type);
  return {
    replacing: kind.replacing,
    create(_context, request) {
      const stored = storeResource(place, {
        type,
        properties: request.properties,
        fallbackName: fallbackName(request),
      });
      return stored.ok ? describe(stored.value) : stored;
    },
    update(_context, { properties }, made: MadeResource) {
      const stored = findStored(place.registry, type, made.physicalId);
      if (stored === undefined) {
        return refuse('NotFound', `${type} ${made.physicalId} does not exist`);
      }
      changeStored(place, stored, properties);
      return describe(stored);
    },
    remove: (_context, { physicalId }) => removeStored(place, type, physicalId),
    hasSettled: (_context, { physicalId }, action) =>
      action !== 'delete' || findStored(place.registry, type, physicalId) === undefined,
  };
}

/** Buckets' names are in lower case. */
function fallbackName(request: ResourceRequest): string {
  const name = nameOf({ ...request, properties: {} }, '', NAME_LENGTH_MAX);
  return request.type.startsWith('AWS::S3::') ? name.toLowerCase() : name;
}

function describe({ id, attributes }: StoredResource): Outcome<Provisioned> {
  return provisioned(id, attributes);
}
