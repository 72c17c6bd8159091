// Reads AWS's description of an Auto Scaling group as a controller needs it. Pure: the answer in,
// our description out.

import type { AutoScalingGroup, Instance } from '@aws-sdk/client-auto-scaling';

import type {
  InstancePhase,
  TargetDescription,
  TargetInstance,
} from '../controller/ports/scaling-target.ts';
import type { EpochMs } from '../core/time.ts';

/** What is read of AWS's description. An answer may lack any of it. */
export type DescribedGroup = Partial<
  Pick<
    AutoScalingGroup,
    'MinSize' | 'MaxSize' | 'DesiredCapacity' | 'DesiredCapacityType' | 'MixedInstancesPolicy'
  >
> & { readonly Instances?: readonly Partial<Instance>[] | undefined };

/** Null if the answer lacks what every group has: it is not to be acted upon. */
export function readGroupDescription(
  group: DescribedGroup,
  describedAt: EpochMs,
): TargetDescription | null {
  const { MinSize: min, MaxSize: max, DesiredCapacity: desired } = group;
  if (min === undefined || max === undefined || desired === undefined) return null;
  return {
    describedAt,
    min,
    max,
    desired,
    instances: (group.Instances ?? []).flatMap(readInstance).toSorted(byId),
    desiredCapacityType: group.DesiredCapacityType ?? 'units',
    isWeighted: hasWeights(group),
  };
}

/**
 * The phase of one of AWS's life-cycle states; null for one that is no longer of the group. An
 * unknown state counts as standby: a member that takes no load.
 * States: Auto Scaling API reference, `Instance.LifecycleState`.
 */
export function foldLifecycleState(state: string): InstancePhase | null {
  const [stem = '', ...rest] = state.split(':');
  switch (stem) {
    case 'Pending':
      return 'pending';
    case 'InService':
      return 'in-service';
    // A detaching instance lives on, but leaves the group's capacity as a terminating one does.
    case 'Terminating':
    case 'Detaching':
      return 'terminating';
    case 'Terminated':
    case 'Detached':
      return null;
    case 'Warmed':
      return rest[0] === 'Terminated' ? null : 'warm-pool';
    default:
      return 'standby';
  }
}

export function readInstance(instance: Partial<Instance>): TargetInstance[] {
  const lifecycleState = instance.LifecycleState ?? 'unknown';
  const phase = foldLifecycleState(lifecycleState);
  if (instance.InstanceId === undefined || phase === null) return [];
  return [
    {
      id: instance.InstanceId,
      phase,
      lifecycleState,
      zone: instance.AvailabilityZone ?? '',
      instanceType: instance.InstanceType ?? '',
      isHealthy: instance.HealthStatus?.toLowerCase() === 'healthy',
      isProtectedFromScaleIn: instance.ProtectedFromScaleIn ?? false,
    },
  ];
}

/** Weights of 1 everywhere are as good as none. */
function hasWeights(group: DescribedGroup): boolean {
  const overrides = group.MixedInstancesPolicy?.LaunchTemplate?.Overrides ?? [];
  return [...overrides, ...(group.Instances ?? [])].some(
    ({ WeightedCapacity: weight }) => weight !== undefined && weight !== '1',
  );
}

function byId(one: TargetInstance, other: TargetInstance): number {
  return one.id < other.id ? -1 : Number(one.id > other.id);
}
