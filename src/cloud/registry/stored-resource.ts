// What is stored, and how it is found: by type and id. What may be stored and removed is registry.ts.

import type { JsonRecord } from '../cloudformation/json.ts';
import type { Model } from '../model.ts';
import type { EpochMs } from '../time.ts';

export interface StoredResource {
  /** CloudFormation's name of the type, for example `AWS::EC2::Subnet`. */
  readonly type: string;
  readonly id: string;
  properties: JsonRecord;
  attributes: JsonRecord;
  readonly createdAt: EpochMs;
  /** While it is ending; others see it until then. */
  endsAt: EpochMs | undefined;
}

export interface Registry {
  /** By type and id. */
  readonly resources: Map<string, StoredResource>;
  nextNumber: number;
}

export function createRegistry(): Registry {
  return { resources: new Map(), nextNumber: 1 };
}

/** What the kinds look at when they judge. */
export interface Place {
  readonly registry: Registry;
  readonly model: Model;
}

export function findStored(
  registry: Registry,
  type: string,
  id: string,
): StoredResource | undefined {
  return registry.resources.get(keyOf(type, id));
}

export function listStored({ resources }: Registry, type: string): readonly StoredResource[] {
  return [...resources.values()].filter((stored) => stored.type === type);
}

/** Lets those end that are due. */
export function advanceRegistry({ resources }: Registry, now: EpochMs): void {
  for (const [key, { endsAt }] of resources) {
    if (endsAt !== undefined && endsAt <= now) resources.delete(key);
  }
}

export function keyOf(type: string, id: string): string {
  return `${type} ${id}`;
}
