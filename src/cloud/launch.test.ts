// Boots, failures, hooks, drains: the way into service and out of it, minute by minute.

import { describe, expect, it } from 'vitest';
import { billOf } from './billing.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from './calendar.ts';
import { completeLifecycleAction, recordHeartbeat } from './complete-lifecycle-action.ts';
import { setDesiredCapacity } from './desired-capacity.ts';
import { setInstanceHealth } from './health.ts';
import type { Instance } from './instance.ts';
import type { LifecycleHook } from './lifecycle-hook.ts';
import { DEFAULT_HOOK } from './define-hooks.ts';
import { membersOf } from './model.ts';
import {
  createTestGroup,
  createTestWorld,
  expectOk,
  inService,
  passTime,
} from './testing/test-world.ts';
import type { World } from './world.ts';
import type { WorldOptions } from './world-options.ts';

const FIXED_BOOT: Partial<WorldOptions> = {
  boot: {
    cold: fixed(16, 120),
    stopped: fixed(10, 30),
    hibernated: fixed(10, 20),
    running: fixed(0, 1),
  },
};

function fixed(runningSeconds: number, readySeconds: number): WorldOptions['boot']['cold'] {
  return {
    running: { medianMs: runningSeconds * SECOND_MS, sigma: 0 },
    ready: { medianMs: readySeconds * SECOND_MS, sigma: 0 },
  };
}

const LAUNCH_HOOK: LifecycleHook = {
  ...DEFAULT_HOOK,
  name: 'launch',
  transition: 'autoscaling:EC2_INSTANCE_LAUNCHING',
  heartbeatTimeoutSeconds: 600,
};

function only(world: World): Instance {
  const group = world.groups.get('g');
  const [instance] = group === undefined ? [] : membersOf(world, group);
  if (instance === undefined) throw new Error('the group has no instance');
  return instance;
}

function setDesired(world: World, desired: number): void {
  expectOk(setDesiredCapacity(world, { groupName: 'g', desired, honorsCooldown: false }));
}

describe('a launch', () => {
  it('starts two seconds after the request, runs after its pending time, is ready after its boot', () => {
    const world = createTestWorld(FIXED_BOOT);
    createTestGroup(world, { desired: 1 });
    const askedAt = world.now;
    passTime(world, HOUR_MS);
    const instance = only(world);
    expect(instance.requestedAt - askedAt).toBe(2000);
    expect((instance.runningAt ?? 0) - instance.requestedAt).toBe(16_000);
    expect(instance.inServiceAt).toBe(instance.runningAt);
    expect(instance.readyAt - instance.requestedAt).toBe(120_000);
  });

  it('draws its boot by its number alone, whatever happens to others', () => {
    const boots = (disturb: (world: World) => void): number[] => {
      const world = createTestWorld({ seed: 9 });
      const group = createTestGroup(world, { desired: 2 });
      passTime(world, 5 * MINUTE_MS);
      disturb(world);
      passTime(world, 5 * MINUTE_MS);
      setDesired(world, 4);
      passTime(world, 5 * MINUTE_MS);
      return membersOf(world, group)
        .filter(({ launchNumber }) => launchNumber === 4)
        .map(({ readyAt, requestedAt }) => readyAt - requestedAt);
    };
    const undisturbed = boots(() => undefined);
    const disturbed = boots((world) => {
      createTestGroup(world, { name: 'other', desired: 5 });
      setDesired(world, 3);
    });
    expect(undisturbed).toHaveLength(1);
    expect(disturbed).toEqual(undisturbed);
  });

  it('fails as often as asked, says so, and is tried again', () => {
    const world = createTestWorld({ seed: 3, launchFailureRatio: 0.5 });
    const group = createTestGroup(world, { desired: 10 });
    passTime(world, HOUR_MS);
    const failed = group.activities.filter(({ status }) => status === 'Failed');
    expect(failed.length).toBeGreaterThan(0);
    expect(failed[0]?.statusMessage).toMatch(
      /^We currently do not have sufficient m5\.large capacity in the Availability Zone you requested \(us-east-1\w\)\. .* Launching EC2 instance failed\.$/u,
    );
    expect(failed[0]?.description).toMatch(/^Launching a new EC2 instance\. {2}Status Reason: We/u);
    expect(inService(world, group)).toHaveLength(10);
  });

  it('is tried more and more rarely while nothing can be had', () => {
    const world = createTestWorld({ launchFailureRatio: 1 });
    const group = createTestGroup(world, { desired: 1 });
    passTime(world, DAY_MS);
    // 20, 40, 80 … 600 s and then every ten minutes.
    expect(group.activities.length).toBeGreaterThan(100);
    expect(group.activities.length).toBeLessThan(160);
  });

  it('is billed from running, and not at all when it never ran', () => {
    const world = createTestWorld(FIXED_BOOT);
    createTestGroup(world, { desired: 1 });
    passTime(world, 10 * SECOND_MS);
    setDesired(world, 0);
    passTime(world, HOUR_MS);
    expect(billOf(world)).toEqual({ billedSeconds: 0, usd: 0 });
  });

  it('costs the minimum when cancelled, where the options say so', () => {
    const world = createTestWorld({ ...FIXED_BOOT, chargesCancelledLaunches: true });
    createTestGroup(world, { desired: 1 });
    passTime(world, 10 * SECOND_MS);
    setDesired(world, 0);
    passTime(world, HOUR_MS);
    expect(billOf(world).billedSeconds).toBe(60);
  });

  it('costs an hour of its type for an hour', () => {
    const world = createTestWorld(FIXED_BOOT);
    createTestGroup(world, { desired: 2 });
    passTime(world, HOUR_MS + 18 * SECOND_MS);
    expect(billOf(world, 'g')).toEqual({ billedSeconds: 7200, usd: 0.192 });
    expect(billOf(world, 'other').billedSeconds).toBe(0);
  });
});

describe('a drain', () => {
  it('keeps the instance for the deregistration delay, and is billed', () => {
    const world = createTestWorld({ ...FIXED_BOOT, deregistrationDelayMs: 30_000 });
    createTestGroup(world, { desired: 1 });
    passTime(world, 2 * MINUTE_MS);
    setDesired(world, 0);
    passTime(world, 2 * SECOND_MS);
    expect(only(world)).toMatchObject({ lifecycle: 'Terminating', machine: 'running' });
    passTime(world, 29 * SECOND_MS);
    expect(only(world).machine).toBe('running');
    passTime(world, SECOND_MS);
    expect(only(world).machine).toBe('shutting-down');
    // 120 + 2 + 30 seconds after creation, of which 18 were not billed.
    expect(billOf(world).billedSeconds).toBe(134);
  });
});

describe('lifecycle actions', () => {
  it('end with the hook’s default result when nobody completes them', () => {
    const world = createTestWorld(FIXED_BOOT);
    const group = createTestGroup(world, {
      desired: 1,
      hooks: [{ ...LAUNCH_HOOK, defaultResult: 'CONTINUE' }],
    });
    passTime(world, 18 * SECOND_MS + 600 * SECOND_MS);
    expect(only(world).lifecycle).toBe('Pending:Proceed');
    passTime(world, SECOND_MS);
    expect(inService(world, group)).toHaveLength(1);
  });

  it('last 48 hours or a hundred timeouts at most, heartbeats or not', () => {
    const world = createTestWorld(FIXED_BOOT);
    createTestGroup(world, {
      desired: 1,
      hooks: [{ ...LAUNCH_HOOK, heartbeatTimeoutSeconds: 30 }],
    });
    passTime(world, 18 * SECOND_MS);
    const { id } = only(world);
    const action = { groupName: 'g', hookName: 'launch', token: undefined, instanceId: id };
    let beats = 0;
    while (recordHeartbeat(world, action).ok && beats < 1000) {
      passTime(world, 20 * SECOND_MS);
      beats += 1;
    }
    // A hundred timeouts of 30 s in steps of 20 s.
    expect(beats).toBe(150);
  });

  it('are named by token or by instance, and both must fit', () => {
    const world = createTestWorld(FIXED_BOOT);
    createTestGroup(world, { desired: 1, hooks: [LAUNCH_HOOK] });
    passTime(world, 18 * SECOND_MS);
    const { id, actions } = only(world);
    const token = actions[0]?.token;
    const complete = (reference: { token?: string | undefined; instanceId?: string }): boolean =>
      completeLifecycleAction(
        world,
        {
          groupName: 'g',
          hookName: 'launch',
          token: undefined,
          instanceId: undefined,
          ...reference,
        },
        'CONTINUE',
      ).ok;
    expect(complete({})).toBe(false);
    expect(complete({ token, instanceId: 'i-0' })).toBe(false);
    expect(complete({ token, instanceId: id })).toBe(true);
    expect(complete({ token })).toBe(false);
  });

  it('are all waited for when there are several hooks', () => {
    const world = createTestWorld(FIXED_BOOT);
    const group = createTestGroup(world, {
      desired: 1,
      hooks: [LAUNCH_HOOK, { ...LAUNCH_HOOK, name: 'second' }],
    });
    passTime(world, 18 * SECOND_MS);
    const { id } = only(world);
    const complete = (hookName: string): void => {
      const reference = { groupName: 'g', hookName, token: undefined, instanceId: id };
      expectOk(completeLifecycleAction(world, reference, 'CONTINUE'));
    };
    complete('second');
    passTime(world, 10 * SECOND_MS);
    expect(inService(world, group)).toHaveLength(0);
    complete('launch');
    passTime(world, SECOND_MS);
    expect(inService(world, group)).toHaveLength(1);
  });

  it('are told with token, origin and destination', () => {
    const world = createTestWorld(FIXED_BOOT);
    createTestGroup(world, { desired: 1, hooks: [LAUNCH_HOOK] });
    passTime(world, 18 * SECOND_MS);
    const { id, actions } = only(world);
    const { events } = world.eventsSince(0);
    expect(events.find(({ kind }) => kind === 'lifecycle-action')).toMatchObject({
      instanceId: id,
      hookName: 'launch',
      token: actions[0]?.token,
      origin: 'EC2',
      destination: 'AutoScalingGroup',
    });
  });
});

describe('replacement', () => {
  it('ends the unhealthy instance and says why it launches another', () => {
    const world = createTestWorld(FIXED_BOOT);
    const group = createTestGroup(world, { desired: 1 });
    passTime(world, MINUTE_MS);
    const { id } = only(world);
    expectOk(
      setInstanceHealth(world, { instanceId: id, isHealthy: false, respectsGracePeriod: true }),
    );
    passTime(world, 2 * MINUTE_MS);
    expect(group.activities.slice(1).map(({ cause }) => cause.replace(/^At \S+Z /u, ''))).toEqual([
      'an instance was taken out of service in response to a user health-check.',
      'an instance was launched in response to an unhealthy instance needing to be replaced.',
    ]);
  });

  it('comes to every instance at its maximum lifetime, a tenth of the group at a time', () => {
    const world = createTestWorld(FIXED_BOOT);
    const group = createTestGroup(world, { desired: 10, settings: { maxLifetimeSeconds: 86_400 } });
    passTime(world, DAY_MS - MINUTE_MS);
    const first = new Set(group.instanceIds);
    let fewest = 10;
    for (let minute = 0; minute < 120; minute += 1) {
      passTime(world, MINUTE_MS);
      fewest = Math.min(fewest, inService(world, group).length);
    }
    expect([...group.instanceIds].filter((id) => first.has(id))).toEqual([]);
    expect(inService(world, group)).toHaveLength(10);
    expect(fewest).toBeGreaterThanOrEqual(8);
  });
});
