// Scheduled actions over days.

import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS } from './calendar.ts';
import type { NewScheduledAction } from './run-scheduled-action.ts';
import { deleteScheduledAction, putScheduledAction } from './run-scheduled-action.ts';
import { suspendProcesses } from './suspend-processes.ts';
import {
  createTestGroup,
  createTestWorld,
  expectOk,
  passTime,
  TEST_START,
} from './testing/test-world.ts';

const ACTION: NewScheduledAction = {
  name: 'a',
  startAt: undefined,
  endAt: undefined,
  recurrence: undefined,
  timeZone: undefined,
  min: undefined,
  max: undefined,
  desired: undefined,
};

describe('scheduled actions', () => {
  it('recur in UTC, and say so in the cause', () => {
    const world = createTestWorld();
    const group = createTestGroup(world, { desired: 0 });
    expectOk(
      putScheduledAction(world, 'g', {
        ...ACTION,
        name: 'up',
        recurrence: '0 8 * * *',
        desired: 3,
      }),
    );
    expectOk(
      putScheduledAction(world, 'g', {
        ...ACTION,
        name: 'down',
        recurrence: '0 20 * * *',
        desired: 1,
      }),
    );
    passTime(world, 8 * HOUR_MS);
    expect(group.desired).toBe(3);
    passTime(world, MINUTE_MS);
    expect(group.activities[0]?.cause).toMatch(
      /^At 2026-01-01T08:00:00Z a scheduled action update of AutoScalingGroup constraints to min: 0, max: 10, desired: 3 changing the desired capacity from 0 to 3\./u,
    );
    passTime(world, 12 * HOUR_MS);
    expect(group.desired).toBe(1);
    passTime(world, 12 * HOUR_MS);
    expect(group.desired).toBe(3);
  });

  it('happen once and are gone, without a recurrence', () => {
    const world = createTestWorld();
    const group = createTestGroup(world, { desired: 0 });
    expectOk(
      putScheduledAction(world, 'g', { ...ACTION, startAt: TEST_START + HOUR_MS, min: 2, max: 3 }),
    );
    passTime(world, HOUR_MS);
    expect(group.settings).toMatchObject({ min: 2, max: 3 });
    expect(group.desired).toBe(2);
    expect(group.scheduledActions.size).toBe(0);
  });

  it('end with their end time', () => {
    const world = createTestWorld();
    const group = createTestGroup(world, { desired: 0 });
    const endAt = TEST_START + 2 * DAY_MS;
    expectOk(
      putScheduledAction(world, 'g', { ...ACTION, recurrence: '0 8 * * *', endAt, desired: 1 }),
    );
    passTime(world, 10 * DAY_MS);
    expect(group.scheduledActions.size).toBe(0);
    expect(world.nextEventAt()).toBeUndefined();
  });

  it('go by the time they were put last', () => {
    const world = createTestWorld();
    const group = createTestGroup(world, { desired: 0 });
    expectOk(
      putScheduledAction(world, 'g', { ...ACTION, startAt: TEST_START + HOUR_MS, desired: 1 }),
    );
    expectOk(
      putScheduledAction(world, 'g', { ...ACTION, startAt: TEST_START + 2 * HOUR_MS, desired: 2 }),
    );
    passTime(world, HOUR_MS + MINUTE_MS);
    expect(group.desired).toBe(0);
    passTime(world, HOUR_MS);
    expect(group.desired).toBe(2);
  });

  it('are skipped while suspended, and come again', () => {
    const world = createTestWorld();
    const group = createTestGroup(world, { desired: 0 });
    expectOk(putScheduledAction(world, 'g', { ...ACTION, recurrence: '0 8 * * *', desired: 1 }));
    expectOk(suspendProcesses(world, 'g', ['ScheduledActions']));
    passTime(world, DAY_MS);
    expect(group.desired).toBe(0);
    expect(group.scheduledActions.get('a')?.nextAt).toBe(TEST_START + DAY_MS + 8 * HOUR_MS);
  });

  it('change nothing when their sizes do not fit together', () => {
    const world = createTestWorld();
    const group = createTestGroup(world, { desired: 0 });
    expectOk(
      putScheduledAction(world, 'g', { ...ACTION, startAt: TEST_START + HOUR_MS, desired: 50 }),
    );
    passTime(world, 2 * HOUR_MS);
    expect(group.desired).toBe(0);
  });

  it.each([
    [{ desired: 1 }, /no start time nor recurrence/u],
    [{ startAt: TEST_START - 1, desired: 1 }, /in the past/u],
    [{ recurrence: '0 0 30 2 *', desired: 1 }, /never comes true/u],
    [{ recurrence: 'daily', desired: 1 }, /Invalid recurrence/u],
    [{ recurrence: '0 8 * * *' }, /At least one of/u],
    [{ recurrence: '0 8 * * *', endAt: TEST_START - 1, desired: 1 }, /before the start/u],
  ])('are refused when they make no sense: %j', (change, message) => {
    const world = createTestWorld();
    createTestGroup(world, { desired: 0 });
    const put = putScheduledAction(world, 'g', { ...ACTION, ...change });
    expect(put).toMatchObject({ ok: false, fault: { message: expect.stringMatching(message) } });
  });

  it('can be deleted once', () => {
    const world = createTestWorld();
    createTestGroup(world, { desired: 0 });
    expectOk(putScheduledAction(world, 'g', { ...ACTION, recurrence: '0 8 * * *', desired: 1 }));
    expectOk(deleteScheduledAction(world, 'g', 'a'));
    expect(deleteScheduledAction(world, 'g', 'a')).toMatchObject({ ok: false });
  });
});
