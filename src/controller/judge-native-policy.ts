// Whether an AWS policy is one that can be left in charge of a queue's group: of the right kind, and
// following the messages that wait for each instance.

import type {
  FollowedMetric,
  MetricIdentity,
  NativePolicy,
  NativePolicyOutcome,
} from './ports/native-scaling.ts';

export type Judged =
  | { readonly ok: true; readonly target: number; readonly unit: string | null }
  /** What was found and what is needed, in one line. */
  | { readonly ok: false; readonly problem: string };

/** `published` is the metric that Foretide feeds. */
export function judgeNativePolicy(
  name: string,
  outcome: NativePolicyOutcome,
  published: MetricIdentity,
): Judged {
  switch (outcome.kind) {
    case 'failed':
      return refuse(`AWS's policy ${name} cannot be read (${outcome.code}): ${outcome.message}`);
    case 'missing':
      return refuse(`the group has no policy ${name}: make a target-tracking one of that name`);
    case 'described':
      return judge(name, outcome.policy, published);
  }
}

function judge(name: string, policy: NativePolicy, published: MetricIdentity): Judged {
  if (policy.kind === 'other') {
    return refuse(`the policy ${name} is a ${policy.type} policy, not a TargetTrackingScaling one`);
  }
  const { followed, isEnabled, target } = policy;
  const wanted = `not ${sayMetric(published)}`;
  if (followed.kind === 'predefined') {
    return refuse(`the policy ${name} follows ${followed.name}, ${wanted}`);
  }
  if (!followsBacklog(followed, published)) {
    const what = listMetrics(followed).map(sayMetric).join(' and ') || 'nothing';
    return refuse(`the policy ${name} follows ${what}, ${wanted}`);
  }
  // It is not in charge then: a target would do nothing, and look as if it did.
  if (!isEnabled) return refuse(`the policy ${name} is disabled: enable it`);
  const { unit, statistic } = followed.kind === 'custom' ? followed : averaged;
  // Of several values in a period they make more than any of them.
  if (statistic === 'Sum' || statistic === 'SampleCount') {
    return refuse(`the policy ${name} follows the ${statistic} of its metric, not the Average`);
  }
  return { ok: true, target, unit };
}

const averaged = { unit: null, statistic: 'Average' } as const;

/** Metric math may make the same of SQS's own count, as AWS proposes. */
function followsBacklog(
  followed: Exclude<FollowedMetric, { kind: 'predefined' }>,
  published: MetricIdentity,
): boolean {
  if (followed.kind === 'custom') return isSameMetric(followed.metric, published);
  return followed.metrics.some(
    (metric) =>
      isSameMetric(metric, published) ||
      (metric.namespace === 'AWS/SQS' && metric.name === 'ApproximateNumberOfMessagesVisible'),
  );
}

function listMetrics(
  followed: Exclude<FollowedMetric, { kind: 'predefined' }>,
): readonly MetricIdentity[] {
  return followed.kind === 'custom' ? [followed.metric] : followed.metrics;
}

function isSameMetric(one: MetricIdentity, other: MetricIdentity): boolean {
  return sayMetric(one) === sayMetric(other);
}

/** As `Foretide/BacklogPerInstance{AutoScalingGroupName=web}`. */
function sayMetric({ namespace, name, dimensions }: MetricIdentity): string {
  const pairs = Object.entries(dimensions)
    .map(([key, value]) => `${key}=${value}`)
    .toSorted();
  return `${namespace}/${name}${pairs.length === 0 ? '' : `{${pairs.join(', ')}}`}`;
}

function refuse(problem: string): Judged {
  return { ok: false, problem };
}
