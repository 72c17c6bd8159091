// AWS's step and simple scaling policies as Foretide's steps: relative to an alarm's threshold there,
// absolute here. Those of one kind become one policy, for Foretide's tell adding from removing by the step.

import type { ScalingPolicy } from '@aws-sdk/client-auto-scaling';
import type { MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { formatPercent, type Translated } from './translated.ts';

interface Step {
  readonly from: number;
  readonly to: number;
  readonly change: number;
}

const adjustments: Readonly<Record<string, string>> = {
  ChangeInCapacity: 'change-in-capacity',
  PercentChangeInCapacity: 'percent-change-in-capacity',
  ExactCapacity: 'exact-capacity',
};

/** One entry for each kind of adjustment that has steps, and one of notes for what has none. */
export function translateSteps(
  policies: readonly ScalingPolicy[],
  alarms: readonly MetricAlarm[],
): readonly Translated[] {
  const kinds = new Map<string, { steps: Step[]; notes: string[]; settings: string }>();
  const left: Translated[] = [];
  for (const policy of policies) {
    const { PolicyName: name = '', AdjustmentType: type = '', PolicyType: policyType } = policy;
    const found = `found ${JSON.stringify(name)}: ${policyType ?? 'scaling'} by ${type}`;
    const steps = readSteps(policy, alarms);
    const adjustment = adjustments[type];
    const settings = `adjustment: ${adjustment ?? ''}${describeLeast(policy)}`;
    const kind = kinds.get(settings) ?? { steps: [], notes: [], settings };
    const problem =
      typeof steps === 'string'
        ? steps
        : adjustment === undefined || overlaps([...kind.steps, ...steps])
          ? 'its steps overlap with those of another policy'
          : null;
    if (problem !== null || typeof steps === 'string') {
      left.push({ lines: [], notes: [found, `not translated: ${problem ?? ''}`] });
      continue;
    }
    kind.steps.push(...steps);
    kind.notes.push(found);
    kinds.set(settings, kind);
  }
  return [...[...kinds.values()].map(writeKind), ...left];
}

function writeKind(kind: {
  readonly steps: readonly Step[];
  readonly notes: readonly string[];
  readonly settings: string;
}): Translated {
  const isPercent = kind.settings.includes('percent-change');
  const steps = kind.steps.toSorted((one, other) => one.from - other.from);
  const lines = [
    '- type: step',
    '  signal: cpu',
    '  window: 60s',
    ...kind.settings.split('\n').map((line) => `  ${line}`),
    '  steps:',
    ...steps.map(({ from, to, change }) => {
      const ends = [
        ...(Number.isFinite(from) ? [`from: ${formatPercent(from)}`] : []),
        ...(Number.isFinite(to) ? [`to: ${formatPercent(to)}`] : []),
      ];
      return `    - { ${ends.join(', ')}, change: ${isPercent ? formatPercent(change) : change} }`;
    }),
  ];
  return { lines, notes: kind.notes };
}

function describeLeast({ AdjustmentType, MinAdjustmentMagnitude: least }: ScalingPolicy): string {
  const isPercent = AdjustmentType === 'PercentChangeInCapacity';
  return isPercent && least !== undefined && least > 0 ? `\nminAdjustment: ${least}` : '';
}

/** In percent of the CPU; or why it cannot be said. */
function readSteps(
  policy: ScalingPolicy,
  alarms: readonly MetricAlarm[],
): readonly Step[] | string {
  const arn = policy.PolicyARN ?? '';
  const alarm = alarms.find(({ AlarmActions = [] }) => AlarmActions.includes(arn));
  if (alarm === undefined) return 'no alarm starts it';
  const { MetricName: metric = 'a formula', Threshold: threshold } = alarm;
  if (alarm.Namespace !== 'AWS/EC2' || metric !== 'CPUUtilization' || threshold === undefined) {
    return `its alarm looks at ${metric}, which no signal of the agent measures`;
  }
  const {
    PolicyType,
    ScalingAdjustment: change = 0,
    StepAdjustments: adjustmentSteps = [],
  } = policy;
  if (PolicyType === 'StepScaling') {
    return adjustmentSteps.map((step) => ({
      from: threshold + (step.MetricIntervalLowerBound ?? Number.NEGATIVE_INFINITY),
      to: threshold + (step.MetricIntervalUpperBound ?? Number.POSITIVE_INFINITY),
      change: step.ScalingAdjustment ?? 0,
    }));
  }
  const isAbove = alarm.ComparisonOperator?.startsWith('Greater') ?? true;
  return isAbove
    ? [{ from: threshold, to: Number.POSITIVE_INFINITY, change }]
    : [{ from: Number.NEGATIVE_INFINITY, to: threshold, change }];
}

function overlaps(steps: readonly Step[]): boolean {
  const ascending = steps.toSorted((one, other) => one.from - other.from);
  return ascending.some((step, index) => {
    const next = ascending[index + 1];
    return next !== undefined && next.from < step.to;
  });
}
