// Worlds for tests: one launch configuration, groups of it, and a walk through time.

import type { NewGroup } from '../create-group.ts';
import { createGroup, DEFAULT_GROUP_SETTINGS } from '../create-group.ts';
import { createLaunchConfiguration } from '../define-launch-source.ts';
import type { Outcome } from '../fault.ts';
import type { Group, GroupSettings } from '../group.ts';
import type { Instance } from '../instance.ts';
import { membersOf } from '../model.ts';
import { World } from '../world.ts';
import type { WorldOptions } from '../world-options.ts';

/** 2026-01-01T00:00:00Z, a Thursday. */
export const TEST_START = 1_767_225_600_000;

export function createTestWorld(options: Partial<WorldOptions> = {}): World {
  const world = new World(TEST_START, options);
  createLaunchConfiguration(world, {
    name: 'web',
    imageId: 'ami-1',
    instanceType: 'm5.large',
    keyName: undefined,
  });
  return world;
}

export interface TestGroup {
  readonly desired?: number;
  readonly settings?: Partial<GroupSettings>;
  readonly name?: string;
  readonly min?: number;
  readonly max?: number;
  readonly hooks?: NewGroup['hooks'];
  readonly tags?: NewGroup['tags'];
}

/** Creates a group (min 0, max 10, desired min unless said otherwise). */
export function createTestGroup(world: World, group: TestGroup): Group {
  return expectOk(
    createGroup(world, {
      name: group.name ?? 'g',
      desired: group.desired,
      tags: group.tags ?? [],
      hooks: group.hooks ?? [],
      settings: {
        ...DEFAULT_GROUP_SETTINGS,
        source: { kind: 'launch-configuration', name: 'web' },
        zones: world.options.zones,
        serviceLinkedRoleArn: 'arn:aws:iam::123456789012:role/test',
        min: group.min ?? 0,
        max: group.max ?? 10,
        ...group.settings,
      },
    }),
  );
}

/** Moves the world on by that much. */
export function passTime(world: World, ms: number): void {
  world.advanceTo(world.now + ms);
}

export function inService(world: World, group: Group): Instance[] {
  return membersOf(world, group).filter(({ lifecycle }) => lifecycle === 'InService');
}

/** Returns the value of an outcome that must be one; a refusal fails the test with its words. */
export function expectOk<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(`${outcome.fault.code}: ${outcome.fault.message}`);
  return outcome.value;
}
