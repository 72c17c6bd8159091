// The two alarms of a target tracking policy, in CloudWatch: their shape is as users report it.

import type { AlarmBook } from '../cloudwatch/alarms/alarm-book.ts';
import { deleteAlarms, putAlarm } from '../cloudwatch/alarms/alarm-book.ts';
import type { AlarmInput } from '../cloudwatch/alarms/parse-alarm.ts';
import { succeed } from '../fault.ts';
import type { Model } from '../model.ts';
import type { PolicyAlarms } from '../policy-alarms.ts';
import type { PolicyRule, ScalingPolicy } from '../scaling-policy.ts';

/** Keeps policies' alarms in that book. */
export function createPolicyAlarms(model: Model, book: AlarmBook): PolicyAlarms {
  return {
    put(policy) {
      const { rule } = policy;
      if (rule.kind !== 'target-tracking') return succeed(null);
      const added = policy.alarmNames.filter((name) => !book.alarms.has(name));
      for (const input of inputsOf(model, policy, rule)) {
        const put = putAlarm(book, input, model.now);
        if (put.ok) continue;
        deleteAlarms(book, added, model.now);
        return put;
      }
      return succeed(null);
    },
    actingOn(policyArn) {
      const acting = [...book.alarms.values()].filter(({ definition }) =>
        Object.values(definition.actions).some((arns) => arns.includes(policyArn)),
      );
      return acting.map(({ definition }) => definition.name).toSorted();
    },
    delete(names) {
      deleteAlarms(book, names, model.now);
    },
  };
}

/** High: every one of 3 periods above the target. Low: every one of 15 below 90 % of it. */
function inputsOf(
  model: Model,
  policy: ScalingPolicy,
  rule: Extract<PolicyRule, { kind: 'target-tracking' }>,
): AlarmInput[] {
  const { highPeriods, lowPeriods, lowRatio } = model.options.targetTracking;
  const { namespace, metricName, dimensions, statistic, unit, periodSeconds } = rule.metric;
  const shared = {
    description: `DO NOT EDIT OR DELETE. For TargetTrackingScaling policy ${policy.arn}.`,
    alarmActions: [policy.arn],
    okActions: [],
    insufficientDataActions: [],
    metrics: [],
    periodS: periodSeconds,
    namespace,
    metricName,
    dimensions,
    statistic,
    unit,
  };
  const [high, low] = policy.alarmNames;
  return [
    {
      ...shared,
      name: high,
      evaluationPeriods: highPeriods,
      threshold: rule.target,
      comparisonOperator: 'GreaterThanThreshold',
    },
    {
      ...shared,
      name: low,
      evaluationPeriods: lowPeriods,
      threshold: lowRatio * rule.target,
      comparisonOperator: 'LessThanThreshold',
    },
  ];
}
