// PutScalingPolicy, DescribePolicies, DeletePolicy and ExecutePolicy.

import { deletePolicy, putScalingPolicy } from '../../cloud/define-policies.ts';
import { executePolicy } from '../../cloud/execute-policy.ts';
import type { Outcome } from '../../cloud/fault.ts';
import { refuse, succeed } from '../../cloud/fault.ts';
import { findGroup } from '../../cloud/find-group.ts';
import type { PolicyRule, ScalingPolicy } from '../../cloud/scaling-policy.ts';
import type { World } from '../../cloud/world.ts';
import type { Parsed } from '../input-shape.ts';
import { decimal, flag, integer, list, oneOf, operation, required, text } from '../input-shape.ts';
import { sortByKey, takePage } from '../paging.ts';
import { groupName } from './group-input.ts';
import { withoutValue } from './instance-operations.ts';
import { POLICY_TYPES, putPolicyShape, readRule } from './policy-input.ts';
import type { Operations } from '../operations.ts';

type Output = Readonly<Record<string, unknown>>;

const policyNameOrArn = required(text({ min: 1, max: 1600 }), '');

export function createPolicyOperations(world: World): Operations {
  return {
    PutScalingPolicy: operation(putPolicyShape, (input) => {
      const rule = readRule(input);
      if (!rule.ok) return rule;
      const put = putScalingPolicy(world, input.AutoScalingGroupName, {
        name: input.PolicyName,
        rule: rule.value,
        isEnabled: input.Enabled ?? true,
      });
      if (!put.ok) return put;
      return succeed({ PolicyARN: put.value.arn, Alarms: alarmOutputs(world, put.value) });
    }),
    DescribePolicies: operation(describeShape, (input) => describePolicies(world, input)),
    DeletePolicy: operation(
      { AutoScalingGroupName: groupName, PolicyName: policyNameOrArn },
      (input) => withoutValue(deletePolicy(world, input.AutoScalingGroupName, input.PolicyName)),
    ),
    ExecutePolicy: operation(
      {
        AutoScalingGroupName: groupName,
        PolicyName: policyNameOrArn,
        HonorCooldown: flag(),
        MetricValue: decimal(),
        BreachThreshold: decimal(),
      },
      (input) => {
        const arn = arnOf(world, input.AutoScalingGroupName, input.PolicyName);
        if (!arn.ok) return arn;
        return withoutValue(
          executePolicy(world, arn.value, {
            metricValue: input.MetricValue,
            breachThreshold: input.BreachThreshold,
            honorsCooldown: input.HonorCooldown,
          }),
        );
      },
    ),
  };
}

/** Page size of the API reference: 50 by default, at most 100. */
const PAGE_DEFAULT = 50;

const describeShape = {
  AutoScalingGroupName: groupName,
  PolicyNames: list(policyNameOrArn),
  PolicyTypes: list(required(oneOf(POLICY_TYPES), 'SimpleScaling')),
  MaxRecords: integer({ min: 1, max: 100 }),
  NextToken: text(),
} as const;

function describePolicies(world: World, input: Parsed<typeof describeShape>): Outcome<Output> {
  const name = input.AutoScalingGroupName;
  const found = name === undefined ? undefined : findGroup(world, name);
  if (found !== undefined && !found.ok) return found;
  const groups = found === undefined ? [...world.groups.values()] : [found.value];
  const names = new Set(input.PolicyNames);
  const types = new Set<string>(input.PolicyTypes);
  const keyOf = (policy: ScalingPolicy): string => `${policy.groupName}\u0000${policy.name}`;
  const policies = sortByKey(
    groups.flatMap((group) => [...group.policies.values()]),
    keyOf,
  ).filter(
    (policy) =>
      (names.size === 0 || names.has(policy.name) || names.has(policy.arn)) &&
      (types.size === 0 || types.has(typeOf(policy.rule))),
  );
  const page = takePage(policies, keyOf, {
    size: input.MaxRecords ?? PAGE_DEFAULT,
    token: input.NextToken,
  });
  if (!page.ok) return page;
  return succeed({
    ScalingPolicies: page.value.items.map((policy) => ({
      AutoScalingGroupName: policy.groupName,
      PolicyName: policy.name,
      PolicyARN: policy.arn,
      PolicyType: typeOf(policy.rule),
      ...ruleOutput(policy.rule),
      Alarms: alarmOutputs(world, policy),
      Enabled: policy.isEnabled,
    })),
    NextToken: page.value.nextToken,
  });
}

function typeOf(rule: PolicyRule): (typeof POLICY_TYPES)[number] {
  switch (rule.kind) {
    case 'simple':
      return 'SimpleScaling';
    case 'step':
      return 'StepScaling';
    case 'target-tracking':
      return 'TargetTrackingScaling';
    default:
      return rule satisfies never;
  }
}

function ruleOutput(rule: PolicyRule): Output {
  switch (rule.kind) {
    case 'simple':
      return {
        AdjustmentType: rule.adjustment.type,
        MinAdjustmentMagnitude: rule.adjustment.minMagnitude,
        ScalingAdjustment: rule.adjustment.value,
        Cooldown: rule.cooldownSeconds,
        StepAdjustments: [],
      };
    case 'step':
      return {
        AdjustmentType: rule.adjustmentType,
        MinAdjustmentMagnitude: rule.minMagnitude,
        StepAdjustments: rule.steps.map((step) => ({
          MetricIntervalLowerBound: step.lowerBound,
          MetricIntervalUpperBound: step.upperBound,
          ScalingAdjustment: step.value,
        })),
        MetricAggregationType: rule.aggregation,
        EstimatedInstanceWarmup: rule.warmupSeconds,
      };
    case 'target-tracking':
      return {
        StepAdjustments: [],
        EstimatedInstanceWarmup: rule.warmupSeconds,
        TargetTrackingConfiguration: trackingOutput(rule),
      };
    default:
      return rule satisfies never;
  }
}

function trackingOutput(rule: Extract<PolicyRule, { kind: 'target-tracking' }>): Output {
  const { metric } = rule;
  const specification =
    metric.predefinedType === undefined
      ? {
          CustomizedMetricSpecification: {
            MetricName: metric.metricName,
            Namespace: metric.namespace,
            Dimensions: metric.dimensions.map(({ name, value }) => ({ Name: name, Value: value })),
            Statistic: metric.statistic,
            Unit: metric.unit,
            Period: metric.periodSeconds,
          },
        }
      : {
          PredefinedMetricSpecification: {
            PredefinedMetricType: metric.predefinedType,
            ResourceLabel: metric.resourceLabel,
          },
        };
  return { ...specification, TargetValue: rule.target, DisableScaleIn: rule.disablesScaleIn };
}

function alarmOutputs(world: World, policy: ScalingPolicy): Output[] {
  const { region, accountId } = world.options;
  // Of a simple or step policy they are those that users have made for it.
  const names =
    policy.rule.kind === 'target-tracking'
      ? policy.alarmNames
      : (world.alarms?.actingOn(policy.arn) ?? []);
  return names.map((AlarmName) => ({
    AlarmName,
    AlarmARN: `arn:aws:cloudwatch:${region}:${accountId}:alarm:${AlarmName}`,
  }));
}

function arnOf(world: World, name: string | undefined, nameOrArn: string): Outcome<string> {
  if (nameOrArn.startsWith('arn:')) return succeed(nameOrArn);
  if (name === undefined) {
    return refuse('ValidationError', 'AutoScalingGroupName is required with a policy name.');
  }
  const found = findGroup(world, name);
  if (!found.ok) return found;
  const policy = found.value.policies.get(nameOrArn);
  if (policy !== undefined) return succeed(policy.arn);
  return refuse('ValidationError', `Policy not found: ${nameOrArn}`);
}
