import { describe, expect, it } from 'vitest';

import type { ForeignChange } from '../core/foreign-change.ts';
import type { ScalingActivity } from './ports/scaling-activities.ts';
import { findAuthor, findLaunchFailures } from './read-activities.ts';

const now = 1_800_000_000_000;

function activity(parts: Partial<ScalingActivity>): ScalingActivity {
  const times = { startedAt: now, endedAt: now };
  return { kind: 'launch', status: 'successful', ...times, cause: '', failure: null, ...parts };
}

const failed = (endedAt: number): ScalingActivity =>
  activity({ status: 'failed', failure: 'no capacity', endedAt });

describe('launches that fail in a row', () => {
  it('are counted from the newest to the last that succeeded', () => {
    const activities = [
      activity({ status: 'open', endedAt: null }),
      failed(now - 1000),
      activity({ kind: 'other' }),
      activity({ status: 'cancelled' }),
      failed(now - 2000),
      activity({}),
      failed(now - 3000),
    ];
    const failures = { inARow: 2, lastAt: now - 1000, cause: 'no capacity' };
    expect(findLaunchFailures(activities)).toEqual(failures);
  });

  it('are none after one that succeeded, or without any', () => {
    expect(findLaunchFailures([activity({}), failed(now)])).toBeNull();
    expect(findLaunchFailures([])).toBeNull();
  });
});

describe('the author of a change', () => {
  const change: ForeignChange = { what: 'desired', from: 2, to: 3, at: now, by: null };
  const at = 'At 2026-01-02T03:04:05Z';

  it.each([
    [
      `${at} a user request update of AutoScalingGroup constraints to min: 1, max: 9, desired: 3 changing the desired capacity from 2 to 3.  ${at} an instance was started.`,
      'a user request update of AutoScalingGroup constraints to min: 1, max: 9, desired: 3',
    ],
    [
      `${at} a monitor alarm busy in state ALARM triggered policy out changing the desired capacity from 2 to 3.`,
      'a monitor alarm busy in state ALARM triggered policy out',
    ],
    [
      `${at} a user request explicitly set group desired capacity changing the desired capacity from 2 to 30.`,
      null,
    ],
    [`${at} an instance was started in response to a difference.`, null],
  ])('is found in the cause: %s', (cause, author) => {
    expect(findAuthor(change, [activity({ cause })])).toBe(author);
  });

  it('is found for a bound too', () => {
    const cause = `${at} a user request update of AutoScalingGroup constraints to min: 4, max: 9, desired: 4 changing the desired capacity from 2 to 4.`;
    const bound = { ...change, what: 'min', from: 1, to: 4 } as const;
    expect(findAuthor(bound, [activity({ cause })])).toContain('a user request update');
  });

  it('is nobody of long before', () => {
    const cause = `${at} a user request changing the desired capacity from 2 to 3.`;
    expect(findAuthor(change, [activity({ cause, startedAt: now - 3_600_000 })])).toBeNull();
  });
});
