import { describe, expect, it } from 'vitest';
import { judgeNativePolicy } from './judge-native-policy.ts';
import type { FollowedMetric } from './ports/native-scaling.ts';

const published = { namespace: 'Foretide', name: 'BacklogPerInstance', dimensions: { Queue: 'q' } };
const custom = { kind: 'custom', metric: published, statistic: 'Average', unit: null } as const;
const visible = {
  namespace: 'AWS/SQS',
  name: 'ApproximateNumberOfMessagesVisible',
  dimensions: { QueueName: 'q' },
};

function judge(followed: FollowedMetric, isEnabled = true) {
  const policy = { kind: 'target-tracking', target: 12, isEnabled, followed } as const;
  return judgeNativePolicy('keep', { kind: 'described', policy }, published);
}

describe('an AWS policy that is to be left in charge', () => {
  it('may follow the published metric, or metric math over the messages that SQS counts', () => {
    expect(judge({ ...custom, unit: 'Count' })).toEqual({ ok: true, target: 12, unit: 'Count' });
    const instances = { namespace: 'AWS/AutoScaling', name: 'GroupInServiceInstances' };
    const metrics = [visible, { ...instances, dimensions: {} }];
    expect(judge({ kind: 'math', metrics })).toEqual({ ok: true, target: 12, unit: null });
  });

  it.each([
    [{ kind: 'predefined', name: 'ASGAverageCPUUtilization' }, 'follows ASGAverageCPUUtilization'],
    [{ ...custom, metric: visible }, 'follows AWS/SQS/ApproximateNumberOfMessagesVisible'],
    [{ ...custom, metric: { ...published, dimensions: {} } }, 'not Foretide/BacklogPerInstance{'],
    [{ ...custom, statistic: 'Sum' }, 'follows the Sum of its metric, not the Average'],
    [{ kind: 'math', metrics: [] }, 'follows nothing'],
  ] as const)('is refused in one line where it follows %o', (followed, problem) => {
    expect(judge(followed)).toEqual({ ok: false, problem: expect.stringContaining(problem) });
  });

  it('is refused while it is disabled or cannot be read', () => {
    expect(judge(custom, false)).toMatchObject({
      ok: false,
      problem: expect.stringMatching(/disabled/),
    });
    const denied = { kind: 'failed', code: 'denied', message: 'no right' } as const;
    expect(judgeNativePolicy('keep', denied, published)).toEqual({
      ok: false,
      problem: "AWS's policy keep cannot be read (denied): no right",
    });
  });
});
