// Request buckets on the model's time.

import { describe, expect, it } from 'vitest';
import { createThrottle, DEFAULT_THROTTLING } from './throttle.ts';

const DESCRIBE = { signingName: 'autoscaling', operation: 'DescribeAutoScalingGroups' };
const SET = { signingName: 'autoscaling', operation: 'SetDesiredCapacity' };

/** How many of `count` calls at once are let in. */
function letIn(
  throttle: ReturnType<typeof createThrottle>,
  call: typeof DESCRIBE,
  now: number,
  count = 100,
): number {
  return Array.from({ length: count }, () => throttle(call, now)).filter(
    (fault) => fault === undefined,
  ).length;
}

describe('throttling', () => {
  it('lets in twenty describes and five changes a second, each by itself', () => {
    const throttle = createThrottle(DEFAULT_THROTTLING);
    expect(letIn(throttle, DESCRIBE, 0)).toBe(20);
    expect(letIn(throttle, SET, 0)).toBe(5);
    expect(letIn(throttle, DESCRIBE, 500)).toBe(10);
    expect(letIn(throttle, SET, 400)).toBe(2);
    expect(letIn(throttle, DESCRIBE, 3_600_000)).toBe(20);
  });

  it('refuses in the words of the service', () => {
    const throttle = createThrottle({
      ec2: { describePerSecond: 0, mutatePerSecond: 0 },
      autoscaling: { describePerSecond: 0, mutatePerSecond: 0 },
    });
    expect(throttle(DESCRIBE, 0)).toEqual({
      code: 'Throttling',
      message: 'Rate exceeded',
      status: 400,
    });
    expect(throttle({ signingName: 'ec2', operation: 'DescribeInstances' }, 0)).toEqual({
      code: 'RequestLimitExceeded',
      message: 'Request limit exceeded.',
      status: 503,
    });
  });

  it('can be off, and leaves alone what it does not name', () => {
    expect(letIn(createThrottle('off'), DESCRIBE, 0)).toBe(100);
    const others = createThrottle(DEFAULT_THROTTLING);
    expect(letIn(others, { signingName: 'sqs', operation: 'SendMessage' }, 0)).toBe(100);
  });
});
