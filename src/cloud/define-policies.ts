// Putting and deleting scaling policies, and the rhythm in which target tracking is evaluated.

import type { Outcome } from './fault.ts';
import { refuse, succeed } from './fault.ts';
import { findGroupToChange } from './find-group.ts';
import type { Group } from './group.ts';
import type { Model } from './model.ts';
import { drawUuid, randomStream } from './random.ts';
import type { PolicyRule, ScalingPolicy } from './scaling-policy.ts';
import { evaluateTargetTracking, nextEvaluationAt, trackingPolicies } from './target-tracking.ts';

/** "Scaling policies per Auto Scaling group: 50": EC2 Auto Scaling quotas. */
const POLICIES_MAX = 50;

export interface NewPolicy {
  readonly name: string;
  readonly rule: PolicyRule;
  readonly isEnabled: boolean;
}

/** Adds or replaces a policy. */
export function putScalingPolicy(
  model: Model,
  groupName: string,
  content: NewPolicy,
): Outcome<ScalingPolicy> {
  const found = findGroupToChange(model, groupName);
  if (!found.ok) return found;
  const group = found.value;
  const { name, rule, isEnabled } = content;
  const previous = group.policies.get(name);
  if (previous === undefined && group.policies.size >= POLICIES_MAX) {
    return refuse('LimitExceeded', `You may have at most ${POLICIES_MAX} policies in a group.`);
  }
  const policy: ScalingPolicy = {
    name,
    groupName,
    rule,
    isEnabled,
    createdAt: previous?.createdAt ?? model.now,
    arn: previous?.arn ?? newArn(model, groupName, name),
    alarmNames: rule.kind === 'target-tracking' ? alarmNamesOf(model, groupName, previous) : [],
  };
  const alarmed = model.alarms?.put(policy);
  if (alarmed?.ok === false) return alarmed;
  if (rule.kind !== 'target-tracking') model.alarms?.delete(previous?.alarmNames ?? []);
  group.policies.set(name, policy);
  scheduleTargetTracking(model, group);
  return succeed(policy);
}

/** Deletes a policy by name or ARN. */
export function deletePolicy(
  model: Model,
  groupName: string | undefined,
  nameOrArn: string,
): Outcome<null> {
  const found = groupName === undefined ? undefined : findGroupToChange(model, groupName);
  if (found !== undefined && !found.ok) return found;
  const groups = found === undefined ? [...model.groups.values()] : [found.value];
  for (const group of groups) {
    for (const { name, arn, alarmNames } of group.policies.values()) {
      const isMeant = nameOrArn === arn || (groupName !== undefined && nameOrArn === name);
      if (!isMeant) continue;
      group.policies.delete(name);
      model.alarms?.delete(alarmNames);
      return succeed(null);
    }
  }
  return refuse('ValidationError', `Policy not found: ${nameOrArn}`);
}

/** Sees to the next evaluation, if there is something to evaluate and somewhere to read from. */
export function scheduleTargetTracking(model: Model, group: Group): void {
  if (model.metrics === undefined || group.trackingAt !== undefined) return;
  const times = trackingPolicies(group).map(({ rule }) => nextEvaluationAt(model, rule));
  if (times.length === 0) return;
  const at = Math.min(...times);
  group.trackingAt = at;
  model.schedule(at, { kind: 'target-tracking', groupName: group.name });
}

/** Evaluates what is due and sees to the next time. */
export function onTargetTracking(model: Model, group: Group): void {
  if (group.trackingAt !== model.now) return;
  group.trackingAt = undefined;
  if (model.metrics !== undefined) evaluateTargetTracking(model, group, model.metrics);
  scheduleTargetTracking(model, group);
}

/** A policy that is changed keeps its alarms. */
function alarmNamesOf(
  model: Model,
  groupName: string,
  previous: ScalingPolicy | undefined,
): readonly string[] {
  if (previous !== undefined && previous.alarmNames.length > 0) return previous.alarmNames;
  const stream = randomStream(model.options.seed, `alarms/${groupName}`, model.takeNumber());
  const name = (side: string): string =>
    `TargetTracking-${groupName}-Alarm${side}-${drawUuid(stream)}`;
  return [name('High'), name('Low')];
}

function newArn(model: Model, groupName: string, policyName: string): string {
  const { region, accountId, seed } = model.options;
  const uuid = drawUuid(randomStream(seed, `policy/${policyName}`, model.takeNumber()));
  return `arn:aws:autoscaling:${region}:${accountId}:scalingPolicy:${uuid}:autoScalingGroupName/${groupName}:policyName/${policyName}`;
}
