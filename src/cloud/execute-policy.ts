// What simple and step policies do when an alarm, or the user, triggers them.

import { adjustCapacity, findStep } from './adjust-capacity.ts';
import { CAPACITY_REASONS } from './cause.ts';
import { blockingActivityId } from './cooldown.ts';
import { changeDesired, scalingInProgress } from './desired-capacity.ts';
import type { Outcome } from './fault.ts';
import { refuse, succeed } from './fault.ts';
import type { Group } from './group.ts';
import type { Model } from './model.ts';
import type { PolicyRule, ScalingPolicy } from './scaling-policy.ts';
import { isSuspended } from './suspension.ts';
import { trackTarget } from './target-tracking.ts';
import { countWarmedUp, warmupSecondsOf } from './warm-up.ts';

export interface PolicyTrigger {
  /** The alarm that fired; `undefined` when a user called. */
  readonly alarmName?: string | undefined;
  /** Needed by step policies, and by target tracking. */
  readonly metricValue?: number | undefined;
  readonly breachThreshold?: number | undefined;
  /** Simple policies: whether a user's call is refused during the cooldown. */
  readonly honorsCooldown?: boolean | undefined;
}

/** Returns the policy by ARN, with its group. */
export function findPolicy(
  model: Model,
  policyArn: string,
): { readonly policy: ScalingPolicy; readonly group: Group } | undefined {
  for (const group of model.groups.values()) {
    for (const policy of group.policies.values()) {
      if (policy.arn === policyArn) return { policy, group };
    }
  }
  return undefined;
}

/**
 * Lets the policy act now. Alarms that come during a simple policy's cooldown, while alarm
 * notifications are suspended or while the policy is disabled change nothing; that is no fault.
 */
export function executePolicy(
  model: Model,
  policyArn: string,
  trigger: PolicyTrigger,
): Outcome<null> {
  const found = findPolicy(model, policyArn);
  if (found === undefined) return refuse('ValidationError', `Policy not found: ${policyArn}`);
  const { group, policy } = found;
  const isByAlarm = trigger.alarmName !== undefined;
  const isIgnored = isByAlarm && (!policy.isEnabled || isSuspended(group, 'AlarmNotification'));
  if (isIgnored || group.isBeingDeleted) return succeed(null);
  const { rule } = policy;
  switch (rule.kind) {
    case 'simple':
      return executeSimple(model, { group, policy, rule }, trigger);
    case 'step':
      return executeStep(model, { group, policy, rule }, trigger);
    case 'target-tracking': {
      if (!isByAlarm || trigger.metricValue === undefined) {
        return refuse(
          'ValidationError',
          'TargetTrackingScaling policies cannot be executed by this operation.',
        );
      }
      const isHigh = trigger.alarmName === policy.alarmNames[0];
      const reading = {
        direction: isHigh ? 'out' : 'in',
        metricValue: trigger.metricValue,
      } as const;
      trackTarget(model, group, [{ policy, rule, ...reading }]);
      return succeed(null);
    }
    default:
      return rule satisfies never;
  }
}

interface Execution<Kind extends PolicyRule['kind']> {
  readonly group: Group;
  readonly policy: ScalingPolicy;
  readonly rule: Extract<PolicyRule, { kind: Kind }>;
}

function executeSimple(
  model: Model,
  { group, policy, rule }: Execution<'simple'>,
  trigger: PolicyTrigger,
): Outcome<null> {
  const isByAlarm = trigger.alarmName !== undefined;
  const blockingId =
    isByAlarm || trigger.honorsCooldown === true ? blockingActivityId(model, group) : undefined;
  if (blockingId !== undefined) return isByAlarm ? succeed(null) : scalingInProgress(blockingId);
  changeDesired(model, group, {
    desired: bound(group, adjustCapacity(group.desired, rule.adjustment)),
    reason: reasonOf(policy, trigger),
    cooldownSeconds: rule.cooldownSeconds,
  });
  return succeed(null);
}

/**
 * "While instances warm up, a scale-out counts them as part of the current capacity", so the same
 * step adds nothing more, and scale-in waits for them (user guide, "Step scaling").
 */
function executeStep(
  model: Model,
  { group, policy, rule }: Execution<'step'>,
  trigger: PolicyTrigger,
): Outcome<null> {
  const { metricValue, breachThreshold } = trigger;
  if (metricValue === undefined || breachThreshold === undefined) {
    return refuse(
      'ValidationError',
      'MetricValue and BreachThreshold are required to execute a step scaling policy.',
    );
  }
  const step = findStep(rule.steps, metricValue - breachThreshold);
  if (step === undefined) return succeed(null);
  const warmed = countWarmedUp(model, group, warmupSecondsOf(group, rule.warmupSeconds));
  const adjustment = {
    type: rule.adjustmentType,
    value: step.value,
    minMagnitude: rule.minMagnitude,
  };
  const fromWarmed = adjustCapacity(warmed, adjustment);
  const isOut = rule.adjustmentType === 'ExactCapacity' ? step.value > warmed : step.value > 0;
  const isWarming = warmed < group.desired;
  if (!isOut && isWarming) return succeed(null);
  const wanted = isOut ? Math.max(group.desired, fromWarmed) : Math.min(group.desired, fromWarmed);
  changeDesired(model, group, {
    desired: bound(group, wanted),
    reason: reasonOf(policy, trigger),
  });
  return succeed(null);
}

function reasonOf(policy: ScalingPolicy, { alarmName }: PolicyTrigger): string {
  return alarmName === undefined
    ? CAPACITY_REASONS.executed(policy.name)
    : CAPACITY_REASONS.alarm(alarmName, policy.name);
}

function bound(group: Group, desired: number): number {
  return Math.min(group.settings.max, Math.max(group.settings.min, desired));
}
