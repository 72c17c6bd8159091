// Resources that the model knows by name and not by behaviour: networks, roles, log groups, buckets.
// They exist, have ids and attributes, and refuse to be deleted while others need them.

import type { JsonRecord } from '../cloudformation/json.ts';
import { isSameJson } from '../cloudformation/json.ts';
import type { Outcome } from '../fault.ts';
import { refuse, succeed } from '../fault.ts';
import { drawHex, randomStream } from '../random.ts';
import { findKind } from './kinds.ts';
import type { Place, StoredResource } from './stored-resource.ts';
import { findStored, keyOf } from './stored-resource.ts';

/** A bound on memory, far above an account's quotas. */
const RESOURCES_MAX = 100_000;

export interface StoreRequest {
  readonly type: string;
  readonly properties: JsonRecord;
  /** The name it gets if its properties have none. */
  readonly fallbackName: string;
}

/** Adds a resource, or refuses one whose name is taken or whose needs are not there. */
export function storeResource(place: Place, request: StoreRequest): Outcome<StoredResource> {
  const { registry, model } = place;
  const { type, properties, fallbackName } = request;
  const kind = findKind(type);
  if (registry.resources.size >= RESOURCES_MAX) {
    return refuse('LimitExceeded', `No more than ${RESOURCES_MAX} resources are stored.`);
  }
  const stream = randomStream(model.options.seed, `stored/${type}`, registry.nextNumber);
  registry.nextNumber += 1;
  const hex = drawHex(stream, 16);
  const id = kind.idOf({ properties, fallbackName, hex, options: model.options });
  const refusal = findStored(registry, type, id) === undefined ? undefined : kind.clash(id);
  if (refusal !== undefined) return { ok: false, fault: refusal };
  const missing = kind.missing(place, properties);
  if (missing !== undefined) return { ok: false, fault: missing };
  const attributes = kind.attributesOf({ id, properties, hex, options: model.options });
  const stored = { type, id, properties, attributes, createdAt: model.now, endsAt: undefined };
  registry.resources.set(keyOf(type, id), stored);
  kind.onStored(place, stored);
  return succeed(stored);
}

/** Removes it, unless others need it; one that is not there is no failure. */
export function removeStored(place: Place, type: string, id: string): Outcome<null> {
  const { registry, model } = place;
  const stored = findStored(registry, type, id);
  if (stored === undefined) return succeed(null);
  const kind = findKind(type);
  const blocker = kind.blocker(place, stored);
  if (blocker !== undefined) return { ok: false, fault: blocker };
  if (kind.endMs > 0) stored.endsAt ??= model.now + kind.endMs;
  else registry.resources.delete(keyOf(type, id));
  return succeed(null);
}

export function changeStored(
  { model }: Place,
  stored: StoredResource,
  properties: JsonRecord,
): void {
  if (isSameJson(stored.properties, properties)) return;
  stored.properties = properties;
  const hex = stored.id.slice(-16);
  const { options } = model;
  const fresh = findKind(stored.type).attributesOf({ id: stored.id, properties, hex, options });
  // Ids and addresses stay as they were drawn.
  stored.attributes = { ...fresh, ...stored.attributes };
}
