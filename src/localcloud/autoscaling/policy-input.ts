// Scaling policies as callers write them, read into the model's rules.

import { stepsProblem } from '../../cloud/adjust-capacity.ts';
import type { Outcome } from '../../cloud/fault.ts';
import { refuse, succeed } from '../../cloud/fault.ts';
import type { PolicyRule, StepAdjustment, TrackedMetric } from '../../cloud/scaling-policy.ts';
import type { Parsed } from '../input-shape.ts';
import {
  decimal,
  flag,
  integer,
  list,
  oneOf,
  optional,
  required,
  structure,
  text,
} from '../input-shape.ts';
import { groupName } from './group-input.ts';

export const POLICY_TYPES = [
  'SimpleScaling',
  'StepScaling',
  'TargetTrackingScaling',
  'PredictiveScaling',
] as const;

export const ADJUSTMENT_TYPES = [
  'ChangeInCapacity',
  'ExactCapacity',
  'PercentChangeInCapacity',
] as const;

const PREDEFINED_METRICS = [
  'ASGAverageCPUUtilization',
  'ASGAverageCPUUtilizationHighResolution',
  'ASGAverageNetworkIn',
  'ASGAverageNetworkOut',
  'ALBRequestCountPerTarget',
] as const;

const STATISTICS = ['Average', 'Minimum', 'Maximum', 'SampleCount', 'Sum'] as const;

const stepMembers = {
  MetricIntervalLowerBound: decimal(),
  MetricIntervalUpperBound: decimal(),
  ScalingAdjustment: required(integer(), 0),
} as const;

const trackingMembers = {
  PredefinedMetricSpecification: optional(
    structure({
      PredefinedMetricType: required(oneOf(PREDEFINED_METRICS), PREDEFINED_METRICS[0]),
      ResourceLabel: text({ min: 1, max: 1023 }),
    }),
  ),
  CustomizedMetricSpecification: optional(
    structure({
      MetricName: text(),
      Namespace: text(),
      Dimensions: list(structure({ Name: required(text(), ''), Value: required(text(), '') })),
      Statistic: oneOf(STATISTICS),
      Unit: text(),
      Period: integer({ min: 1 }),
      Metrics: list(structure({})),
    }),
  ),
  TargetValue: required(decimal(), 0),
  DisableScaleIn: flag(),
} as const;

export const putPolicyShape = {
  AutoScalingGroupName: required(groupName, ''),
  PolicyName: required(text({ min: 1, max: 255 }), ''),
  PolicyType: oneOf(POLICY_TYPES),
  AdjustmentType: oneOf(ADJUSTMENT_TYPES),
  MinAdjustmentMagnitude: integer(),
  MinAdjustmentStep: integer(),
  ScalingAdjustment: integer(),
  Cooldown: integer({ min: 0 }),
  MetricAggregationType: oneOf(['Average', 'Minimum', 'Maximum']),
  StepAdjustments: list(structure(stepMembers)),
  EstimatedInstanceWarmup: integer({ min: 0 }),
  TargetTrackingConfiguration: optional(structure(trackingMembers)),
  Enabled: flag(),
} as const;

type PutPolicyInput = Parsed<typeof putPolicyShape>;

/** Returns the rule that is asked for. */
export function readRule(input: PutPolicyInput): Outcome<PolicyRule> {
  const kind = input.PolicyType ?? 'SimpleScaling';
  switch (kind) {
    case 'SimpleScaling':
      return readSimple(input);
    case 'StepScaling':
      return readStep(input);
    case 'TargetTrackingScaling':
      return readTracking(input);
    case 'PredictiveScaling':
      return refuse('ValidationError', 'PredictiveScaling is not modelled by this local cloud.');
    default:
      return kind satisfies never;
  }
}

function readSimple(input: PutPolicyInput): Outcome<PolicyRule> {
  const { AdjustmentType: type, ScalingAdjustment: value } = input;
  if (type === undefined) return missing('AdjustmentType', 'SimpleScaling');
  if (value === undefined) return missing('ScalingAdjustment', 'SimpleScaling');
  const minMagnitude = input.MinAdjustmentMagnitude ?? input.MinAdjustmentStep;
  return succeed({
    kind: 'simple',
    adjustment: { type, value, minMagnitude },
    cooldownSeconds: input.Cooldown,
  });
}

function readStep(input: PutPolicyInput): Outcome<PolicyRule> {
  const { AdjustmentType: adjustmentType } = input;
  if (adjustmentType === undefined) return missing('AdjustmentType', 'StepScaling');
  const steps = input.StepAdjustments.map(readStepAdjustment);
  const problem = stepsProblem(steps);
  if (problem !== undefined) return refuse('ValidationError', problem);
  return succeed({
    kind: 'step',
    adjustmentType,
    minMagnitude: input.MinAdjustmentMagnitude ?? input.MinAdjustmentStep,
    steps,
    aggregation: input.MetricAggregationType ?? 'Average',
    warmupSeconds: input.EstimatedInstanceWarmup,
  });
}

function readStepAdjustment(step: Parsed<typeof stepMembers>): StepAdjustment {
  return {
    lowerBound: step.MetricIntervalLowerBound,
    upperBound: step.MetricIntervalUpperBound,
    value: step.ScalingAdjustment,
  };
}

function readTracking(input: PutPolicyInput): Outcome<PolicyRule> {
  const configuration = input.TargetTrackingConfiguration;
  if (configuration === undefined) {
    return missing('TargetTrackingConfiguration', 'TargetTrackingScaling');
  }
  const { TargetValue: target } = configuration;
  // "A target value must be positive": a utilisation of nothing has no capacity.
  if (target <= 0) return refuse('ValidationError', 'TargetValue must be greater than 0');
  const metric = readMetric(input.AutoScalingGroupName, configuration);
  if (!metric.ok) return metric;
  return succeed({
    kind: 'target-tracking',
    target,
    metric: metric.value,
    disablesScaleIn: configuration.DisableScaleIn ?? false,
    warmupSeconds: input.EstimatedInstanceWarmup,
  });
}

function readMetric(
  name: string,
  configuration: Parsed<typeof trackingMembers>,
): Outcome<TrackedMetric> {
  const { PredefinedMetricSpecification: predefined, CustomizedMetricSpecification: customized } =
    configuration;
  if ((predefined === undefined) === (customized === undefined)) {
    return refuse(
      'ValidationError',
      'Exactly one of PredefinedMetricSpecification and CustomizedMetricSpecification is required.',
    );
  }
  if (predefined !== undefined) {
    return succeed(
      predefinedMetric(name, predefined.PredefinedMetricType, predefined.ResourceLabel),
    );
  }
  if (customized === undefined) return missing('CustomizedMetricSpecification', 'custom metrics');
  const { MetricName: metricName, Namespace: namespace, Statistic: statistic } = customized;
  if (customized.Metrics.length > 0) {
    return refuse('ValidationError', 'Metric math is not modelled by this local cloud.');
  }
  if (metricName === undefined || namespace === undefined || statistic === undefined) {
    return missing('MetricName, Namespace and Statistic', 'customised metrics');
  }
  return succeed({
    predefinedType: undefined,
    resourceLabel: undefined,
    namespace,
    metricName,
    dimensions: customized.Dimensions.map(({ Name, Value }) => ({ name: Name, value: Value })),
    statistic,
    unit: customized.Unit,
    periodSeconds: customized.Period ?? 60,
  });
}

/** Where the predefined metrics live in CloudWatch (user guide, "Predefined metrics"). */
function predefinedMetric(
  name: string,
  type: (typeof PREDEFINED_METRICS)[number],
  resourceLabel: string | undefined,
): TrackedMetric {
  const isHighResolution = type === 'ASGAverageCPUUtilizationHighResolution';
  const isRequestCount = type === 'ALBRequestCountPerTarget';
  return {
    predefinedType: type,
    resourceLabel,
    namespace: isRequestCount ? 'AWS/ApplicationELB' : 'AWS/EC2',
    metricName: isRequestCount ? 'RequestCountPerTarget' : EC2_METRIC_NAMES[type],
    dimensions: isRequestCount
      ? [{ name: 'TargetGroup', value: targetGroupOf(resourceLabel ?? '') }]
      : [{ name: 'AutoScalingGroupName', value: name }],
    statistic: isRequestCount ? 'Sum' : 'Average',
    unit: undefined,
    periodSeconds: isHighResolution ? 10 : 60,
  };
}

const EC2_METRIC_NAMES = {
  ASGAverageCPUUtilization: 'CPUUtilization',
  ASGAverageCPUUtilizationHighResolution: 'CPUUtilization',
  ASGAverageNetworkIn: 'NetworkIn',
  ASGAverageNetworkOut: 'NetworkOut',
} as const;

/** `app/my-alb/778d/targetgroup/my-targets/943f` names `targetgroup/my-targets/943f`. */
function targetGroupOf(resourceLabel: string): string {
  const at = resourceLabel.indexOf('targetgroup/');
  return at < 0 ? resourceLabel : resourceLabel.slice(at);
}

function missing(member: string, policyType: string): Outcome<never> {
  return refuse('ValidationError', `${member} is required for ${policyType}.`);
}
