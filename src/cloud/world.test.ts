// The world as a whole: time, convergence, the log of events.

import { describe, expect, it } from 'vitest';
import { deleteGroup } from './create-group.ts';
import { setDesiredCapacity } from './desired-capacity.ts';
import {
  createTestGroup,
  createTestWorld,
  expectOk,
  inService,
  passTime,
} from './testing/test-world.ts';

describe('world', () => {
  it('brings a new group to its desired capacity within a boot', () => {
    const world = createTestWorld();
    const group = createTestGroup(world, { desired: 4 });
    expect(group.instanceIds.size).toBe(0);
    passTime(world, 60_000);
    expect(inService(world, group)).toHaveLength(4);
  });

  it('ends instances when desired capacity falls', () => {
    const world = createTestWorld();
    const group = createTestGroup(world, { desired: 4 });
    passTime(world, 60_000);
    expectOk(setDesiredCapacity(world, { groupName: 'g', desired: 1, honorsCooldown: false }));
    passTime(world, 120_000);
    expect(group.instanceIds.size).toBe(1);
  });

  it('has nothing to do while a group is at rest', () => {
    const world = createTestWorld();
    createTestGroup(world, { desired: 4 });
    passTime(world, 60_000);
    expect(world.nextEventAt()).toBeUndefined();
  });

  it('gives a group created again under an old name instances of its own', () => {
    const world = createTestWorld();
    const first = createTestGroup(world, { desired: 2 });
    passTime(world, 60_000);
    const firstIds = [...first.instanceIds];
    expectOk(deleteGroup(world, 'g', true));
    passTime(world, 120_000);
    const second = createTestGroup(world, { desired: 2 });
    passTime(world, 60_000);
    expect(firstIds).toHaveLength(2);
    expect([...second.instanceIds].filter((id) => firstIds.includes(id))).toEqual([]);
    expect(second.activities.map(({ id }) => id)).not.toContain(first.activities[0]?.id);
    passTime(world, 2 * 3_600_000);
    expect(inService(world, second)).toHaveLength(2);
  });

  it('refuses to go back in time', () => {
    const world = createTestWorld();
    expect(() => world.advanceTo(world.now - 1)).toThrow(/cannot go back/u);
  });
});
