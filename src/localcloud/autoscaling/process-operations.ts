// Suspending processes, collecting group metrics, and the operations that only list what exists.

import type { Outcome } from '../../cloud/fault.ts';
import { refuse, succeed } from '../../cloud/fault.ts';
import { findGroup } from '../../cloud/find-group.ts';
import { resumeProcesses, suspendProcesses } from '../../cloud/suspend-processes.ts';
import { PROCESSES } from '../../cloud/suspension.ts';
import { TERMINATION_POLICIES } from '../../cloud/termination-policy.ts';
import type { World } from '../../cloud/world.ts';
import { list, operation, required, text } from '../input-shape.ts';
import type { Operation } from '../service.ts';
import { groupName } from './group-input.ts';
import { HOOK_TRANSITIONS } from './hook-input.ts';
import { withoutValue } from './instance-operations.ts';
import { ADJUSTMENT_TYPES } from './policy-input.ts';
import type { Operations } from '../operations.ts';

type Output = Readonly<Record<string, unknown>>;

const processShape = {
  AutoScalingGroupName: required(groupName, ''),
  ScalingProcesses: list(required(text({ min: 1, max: 255 }), '')),
} as const;

const metricsMembers = {
  AutoScalingGroupName: required(groupName, ''),
  Metrics: list(required(text({ min: 1, max: 255 }), '')),
} as const;

export function createProcessOperations(world: World): Operations {
  return {
    SuspendProcesses: operation(processShape, (input) =>
      withoutValue(suspendProcesses(world, input.AutoScalingGroupName, input.ScalingProcesses)),
    ),
    ResumeProcesses: operation(processShape, (input) =>
      withoutValue(resumeProcesses(world, input.AutoScalingGroupName, input.ScalingProcesses)),
    ),
    EnableMetricsCollection: operation(
      { ...metricsMembers, Granularity: required(text({ min: 1, max: 255 }), '') },
      (input) => {
        if (input.Granularity !== '1Minute') {
          return refuse('ValidationError', `Invalid granularity: ${input.Granularity}`);
        }
        return collectMetrics(world, input.AutoScalingGroupName, input.Metrics, true);
      },
    ),
    DisableMetricsCollection: operation(metricsMembers, (input) =>
      collectMetrics(world, input.AutoScalingGroupName, input.Metrics, false),
    ),
    DescribeScalingProcessTypes: listing({
      Processes: PROCESSES.toSorted().map((ProcessName) => ({ ProcessName })),
    }),
    DescribeTerminationPolicyTypes: listing({ TerminationPolicyTypes: TERMINATION_POLICIES }),
    DescribeAdjustmentTypes: listing({
      AdjustmentTypes: ADJUSTMENT_TYPES.map((AdjustmentType) => ({ AdjustmentType })),
    }),
    DescribeLifecycleHookTypes: listing({ LifecycleHookTypes: HOOK_TRANSITIONS }),
    DescribeMetricCollectionTypes: listing({
      Metrics: GROUP_METRICS.map((Metric) => ({ Metric })),
      Granularities: [{ Granularity: '1Minute' }],
    }),
    DescribeAccountLimits: () =>
      succeed({
        MaxNumberOfAutoScalingGroups: 500,
        MaxNumberOfLaunchConfigurations: 200,
        NumberOfAutoScalingGroups: world.groups.size,
        NumberOfLaunchConfigurations: world.launchConfigurations.size,
      }),
  };
}

/** The group metrics of the API reference (EnableMetricsCollection). */
const GROUP_METRICS = [
  'GroupMinSize',
  'GroupMaxSize',
  'GroupDesiredCapacity',
  'GroupInServiceInstances',
  'GroupPendingInstances',
  'GroupStandbyInstances',
  'GroupTerminatingInstances',
  'GroupTotalInstances',
  'GroupInServiceCapacity',
  'GroupPendingCapacity',
  'GroupStandbyCapacity',
  'GroupTerminatingCapacity',
  'GroupTotalCapacity',
  'WarmPoolDesiredCapacity',
  'WarmPoolWarmedCapacity',
  'WarmPoolPendingCapacity',
  'WarmPoolTerminatingCapacity',
  'WarmPoolTotalCapacity',
  'GroupAndWarmPoolDesiredCapacity',
  'GroupAndWarmPoolTotalCapacity',
] as const;

/** Remembers which metrics are wanted; who publishes them reads that from the group. */
function collectMetrics(
  world: World,
  name: string,
  metrics: readonly string[],
  isWanted: boolean,
): Outcome<Output> {
  const found = findGroup(world, name);
  if (!found.ok) return found;
  const unknown = metrics.find((metric) => !GROUP_METRICS.some((known) => known === metric));
  if (unknown !== undefined) return refuse('ValidationError', `Invalid metric: ${unknown}`);
  for (const metric of metrics.length === 0 ? GROUP_METRICS : metrics) {
    if (isWanted) found.value.collectedMetrics.add(metric);
    else found.value.collectedMetrics.delete(metric);
  }
  return succeed({});
}

function listing(output: Output): Operation {
  return () => succeed(output);
}
