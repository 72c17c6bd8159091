// AWS's own scaling policies over Amazon EC2 Auto Scaling, and the metric that they follow over
// CloudWatch. What AWS's errors mean is in `errors.ts`.

import {
  AutoScalingClient,
  DescribePoliciesCommand,
  PutScalingPolicyCommand,
  type CustomizedMetricSpecification,
  type MetricDimension,
  type ScalingPolicy,
  type TargetTrackingConfiguration,
} from '@aws-sdk/client-auto-scaling';
import {
  CloudWatchClient,
  PutMetricDataCommand,
  type MetricDatum,
} from '@aws-sdk/client-cloudwatch';

import type {
  FollowedMetric,
  MetricIdentity,
  NativePolicy,
  NativePolicyName,
  NativePolicyOutcome,
  NativeScaling,
  PublishedValue,
} from '../controller/ports/native-scaling.ts';
import type { CallOutcome } from '../core/actuation.ts';
import { createAwsClients, type AwsClients } from './aws-clients.ts';
import type { CallFailure } from './errors.ts';
import { mayHaveHappened, toActuation, toDescribeFailureCode } from './errors.ts';
import { clientSettings, type AwsAccess, type AwsConnection } from './client-settings.ts';
import { defaultAwsLimits } from './limits.ts';

export interface AwsNativeScaling extends NativeScaling {
  /** Lets go of idle connections. Not to be used afterwards. */
  close(): void;
}

/** `connection`: what is not given comes from the SDK's own standard chain. */
export function createAwsNativeScaling({
  connection,
}: {
  readonly connection: AwsConnection;
}): AwsNativeScaling {
  const limits = defaultAwsLimits;
  const settings = (access: AwsAccess) => clientSettings(access, connection, limits);
  const autoScaling = createAwsClients((access) => new AutoScalingClient(settings(access)), limits);
  const cloudWatch = createAwsClients((access) => new CloudWatchClient(settings(access)), limits);
  return {
    describePolicy: async (name) => readPolicy(await findPolicy(autoScaling, name)),
    renewTarget: (name, target) => renewTarget(autoScaling, name, target),
    publish: async (address, published) => {
      const command = new PutMetricDataCommand({
        Namespace: published.metric.namespace,
        MetricData: [toDatum(published)],
      });
      const outcome = await cloudWatch.call(
        address,
        async (client, abortSignal) => await client.send(command, { abortSignal }),
      );
      return outcome.ok ? accepted : toOutcome('PutMetricData', outcome.failure);
    },
    close: () => {
      autoScaling.close();
      cloudWatch.close();
    },
  };
}

const accepted = { kind: 'accepted' } as const;

function toOutcome(
  call: string,
  failure: CallFailure,
  mayBeDone = mayHaveHappened(failure),
): CallOutcome {
  const { kind, message } = failure;
  return toActuation({ kind, message: `${call}: ${message}` }, mayBeDone);
}

type Found =
  | { readonly kind: 'found'; readonly policy: ScalingPolicy }
  | { readonly kind: 'missing' }
  | { readonly kind: 'failed'; readonly failure: CallFailure };

async function findPolicy(
  clients: AwsClients<AutoScalingClient>,
  { address, policy }: NativePolicyName,
): Promise<Found> {
  const command = new DescribePoliciesCommand({
    AutoScalingGroupName: address.autoScalingGroup,
    PolicyNames: [policy],
  });
  const outcome = await clients.call(
    address,
    async (client, abortSignal) => await client.send(command, { abortSignal }),
  );
  if (outcome.ok) {
    const found = outcome.value.ScalingPolicies?.find(({ PolicyName }) => PolicyName === policy);
    return found === undefined ? { kind: 'missing' } : { kind: 'found', policy: found };
  }
  const { failure } = outcome;
  // "Group web not found": a ValidationError like many others.
  if (/\bnot found\b/i.test(failure.message)) return { kind: 'missing' };
  return { kind: 'failed', failure };
}

function readPolicy(found: Found): NativePolicyOutcome {
  switch (found.kind) {
    case 'missing':
      return found;
    case 'failed': {
      const { kind, message } = found.failure;
      const code = toDescribeFailureCode(kind);
      return { kind: 'failed', code, message: `DescribePolicies: ${message}` };
    }
    case 'found':
      return { kind: 'described', policy: toNativePolicy(found.policy) };
  }
}

function toNativePolicy(policy: ScalingPolicy): NativePolicy {
  const { TargetTrackingConfiguration: tracking, PolicyType: type = 'SimpleScaling' } = policy;
  const target = tracking?.TargetValue;
  if (tracking === undefined || target === undefined) return { kind: 'other', type };
  const isEnabled = policy.Enabled !== false;
  return { kind: 'target-tracking', target, isEnabled, followed: readFollowed(tracking) };
}

function readFollowed(tracking: TargetTrackingConfiguration): FollowedMetric {
  const { CustomizedMetricSpecification: custom, PredefinedMetricSpecification: predefined } =
    tracking;
  if (custom === undefined) {
    return { kind: 'predefined', name: predefined?.PredefinedMetricType ?? 'nothing' };
  }
  const math = custom.Metrics ?? [];
  if (math.length === 0) {
    const { MetricName, Namespace, Dimensions, Statistic = 'Average', Unit = null } = custom;
    const metric = identify(Namespace, MetricName, Dimensions);
    return { kind: 'custom', metric, statistic: Statistic, unit: Unit };
  }
  const metrics = math.flatMap(({ MetricStat: stat }) => {
    const { Namespace, MetricName, Dimensions } = stat?.Metric ?? {};
    return stat === undefined ? [] : [identify(Namespace, MetricName, Dimensions)];
  });
  return { kind: 'math', metrics };
}

function identify(
  namespace = '',
  name = '',
  dimensions: readonly MetricDimension[] = [],
): MetricIdentity {
  const pairs = dimensions.map(({ Name = '', Value = '' }) => [Name, Value] as const);
  return { namespace, name, dimensions: Object.fromEntries(pairs) };
}

/** Read at this moment, so that what somebody changed a minute ago stays changed. */
async function renewTarget(
  clients: AwsClients<AutoScalingClient>,
  name: NativePolicyName,
  target: number,
): Promise<CallOutcome> {
  const found = await findPolicy(clients, name);
  if (found.kind === 'missing') return refuse(`there is no policy ${name.policy}`);
  // Only looked at yet: nothing can have happened.
  if (found.kind === 'failed') return toOutcome('DescribePolicies', found.failure, false);
  const { policy } = found;
  const { TargetTrackingConfiguration: tracking } = policy;
  if (tracking === undefined) return refuse(`${name.policy} is no target-tracking policy`);
  const { EstimatedInstanceWarmup: warmup, Enabled: isEnabled } = policy;
  const command = new PutScalingPolicyCommand({
    AutoScalingGroupName: name.address.autoScalingGroup,
    PolicyName: name.policy,
    PolicyType: 'TargetTrackingScaling',
    TargetTrackingConfiguration: { ...withoutEmptyLists(tracking), TargetValue: target },
    ...(warmup !== undefined && { EstimatedInstanceWarmup: warmup }),
    ...(isEnabled !== undefined && { Enabled: isEnabled }),
  });
  const outcome = await clients.call(
    name.address,
    async (client, abortSignal) => await client.send(command, { abortSignal }),
  );
  return outcome.ok ? accepted : toOutcome('PutScalingPolicy', outcome.failure);
}

/** A list without entries is written as an empty value, which AWS takes for metric math of nothing. */
function withoutEmptyLists(tracking: TargetTrackingConfiguration): TargetTrackingConfiguration {
  const { CustomizedMetricSpecification: custom } = tracking;
  if (custom === undefined) return tracking;
  const { Metrics, Dimensions, ...others } = custom;
  const kept: CustomizedMetricSpecification = {
    ...others,
    ...(Metrics !== undefined && Metrics.length > 0 && { Metrics }),
    ...(Dimensions !== undefined && Dimensions.length > 0 && { Dimensions }),
  };
  return { ...tracking, CustomizedMetricSpecification: kept };
}

function refuse(message: string): CallOutcome {
  return { kind: 'refused', code: 'failed', message };
}

function toDatum({ metric, at, value, unit, resolutionSeconds }: PublishedValue): MetricDatum {
  return {
    MetricName: metric.name,
    Dimensions: Object.entries(metric.dimensions).map(([Name, Value]) => ({ Name, Value })),
    Timestamp: new Date(at),
    Value: value,
    StorageResolution: resolutionSeconds,
    // AWS's words for units: PutMetricData refuses another with a message of its own.
    ...(unit !== null && { Unit: unit as NonNullable<MetricDatum['Unit']> }),
  };
}
