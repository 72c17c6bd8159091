// Target tracking: when its alarms fire and what follows.

import { describe, expect, it } from 'vitest';
import { MINUTE_MS, SECOND_MS } from './calendar.ts';
import { putScalingPolicy } from './define-policies.ts';
import { setDesiredCapacity } from './desired-capacity.ts';
import { executePolicy } from './execute-policy.ts';
import type { Group } from './group.ts';
import type { TrackedMetric } from './scaling-policy.ts';
import { resumeProcesses, suspendProcesses } from './suspend-processes.ts';
import { createTestGroup, createTestWorld, expectOk, passTime } from './testing/test-world.ts';
import type { World } from './world.ts';

const CPU: TrackedMetric = {
  predefinedType: 'ASGAverageCPUUtilization',
  resourceLabel: undefined,
  namespace: 'AWS/EC2',
  metricName: 'CPUUtilization',
  dimensions: [{ name: 'AutoScalingGroupName', value: 'g' }],
  statistic: 'Average',
  unit: undefined,
  periodSeconds: 60,
};

interface TrackingTest {
  readonly world: World;
  readonly group: Group;
  /** What every metric reads from now on; `undefined` is no data. */
  metric: number | undefined;
}

/** A group of four at rest, its target 50, its warm-up 0 unless said otherwise. */
function startTracking(
  options: { warmupSeconds?: number; metric?: TrackedMetric; max?: number } = {},
): TrackingTest {
  const world = createTestWorld();
  const group = createTestGroup(world, { desired: 4, min: 1, max: options.max ?? 20 });
  passTime(world, 10 * MINUTE_MS);
  const test: TrackingTest = { world, group, metric: 45 };
  putTracking(test, 'cpu', options);
  world.attachMetrics({ read: () => test.metric });
  return test;
}

function putTracking(
  { world }: TrackingTest,
  name: string,
  options: {
    warmupSeconds?: number;
    metric?: TrackedMetric;
    target?: number;
    disablesScaleIn?: boolean;
  } = {},
): string {
  const rule = {
    kind: 'target-tracking',
    target: options.target ?? 50,
    metric: options.metric ?? CPU,
    disablesScaleIn: options.disablesScaleIn ?? false,
    warmupSeconds: options.warmupSeconds ?? 0,
  } as const;
  return expectOk(putScalingPolicy(world, 'g', { name, rule, isEnabled: true })).arn;
}

describe('target tracking', () => {
  it('scales out in proportion after three periods above the target', () => {
    const test = startTracking();
    test.metric = 80;
    passTime(test.world, MINUTE_MS);
    // 4 · 80 / 50 = 6.4
    expect(test.group.desired).toBe(7);
    const [activity] = test.group.untoldCauses;
    expect(activity).toMatch(
      /a monitor alarm TargetTracking-g-AlarmHigh-\S+ in state ALARM triggered policy cpu changing the desired capacity from 4 to 7\.$/u,
    );
  });

  it('does nothing while the metric is at its target or a little below', () => {
    const test = startTracking();
    test.metric = 50;
    passTime(test.world, 60 * MINUTE_MS);
    test.metric = 45;
    passTime(test.world, 60 * MINUTE_MS);
    expect(test.group.desired).toBe(4);
  });

  it('needs each of three periods', () => {
    const test = startTracking();
    const startedAt = test.world.now;
    test.world.attachMetrics({
      read: ({ startAt }) => (Math.floor((startAt - startedAt) / MINUTE_MS) % 3 === 0 ? 45 : 90),
    });
    passTime(test.world, 60 * MINUTE_MS);
    expect(test.group.desired).toBe(4);
  });

  it('waits for the metric to be published: a minute after its period', () => {
    const test = startTracking();
    const reads: number[] = [];
    test.world.attachMetrics({
      read: ({ endAt }) => {
        reads.push(test.world.now - endAt);
        return 45;
      },
    });
    passTime(test.world, 5 * MINUTE_MS);
    expect(reads.length).toBeGreaterThan(0);
    expect(Math.min(...reads)).toBe(MINUTE_MS);
  });

  it('looks every ten seconds at a metric of high resolution', () => {
    const test = startTracking({ metric: { ...CPU, periodSeconds: 10 } });
    test.metric = 100;
    passTime(test.world, 11 * SECOND_MS);
    expect(test.group.desired).toBe(8);
  });

  it('scales in after fifteen periods below nine tenths of the target', () => {
    const test = startTracking();
    const startedAt = test.world.now;
    // Eighty units of load on whatever there is.
    test.world.attachMetrics({
      read: ({ startAt }) => (startAt >= startedAt ? 80 / test.group.desired : 45),
    });
    passTime(test.world, 14 * MINUTE_MS);
    expect(test.group.desired).toBe(4);
    passTime(test.world, 3 * MINUTE_MS);
    // 4 · 20 / 50 = 1.6; two have 40 each, which is low still but asks for two again.
    expect(test.group.desired).toBe(2);
  });

  it('reckons with warmed instances only, and does not scale in while any warms up', () => {
    const test = startTracking({ warmupSeconds: 300 });
    test.metric = 80;
    passTime(test.world, MINUTE_MS);
    expect(test.group.desired).toBe(7);
    // Still four warmed instances at 80: nothing more is asked for.
    passTime(test.world, 3 * MINUTE_MS);
    expect(test.group.desired).toBe(7);
    // Seventy units of load on whatever there is.
    test.world.attachMetrics({ read: () => 70 / test.group.desired });
    passTime(test.world, MINUTE_MS);
    expect(test.group.desired).toBe(7);
    passTime(test.world, 10 * MINUTE_MS);
    expect(test.group.desired).toBe(2);
  });

  it('does nothing without data', () => {
    const test = startTracking();
    test.metric = undefined;
    passTime(test.world, 60 * MINUTE_MS);
    expect(test.group.desired).toBe(4);
  });

  it('stays within the bounds', () => {
    const test = startTracking({ max: 6 });
    test.metric = 500;
    passTime(test.world, 5 * MINUTE_MS);
    expect(test.group.desired).toBe(6);
    test.metric = 0;
    passTime(test.world, 60 * MINUTE_MS);
    expect(test.group.desired).toBe(1);
  });

  it('goes out if one policy says so, and in only if all do', () => {
    const test = startTracking();
    putTracking(test, 'other', { target: 5 });
    test.metric = 10;
    passTime(test.world, MINUTE_MS);
    // `cpu` would go in at 10 of 50; `other` is at twice its target.
    expect(test.group.desired).toBe(8);
  });

  it('never goes in by a policy that may not', () => {
    const test = startTracking();
    putTracking(test, 'cpu', { disablesScaleIn: true });
    test.metric = 1;
    passTime(test.world, 60 * MINUTE_MS);
    expect(test.group.desired).toBe(4);
  });

  it('rests while alarm notifications are suspended', () => {
    const test = startTracking();
    expectOk(suspendProcesses(test.world, 'g', ['AlarmNotification']));
    test.metric = 90;
    passTime(test.world, 10 * MINUTE_MS);
    expect(test.group.desired).toBe(4);
    expectOk(resumeProcesses(test.world, 'g', ['AlarmNotification']));
    passTime(test.world, MINUTE_MS);
    expect(test.group.desired).toBe(8);
  });

  it('acts on an alarm that somebody else has evaluated', () => {
    const test = startTracking();
    const policyArn = putTracking(test, 'cpu');
    const alarmName = test.group.policies.get('cpu')?.alarmNames[0] ?? '';
    expectOk(executePolicy(test.world, policyArn, { alarmName, metricValue: 100 }));
    expect(test.group.desired).toBe(8);
  });

  it('cannot be executed by hand', () => {
    const test = startTracking();
    const policyArn = putTracking(test, 'cpu');
    expect(executePolicy(test.world, policyArn, {})).toMatchObject({ ok: false });
  });

  it('costs nothing where no metrics are attached', () => {
    const world = createTestWorld();
    const group = createTestGroup(world, { desired: 1 });
    passTime(world, 10 * MINUTE_MS);
    putTracking({ world, group, metric: undefined }, 'cpu');
    expect(world.nextEventAt()).toBeUndefined();
    expectOk(setDesiredCapacity(world, { groupName: 'g', desired: 2, honorsCooldown: false }));
  });
});
