// Simple and step policies: cooldown, warm-up, bounds.

import { describe, expect, it } from 'vitest';
import { MINUTE_MS, SECOND_MS } from './calendar.ts';
import { deletePolicy, putScalingPolicy } from './define-policies.ts';
import { executePolicy } from './execute-policy.ts';
import type { PolicyRule } from './scaling-policy.ts';
import { createTestGroup, createTestWorld, expectOk, passTime } from './testing/test-world.ts';
import type { World } from './world.ts';

const ADD_ONE: PolicyRule = {
  kind: 'simple',
  adjustment: { type: 'ChangeInCapacity', value: 1, minMagnitude: undefined },
  cooldownSeconds: undefined,
};

/** The guide's example: 10 % above 60, 30 % above 70; here warmed up after 200 s. */
const STEPS: PolicyRule = {
  kind: 'step',
  adjustmentType: 'PercentChangeInCapacity',
  minMagnitude: undefined,
  aggregation: 'Average',
  warmupSeconds: 200,
  steps: [
    { lowerBound: 0, upperBound: 10, value: 10 },
    { lowerBound: 10, upperBound: undefined, value: 30 },
    { lowerBound: undefined, upperBound: 0, value: -10 },
  ],
};

function put(world: World, rule: PolicyRule, isEnabled = true): string {
  return expectOk(putScalingPolicy(world, 'g', { name: 'p', rule, isEnabled })).arn;
}

function startGroup(desired: number): World {
  const world = createTestWorld();
  createTestGroup(world, { desired, max: 20 });
  passTime(world, 20 * MINUTE_MS);
  return world;
}

function desiredOf(world: World): number | undefined {
  return world.groups.get('g')?.desired;
}

describe('simple policies', () => {
  it('ignore alarms until the cooldown after the last launch has passed', () => {
    const world = startGroup(1);
    const arn = put(world, ADD_ONE);
    const fire = (): void => void expectOk(executePolicy(world, arn, { alarmName: 'a' }));
    fire();
    expect(desiredOf(world)).toBe(2);
    passTime(world, 30 * SECOND_MS);
    fire();
    passTime(world, 280 * SECOND_MS);
    fire();
    expect(desiredOf(world)).toBe(2);
    passTime(world, 30 * SECOND_MS);
    fire();
    expect(desiredOf(world)).toBe(3);
  });

  it('may have a cooldown of their own', () => {
    const world = startGroup(1);
    const arn = put(world, { ...ADD_ONE, cooldownSeconds: 30 });
    const fire = (): void => void expectOk(executePolicy(world, arn, { alarmName: 'a' }));
    fire();
    passTime(world, 60 * SECOND_MS);
    fire();
    expect(desiredOf(world)).toBe(3);
  });

  it('tell the alarm and the policy in the cause', () => {
    const world = startGroup(1);
    expectOk(executePolicy(world, put(world, ADD_ONE), { alarmName: 'too-hot' }));
    passTime(world, 5 * SECOND_MS);
    const cause = world.groups.get('g')?.activities.at(-1)?.cause;
    expect(cause).toMatch(
      /^At \S+Z a monitor alarm too-hot in state ALARM triggered policy p changing the desired capacity from 1 to 2\. {2}At \S+Z an instance was started/u,
    );
  });

  it('do nothing by alarm while they are disabled', () => {
    const world = startGroup(1);
    expectOk(executePolicy(world, put(world, ADD_ONE, false), { alarmName: 'a' }));
    expect(desiredOf(world)).toBe(1);
  });
});

describe('step policies', () => {
  const fire = (world: World, arn: string, metricValue: number): void =>
    void expectOk(executePolicy(world, arn, { alarmName: 'a', metricValue, breachThreshold: 60 }));

  it('count what warms up: the example of the guide', () => {
    const world = startGroup(10);
    const arn = put(world, STEPS);
    fire(world, arn, 60);
    expect(desiredOf(world)).toBe(11);
    passTime(world, 60 * SECOND_MS);
    // "62 while the instance is still warming up": one was added for this step already.
    fire(world, arn, 62);
    expect(desiredOf(world)).toBe(11);
    // "70": thirty per cent of ten are three, of which one is on its way.
    fire(world, arn, 70);
    expect(desiredOf(world)).toBe(13);
  });

  it('do not scale in while anything warms up', () => {
    const world = startGroup(10);
    const arn = put(world, STEPS);
    fire(world, arn, 60);
    passTime(world, 120 * SECOND_MS);
    fire(world, arn, 20);
    expect(desiredOf(world)).toBe(11);
    passTime(world, 200 * SECOND_MS);
    fire(world, arn, 20);
    // Ten per cent of eleven are cut to one.
    expect(desiredOf(world)).toBe(10);
  });

  it('need the metric and the threshold', () => {
    const world = startGroup(1);
    expect(executePolicy(world, put(world, STEPS), {})).toMatchObject({
      ok: false,
      fault: { code: 'ValidationError' },
    });
  });
});

describe('policies that are gone', () => {
  it('cannot be executed', () => {
    const world = startGroup(1);
    const arn = put(world, ADD_ONE);
    expectOk(deletePolicy(world, 'g', 'p'));
    expect(executePolicy(world, arn, {})).toMatchObject({ ok: false });
    expect(deletePolicy(world, 'g', 'p')).toMatchObject({ ok: false });
  });
});
