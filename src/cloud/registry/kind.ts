// What makes one type of stored resource different from another.

import type { Json, JsonRecord } from '../cloudformation/json.ts';
import { isList, memberOf, textOf } from '../cloudformation/json.ts';
import type { Fault } from '../fault.ts';
import type { WorldOptions } from '../world-options.ts';
import type { Place, StoredResource } from './stored-resource.ts';

export interface Naming {
  readonly properties: JsonRecord;
  readonly hex: string;
  readonly options: WorldOptions;
}

export interface StoredKind {
  readonly idOf: (naming: Naming & { readonly fallbackName: string }) => string;
  readonly attributesOf: (naming: Naming & { readonly id: string }) => JsonRecord;
  /** The refusal of a second one of that id; ids that are drawn do not clash. */
  readonly clash: (id: string) => Fault | undefined;
  /** What the properties name and is not there. */
  readonly missing: (place: Place, properties: JsonRecord) => Fault | undefined;
  /** Who needs it still. */
  readonly blocker: (place: Place, stored: StoredResource) => Fault | undefined;
  readonly onStored: (place: Place, stored: StoredResource) => void;
  /** Properties whose change needs a new one. */
  readonly replacing: readonly string[];
  /** How long it takes to end; 0: at once. */
  readonly endMs: number;
}

const PLAIN: StoredKind = {
  idOf: ({ fallbackName }) => fallbackName,
  attributesOf: ({ id }) => ({ Id: id }),
  clash: () => undefined,
  missing: () => undefined,
  blocker: () => undefined,
  onStored: () => undefined,
  replacing: [],
  endMs: 0,
};

export function defineKind(parts: Partial<StoredKind>): StoredKind {
  return { ...PLAIN, ...parts };
}

/** A kind whose id is a prefix and 17 digits, as EC2 draws them. */
export function drawnKind(prefix: string, parts: Partial<StoredKind> = {}): StoredKind {
  const idName = parts.attributesOf;
  return defineKind({
    ...parts,
    idOf: ({ hex }) => `${prefix}-0${hex}`,
    attributesOf: (naming) => ({ Id: naming.id, ...idName?.(naming) }),
  });
}

/** A kind that is named by one of its properties. */
export function namedKind(
  nameProperty: string,
  clashCode: string,
  parts: Partial<StoredKind> = {},
): StoredKind {
  return defineKind({
    replacing: [nameProperty],
    ...parts,
    idOf: ({ properties, fallbackName }) => textOf(properties[nameProperty]) ?? fallbackName,
    clash: (name) => ({
      code: clashCode,
      message: `${nameProperty} ${name} already exists.`,
      status: 409,
    }),
  });
}

/** Whether a property is that id, holds it, or lists it. */
export function mentions(value: Json | undefined, id: string): boolean {
  if (value === id) return true;
  if (isList(value)) return value.some((item) => mentions(item, id));
  return typeof value === 'object' && value !== null
    ? Object.keys(value).some((name) => mentions(memberOf(value, name), id))
    : false;
}

/** The stored resources of those types that mention the id in the property. */
export function usersOf(
  { registry }: Place,
  id: string,
  uses: readonly (readonly [type: string, property: string])[],
): readonly StoredResource[] {
  return [...registry.resources.values()].filter((other) =>
    uses.some(
      ([type, property]) => other.type === type && mentions(other.properties[property], id),
    ),
  );
}
