// AWS's own policies and their metric over the cloud model itself, without a wire: for tests of the
// controller. Passes the same contract suite as the adapter over AWS.

import type { Account } from '../../src/cloud/account/account.ts';
import { putMetricData } from '../../src/cloud/cloudwatch/put-metric-data.ts';
import { putScalingPolicy } from '../../src/cloud/define-policies.ts';
import type { Outcome } from '../../src/cloud/fault.ts';
import type { PolicyRule, ScalingPolicy } from '../../src/cloud/scaling-policy.ts';
import type {
  FollowedMetric,
  NativePolicyName,
  NativeScaling,
} from '../../src/controller/ports/native-scaling.ts';
import type { CallOutcome } from '../../src/core/actuation.ts';

/** `calls` notes what would change something, by its name in AWS. */
export function createModelNativeScaling(
  account: Account,
  now: () => number,
  calls: string[] = [],
): NativeScaling {
  const { world, cloudWatch } = account;
  const find = ({ address, policy }: NativePolicyName): ScalingPolicy | undefined => {
    world.advanceTo(now());
    return world.groups.get(address.autoScalingGroup)?.policies.get(policy);
  };
  return {
    describePolicy: (name) => {
      const found = find(name);
      if (found === undefined) return Promise.resolve({ kind: 'missing' });
      const { rule, isEnabled } = found;
      const policy =
        rule.kind === 'target-tracking'
          ? ({ kind: rule.kind, target: rule.target, isEnabled, followed: follow(rule) } as const)
          : ({ kind: 'other', type: wireTypes[rule.kind] } as const);
      return Promise.resolve({ kind: 'described', policy });
    },
    renewTarget: (name, target) => {
      const found = find(name);
      if (found?.rule.kind !== 'target-tracking') return Promise.resolve(refuse('no such policy'));
      calls.push('PutScalingPolicy');
      const rule = { ...found.rule, target };
      return Promise.resolve(
        toOutcome(putScalingPolicy(world, found.groupName, { ...found, rule })),
      );
    },
    publish: (_address, { metric, at, value, unit, resolutionSeconds }) => {
      calls.push('PutMetricData');
      const datum = {
        metricName: metric.name,
        dimensions: Object.entries(metric.dimensions).map(([key, text]) => ({
          name: key,
          value: text,
        })),
        timestamp: at,
        value,
        ...(unit !== null && { unit }),
        storageResolution: resolutionSeconds,
      };
      return Promise.resolve(
        toOutcome(putMetricData(cloudWatch.store, metric.namespace, [datum], now())),
      );
    },
  };
}

const wireTypes = { simple: 'SimpleScaling', step: 'StepScaling' } as const;

function follow({ metric }: Extract<PolicyRule, { kind: 'target-tracking' }>): FollowedMetric {
  if (metric.predefinedType !== undefined) {
    return { kind: 'predefined', name: metric.predefinedType };
  }
  const { namespace, metricName: name, statistic, unit = null } = metric;
  const dimensions = Object.fromEntries(
    metric.dimensions.map(({ name: key, value }) => [key, value]),
  );
  return { kind: 'custom', metric: { namespace, name, dimensions }, statistic, unit };
}

function toOutcome(outcome: Outcome<unknown>): CallOutcome {
  return outcome.ok ? { kind: 'accepted' } : refuse(outcome.fault.message);
}

function refuse(message: string): CallOutcome {
  return { kind: 'refused', code: 'failed', message };
}
