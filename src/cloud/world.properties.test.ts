// What must hold for a group whatever is done to it, over random histories of every operation.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { billOf } from './billing.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from './calendar.ts';
import { completeLifecycleAction } from './complete-lifecycle-action.ts';
import { updateGroup } from './create-group.ts';
import { deleteLifecycleHook, putLifecycleHook } from './define-hooks.ts';
import { deleteWarmPool, putWarmPool } from './define-warm-pool.ts';
import { setDesiredCapacity } from './desired-capacity.ts';
import { attachInstances, detachInstances } from './detach.ts';
import type { Group } from './group.ts';
import { endMachine, setInstanceHealth } from './health.ts';
import type { Instance, LifecycleState } from './instance.ts';
import { countsTowardsDesired, isLegalMove, isWarm } from './instance.ts';
import { membersOf } from './model.ts';
import { setInstanceProtection } from './protection.ts';
import { restoreSnapshot, takeSnapshot } from './snapshot.ts';
import { enterStandby, exitStandby } from './standby.ts';
import { resumeProcesses, suspendProcesses } from './suspend-processes.ts';
import { PROCESSES } from './suspension.ts';
import { terminateByUser } from './terminate-instance.ts';
import { createTestGroup, createTestWorld, expectOk, passTime } from './testing/test-world.ts';
import { warmPoolTarget } from './warm-pool.ts';
import type { World } from './world.ts';

const GROUP = 'g';

/** One thing that a user, a machine or time does. */
type Step =
  | { readonly kind: 'pass'; readonly ms: number }
  | { readonly kind: 'desired'; readonly desired: number }
  | { readonly kind: 'bounds'; readonly min: number; readonly max: number }
  | { readonly kind: 'zones'; readonly count: number }
  | { readonly kind: 'terminate'; readonly place: number; readonly decrements: boolean }
  | {
      readonly kind: 'unhealthy' | 'crash' | 'complete' | 'abandon' | 'exit' | 'attach';
      readonly place: number;
    }
  | {
      readonly kind: 'standby' | 'detach' | 'protect';
      readonly place: number;
      readonly flag: boolean;
    }
  | { readonly kind: 'hook'; readonly isLaunch: boolean; readonly isPut: boolean }
  | { readonly kind: 'warm-pool'; readonly max: number; readonly reuses: boolean }
  | { readonly kind: 'no-warm-pool'; readonly isForced: boolean }
  | { readonly kind: 'suspend' | 'resume'; readonly process: string }
  | { readonly kind: 'snapshot' };

const place = fc.nat({ max: 12 });
const flag = fc.boolean();
const kindOf = <K extends string>(...kinds: K[]): fc.Arbitrary<K> => fc.constantFrom(...kinds);

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ kind: kindOf('pass'), ms: fc.integer({ min: 0, max: 90_000 }) }),
  },
  { weight: 3, arbitrary: fc.record({ kind: kindOf('desired'), desired: fc.nat({ max: 10 }) }) },
  fc.record({
    kind: kindOf('bounds'),
    min: fc.nat({ max: 4 }),
    max: fc.integer({ min: 2, max: 10 }),
  }),
  fc.record({ kind: kindOf('zones'), count: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ kind: kindOf('terminate'), place, decrements: flag }),
  {
    weight: 3,
    arbitrary: fc.record({
      kind: kindOf('unhealthy', 'crash', 'complete', 'abandon', 'exit', 'attach'),
      place,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: kindOf('standby', 'detach', 'protect'), place, flag }),
  },
  fc.record({ kind: kindOf('hook'), isLaunch: flag, isPut: flag }),
  fc.record({ kind: kindOf('warm-pool'), max: fc.integer({ min: -1, max: 8 }), reuses: flag }),
  fc.record({ kind: kindOf('no-warm-pool'), isForced: flag }),
  fc.record({ kind: kindOf('suspend', 'resume'), process: fc.constantFrom(...PROCESSES) }),
  fc.record({ kind: kindOf('snapshot') }),
);

const history = fc.array(step, { maxLength: 60, size: 'max' });

function groupOf(world: World): Group {
  const group = world.groups.get(GROUP);
  if (group === undefined) throw new Error('the group is gone');
  return group;
}

/** Does the step and returns the world to go on with; refusals are as good as anything. */
function take(world: World, act: Step): World {
  const group = groupOf(world);
  const members = membersOf(world, group);
  const named = 'place' in act ? members[act.place % Math.max(1, members.length)]?.id : undefined;
  const instanceIds = named === undefined ? [] : [named];
  switch (act.kind) {
    case 'pass':
      passTime(world, act.ms);
      break;
    case 'desired':
      setDesiredCapacity(world, { groupName: GROUP, desired: act.desired, honorsCooldown: false });
      break;
    case 'bounds':
      updateGroup(world, GROUP, { settings: { min: act.min, max: act.max } });
      break;
    case 'zones':
      updateGroup(world, GROUP, { settings: { zones: world.options.zones.slice(0, act.count) } });
      break;
    case 'terminate':
      if (named !== undefined) terminateByUser(world, named, act.decrements);
      break;
    case 'unhealthy':
      if (named !== undefined) {
        setInstanceHealth(world, {
          instanceId: named,
          isHealthy: false,
          respectsGracePeriod: false,
        });
      }
      break;
    case 'crash':
      if (named !== undefined) endMachine(world, named);
      break;
    case 'complete':
    case 'abandon':
      completeAny(world, members, act.kind === 'complete' ? 'CONTINUE' : 'ABANDON');
      break;
    case 'standby':
      enterStandby(world, { groupName: GROUP, instanceIds, decrementsDesired: act.flag });
      break;
    case 'exit':
      exitStandby(world, { groupName: GROUP, instanceIds });
      break;
    case 'detach':
      detachInstances(world, { groupName: GROUP, instanceIds, decrementsDesired: act.flag });
      break;
    case 'attach':
      attachInstances(world, GROUP, [...world.instances.keys()].slice(act.place, act.place + 1));
      break;
    case 'protect':
      setInstanceProtection(world, { groupName: GROUP, instanceIds, isProtected: act.flag });
      break;
    case 'hook':
      takeHook(world, act.isLaunch, act.isPut);
      break;
    case 'warm-pool':
      putWarmPool(world, GROUP, { maxPreparedCapacity: act.max, reusesOnScaleIn: act.reuses });
      break;
    case 'no-warm-pool':
      deleteWarmPool(world, GROUP, act.isForced);
      break;
    case 'suspend':
      suspendProcesses(world, GROUP, [act.process]);
      break;
    case 'resume':
      resumeProcesses(world, GROUP, [act.process]);
      break;
    case 'snapshot':
      return expectOk(restoreSnapshot(JSON.parse(JSON.stringify(takeSnapshot(world)))));
    default:
      act satisfies never;
  }
  return world;
}

function completeAny(
  world: World,
  members: readonly Instance[],
  result: 'CONTINUE' | 'ABANDON',
): void {
  const instance = members.find(({ actions }) => actions.length > 0);
  const hookName = instance?.actions[0]?.hookName;
  if (instance === undefined || hookName === undefined) return;
  completeLifecycleAction(
    world,
    { groupName: GROUP, hookName, token: undefined, instanceId: instance.id },
    result,
  );
}

function takeHook(world: World, isLaunch: boolean, isPut: boolean): void {
  const name = isLaunch ? 'launch' : 'terminate';
  if (!isPut) {
    deleteLifecycleHook(world, GROUP, name);
    return;
  }
  const transition = `autoscaling:EC2_INSTANCE_${isLaunch ? 'LAUNCHING' : 'TERMINATING'}` as const;
  putLifecycleHook(world, GROUP, { name, transition, heartbeatTimeoutSeconds: 60 });
}

/** Takes away whatever may hold the group back, and gives it time. */
function settle(world: World): void {
  resumeProcesses(world, GROUP, []);
  for (const { name } of groupOf(world).hooks.values()) deleteLifecycleHook(world, GROUP, name);
  const instanceIds = membersOf(world, groupOf(world)).map(({ id }) => id);
  for (const id of instanceIds) {
    setInstanceProtection(world, { groupName: GROUP, instanceIds: [id], isProtected: false });
  }
  passTime(world, 6 * HOUR_MS);
}

function expectSoundGroup(world: World): void {
  const group = groupOf(world);
  const members = membersOf(world, group);
  expect(members).toHaveLength(group.instanceIds.size);
  expect(group.desired).toBeGreaterThanOrEqual(group.settings.min);
  expect(group.desired).toBeLessThanOrEqual(group.settings.max);
  for (const instance of members) {
    expect(instance.groupName).toBe(GROUP);
    const isUnderway = !/^(?:InService|Standby|Warmed:(?:Stopped|Running|Hibernated))$/u.test(
      instance.lifecycle,
    );
    expect(group.openActivities.has(instance.activityId ?? '')).toBe(isUnderway);
    expect(instance.actions.length > 0).toBe(instance.lifecycle.endsWith(':Wait'));
  }
  const underwayIds = members.flatMap(({ activityId }) => activityId ?? []);
  expect([...group.openActivities.keys()].toSorted()).toEqual(underwayIds.toSorted());
}

/** Histories of each property; those that are told second by second take longer. */
const RUNS = 120;
const SLOW_RUNS = 40;

describe('a group, whatever is done to it', () => {
  it('keeps its books: every move has an activity, every wait an action', () => {
    fc.assert(
      fc.property(history, fc.integer(), (steps, seed) => {
        let world = createTestWorld({ seed, launchFailureRatio: 0.1, deregistrationDelayMs: 3000 });
        createTestGroup(world, { desired: 3 });
        for (const act of steps) {
          world = take(world, act);
          expectSoundGroup(world);
        }
      }),
      { numRuns: RUNS },
    );
  });

  it('comes to its desired capacity, spread over its zones, once nothing holds it back', () => {
    fc.assert(
      fc.property(history, fc.integer(), (steps, seed) => {
        let world = createTestWorld({ seed, launchFailureRatio: 0.1, deregistrationDelayMs: 3000 });
        createTestGroup(world, { desired: 3 });
        for (const act of steps) world = take(world, act);
        settle(world);
        const group = groupOf(world);
        const members = membersOf(world, group);
        const inService = members.filter(({ lifecycle }) => lifecycle === 'InService');
        expect(inService).toHaveLength(group.desired);
        expect(
          inService.every(({ machine, isHealthy }) => machine === 'running' && isHealthy),
        ).toBe(true);
        expect(members.filter(isWarm)).toHaveLength(
          group.warmPool === undefined ? 0 : warmPoolTarget(group, group.warmPool),
        );
        const perZone = group.settings.zones.map(
          (zone) => inService.filter((instance) => instance.zone === zone).length,
        );
        expect(Math.max(...perZone) - Math.min(...perZone)).toBeLessThanOrEqual(1);
        expect(group.openActivities.size).toBe(0);
      }),
      { numRuns: RUNS },
    );
  });

  it('never launches above its maximum, except to balance zones', () => {
    fc.assert(
      fc.property(history, fc.integer(), (steps, seed) => {
        let world = createTestWorld({ seed });
        createTestGroup(world, { desired: 3 });
        let before = 0;
        for (const act of steps.flatMap((one) => inSeconds(one))) {
          world = take(world, act);
          const group = groupOf(world);
          const size = membersOf(world, group).filter(countsTowardsDesired).length;
          const margin = Math.max(1, Math.floor(group.settings.max / 10));
          const allowed = group.settings.max + (group.rebalancingIds.size > 0 ? margin : 0);
          if (size > before && act.kind === 'pass') expect(size).toBeLessThanOrEqual(allowed);
          before = size;
        }
      }),
      { numRuns: SLOW_RUNS },
    );
  });

  it('has the same history from the same seed, in whatever steps time is told', () => {
    fc.assert(
      fc.property(history, fc.integer(), (steps, seed) => {
        const run = (acts: readonly Step[]): string => {
          let world = createTestWorld({
            seed,
            launchFailureRatio: 0.1,
            deregistrationDelayMs: 3000,
          });
          createTestGroup(world, { desired: 3 });
          for (const act of acts) world = take(world, act);
          return JSON.stringify(takeSnapshot(world));
        };
        const once = run(steps);
        // Compared first: a difference of two long texts helps nobody.
        expect(run(steps.flatMap((one) => inSeconds(one))) === once).toBe(true);
        const restored = steps.flatMap((one): Step[] => [one, { kind: 'snapshot' }]);
        expect(run(restored) === once).toBe(true);
      }),
      { numRuns: SLOW_RUNS },
    );
  });

  it('bills exactly the seconds that its machines ran, sixty at least each time', () => {
    fc.assert(
      fc.property(history, fc.integer(), (steps, seed) => {
        // A machine that is stopped the moment it runs would escape an onlooker.
        let world = createTestWorld({ seed, boot: STEADY_BOOT });
        createTestGroup(world, { desired: 3 });
        const meter = createMeter();
        for (const act of steps) {
          if (act.kind === 'pass') passEventByEvent(world, act.ms, () => meter.look(world));
          else world = take(world, act);
          meter.look(world);
        }
        expect(billOf(world).billedSeconds).toBe(meter.seconds(world));
      }),
      { numRuns: SLOW_RUNS },
    );
  });
});

/** The same time in steps of a second. */
function inSeconds(act: Step): Step[] {
  if (act.kind !== 'pass') return [act];
  const whole = Math.floor(act.ms / SECOND_MS);
  const seconds = Array.from({ length: whole }, (): Step => ({ kind: 'pass', ms: SECOND_MS }));
  return [...seconds, { kind: 'pass', ms: act.ms - whole * SECOND_MS }];
}

const STEADY = {
  running: { medianMs: 10_000, sigma: 0.25 },
  ready: { medianMs: 60_000, sigma: 0 },
};

const STEADY_BOOT = { cold: STEADY, stopped: STEADY, hibernated: STEADY, running: STEADY };

/** Stops at every event, so that an onlooker misses none. */
function passEventByEvent(world: World, ms: number, look: () => void): void {
  const until = world.now + ms;
  for (let at = world.nextEventAt(); at !== undefined && at <= until; at = world.nextEventAt()) {
    world.advanceTo(at);
    look();
  }
  world.advanceTo(until);
}

/** Watches from outside which machines run, and since when. */
function createMeter() {
  const since = new Map<string, number>();
  let finished = 0;
  const secondsFrom = (startedAt: number, now: number): number =>
    Math.max(60, Math.ceil((now - startedAt) / SECOND_MS));
  return {
    look(world: World) {
      for (const { id, machine } of world.instances.values()) {
        const startedAt = since.get(id);
        if (machine === 'running' && startedAt === undefined) since.set(id, world.now);
        if (machine === 'running' || startedAt === undefined) continue;
        finished += secondsFrom(startedAt, world.now);
        since.delete(id);
      }
    },
    seconds(world: World) {
      return [...since.values()].reduce(
        (sum, startedAt) => sum + secondsFrom(startedAt, world.now),
        finished,
      );
    },
  };
}

describe('lifecycle states', () => {
  it('never move out of an end', () => {
    const ends: readonly LifecycleState[] = ['Terminated', 'Warmed:Terminated'];
    const all: readonly LifecycleState[] = ['Pending', 'InService', 'Terminating', 'Standby'];
    for (const end of ends) expect(all.some((to) => isLegalMove(end, to))).toBe(false);
  });
});

describe('an idle world', () => {
  it('costs nothing per step', () => {
    const world = createTestWorld();
    createTestGroup(world, { desired: 10 });
    passTime(world, 10 * MINUTE_MS);
    expect(world.nextEventAt()).toBeUndefined();
  });
});
