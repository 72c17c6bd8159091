// What every way to AWS's own policies does, whatever stands behind it: Auto Scaling and CloudWatch by
// their protocols, or the cloud model.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Account } from '../../src/cloud/account/account.ts';
import { advanceAccount, createAccount } from '../../src/cloud/account/account.ts';
import { getMetricStatistics } from '../../src/cloud/cloudwatch/get-metric-statistics.ts';
import { putScalingPolicy } from '../../src/cloud/define-policies.ts';
import type { PolicyRule, ScalingPolicy } from '../../src/cloud/scaling-policy.ts';
import { createTestGroup, createTestWorld, expectOk } from '../../src/cloud/testing/test-world.ts';
import type { NativeScaling } from '../../src/controller/ports/native-scaling.ts';
import { digestContent } from '../../src/localcloud/sqs/message-digest.ts';

export interface NativeScalingFixture {
  readonly native: NativeScaling;
  close(): Promise<void>;
}

export type OpenNativeScaling = (
  account: Account,
  now: () => number,
) => Promise<NativeScalingFixture>;

const address = { autoScalingGroup: 'web', region: 'us-east-1', roleArn: null };
const keep = { address, policy: 'keep-backlog' };
const metric = {
  namespace: 'Jobs',
  name: 'BacklogPerInstance',
  dimensions: { Queue: 'jobs', Group: 'web' },
};

const tracking: Extract<PolicyRule, { kind: 'target-tracking' }> = {
  kind: 'target-tracking',
  target: 12,
  metric: {
    predefinedType: undefined,
    resourceLabel: undefined,
    namespace: metric.namespace,
    metricName: metric.name,
    dimensions: [
      { name: 'Queue', value: 'jobs' },
      { name: 'Group', value: 'web' },
    ],
    statistic: 'Maximum',
    unit: 'Count',
    periodSeconds: 60,
  },
  disablesScaleIn: true,
  warmupSeconds: 77,
};

/** Registers the tests; each opens a fixture of its own. */
export function checkNativeScaling(kind: string, open: OpenNativeScaling): void {
  describe(`AWS's own policies over ${kind}`, () => {
    let account: Account;
    let fixture: NativeScalingFixture;

    beforeEach(async () => {
      const world = createTestWorld();
      createTestGroup(world, { name: 'web' });
      account = createAccount(world, { contentDigest: digestContent, settleMs: 0 });
      fixture = await open(account, () => world.now);
    });

    afterEach(() => fixture.close());

    function put(rule: PolicyRule, isEnabled = true): ScalingPolicy {
      return expectOk(
        putScalingPolicy(account.world, 'web', { name: keep.policy, rule, isEnabled }),
      );
    }

    function present(): ScalingPolicy | undefined {
      return account.world.groups.get('web')?.policies.get(keep.policy);
    }

    it('tells the target of a policy and what it follows', async () => {
      put(tracking);
      const followed = { kind: 'custom', metric, statistic: 'Maximum', unit: 'Count' };
      expect(await fixture.native.describePolicy(keep)).toEqual({
        kind: 'described',
        policy: { kind: 'target-tracking', target: 12, isEnabled: true, followed },
      });
      put(tracking, false);
      expect(await fixture.native.describePolicy(keep)).toMatchObject({
        policy: { isEnabled: false },
      });
    });

    it('tells a metric of AWS by its name', async () => {
      const cpu = { ...tracking.metric, predefinedType: 'ASGAverageCPUUtilization' };
      put({ ...tracking, metric: cpu });
      expect(await fixture.native.describePolicy(keep)).toMatchObject({
        policy: { followed: { kind: 'predefined', name: 'ASGAverageCPUUtilization' } },
      });
    });

    it('tells a policy of another type, and one that is not there, nor its group', async () => {
      const { native } = fixture;
      expect(await native.describePolicy(keep)).toEqual({ kind: 'missing' });
      const nowhere = { address: { ...address, autoScalingGroup: 'nobody' }, policy: 'x' };
      expect(await native.describePolicy(nowhere)).toEqual({ kind: 'missing' });
      put(step);
      expect(await native.describePolicy(keep)).toEqual({
        kind: 'described',
        policy: { kind: 'other', type: 'StepScaling' },
      });
    });

    it('renews the target and leaves all else as it is', async () => {
      const before = put(tracking, false);
      expect(await fixture.native.renewTarget(keep, 6.25)).toEqual({ kind: 'accepted' });
      expect(present()).toEqual({ ...before, rule: { ...tracking, target: 6.25 } });
      const bare = { ...tracking, metric: { ...tracking.metric, dimensions: [] } };
      const plain = put({ ...bare, warmupSeconds: undefined });
      expect(await fixture.native.renewTarget(keep, 3)).toEqual({ kind: 'accepted' });
      expect(present()).toEqual({ ...plain, rule: { ...plain.rule, target: 3 } });
    });

    it('refuses a target for a policy of another type or that is missing', async () => {
      const { native } = fixture;
      expect(await native.renewTarget(keep, 6)).toMatchObject({ kind: 'refused' });
      const before = put(step);
      expect(await native.renewTarget(keep, 6)).toMatchObject({ kind: 'refused' });
      expect(present()).toEqual(before);
    });

    it('publishes a value where the policy reads it', async () => {
      const at = account.world.now;
      const value = { metric, at, value: 7.5, unit: 'Count', resolutionSeconds: 60 } as const;
      expect(await fixture.native.publish(address, value)).toEqual({ kind: 'accepted' });
      advanceAccount(account, at + 120_000);
      const query = {
        metric: {
          namespace: metric.namespace,
          metricName: metric.name,
          dimensions: tracking.metric.dimensions,
        },
        span: { start: at, end: at + 60_000 },
        periodS: 60,
        statistics: ['Average'],
        extendedStatistics: [],
      };
      const found = expectOk(getMetricStatistics(account.cloudWatch.store, query, at + 120_000));
      expect(found).toMatchObject([{ at, unit: 'Count', statistics: { Average: 7.5 } }]);
    });

    it('tells what CloudWatch does not take', async () => {
      const wrong = { ...metric, namespace: 'AWS/Jobs' };
      const at = account.world.now;
      const value = { metric: wrong, at, value: 1, unit: null, resolutionSeconds: 60 } as const;
      expect(await fixture.native.publish(address, value)).toMatchObject({ kind: 'refused' });
    });
  });
}

const step: PolicyRule = {
  kind: 'step',
  adjustmentType: 'ChangeInCapacity',
  minMagnitude: undefined,
  steps: [{ lowerBound: 0, upperBound: undefined, value: 1 }],
  aggregation: 'Average',
  warmupSeconds: undefined,
};
