// Who goes first: zones, then the policies, then chance.

import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from './calendar.ts';
import {
  createLaunchConfiguration,
  createLaunchTemplate,
  createTemplateVersion,
} from './define-launch-source.ts';
import { setDesiredCapacity } from './desired-capacity.ts';
import { updateGroup } from './create-group.ts';
import type { Group } from './group.ts';
import type { GroupSource } from './launch-source.ts';
import type { TerminationPolicy } from './termination-policy.ts';
import { chooseForTermination } from './termination-policy.ts';
import { membersOf } from './model.ts';
import { createTestGroup, createTestWorld, expectOk, passTime } from './testing/test-world.ts';
import type { World } from './world.ts';

const CONTENT = {
  description: undefined,
  imageId: 'ami-1',
  instanceType: 't3.micro',
  market: 'on-demand',
  keyName: undefined,
  exposesTags: false,
  tags: {},
} as const;

function setDesired(world: World, desired: number): void {
  expectOk(setDesiredCapacity(world, { groupName: 'g', desired, honorsCooldown: false }));
}

/** Launch numbers of those that would go, in order. */
function goers(world: World, group: Group, count: number): number[] {
  const members = membersOf(world, group);
  return chooseForTermination(world, group, members, count).map(({ launchNumber }) => launchNumber);
}

/** One instance every ten minutes, in one zone. */
function growSlowly(world: World, policies: readonly TerminationPolicy[], count: number): Group {
  const group = createTestGroup(world, {
    desired: 0,
    settings: { zones: ['us-east-1a'], terminationPolicies: policies },
  });
  for (let desired = 1; desired <= count; desired += 1) {
    setDesired(world, desired);
    passTime(world, 10 * MINUTE_MS);
  }
  return group;
}

describe('termination order', () => {
  it('takes from the fullest zone first, then evenly', () => {
    const world = createTestWorld();
    const group = createTestGroup(world, { desired: 6 });
    passTime(world, 5 * MINUTE_MS);
    const members = membersOf(world, group);
    const zones = chooseForTermination(world, group, members, 3).map(({ zone }) => zone);
    expect(zones.toSorted()).toEqual([...world.options.zones]);
  });

  it('passes over protected instances, and stops when all are', () => {
    const world = createTestWorld();
    const group = growSlowly(world, ['OldestInstance'], 3);
    for (const instance of membersOf(world, group)) {
      instance.isProtected = instance.launchNumber !== 2;
    }
    expect(goers(world, group, 3)).toEqual([2]);
  });

  it('takes from a zone that is no longer enabled before any other', () => {
    const world = createTestWorld();
    const group = createTestGroup(world, { desired: 5, settings: { zones: ['a', 'b'] } });
    passTime(world, 5 * MINUTE_MS);
    expectOk(updateGroup(world, 'g', { settings: { zones: ['a'] } }));
    const [first] = chooseForTermination(world, group, membersOf(world, group), 1);
    expect(first?.zone).toBe('b');
  });

  it.each([
    ['OldestInstance', [1, 2, 3]],
    ['NewestInstance', [4, 3, 2]],
    // Ten minutes apart: the first has run longest into its hour.
    ['ClosestToNextInstanceHour', [1, 2, 3]],
    ['Default', [1, 2, 3]],
  ] as const)('%s takes %j', (policy, expected) => {
    const world = createTestWorld();
    const group = growSlowly(world, [policy], 4);
    expect(goers(world, group, 3)).toEqual(expected);
  });

  it('takes the one closest to its next hour, not the oldest', () => {
    const world = createTestWorld();
    // After 70 minutes the first is 10 minutes into its second hour.
    const group = growSlowly(world, ['Default'], 7);
    passTime(world, 1000);
    expect(goers(world, group, 1)).toEqual([2]);
  });

  it('takes the oldest version of a launch template', () => {
    const world = createTestWorld();
    const template = expectOk(createLaunchTemplate(world, 'web', CONTENT));
    const source: GroupSource = { kind: 'launch-template', id: template.id, version: '$Latest' };
    const group = createTestGroup(world, {
      desired: 2,
      settings: {
        source,
        zones: ['a'],
        terminationPolicies: ['OldestLaunchTemplate', 'NewestInstance'],
      },
    });
    passTime(world, MINUTE_MS);
    createTemplateVersion(world, template, CONTENT);
    setDesired(world, 4);
    passTime(world, MINUTE_MS);
    expect(goers(world, group, 2).toSorted()).toEqual([1, 2]);
  });

  it('takes instances of launch configurations before those of templates', () => {
    const world = createTestWorld();
    const template = expectOk(createLaunchTemplate(world, 'web', CONTENT));
    const group = createTestGroup(world, { desired: 1, settings: { zones: ['a'] } });
    passTime(world, MINUTE_MS);
    const source: GroupSource = { kind: 'launch-template', id: template.id, version: '1' };
    expectOk(updateGroup(world, 'g', { settings: { source } }));
    setDesired(world, 2);
    passTime(world, MINUTE_MS);
    expectOk(
      createLaunchConfiguration(world, {
        name: 'new',
        imageId: 'ami-1',
        instanceType: 't3.micro',
        keyName: undefined,
      }),
    );
    expectOk(
      updateGroup(world, 'g', {
        settings: { source: { kind: 'launch-configuration', name: 'new' } },
      }),
    );
    setDesired(world, 3);
    passTime(world, MINUTE_MS);
    expect(goers(world, group, 3)).toEqual([1, 3, 2]);
  });

  it('draws by lot among equals, the same lot for the same seed', () => {
    const draw = (seed: number): number[] => {
      const world = createTestWorld({ seed });
      const group = createTestGroup(world, { desired: 9, settings: { zones: ['a'] } });
      passTime(world, MINUTE_MS);
      return goers(world, group, 4);
    };
    expect(draw(1)).toEqual(draw(1));
    const lots = new Set([1, 2, 3, 4, 5].map((seed) => draw(seed).join()));
    expect(lots.size).toBeGreaterThan(1);
  });
});
