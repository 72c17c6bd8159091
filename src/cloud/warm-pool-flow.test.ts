// Warm pools: what they cost, what they give, what comes back.

import { describe, expect, it } from 'vitest';
import { billOf } from './billing.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from './calendar.ts';
import { DEFAULT_HOOK } from './define-hooks.ts';
import { deleteWarmPool, putWarmPool } from './define-warm-pool.ts';
import { setDesiredCapacity } from './desired-capacity.ts';
import type { Group } from './group.ts';
import { isWarm } from './instance.ts';
import { membersOf } from './model.ts';
import { terminateByUser } from './terminate-instance.ts';
import {
  createTestGroup,
  createTestWorld,
  expectOk,
  inService,
  passTime,
} from './testing/test-world.ts';
import type { World } from './world.ts';

function warmStates(world: World, group: Group): string[] {
  return membersOf(world, group)
    .filter(isWarm)
    .map(({ lifecycle }) => lifecycle);
}

function setDesired(world: World, desired: number): void {
  expectOk(setDesiredCapacity(world, { groupName: 'g', desired, honorsCooldown: false }));
}

describe('a warm pool', () => {
  it.each(['Stopped', 'Hibernated', 'Running'] as const)('keeps its instances %s', (state) => {
    const world = createTestWorld();
    const group = createTestGroup(world, { desired: 1, max: 3 });
    expectOk(putWarmPool(world, 'g', { state }));
    passTime(world, 10 * MINUTE_MS);
    expect(warmStates(world, group)).toEqual([`Warmed:${state}`, `Warmed:${state}`]);
  });

  it('costs nothing while its instances are stopped', () => {
    const world = createTestWorld();
    createTestGroup(world, { desired: 0, max: 2 });
    expectOk(putWarmPool(world, 'g', {}));
    passTime(world, 10 * MINUTE_MS);
    const { billedSeconds } = billOf(world);
    expect(billedSeconds).toBeGreaterThanOrEqual(2 * 60);
    passTime(world, 24 * HOUR_MS);
    expect(billOf(world).billedSeconds).toBe(billedSeconds);
  });

  it('gives its instances before any is launched cold, and sooner', () => {
    const world = createTestWorld();
    const group = createTestGroup(world, { desired: 1, max: 3 });
    expectOk(putWarmPool(world, 'g', {}));
    passTime(world, 10 * MINUTE_MS);
    const prepared = new Set(
      membersOf(world, group)
        .filter(isWarm)
        .map(({ id }) => id),
    );
    setDesired(world, 3);
    passTime(world, MINUTE_MS);
    const serving = inService(world, group).map(({ id }) => id);
    expect(serving).toHaveLength(3);
    expect(serving.filter((id) => prepared.has(id))).toHaveLength(2);
    expect(group.launchCount).toBe(3);
  });

  it('starts cold when it is empty', () => {
    const world = createTestWorld();
    const group = createTestGroup(world, { desired: 1, max: 2 });
    passTime(world, MINUTE_MS);
    expectOk(putWarmPool(world, 'g', { minSize: 0, maxPreparedCapacity: 1 }));
    setDesired(world, 2);
    passTime(world, 5 * MINUTE_MS);
    expect(inService(world, group)).toHaveLength(2);
  });

  it('holds at least its minimum', () => {
    const world = createTestWorld();
    const group = createTestGroup(world, { desired: 2, max: 2 });
    expectOk(putWarmPool(world, 'g', { minSize: 3 }));
    passTime(world, 10 * MINUTE_MS);
    expect(warmStates(world, group)).toHaveLength(3);
  });

  it('takes instances back on scale-in if it reuses them', () => {
    const world = createTestWorld();
    const group = createTestGroup(world, { desired: 2, max: 2 });
    expectOk(putWarmPool(world, 'g', { reusesOnScaleIn: true }));
    passTime(world, 10 * MINUTE_MS);
    setDesired(world, 1);
    passTime(world, 10 * MINUTE_MS);
    expect(warmStates(world, group)).toEqual(['Warmed:Stopped']);
    expect(group.launchCount).toBe(2);
    setDesired(world, 2);
    passTime(world, 10 * MINUTE_MS);
    expect(inService(world, group)).toHaveLength(2);
    expect(group.launchCount).toBe(2);
  });

  it('calls the launch hook on the way in and again on the way out', () => {
    const world = createTestWorld();
    const hook = {
      ...DEFAULT_HOOK,
      name: 'launch',
      transition: 'autoscaling:EC2_INSTANCE_LAUNCHING',
      heartbeatTimeoutSeconds: 30,
      defaultResult: 'CONTINUE',
    } as const;
    createTestGroup(world, { desired: 0, max: 1, hooks: [hook] });
    expectOk(putWarmPool(world, 'g', {}));
    passTime(world, 10 * MINUTE_MS);
    setDesired(world, 1);
    passTime(world, 10 * MINUTE_MS);
    const journeys = world
      .eventsSince(0)
      .events.flatMap((event) =>
        event.kind === 'lifecycle-action' ? [`${event.origin}>${event.destination}`] : [],
      );
    expect(journeys).toEqual(['EC2>WarmPool', 'WarmPool>AutoScalingGroup']);
  });

  it('does not let its instances be ended by name', () => {
    const world = createTestWorld();
    const group = createTestGroup(world, { desired: 0, max: 1 });
    expectOk(putWarmPool(world, 'g', {}));
    passTime(world, 30 * SECOND_MS);
    const [id = ''] = group.instanceIds;
    expect(terminateByUser(world, id, false)).toMatchObject({
      ok: false,
      fault: { code: 'ValidationError' },
    });
  });

  it('goes with its instances when it is deleted', () => {
    const world = createTestWorld();
    const group = createTestGroup(world, { desired: 1, max: 3 });
    expectOk(putWarmPool(world, 'g', {}));
    passTime(world, 10 * MINUTE_MS);
    expectOk(deleteWarmPool(world, 'g', false));
    expect(group.warmPool?.isBeingDeleted).toBe(true);
    expect(putWarmPool(world, 'g', {})).toMatchObject({ ok: false });
    passTime(world, 10 * MINUTE_MS);
    expect(group.warmPool).toBeUndefined();
    expect(group.instanceIds.size).toBe(1);
  });
});
